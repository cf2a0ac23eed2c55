import { expect, test } from "vitest";

import { AT_MOST_EVERY, type Choice, Horn, type Level, SAME_TROUBLE, type Seen } from "../src/sound/horn";
import { chance } from "./chance";

const ALL: Choice = { breach: "both", warn: "tone", source: "speak" };
const one = (level: Level, key = "queue a"): Seen[] => [{ key, level, text: key }];

/** A horn that has looked once, at a floor where all was well. */
function listening(): Horn {
  const horn = new Horn();
  horn.look(0, one("none"), ALL, false);
  return horn;
}

test("one breach is one sound, however long it lasts", () => {
  const horn = listening();
  expect(horn.look(1, one("breach"), ALL, false)).toEqual({ tone: "breach", says: ["queue a"], n: 1 });
  for (let second = 2; second < 4000; second++) expect(horn.look(second, one("breach"), ALL, false)).toBeUndefined();
});

test("what stood when the page began to look is no event", () => {
  const horn = new Horn();
  expect(horn.look(0, one("breach"), ALL, false)).toBeUndefined();
  expect(horn.look(1, one("breach"), ALL, false)).toBeUndefined();
});

test("what nobody knew while its source was away is no event when it is back", () => {
  const horn = listening();
  horn.look(1, one("unknown"), ALL, false);
  expect(horn.look(400, one("unknown"), ALL, false)).toBeUndefined();
  expect(horn.look(401, one("breach"), ALL, false)).toBeUndefined();
});

test("a page that slept finds what was there before", () => {
  const horn = listening();
  expect(horn.look(3600, one("breach"), ALL, false)).toBeUndefined();
});

test("the same trouble again within two minutes is not heard again, later it is", () => {
  for (const [after, isHeard] of [[SAME_TROUBLE - 1, false], [SAME_TROUBLE + 1, true]] as const) {
    const horn = listening();
    horn.look(1, one("breach"), ALL, false);
    horn.look(20, one("breach"), ALL, false);
    for (let second = 21; second < 20 + after; second += 30) horn.look(second, one("none"), ALL, false);
    expect(horn.look(20 + after, one("breach"), ALL, false) !== undefined, `after ${after} s`).toBe(isHeard);
  }
});

test("it gets worse: another sound; it eases: none", () => {
  const horn = listening();
  expect(horn.look(1, one("warn"), ALL, false)?.tone).toBe("soft");
  expect(horn.look(20, one("breach"), ALL, false)?.tone).toBe("breach");
  expect(horn.look(40, one("warn"), ALL, false)).toBeUndefined();
  expect(horn.look(60, one("none"), ALL, false)).toBeUndefined();
});

test("what comes within ten seconds is one sound afterwards, the worst one's tone, without what went by", () => {
  const horn = listening();
  const floor = (...levels: Level[]) => levels.map((level, i) => ({ key: `${i}`, level, text: `${i}` }));
  horn.look(1, floor("none", "none", "none", "none"), ALL, false);
  expect(horn.look(2, floor("warn", "none", "none", "none"), ALL, false)?.n).toBe(1);
  expect(horn.look(3, floor("warn", "source", "none", "warn"), ALL, false)).toBeUndefined();
  expect(horn.look(4, floor("warn", "source", "breach", "none"), ALL, false)).toBeUndefined();
  expect(horn.look(11.9, floor("warn", "source", "breach", "none"), ALL, false)).toBeUndefined();
  expect(horn.look(12, floor("warn", "source", "breach", "none"), ALL, false)).toEqual({ tone: "breach", says: ["2", "1"], n: 2 });
});

test("off is silent, speech alone has no tone, quiet hours swallow", () => {
  expect(listening().look(1, one("breach"), { ...ALL, breach: "off" }, false)).toBeUndefined();
  expect(listening().look(1, one("source"), ALL, false)).toEqual({ tone: undefined, says: ["queue a"], n: 1 });
  const horn = listening();
  expect(horn.look(1, one("breach"), ALL, true)).toBeUndefined();
  // What began in the quiet hours is not told when they end.
  expect(horn.look(30, one("breach"), ALL, false)).toBeUndefined();
});

test("whatever happens on a floor: never twice in ten seconds, nothing for what is unknown or off, and it forgets", () => {
  const dice = chance(7);
  const random = () => dice.below(1_000_000) / 1_000_000;
  const levels: readonly Level[] = ["unknown", "none", "none", "warn", "source", "breach"];
  for (let round = 0; round < 60; round++) {
    const horn = new Horn();
    const choice: Choice = { breach: "both", warn: random() < 0.5 ? "off" : "tone", source: "speak" };
    const floor = new Map<string, Level>();
    const worse = new Map<string, number>(); // when each was last as bad as what is heard of it
    let played = Number.NEGATIVE_INFINITY;
    for (let now = 0; now < 600; now += random() * 3) {
      for (let i = 0; i < 8; i++) if (random() < 0.1) floor.set(`${i}`, levels[Math.floor(random() * levels.length)] as Level);
      const isQuiet = random() < 0.2;
      const call = horn.look(now, [...floor].map(([key, level]) => ({ key, level, text: `${key} ${level}` })), choice, isQuiet);
      if (call !== undefined) {
        expect(isQuiet).toBe(false);
        expect(now - played).toBeGreaterThanOrEqual(AT_MOST_EVERY);
        played = now;
        for (const said of call.says) expect(said).toMatch(/ (source|breach)$/);
        for (const said of call.says) {
          const before = worse.get(said);
          // Something waits at most ten seconds to be heard; the same trouble is heard again after two minutes at the earliest.
          if (before !== undefined) expect(now - before).toBeGreaterThan(SAME_TROUBLE - AT_MOST_EVERY - 6);
          worse.set(said, now);
        }
      }
    }
  }
});
