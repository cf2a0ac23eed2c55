import { expect, test } from "vitest";

import { isSlight, Skew } from "../src/truth/skew";
import { chance } from "./chance";

test("one late message is no skew", () => {
  const skew = new Skew();
  let found: number | undefined;
  for (const late of [0.1, 0.2, 9, 0.1, 0.3, 12, 0.2]) found = skew.look(1000 + late, 1000);
  expect(found).toBeLessThan(1);
});

test("a clock that is three minutes slow is found after three looks, whatever the wire does", () => {
  const dice = chance(11);
  const random = () => dice.below(1_000_000) / 1_000_000;
  for (let round = 0; round < 100; round++) {
    const off = (random() - 0.5) * 7200;
    const skew = new Skew();
    let found: number | undefined;
    for (let second = 0; second < 20; second++) {
      found = skew.look(5000 + second + off, 5000 + second - random());
      expect(found === undefined).toBe(second < 2);
    }
    expect(Math.abs((found ?? 0) - off)).toBeLessThan(1);
  }
});

test("half a day and more is another time, not a wrong clock", () => {
  expect([isSlight(-200), isSlight(7200), isSlight(86_400), isSlight(-2 * 86_400)]).toEqual([true, true, false, false]);
});
