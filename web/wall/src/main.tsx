import "./css/tokens.css";
import "./css/base.css";
import "./css/wall.css";
import "./css/hero.css";
import "./css/queues.css";
import "./css/curve.css";
import "./css/agents.css";
import "./css/strips.css";
import "./css/door.css";

import { render } from "preact";

import { App } from "./App";
import { reloadOnNewVersion } from "./version";
import { Wall } from "./wall";
import { browser, logIn } from "./wire/socket";

/** `#token=…` in the address of a wall that has no keyboard; it never leaves for a log, and not for the history. */
async function enterByAddress(): Promise<void> {
  const token = new URLSearchParams(location.hash.slice(1)).get("token");
  if (token === null) return;
  history.replaceState(null, "", location.pathname + location.search);
  await logIn(token).catch(() => false);
}

const wall = new Wall(browser);
const root = document.getElementById("wall");
if (root !== null) render(<App wall={wall} />, root);
reloadOnNewVersion(wall);
void enterByAddress().then(() => wall.start());
