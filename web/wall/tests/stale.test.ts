import { expect, test } from "vitest";

import { ofFloor, ofSource, timeOf } from "../src/stale";
import { Cell } from "../src/wire/cell";

const LIVE = { isLive: true, now: undefined };
const CUT = { isLive: false, now: 500 };

function floor(...states: string[]): Cell {
  const board = new Cell();
  board.put({ sources: Object.fromEntries(states.map((state, i) => [`s${i}`, { state, since: 100 + i }])) });
  return board;
}

test.each(["live", "resync"])("a source that is %s is believed", (state) => {
  expect(ofSource(floor(state), "s0", LIVE)).toEqual({ kind: "live" });
});

test.each(["connecting", "silent", "down", "refused", "failed", "confused", ""])("a source that is '%s' is not", (state) => {
  expect(ofSource(floor(state), "s0", LIVE)).toEqual({ kind: "stale", asOf: 100 });
});

test.each(["down", "silent", "refused", "failed", "resync", "live"])("what stands still does so whatever its state is called: %s", (state) => {
  const board = floor(state, "live");
  board.set(["sources", "s0", "as_of"], 90);
  expect(ofSource(board, "s0", LIVE)).toEqual({ kind: "stale", asOf: 90 });
  expect(ofFloor(board, LIVE)).toEqual({ kind: "part", asOf: 90 });
  board.delete(["sources", "s0", "as_of"]);
  board.set(["sources", "s0", "state"], "live");
  expect(ofSource(board, "s0", LIVE)).toEqual({ kind: "live" });
});

test("floor numbers are live, part stale or stale with their sources", () => {
  expect(ofFloor(floor("live", "live"), LIVE)).toEqual({ kind: "live" });
  expect(ofFloor(floor("live", "down", "silent"), LIVE)).toEqual({ kind: "part", asOf: 101 });
  expect(ofFloor(floor("down", "silent"), LIVE)).toEqual({ kind: "stale", asOf: 100 });
});

test("a number of a source nobody listed is as good as the floor", () => {
  expect(ofSource(floor("live", "down"), "other", LIVE)).toEqual({ kind: "part", asOf: 101 });
});

test("without the server nothing is live, and what was old before stays older", () => {
  expect(ofSource(floor("live"), "s0", CUT)).toEqual({ kind: "stale", asOf: 500 });
  expect(ofSource(floor("down"), "s0", CUT)).toEqual({ kind: "stale", asOf: 100 });
  expect(ofFloor(floor("live"), CUT)).toEqual({ kind: "stale", asOf: 500 });
});

test("timers stop where their source stopped, and run where it is live", () => {
  expect(timeOf({ kind: "stale", asOf: 100 }, 130)).toBe(100);
  expect(timeOf({ kind: "live" }, 130)).toBe(130);
});

test("a headset that is gone makes no number of calls old; without any ACD every source counts", () => {
  const board = floor("live", "down");
  board.set(["sources", "s1", "sense"], "desk");
  expect(ofFloor(board, LIVE)).toEqual({ kind: "live" });
  expect(ofSource(board, "s1", LIVE)).toEqual({ kind: "stale", asOf: 101 });
  board.set(["sources", "s0", "sense"], "phone");
  expect(ofFloor(board, LIVE)).toEqual({ kind: "part", asOf: 101 });
});
