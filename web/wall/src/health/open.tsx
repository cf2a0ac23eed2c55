import "../css/page.css";
import "../css/health.css";
import "../css/truth.css";

import { computed } from "@preact/signals";
import { render } from "preact";

import { wearTheme } from "../desk/theme";
import { Desk } from "../pages/desk";
import { watchSkew } from "../truth/skew";
import { asker } from "../wire/socket";
import { Health } from "./Health";

export function open(root: HTMLElement): void {
  wearTheme();
  const desk = new Desk("api/health", 1000, asker);
  render(<Health desk={desk} />, root);
  desk.start();
  watchSkew({ isLive: computed(() => desk.poll.state.value === "fresh"), second: desk.second, clock: desk.clock, isPresent: () => !desk.isDemo.value });
}
