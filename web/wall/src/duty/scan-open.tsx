import "../css/page.css";
import "../css/desk.css";
import "../css/acts.css";
import "../css/duty.css";

import { render } from "preact";

import { wearTheme } from "../desk/theme";
import { measured } from "../measure";
import { Wall } from "../wall";
import { browser } from "../wire/socket";
import { Scan } from "./Scan";

export function open(root: HTMLElement): void {
  wearTheme();
  const wall = new Wall(measured(browser));
  render(<Scan wall={wall} code={location.hash.slice(1)} />, root);
  wall.start();
}
