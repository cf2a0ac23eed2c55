import { expect, test } from "vitest";

import { Agreement, isEqual, lines, verdict } from "../src/practice/compare";
import { Cell } from "../src/wire/cell";

function cell(value: object): Cell {
  const made = new Cell();
  made.put(JSON.parse(JSON.stringify(value)));
  return made;
}

test("a bare name finds the wall's queue by key, by its end, or by its name", () => {
  const queues = cell({ a: { waiting: 1 }, "pbx1/b": { waiting: 2 }, q7: { name: "c", waiting: 3 } });
  const gauges = cell({ a: { waiting: 1 }, b: { waiting: 2 }, c: { waiting: 4 }, d: { waiting: 0 } });
  expect(lines(gauges, queues).map(({ key, waiting }) => [key, waiting.truth, waiting.wall])).toEqual([
    ["a", 1, 1],
    ["pbx1/b", 2, 2],
    ["q7", 4, 3],
    [undefined, 0, undefined],
  ]);
});

test("a queue of the same name at another source is another queue", () => {
  const queues = cell({ "pbx1/a": { source: "pbx1", waiting: 1 }, "pbx2/a": { source: "pbx2", waiting: 2 } });
  const gauges = cell({ a: { waiting: 5 } });
  const walls = ["pbx1", "pbx2", "pbx3"].map((source) => lines(gauges, queues, source)[0]?.waiting.wall);
  expect(walls).toEqual([1, 2, undefined]);
});

test("a queue the wall does not know is equal while nobody is in it", () => {
  const [line] = lines(cell({ d: { waiting: 0, talking: 0 } }), cell({}));
  expect(line && isEqual(line)).toBe(true);
  const [busy] = lines(cell({ d: { waiting: 1, talking: 0 } }), cell({}));
  expect(busy && isEqual(busy)).toBe(false);
});

test("a wall that says it is old is honest; one that does not is wrong after five seconds", () => {
  expect(verdict(true, 0, false)).toBe("equal");
  expect(verdict(true, 0, true)).toBe("admits");
  expect(verdict(false, 60_000, true)).toBe("admits");
  expect(verdict(false, 4999, false)).toBe("moving");
  expect(verdict(false, 5000, false)).toBe("differs");
});

test("how long it has been so begins anew when it changes", () => {
  const agreement = new Agreement();
  expect([agreement.note("q", true, 10), agreement.note("q", true, 20), agreement.note("q", false, 30)]).toEqual([10, 10, 30]);
});
