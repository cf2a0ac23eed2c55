import { expect, test } from "vitest";

import { answerTimer, byDue, type Case, caseIn, countsOf, dueTimer, EVERYTHING, figures, fits, levelsFor, listedIn, lookOf, nextDue } from "../src/cases/facts";

const HOUR = 3600;
const one = (id: string, more: object = {}): Case => {
  const told = caseIn({ id, due: 100 * HOUR, ...more });
  if (told === undefined) throw new Error("no case");
  return told;
};

test("a case is read as it is told, and what is none is left out", () => {
  const told = listedIn({
    cases: [{ id: "c1", due: 9, level: 2, owner: "wu", by: { id: "wu", name: "Wu" }, notes: [{ at: 1, what: "level,owner", by: { id: "wu" }, level: 2, owner: "wu" }, 3] }, { id: "c2" }, { due: 3 }, null],
    count: 7,
  });
  expect(told.count).toBe(7);
  expect(told.cases).toHaveLength(1);
  expect(told.cases[0]).toMatchObject({ id: "c1", level: 2, owner: "wu", ownerName: "wu", by: "Wu", answered: undefined });
  expect(told.cases[0]?.notes).toEqual([{ at: 1, what: ["level", "owner"], text: "", by: "wu", byId: "wu", level: 2, due: undefined, owner: "wu" }]);
});

test("what is promised next comes first; of what is due at once the higher level", () => {
  const all = [
    one("later"),
    one("answer", { due: 200 * HOUR, answer_due: HOUR }),
    one("answered", { due: 50 * HOUR, answer_due: HOUR, answered: 10 }),
    one("grave", { level: 3 }),
  ];
  expect(all.toSorted(byDue).map(({ id }) => id)).toEqual(["answer", "answered", "grave", "later"]);
  expect(all.map(nextDue)).toEqual([100 * HOUR, HOUR, 50 * HOUR, 100 * HOUR]);
  const closed = [one("a", { closed: 5 }), one("b", { closed: 9 })];
  expect(closed.toSorted(byDue).map(({ id }) => id)).toEqual(["b", "a"]);
});

test.each([
  [one("a", { answer_due: HOUR }), HOUR - 15 * 60 - 1, ""],
  [one("a", { answer_due: HOUR }), HOUR - 15 * 60, "warn"],
  [one("a", { answer_due: HOUR }), HOUR, "breach"],
  [one("a", { answer_due: HOUR, answered: 10 }), 2 * HOUR, ""],
  [one("a"), 96 * HOUR - 1, ""],
  [one("a"), 96 * HOUR, "warn"],
  [one("a"), 100 * HOUR, "breach"],
  [one("a", { answer_due: HOUR }), 97 * HOUR, "breach"],
])("a promise is near, then broken (%#)", (told, now, look) => {
  expect(lookOf(told, now)).toBe(look);
});

test("a closed case is no longer timed: only what it was late by is left", () => {
  expect(answerTimer(one("a", { answer_due: 5, closed: 9 }), 20)).toBeUndefined();
  expect(dueTimer(one("a", { due: 5, closed: 9 }), 2000)).toEqual({ at: 5, left: -4, look: "breach" });
  expect(dueTimer(one("a", { due: 9, closed: 5 }), 2000)).toEqual({ at: 9, left: 4, look: "" });
});

test("a span says what matters of it, over or not", () => {
  expect(figures(2 * 86_400 + 5 * HOUR + 59)).toMatchObject({ unit: "days", d: 2, h: 5 });
  expect(figures(-(5 * HOUR + 12 * 60))).toMatchObject({ unit: "hours", h: 5, m: 12 });
  expect(figures(3599)).toMatchObject({ unit: "clock", m: 59, s: 59 });
});

test("all that is asked for must fit", () => {
  const told = one("c7", { kind: "complaint", level: 2, title: "费用争议 Charged twice", number: "138****5678", owner: "wu", owner_name: "吴" });
  const asked = (more: object) => fits(told, { ...EVERYTHING, ...more }, "wu", ["投诉", "Anna"]);
  expect([{}, { kind: "complaint" }, { level: 2 }, { isMine: true }, { query: " TWICE 5678 " }, { query: "投诉 anna 吴" }].map(asked)).not.toContain(false);
  expect([{ kind: "service" }, { level: 3 }, { query: "twice nobody" }].map(asked)).not.toContain(true);
  expect(fits(one("c8"), { ...EVERYTHING, isMine: true }, "")).toBe(false); // nobody's is not mine where nobody is signed in
});

test("each is counted by the gravest of its timers", () => {
  const all = [one("a", { answer_due: 1, owner: "wu" }), one("b", { due: HOUR }), one("c", { due: 999 * HOUR, owner: "wu" })];
  expect(countsOf(all, 10)).toEqual({ over: 1, near: 1, free: 1 });
});

test("a lead raises a level and does not lower it", () => {
  expect([levelsFor("lead", 2), levelsFor("complaints", 2)]).toEqual([[2, 3], [1, 2, 3]]);
});
