import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { isForPage, switchKeys } from "../src/desk/keys";
import { STILL, TeamPage } from "../src/team/page";
import { Wall } from "../src/wall";
import type { World } from "../src/wire/live";

const NOW = 1_000_000;
let time = 0;
const world: World = { open: () => ({ onopen: null, onmessage: null, onclose: null, send: () => undefined, close: () => undefined }), monotonic: () => time, after: () => () => undefined, random: () => 0, isRefused: () => Promise.resolve(false) };
let page: TeamPage;
let stop: () => void;

const order = () => page.shown.value.flatMap(({ ids }) => ids).join(" ");
const agent = (since: number, state = "talking") => ({ name: "x", state, since: NOW - since, limit: 300, source: "pbx" });
/** Real seconds go by, and the page looks. */
const pass = (milliseconds: number) => {
  time += milliseconds;
  page.wall.watch();
};

beforeEach(() => {
  time = 100_000;
  history.replaceState(null, "", "/team");
  vi.useFakeTimers();
  const wall = new Wall(world);
  wall.clock.told(NOW, 1);
  wall.ticker.show();
  wall.store.snapshot({ type: "snapshot", version: "1", seq: 1, now: NOW, rate: 1, board: { sources: { pbx: { state: "live" } }, agents: { a: agent(10), b: agent(20), c: agent(30) } } });
  page = new TeamPage(wall, () => time);
  stop = page.start();
});
afterEach(() => {
  stop();
  vi.useRealTimers();
});

test("a change moves tiles only after the list was left alone for long enough", () => {
  expect(order()).toBe("c b a");
  pass(STILL + 1);
  page.over(true);
  page.wall.board.set(["agents", "a", "since"], NOW - 290);
  pass(60_000);
  expect(order()).toBe("c b a");
  expect(page.moving.value).toBe(3);
  page.over(false);
  pass(STILL - 1000);
  expect(order()).toBe("c b a");
  pass(1001);
  expect(order()).toBe("a c b");
});

test("who leaves the board leaves the list at once, whoever holds it", () => {
  page.over(true);
  page.wall.board.delete(["agents", "b"]);
  pass(1000);
  expect(order()).toBe("c a");
});

test("what somebody asks for comes at once", () => {
  page.over(true);
  page.choose({ sort: "time", states: ["hold"] });
  expect(order()).toBe("");
  page.wall.board.set(["agents", "b", "state"], "hold");
  page.toggle("hold");
  page.toggle("hold");
  expect(order()).toBe("b");
  expect(new URLSearchParams(location.search).get("state")).toBe("hold");
});

test("the tile in focus stays where it is", () => {
  pass(STILL + 1);
  page.focus.value = "b";
  page.focused(true);
  page.wall.board.set(["agents", "a", "since"], NOW - 299);
  page.wall.board.set(["agents", "b", "since"], NOW - 298);
  pass(STILL + 1);
  expect(order()).toBe("a b c");
});

test("totals count the team that is shown, whatever else is filtered", () => {
  page.wall.board.set(["agents", "a", "team"], "A");
  page.choose({ team: "A", states: ["hold"], search: "zz" });
  expect(page.counts.value.people).toBe(1);
  expect(page.counts.value.states.get("talking")).toBe(1);
  page.choose({ team: "" });
  expect(page.counts.value.people).toBe(3);
});

test("single keys are the page's, unless somebody writes or switched them off", () => {
  const key = (target: EventTarget = document.body, given: object = {}) => {
    const event = new KeyboardEvent("keydown", { key: "/", ...given });
    Object.defineProperty(event, "target", { value: target });
    return isForPage(event);
  };
  expect([key(), key(document.createElement("input")), key(document.body, { ctrlKey: true })]).toEqual([true, false, false]);
  switchKeys(false);
  expect(key()).toBe(false);
  switchKeys(true);
  expect(key()).toBe(true);
});
