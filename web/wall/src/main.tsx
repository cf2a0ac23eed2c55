import "./css/tokens.css";
import "./css/base.css";
import "./css/wall.css";
import "./css/frame.css";
import "./css/hero.css";
import "./css/queues.css";
import "./css/agents.css";
import "./css/strips.css";
import "./css/door.css";
import "./css/ask.css";
import "./css/light.css";
import "./css/sound.css";
import "./css/truth.css";

import { render } from "preact";

import "./tiles/core";
import "./tiles/more";
import "./seats/tile";

import { App } from "./App";
import { isPreview } from "./board/preview";
import { later, watchStyles } from "./later";
import { settleBeforeMoves } from "./moving";
import { shownBy, watchSkew } from "./truth/skew";
import { reloadOnNewVersion } from "./version";
import { measured } from "./measure";
import { Wall } from "./wall";
import { browser, logIn } from "./wire/socket";
import { t } from "./words";

/** `#token=…` in the address of a wall that has no keyboard; it never leaves for a log, and not for the history. */
async function enterByAddress(): Promise<void> {
  const token = new URLSearchParams(location.hash.slice(1)).get("token");
  if (token === null) return;
  history.replaceState(null, "", location.pathname + location.search);
  await logIn(token).catch(() => false);
}

/** The pages beside the wall, by the last part of the address; each comes only where it is wanted. */
const PAGES = new Map<string, () => Promise<{ open(root: HTMLElement): void }>>([
  ["alerts", () => import("./alerts/open")],
  ["boards", () => import("./boards/open")],
  ["breaks", () => import("./breaks/open")],
  ["cases", () => import("./cases/open")],
  ["edit", () => import("./editor/open")],
  ["duty", () => import("./duty/open")],
  ["health", () => import("./health/open")],
  ["me", () => import("./me/open")],
  ["patrol", () => import("./duty/scan-open")],
  ["people", () => import("./accounts/open")],
  ["practice", () => import("./practice/open")],
  ["rota", () => import("./rota/open")],
  ["seats", () => import("./seats/open")],
  ["team", () => import("./team/open")],
]);

async function openWall(root: HTMLElement, entered: Promise<void>): Promise<void> {
  const wall = new Wall(measured(browser));
  render(<App wall={wall} />, root);
  reloadOnNewVersion(wall);
  await entered;
  wall.start();
  watchSkew(shownBy(wall));
  // What is shown inside the editor is no screen.
  if (isPreview()) return;
  void later(() => import("./kiosk/kiosk")).then(({ runUnattended }) => runUnattended(wall));
}

async function open(root: HTMLElement): Promise<void> {
  const page = PAGES.get(location.pathname.split("/").at(-1) ?? "");
  const entered = enterByAddress();
  if (page === undefined) return openWall(root, entered);
  document.documentElement.className = "desk-root";
  await entered;
  const meanwhile = () =>
    render(
      <main class="door">
        <p role="status">{t("door.away")}</p>
      </main>,
      root,
    );
  (await later(page, meanwhile)).open(root);
}

const root = document.getElementById("wall");
watchStyles();
settleBeforeMoves();
if (root !== null) void open(root);
if (!isPreview()) void later(() => import("./kiosk/shell")).then(({ keepShell }) => keepShell());
