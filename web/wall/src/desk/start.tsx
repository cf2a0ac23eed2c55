import { type ComponentType, render } from "preact";

import { measured } from "../measure";
import { reloadOnNewVersion } from "../version";
import { Wall } from "../wall";
import { browser } from "../wire/socket";
import { wearTheme } from "./theme";

/** A page that is read from a chair, with a wall of its own behind it. */
export function start(root: HTMLElement, Page: ComponentType<{ wall: Wall }>, world = measured(browser)): void {
  wearTheme();
  const wall = new Wall(world);
  render(<Page wall={wall} />, root);
  reloadOnNewVersion(wall);
  wall.start();
}
