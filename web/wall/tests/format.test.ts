import { expect, test } from "vitest";

import { bytes, perSecond } from "../src/format/amount";
import { count } from "../src/format/count";
import { age, exactSpan, wallSpan } from "../src/format/duration";
import { clock, date, minute } from "../src/format/moment";
import { percent, targetPercent } from "../src/format/percent";

test("percent never crosses its target", () => {
  expect(percent(0.797, 0.8)).toBe(79);
  expect(percent(0.7999999, 0.8)).toBe(79);
  expect(percent(0.8, 0.8)).toBe(80);
  const crossed: string[] = [];
  for (let target = 1; target < 1000; target += 7)
    for (let level = 0; level <= 1000; level++) {
      const shown = percent(level / 1000, target / 1000);
      const meets = shown / 100 >= target / 1000 - 1e-12 || (level >= target && shown === 99);
      if (meets !== level >= target) crossed.push(`${level} against ${target}: ${shown}`);
    }
  expect(crossed).toEqual([]);
});

test("percent is all only where all were", () => {
  expect(percent(0.999)).toBe(99);
  expect(percent(1)).toBe(100);
  expect(percent(0)).toBe(0);
});

test("a target is shown as finely as it was set", () => {
  expect([0.8, 0.825, 1].map(targetPercent)).toEqual(["80", "82.5", "100"]);
});

test("durations are m:ss, on walls from ten minutes in minutes", () => {
  const shown = [0, 0.9, 9, 48.7, 60, 599.9, 600, 3600, 5999, 6000, -3].map((s) => Object.values(wallSpan(s)).join(" "));
  expect(shown).toEqual(["0:00 ", "0:00 ", "0:09 ", "0:48 ", "1:00 ", "9:59 ", "10 minute", "60 minute", "99 minute", "1 hour", "0:00 "]);
  expect(exactSpan(1200)).toBe("20:00");
});

test("ages have a tenth under ten seconds, then whole units", () => {
  expect([0.42, 9.94, 9.96, 59, 60, 7200, 90_000, -1].map((s) => age(s).join(" "))).toEqual([
    "0.4 second", "9.9 second", "9 second", "59 second", "1 minute", "2 hour", "1 day", "0.0 second",
  ]);
});

test("counts get commas from a thousand and units from ten thousand, never rounded up", () => {
  expect([7, 999, 1204, 9999].map((n) => count(n, "zh-CN"))).toEqual(["7", "999", "1,204", "9,999"]);
  expect([12_000, 19_999].map((n) => count(n, "zh-CN"))).toEqual(["1.2 万", "1.9 万"]);
  expect([count(12_000, "zh-TW"), count(12_049, "en")]).toEqual(["1.2 萬", "12.0k"]);
});

const MOMENT = 1_795_141_476; // 02:24:36 UTC

test("instants are told in the site's zone, in the reader's words", () => {
  expect(clock(MOMENT, "Asia/Shanghai")).toBe("10:24:36");
  expect(clock(MOMENT - 10 * 3600, "Asia/Shanghai")).toBe("00:24:36");
  expect(minute(MOMENT - 3600, "Asia/Shanghai")).toBe("9:24");
  expect(["zh-CN", "zh-TW", "en"].map((lang) => date(MOMENT, "Asia/Shanghai", lang))).toEqual([
    "11月20日 周五", "11月20日 週五", "Fri 20 Nov",
  ]);
});

test("a zone nobody knows is UTC, not the viewer's", () => {
  expect(clock(MOMENT, "Mars/Olympus")).toBe("02:24:36");
});

test("bytes and rates are as short as they can be read", () => {
  expect([0, 640, 999, 1204, 18_432, 999_600, 48_300_000_000].map(bytes)).toEqual(["0 B", "640 B", "999 B", "1.2 kB", "18 kB", "1.0 MB", "48 GB"]);
  expect([0, 0.04, 4.12, 61.2, 1204.6].map(perSecond)).toEqual(["0", "0.0", "4.1", "61", "1,205"]);
});
