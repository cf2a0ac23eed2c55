import { expect, test } from "vitest";

import { ofLimit, ofRate, Verdict } from "../src/severity";

test("rates: near under the target, over from ten points under it", () => {
  expect([0.9, 0.8, 0.799, 0.71, 0.7, 0.2].map((rate) => ofRate(rate, 0.8))).toEqual(["ok", "ok", "warn", "warn", "breach", "breach"]);
});

test("limits: near from 80 %, over at the limit", () => {
  expect([0, 47, 48, 59.9, 60].map((wait) => ofLimit(wait, 60))).toEqual(["ok", "ok", "warn", "warn", "breach"]);
});

test("what has no number or no target has no verdict", () => {
  expect([ofRate(undefined, 0.8), ofRate(0.5, undefined), ofLimit(undefined, 6), ofLimit(3, undefined), ofLimit(3, 0)]).toEqual(Array(5).fill("none"));
});

test("worse shows at once, better after 30 s on the good side", () => {
  const verdict = new Verdict();
  expect(verdict.at(0, "ok")).toBe("ok");
  expect(verdict.at(1, "breach")).toBe("breach");
  expect(verdict.at(2, "ok")).toBe("breach");
  expect(verdict.at(31, "ok")).toBe("breach");
  expect(verdict.at(32, "ok")).toBe("ok");
});

test("a relapse starts the 30 s again", () => {
  const verdict = new Verdict();
  verdict.at(0, "warn");
  verdict.at(1, "ok");
  verdict.at(20, "warn");
  verdict.at(21, "ok");
  expect(verdict.at(40, "ok")).toBe("warn");
});

test("what stands still has the verdict of where it stands, not of how long it seemed to run on", () => {
  const verdict = new Verdict();
  expect(verdict.at(100, "breach")).toBe("breach");
  expect(verdict.stand("ok")).toBe("ok");
  expect(verdict.at(101, "ok")).toBe("ok");
});
