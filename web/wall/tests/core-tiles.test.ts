import { h, render } from "preact";
import { expect, test } from "vitest";

import { TileContent } from "../src/board/Cell";
import { register } from "../src/board/registry";
import { scopeOf } from "../src/board/scope";
import { columnsIn, rowsIn, sorted } from "../src/parts/Queues";
import { inLine, roomFor } from "../src/parts/Sources";
import { gridIn } from "../src/states";
import { emsOf, signed } from "../src/tiles/Hero";
import { trendOf, trendPlot } from "../src/tiles/trend-plot";
import type { Wall } from "../src/wall";
import { Cell } from "../src/wire/cell";
import type { Json } from "../src/wire/messages";

const ORDER = ["l", "m", "s", "xs", "dot"];

test.each([
  [1864, 700],
  [1160, 380],
  [594, 380],
])("on %i × %i everybody finds room as long as the smallest tiles have any", (width, height) => {
  for (const agents of [1, 2, 6, 12, 13, 24, 30, 48, 60, 90, 120, 900]) {
    const grid = gridIn(agents, width, height);
    if (grid.size !== "dot") expect(grid.columns * grid.rows).toBeGreaterThanOrEqual(agents);
    expect(grid.columns * grid.rows).toBeGreaterThan(0);
  }
});

test("tiles never grow with the number of agents", () => {
  const sizes = Array.from({ length: 300 }, (_, i) => ORDER.indexOf(gridIn(i + 1, 1864, 700).size));
  expect(sizes).toEqual([...sizes].sort((a, b) => a - b));
});

test("six people fill two rows of three rather than a corner of eight", () => {
  expect(gridIn(6, 1160, 310)).toMatchObject({ columns: 3, rows: 2 });
});

test("a table shows what fits: what is done about now first, what was counted today last", () => {
  expect([...columnsIn(400, true)]).toEqual(["waiting", "longest", "ready", "staff"]);
  expect(columnsIn(1120, true).has("bar")).toBe(true);
  expect(columnsIn(1120, true).has("of")).toBe(false);
  expect(columnsIn(1820, true).has("gone")).toBe(true);
  expect(rowsIn(420)).toBeGreaterThanOrEqual(6);
  expect(rowsIn(10)).toBe(1);
});

test("sources lie side by side in one line, and in columns where there is height", () => {
  expect(roomFor(594, 55, 6)).toEqual([3, 1]);
  expect(roomFor(594, 260, 6)).toEqual([1, 6]);
  expect(roomFor(594, 120, 6)).toEqual([2, 3]);
});

test("in one line a source has its whole name or is one of those that are counted", () => {
  expect(inLine(646, ["话务", "视频", "耳麦", "座位"])).toBe(3);
  expect(inLine(646, ["Witness bureau", "Headset bridge", "Seats"])).toBe(2);
  expect(inLine(2000, ["话务", "视频"])).toBe(2);
});

test("a figure's width is told from its signs", () => {
  expect(emsOf("81", "%")).toBeGreaterThan(emsOf("3"));
  expect(emsOf("12:34")).toBeGreaterThan(emsOf("2:34"));
});

test("half a person too few is one too few", () => {
  expect([-1.2, -0.1, 0, 0.9, 2.3].map(signed)).toEqual(["−2", "−1", "0", "0", "+2"]);
});

const trend = (points: readonly (readonly [number, number])[]) => {
  const cell = new Cell();
  cell.put({ from: 1000, step: 300, waiting: points.map((point) => [...point]) });
  return trendOf(cell, "waiting");
};

test("a trend has the ends of what it spans as its scale, the target among them", () => {
  const drawn = trendPlot(trend([[0, 2], [1, 5], [2, 3]]), 6, 300, 64, String);
  expect(drawn.labels.map(({ label }) => label)).toEqual(["6", "2"]);
  expect(drawn.target).toBeLessThan(drawn.last?.[1] ?? 0);
  expect(trendPlot(trend([[0, 4]]), undefined, 300, 64, String).labels.map(({ label }) => label)).toEqual(["4"]);
});

test("a hole in a trend is a hole, and a lone point a dot", () => {
  const { path } = trendPlot(trend([[0, 1], [1, 2], [6, 3]]), undefined, 300, 64, String);
  expect(path.replace(/[\d. ]+/g, "")).toBe("MhLMh");
});

test("what is no trend is an empty one", () => {
  const cell = new Cell();
  cell.put({ waiting: ["x", [1], [1, "y"], 3] });
  expect(trendOf(cell, "waiting").points).toEqual([]);
  expect(trendOf(new Cell(), "waiting").points).toEqual([]);
});

const floor = (queues: Record<string, Json>): Wall => {
  const board = new Cell();
  board.put({ queues, lines: { l: { queues: ["b", "gone"] } }, floor: {} });
  return { board, floorFreshness: { value: { kind: "live" } }, freshnessOf: () => ({ kind: "live" }) } as unknown as Wall;
};

test("queues stand as configured, or the worst first, or as the tile says", () => {
  const wall = floor({
    a: { order: 2, waiting: 1, service_level: 0.9, target: { service_level: 0.8 } },
    b: { order: 1, waiting: 0, service_level: 0.7, target: { service_level: 0.8 } },
    c: { order: 3, waiting: 5 },
  });
  expect(sorted(wall, "floor", "order")).toEqual(["b", "a", "c"]);
  expect(sorted(wall, "floor", "worst")).toEqual(["b", "a", "c"]);
  expect(sorted(wall, "floor", "waiting")).toEqual(["c", "a", "b"]);
  expect(sorted(wall, "floor", "name")).toEqual(["a", "b", "c"]);
  expect(sorted(wall, "line:l", "order")).toEqual(["b"]);
});

test("a scope without an id is the busiest queue, of the others the first", () => {
  const wall = floor({ a: { order: 2, waiting: 1 }, b: { order: 1, waiting: 0 }, c: { order: 3, waiting: 5 } });
  expect([scopeOf(wall, "queue:").id, scopeOf(wall, "line:").id, scopeOf(wall, "queue:b").id]).toEqual(["c", "l", "b"]);
  expect(scopeOf(wall, "queue:zz").isPresent).toBe(false);
});

test("a tile that throws says so, and what is beside it stays", () => {
  register({ kind: "bomb", shelf: "data", glyph: "lost", size: [1, 1], least: [1, 1], options: [], stacked: 1, component: () => { throw new Error("boom"); } });
  const told: unknown[] = [];
  const before = console.error;
  console.error = (...all: unknown[]) => void told.push(all);
  try {
    const at = { x: 0, y: 0, w: 1, h: 1, options: {} };
    render(h("div", null, h(TileContent, { tile: { id: "bad", kind: "bomb", ...at } }), h("p", { id: "beside" }, "beside")), document.body);
  } finally {
    console.error = before;
  }
  return new Promise<void>((done) => setTimeout(() => {
    expect(document.querySelector("[data-tile=bad]")?.className).toContain("error");
    expect(document.getElementById("beside")?.textContent).toBe("beside");
    expect(told.length).toBe(1);
    done();
  }, 20));
});
