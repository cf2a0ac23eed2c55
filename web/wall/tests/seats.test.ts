import { describe, expect, test } from "vitest";

import { levelOf, wallLevelOf } from "../src/seats/detail";
import { derived } from "../src/seats/derived";
import { Floor } from "../src/seats/floor";
import { cellOf, type Plan, readPlan } from "../src/seats/plan";
import { mistakesOf } from "../src/seats/plans";
import { fitted, kept, NO_INSETS, overlaps, seen, View, zoomed } from "../src/seats/view";
import { Wall } from "../src/wall";
import type { World } from "../src/wire/live";

const world: World = { open: () => ({}) as never, monotonic: () => 0, after: () => () => undefined, random: () => 0.5, isRefused: async () => false };

function floorOf(agents: Record<string, object>, seats: Record<string, object> = {}): Floor {
  const wall = new Wall(world);
  const board = { site: {}, sources: { pbx1: { state: "live" }, desks: { state: "live", sense: "seat" } }, agents, strangers: { seats } };
  wall.store.snapshot({ type: "snapshot", version: "1", seq: 1, now: 1000, rate: 1, board: board as never });
  wall.clock.told(1000, 1);
  wall.ticker.show();
  return new Floor(wall);
}
const person = (seat: string, more: object = {}) => ({ name: seat, state: "ready", since: 900, source: "pbx1", team: seat[0], seat, ...more });

describe("a floor without a plan", () => {
  const known = (count: number, teams: number) => Array.from({ length: count }, (_, i) => ({ seat: `${"ABCDEFGHIJ"[i % teams]}-${Math.floor(i / teams) + 1}`, team: "ABCDEFGHIJ"[i % teams] ?? "" }));

  test.each([
    [1, 1],
    [48, 4],
    [200, 10],
    [1000, 4],
    [1000, 10],
  ])("%i seats of %i teams stand apart, all inside, teams together", (count, teams) => {
    const plan = derived(known(count, teams), 1.5) as Plan;
    expect(plan.seats).toHaveLength(count);
    const cells = plan.seats.map(cellOf);
    for (const cell of cells) {
      expect(cell.x >= 0 && cell.y >= 0 && cell.x + cell.w <= plan.width && cell.y + cell.h <= plan.height).toBe(true);
    }
    const near = cells.slice(0, 250);
    expect(near.some((a, i) => near.some((b, k) => k > i && overlaps(a, b)))).toBe(false);
    expect(plan.seats.every((seat) => plan.zones[seat.zone ?? -1]?.name === seat.id[0])).toBe(true);
    const shape = plan.width / plan.height;
    expect(count < 48 || (shape > 0.6 && shape < 4)).toBe(true);
  });

  test("stands the same whoever comes first, seats as a person counts them", () => {
    const all = known(48, 4);
    expect(derived([...all].reverse(), 1.5)).toEqual(derived(all, 1.5));
    expect(derived([{ seat: "A10", team: "A" }, { seat: "A9", team: "A" }], 1)?.seats.map(({ id }) => id)).toEqual(["A9", "A10"]);
    expect(derived([], 1)).toBeUndefined();
  });
});

describe("a view", () => {
  const [plan, room] = [{ w: 1000, h: 500 }, { w: 800, h: 600 }];

  test("that fits shows all of the plan in the middle", () => {
    const look = fitted(plan, room, NO_INSETS);
    expect(look).toEqual({ z: 0.8, x: 0, y: 100 });
  });
  test("that zooms keeps the point under the pointer", () => {
    const look = zoomed({ z: 1, x: 10, y: 20 }, 2, 110, 220);
    expect([(110 - look.x) / look.z, (220 - look.y) / look.z]).toEqual([100, 200]);
  });
  test("cannot lose the plan", () => {
    for (const [x, y] of [
      [1e6, 1e6],
      [-1e6, -1e6],
    ] as const) {
      const look = kept({ z: 1, x, y }, plan, room);
      const inSight = seen(look, room, 0);
      expect(overlaps(inSight, { x: 0, y: 0, w: plan.w, h: plan.h })).toBe(true);
    }
  });
  test("draws anew only when it rests, and sees all again in another room", () => {
    const view = new View();
    view.measure(plan, room, NO_INSETS);
    expect(view.drawn.value.z).toBe(0.8);
    view.zoom(2);
    expect([view.now.value.z, view.drawn.value.z]).toEqual([1.6, 0.8]);
    view.settle();
    expect(view.drawn.value.z).toBe(1.6);
    view.whole();
    view.measure(plan, { w: 400, h: 600 }, NO_INSETS);
    expect(view.now.value.z).toBe(0.4);
    view.stop();
  });
  test("that a key zooms keeps the chosen seat where it is", () => {
    const view = new View();
    view.measure(plan, room, NO_INSETS);
    view.anchor = () => ({ x: 100, y: 100, w: 0, h: 0 });
    const at = () => view.now.value.x + 100 * view.now.value.z;
    const before = at();
    view.zoom(1.5);
    expect(at()).toBeCloseTo(before);
    view.stop();
  });
});

test("the nearer, the more is told; on a wall nothing under its tier", () => {
  expect([0.1, 0.3, 1, 3].map(levelOf)).toEqual(["dots", "far", "mid", "near"]);
  expect([0.1, 0.5, 1.35, 1.5].map((z) => wallLevelOf(z, 30))).toEqual(["dots", "far", "id", "mid"]);
  expect(wallLevelOf(1.5, 45)).toBe("far");
});

describe("what is told of a seat", () => {
  test("is of the one who works there, where people share it", () => {
    const floor = floorOf({ a: person("A1", { state: "off" }), b: person("A1", { state: "talking" }) });
    expect(floor.fact("A1").value).toMatchObject({ agent: "b", state: "talking", severity: "none" });
  });
  test("has its limit, its contradiction, its device and its sensor", () => {
    const sense = (kind: string, says: string, more: object = {}) => ({ source: "desks", sense: kind, says, since: 950, ...more });
    const floor = floorOf({
      a: person("A1", { state: "hold", since: 945, limit: 60 }),
      b: person("A2", { state: "hold", since: 900, limit: 60 }),
      c: person("A3", { conflicts: [{ kind: "ready_vacant", since: 960, sources: ["pbx1", "desks"] }], since: 100, limit: 60 }),
      d: person("A4", { senses: [sense("desk", "worn", { fault: "battery" })] }),
      e: person("A5", { state: "off", senses: [sense("seat", "occupied")] }),
      f: person("A6", { senses: [sense("seat", "sensor_gone")] }),
      g: person("A7", { senses: [sense("desk", "worn", { fault: "source_down", stale: true })] }),
    });
    expect(floor.attention.value.map(({ seat, trouble }) => `${seat} ${trouble}`)).toEqual(["A3 doubt", "A2 breach", "A1 warn", "A4 fault", "A5 guest", "A6 sensor"]);
    expect(floor.fact("A3").value.since).toBe(960);
  });
  test("is of nobody where only a sensor speaks", () => {
    const floor = floorOf({ a: person("A1") }, { Z1: { source: "desks", says: "occupied", since: 5 }, Z2: { source: "desks", says: "vacant", since: 5 } });
    expect(floor.plan.value?.seats.map(({ id }) => id)).toEqual(["A1", "Z1", "Z2"]);
    expect(floor.attention.value.map(({ seat, trouble }) => `${seat} ${trouble}`)).toEqual(["Z1 guest"]);
  });
  test("stays the same thing while nothing of it changes", () => {
    const floor = floorOf({ a: person("A1"), b: person("A2") });
    const before = floor.fact("A1").value;
    floor.plan.value;
    expect(floor.fact("A1").value).toBe(before);
  });
  test("people without a seat and seats without a place are counted", () => {
    const floor = floorOf({ a: person("A1"), b: person("B7"), c: { name: "x", state: "ready" } });
    floor.drawn.value = readPlan({ width: 100, height: 100, seats: [{ id: "A1", x: 0, y: 0, w: 60, h: 58 }] });
    expect(floor.missing.value).toEqual({ off: ["B7"], seatless: 1 });
    expect(floor.totals.value).toMatchObject({ people: 3, present: 3 });
  });
  test("is found by id and by name, the exact one first", () => {
    const floor = floorOf({ a: person("A10", { name: "Wang" }), b: person("A1", { name: "Li" }) });
    expect(floor.found("a1")).toEqual(["A1", "A10"]);
    expect(floor.found("wan")).toEqual(["A10"]);
    expect(floor.found("  ")).toEqual([]);
  });
});

test("of what a server says only a plan is drawn", () => {
  expect(readPlan({ width: 1, height: 1, seats: [] })).toBeUndefined();
  expect(readPlan("<svg>")).toBeUndefined();
  const plan = readPlan({ width: 1, height: 1, seats: [{ id: "A", x: 0, y: 0, w: 1, h: 1 }, { id: 5 }], strokes: [{ d: "M0 0L1 1Z" }, { d: "M0 0\"><script>" }], rooms: [{ name: 7 }] });
  expect([plan?.seats.length, plan?.strokes.length, plan?.rooms.length]).toEqual([1, 1, 0]);
});

test("mistakes are found at their line in what the server says", () => {
  expect(mistakesOf({ mistakes: [{ where: "text", what: "line 3, column 14: a thing" }] })).toEqual([{ text: "a thing", line: 3, column: 14 }]);
  expect(mistakesOf({ detail: "no" })).toEqual([{ text: "no", line: 0, column: 0 }]);
});
