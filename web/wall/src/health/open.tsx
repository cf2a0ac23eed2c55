import "../css/page.css";
import "../css/health.css";

import { render } from "preact";

import { Desk } from "../pages/desk";
import { asker } from "../wire/socket";
import { Health } from "./Health";

export function open(root: HTMLElement): void {
  const desk = new Desk("api/health", 1000, asker);
  render(<Health desk={desk} />, root);
  desk.start();
}
