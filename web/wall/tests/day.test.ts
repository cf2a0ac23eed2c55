import { describe, expect, test } from "vitest";

import { isMasked, read as readWaiting } from "../src/detail/waiting";
import { at, edges, hours, read } from "../src/explain/day";
import { Looking } from "../src/explain/looking";
import type { Answer, Asker } from "../src/wire/poll";

const told = {
  agent: "a",
  from: 1000,
  to: 2000,
  spells: [{ from: 900, to: 1200, state: "ready" }, { from: 1200, to: 1500, state: "talking", reason: "x" }, { from: 1500, state: "wrap" }, { from: "soon" }, null],
  calls: [{ from: 1200, to: 1500, queue: "q", direction: "in" }, { from: 2500, queue: "q", direction: "in" }],
  senses: [{ source: "s", sense: "desk", device: "d", spans: [{ from: 1000, to: 1400, says: "worn" }, { from: 1400, says: "docked" }] }],
  conflicts: [],
};

describe("a day", () => {
  const day = read(told);

  test("is cut to its own ends; what is wrong in it is left out", () => {
    expect(day?.lanes.map(({ kind }) => kind)).toEqual(["state", "calls", "sense"]);
    expect(day?.lanes[0]?.spans).toEqual([
      { from: 1000, to: 1200, lasts: false, says: "ready", more: "" },
      { from: 1200, to: 1500, lasts: false, says: "talking", more: "x" },
      { from: 1500, to: 2000, lasts: true, says: "wrap", more: "" },
    ]);
    expect(day?.lanes[1]?.spans).toHaveLength(1);
  });
  test.each([undefined, {}, { from: 5, to: 5 }, { from: "a", to: 9 }])("is none: %j", (answer) => expect(read(answer as never)).toBeUndefined());
  test("of two spans that meet, the later one is at that instant; what lasts is at the end", () => {
    const lane = day?.lanes[0];
    expect(lane && [at(lane, 1199)?.says, at(lane, 1200)?.says, at(lane, 2000)?.says]).toEqual(["ready", "talking", "wrap"]);
    const overlapping = read({ from: 0, to: 100, spells: [{ from: 0, to: 50, state: "ready" }, { from: 20, to: 50, state: "break" }] } as never);
    expect(overlapping?.lanes[0] && at(overlapping.lanes[0], 30)?.says).toBe("break");
    expect(day?.lanes[1] && at(day.lanes[1], 1100)).toBeUndefined();
  });
  test("every change once, in order", () => expect(day && edges(day)).toEqual([1000, 1200, 1400, 1500, 2000]));
  test("round hours of the site, no more than there is room for", () => {
    const long = { from: 36_123, to: 36_123 + 5 * 3600, lanes: [], isLimited: false };
    expect(hours(long, 6, 0)).toEqual([39_600, 43_200, 46_800, 50_400, 54_000]);
    expect(hours(long, 6, 1800)[0]).toBe(37_800);
    expect(hours(long, 3, 0)).toHaveLength(2);
  });
});

test("who waits longest is first; who talks already does not wait", () => {
  const contacts = [{ id: "1", queued: 50, caller: "13****1" }, { id: "2", queued: 20 }, { id: "3", queued: 1, answered: 4 }, { id: "4" }];
  expect(readWaiting({ contacts }).map(({ id }) => id)).toEqual(["2", "1"]);
  expect([isMasked(readWaiting({ contacts })), isMasked([]), readWaiting(undefined)]).toEqual([true, false, []]);
});

describe("looking", () => {
  const answers: (Answer | Error)[] = [];
  const later: (() => void)[] = [];
  const asker: Asker = {
    ask: async () => {
      const next = answers.shift();
      if (next === undefined || next instanceof Error) throw next ?? new Error("away");
      return next;
    },
    monotonic: () => 0,
    after: (_, action) => (later.push(action), () => undefined),
    random: () => 0,
  };
  const settle = async () => {
    for (let i = 0; i < 5; i++) await Promise.resolve();
  };
  const look = async (...all: (Answer | Error)[]) => {
    answers.splice(0, answers.length, ...all);
    later.length = 0;
    const looking = new Looking("x", 10, asker);
    looking.ask();
    await settle();
    return looking;
  };

  test("asks again after an answer, and keeps it while the server is away", async () => {
    const looking = await look({ status: 200, body: { n: 1 } }, new Error("away"));
    expect([looking.state.value, looking.answer.value?.["n"]]).toEqual(["fresh", 1]);
    later.shift()?.();
    await settle();
    expect([looking.state.value, looking.answer.value?.["n"], later.length]).toEqual(["old", 1, 1]);
  });
  test("what is refused is not asked again", async () => {
    const looking = await look({ status: 403, body: { detail: "no" } });
    expect([looking.state.value, looking.status.value, looking.words.value, later.length]).toEqual(["refused", 403, "no", 0]);
  });
  test("what comes after it was left is nobody's", async () => {
    answers.splice(0, answers.length, { status: 200, body: {} });
    const looking = new Looking("x", 10, asker);
    looking.ask();
    looking.stop();
    await settle();
    expect(looking.state.value).toBe("asking");
  });
});
