import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { reloadOnNewVersion } from "../src/version";
import { Wall } from "../src/wall";

const world = { open: () => ({}) as never, monotonic: () => 0, after: () => () => {}, random: () => 0, isRefused: () => Promise.resolve(false) };
const snapshot = (version: string) => ({ type: "snapshot", version, seq: 1, now: 0, rate: 1, board: {} }) as const;

beforeEach(() => {
  vi.useFakeTimers();
  sessionStorage.clear();
});
afterEach(() => void vi.useRealTimers());

function watched() {
  const reload = vi.fn();
  const wall = new Wall(world);
  reloadOnNewVersion(wall, reload);
  return { reload, wall };
}

test("the same version again reloads nothing", () => {
  const { reload, wall } = watched();
  wall.store.snapshot(snapshot("1"));
  wall.store.snapshot(snapshot("1"));
  vi.advanceTimersByTime(100_000);
  expect(reload).not.toHaveBeenCalled();
});

test("a new version reloads once, after the current second", () => {
  const { reload, wall } = watched();
  wall.store.snapshot(snapshot("1"));
  wall.store.snapshot(snapshot("2"));
  expect(reload).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1000);
  expect(reload).toHaveBeenCalledTimes(1);
});

test("a server that changes its mind reloads a wall at most once a minute", () => {
  const first = watched();
  first.wall.store.snapshot(snapshot("1"));
  first.wall.store.snapshot(snapshot("2"));
  vi.advanceTimersByTime(2000);
  expect(first.reload).toHaveBeenCalledTimes(1);
  const second = watched();
  second.wall.store.snapshot(snapshot("2"));
  second.wall.store.snapshot(snapshot("1"));
  vi.advanceTimersByTime(50_000);
  expect(second.reload).not.toHaveBeenCalled();
  vi.advanceTimersByTime(10_000);
  expect(second.reload).toHaveBeenCalledTimes(1);
});

test("nothing is reloaded out of somebody's hands, but a panel that nobody closes holds it for half an hour only", () => {
  const { reload, wall } = watched();
  const panel = document.createElement("dialog");
  panel.setAttribute("open", "");
  document.body.append(panel);
  wall.store.snapshot(snapshot("1"));
  wall.store.snapshot(snapshot("2"));
  vi.advanceTimersByTime(600_000);
  expect(reload).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1_300_000);
  expect(reload).toHaveBeenCalledTimes(1);
  panel.remove();
});

test("what was typed and not saved holds it until it is saved", () => {
  const { reload, wall } = watched();
  document.body.dataset["unsaved"] = "";
  wall.store.snapshot(snapshot("1"));
  wall.store.snapshot(snapshot("2"));
  vi.advanceTimersByTime(7_200_000);
  expect(reload).not.toHaveBeenCalled();
  delete document.body.dataset["unsaved"];
  vi.advanceTimersByTime(5000);
  expect(reload).toHaveBeenCalledTimes(1);
});
