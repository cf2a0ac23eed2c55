import { expect, test } from "vitest";

import { byState, type Placed, STATES, stateOf } from "../src/states";
import { plot } from "../src/parts/curve-plot";

test("a ring that is answered or a call that is held moves nobody", () => {
  const order = (state: Placed["state"]) =>
    [
      { id: "a", state: "talking", since: 10 } as const,
      { id: "b", state, since: 20 },
      { id: "c", state: "busy", since: 30 } as const,
    ].sort(byState).map(({ id }) => id).join("");
  expect(["ringing", "talking", "hold"].map((state) => order(state as Placed["state"]))).toEqual(["abc", "abc", "abc"]);
});

test("agents stand by family of states, then by who has been in it longest, then by key", () => {
  const agents: Placed[] = [
    { id: "e", state: "off", since: 1 },
    { id: "d", state: "talking", since: 30 },
    { id: "c", state: "talking", since: 20 },
    { id: "b", state: "ready", since: undefined },
    { id: "a", state: "ready", since: undefined },
  ];
  expect(agents.sort(byState).map(({ id }) => id).join("")).toBe("abcde");
});

test("a state of a newer server is unknown, not an error", () => {
  expect(stateOf("dreaming")).toBe("unknown");
  expect(STATES.map(stateOf)).toEqual(STATES);
});

const PAPER = { width: 500, height: 200, begin: 0, length: 1800, target: 0.8 };

test("the curve breaks where nobody was to be answered", () => {
  const points = [{ start: 0, level: 0.9 }, { start: 1800 }, { start: 3600, level: 0.7 }, { start: 5400, level: 0.8 }];
  expect(plot(points, PAPER).path.replace(/[\d. ]+/g, "")).toBe("MhMhL");
});

test("the curve has room for what is lowest, and its axis ends in round numbers", () => {
  expect(plot([{ start: 0, level: 0.41 }], PAPER).levels).toContain(0.2);
  expect(plot([{ start: 0, level: 0.95 }], PAPER).levels).toEqual([0.8, 0.6, 1]);
});
