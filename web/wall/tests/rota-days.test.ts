import { expect, test } from "vitest";

import { dayAfter, instantOf, isoDay, isoTime, movedTo } from "../src/rota/days";
import { byNeed, countsOf, previewIn, rotaIn, type Shift, shiftIn, withSheet } from "../src/rota/facts";

const utc = (text: string) => Date.parse(`${text}Z`) / 1000;
const ZONES = ["Asia/Shanghai", "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Kiritimati", "UTC"];

test("every minute of a day is found again, in every zone, on every day of two years but where clocks go back", () => {
  for (const zone of ZONES) {
    for (let at = utc("2026-01-01T00:00:00"); at < utc("2028-01-01T00:00:00"); at += 7_020 * 60) {
      expect(instantOf(isoDay(at, zone), isoTime(at, zone), zone), `${zone} ${at}`).toBe(at);
    }
  }
});

// As Python's zoneinfo has them, with fold 0.
test.each([
  ["Europe/Berlin", "2026-10-25", "02:30", "2026-10-25T00:30:00"],
  ["America/New_York", "2026-11-01", "01:30", "2026-11-01T05:30:00"],
  ["Australia/Lord_Howe", "2026-04-05", "01:45", "2026-04-04T14:45:00"],
])("of an hour that comes twice in %s, the first", (zone, day, time, instant) => {
  expect(instantOf(day, time, zone)).toBe(utc(instant));
});

test.each([
  ["Europe/Berlin", "2026-03-29", "02:30", "2026-03-29T01:30:00"],
  ["America/New_York", "2026-03-08", "02:30", "2026-03-08T07:30:00"],
])("a time that the clocks of %s leap over is as they would have gone on", (zone, day, time, instant) => {
  expect(instantOf(day, time, zone)).toBe(utc(instant));
});

test("a day on which clocks change is as long as it is", () => {
  const hours = (day: string, zone: string) => ((instantOf(dayAfter(day, 1), "00:00", zone) ?? 0) - (instantOf(day, "00:00", zone) ?? 0)) / 3600;
  expect([hours("2026-03-29", "Europe/Berlin"), hours("2026-10-25", "Europe/Berlin"), hours("2026-10-25", "Asia/Shanghai")]).toEqual([23, 25, 24]);
});

test("what is no day or no time is no instant, and a zone nobody knows is UTC", () => {
  expect([instantOf("", "09:00", "UTC"), instantOf("2026-02-30", "25:00", "UTC")]).toEqual([undefined, undefined]);
  expect(instantOf("2026-11-22", "09:00", "Mars/Olympus")).toBe(utc("2026-11-22T09:00:00"));
});

test("days follow each other over months and leap days", () => {
  expect([dayAfter("2026-12-31", 1), dayAfter("2028-02-28", 1), dayAfter("2026-03-01", -1)]).toEqual(["2027-01-01", "2028-02-29", "2026-02-28"]);
});

test("who is not moved stays where they were: in the second of two equal hours, and to the second", () => {
  const second = utc("2026-10-25T01:30:07");
  expect(movedTo(second, "2026-10-25", "Europe/Berlin")).toBe(second);
  expect(movedTo(second, "2026-10-26", "Europe/Berlin")).toBe(utc("2026-10-26T01:30:00"));
});

const shift = (id: string, more: object = {}): Shift => {
  const told = shiftIn(id, { agent: id, begins: 1000, ends: 2000, ...more });
  if (told === undefined) throw new Error("no shift");
  return told;
};
const judged = (...what: string[]) => ({ judged: { what, late: 300 } });

test("what was found stands in the order of how grave it is, and what nobody knows is left out", () => {
  expect(shift("a", judged("undocked", "late", "made_up", "absent")).what).toEqual(["absent", "late", "undocked"]);
  expect(shift("a", { judged: "?", excuses: [], breaks: [3] })).toMatchObject({ what: [], excuses: {}, breaks: [], kind: "work", kept: undefined });
  expect([shiftIn("a", { begins: 1 }), shiftIn("a", null), shiftIn("a", [])]).toEqual([undefined, undefined, undefined]);
});

test("whom a lead must look after comes first, until somebody said something to it", () => {
  const all = [
    shift("off", { kind: "leave", begins: 0 }),
    shift("well", { begins: 500 }),
    shift("early", { begins: 400, ...judged("early") }),
    shift("excused", { begins: 600, ...judged("late"), excuses: { late: { note: "metro" } } }),
    shift("half", { begins: 900, ...judged("absent", "late"), excuses: { late: { note: "metro" } } }),
    shift("late", { begins: 800, ...judged("late") }),
  ];
  expect(all.toSorted(byNeed((agent) => agent)).map(({ id }) => id)).toEqual(["late", "half", "early", "well", "excused", "off"]);
});

test("names decide between those that begin at once", () => {
  const names: Readonly<Record<string, string>> = { a: "Wu", b: "Anna" };
  expect([shift("a"), shift("b")].toSorted(byNeed((agent) => names[agent] ?? "")).map(({ id }) => id)).toEqual(["b", "a"]);
});

test("who is to be there now is counted, and who is", () => {
  const all = [
    shift("here", { came: 990 }),
    shift("gone", { came: 990, left: 1400 }),
    shift("missing", judged("absent")),
    shift("tomorrow", { begins: 5000, ends: 6000, came: 4990 }),
    shift("over", { begins: 0, ends: 900, came: 0, ...judged("left_on", "late") }),
    shift("ill", { kind: "sick", came: 990, ...judged("absent") }),
  ];
  expect(countsOf(all, 1500)).toEqual({ planned: 3, here: 1, late: 1, absent: 1, left_on: 1, off: 1 });
  expect(countsOf(all, 2000).planned).toBe(0); // an end is no part of it
});

test("how well a plan was kept comes from the sheet, for the shifts that it knows", () => {
  const rota = rotaIn({ shifts: { b: { agent: "b", begins: 2, ends: 3 }, a: { agent: "a", begins: 2, ends: 3 }, c: { begins: "x" } }, changes: [{ at: 1, by: { id: "chen" } }, 3], free: ["2026-10-01"] });
  expect(rota.shifts.map(({ id }) => id)).toEqual(["a", "b"]);
  expect(rota.changes).toEqual([{ at: 1, what: "", shifts: 0, agent: "", note: "", by: "chen" }]);
  const kept = withSheet(rota, { rows: [{ shift_id: "b", begins: 2, ends: 3, adherence: { share: 0.75 } }, "?"] });
  expect(kept.shifts.map((one) => one.kept)).toEqual([undefined, 0.75]);
});

test("a preview is read whatever is missing of it", () => {
  expect(previewIn({ counts: { added: 2 }, mistakes: [{ where: "line 2", what: "no such day" }, 1], more_mistakes: 4 })).toEqual({
    counts: { added: 2, changed: 0, removed: 0, overlaps: 0 },
    shifts: 0,
    kept: 0,
    mistakes: [{ where: "line 2", what: "no such day" }],
    more: 4,
  });
});
