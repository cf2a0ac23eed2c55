import { expect, test } from "vitest";

import { hourOf, isTime } from "../src/kiosk/nightly";

const NIGHT = { hour: 4.1, up: 13 * 3600, untouched: 3600, isLive: true, isQuiet: true };

test("an old page that nobody touches is loaded anew at night, when nobody calls", () => {
  expect(isTime(NIGHT)).toBe(true);
  for (const otherwise of [{ hour: 3.99 }, { hour: 5 }, { hour: 14 }, { up: 3600 }, { untouched: 30 }, { isLive: false }, { isQuiet: false }])
    expect(isTime({ ...NIGHT, ...otherwise }), JSON.stringify(otherwise)).toBe(false);
});

test("a floor that never sleeps has it at the end of the hour", () => {
  expect(isTime({ ...NIGHT, isQuiet: false, hour: 4.8 })).toBe(true);
});

test("the hour is the floor's", () => {
  expect(hourOf(Date.UTC(2026, 10, 20, 20, 30) / 1000, "Asia/Shanghai")).toBe(4.5);
  expect(hourOf(Date.UTC(2026, 10, 20, 16, 0) / 1000, "Asia/Shanghai")).toBe(0);
});
