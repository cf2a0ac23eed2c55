import "../css/page.css";
import "../css/health.css";
import "../css/practice.css";

import { effect } from "@preact/signals";
import { render } from "preact";

import { wearTheme } from "../desk/theme";
import { Desk } from "../pages/desk";
import { Wall } from "../wall";
import { asker, browser } from "../wire/socket";
import { Practice } from "./Practice";

export function open(root: HTMLElement): void {
  wearTheme();
  const desk = new Desk("api/practice", 500, asker);
  const wall = new Wall(browser);
  render(<Practice desk={desk} wall={wall} />, root);
  desk.start();
  let hasStarted = false;
  effect(() => {
    // The same door lets in both; before it, and beside a simulator without a wall, there is no socket to try.
    if (!desk.hasWall.value || hasStarted) return;
    hasStarted = true;
    wall.start();
  });
}
