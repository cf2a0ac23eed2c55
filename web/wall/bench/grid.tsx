import "../src/css/tokens.css";
import "../src/css/base.css";
import "../src/css/page.css";
import "../src/css/desk.css";
import "../src/css/team.css";

import { render } from "preact";

import { Team } from "../src/team/Team";
import { Wall } from "../src/wall";
import type { Socket, World } from "../src/wire/live";
import { drive } from "./drive";

/** The lead's page itself, on a socket that the bench speaks through. */
const socket: Socket = { onopen: null, onmessage: null, onclose: null, send: () => undefined, close: () => undefined };
const world: World = {
  open: () => socket,
  monotonic: () => performance.now(),
  after: (milliseconds, action) => {
    const timer = setTimeout(action, milliseconds);
    return () => clearTimeout(timer);
  },
  random: Math.random,
  isRefused: () => Promise.resolve(false),
};
document.documentElement.className = "desk-root";
const wall = new Wall(world);
render(<Team wall={wall} />, document.getElementById("wall") as HTMLElement);
wall.start();
drive(
  (frame) => socket.onmessage?.({ data: frame }),
  () => document.querySelectorAll(".tg-tile").length,
);
