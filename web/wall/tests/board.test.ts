import { expect, test } from "vitest";

import { accentFor, contrast, parse } from "../src/board/accent";
import { oddOnes } from "../src/board/Board";
import { layOut, inReadingOrder } from "../src/board/layout";
import type { BoardDocument, Page, Tile } from "../src/board/model";
import { METRIC_IDS, METRICS, judge } from "../src/board/metrics";
import { boxes, read } from "../src/board/preview";
import { Rotation } from "../src/board/rotation";
import { split, together } from "../src/board/scope";
import { farType, reducedBy } from "../src/board/show";
import { BoardSource, type Fetched, readBoard, type Shelf } from "../src/board/source";
import { tiles } from "../src/tiles/words";
import { themeOf } from "../src/theme";

const tile = (id: string, x: number, y: number, w: number, h: number, kind = "hero"): Tile => ({ id, kind, x, y, w, h, options: {} });
const page = (...all: Tile[]): Page => ({ dwell: 30, tiles: all });
const board = (id = "floor", ...pages: Page[]): BoardDocument => ({ format: 1, id, name: {}, theme: "dark", distance: 8, diagonal: 55, pages: pages.length > 0 ? pages : [page(tile("a", 0, 0, 4, 4))] });

// ───── accent

const PAPERS = { dark: "#1c252f", light: "#eef1f4", hc: "#12161a" } as const;

test.each(["dark", "light", "hc"] as const)("an accent of any colour can be read in %s, and on it can be read", (theme) => {
  const least = theme === "hc" ? 7 : 4.5;
  for (let i = 0; i < 400; i++) {
    const colour = `#${((i * 2654435761) % 0x1000000).toString(16).padStart(6, "0")}`;
    const made = accentFor(colour, theme);
    const [accent, on, paper] = [made?.accent, made?.on, PAPERS[theme]].map((one) => parse(one ?? "") ?? ([0, 0, 0] as const)) as [never, never, never];
    expect(contrast(accent, paper), colour).toBeGreaterThanOrEqual(least);
    expect(contrast(on, accent), colour).toBeGreaterThanOrEqual(4.5);
  }
});

test("an accent that is plain enough stays what it is, and what is no colour is none", () => {
  expect(accentFor("#58c9f0", "dark")?.accent).toBe("#58c9f0");
  for (const wrong of ["red", "#12345", "#12345g", "url(x)", ""]) expect(accentFor(wrong, "dark")).toBeUndefined();
});

test("the address has the last word on the theme", () => {
  expect(themeOf("light", { theme: "hc" })).toBe("light");
  expect(themeOf("pink", { theme: "hc" })).toBe("hc");
  expect(themeOf(null, undefined)).toBe("dark");
});

// ───── layout

const FLOOR = page(tile("head", 0, 0, 16, 2, "header"), tile("sl", 0, 2, 4, 9), tile("curve", 10, 11, 6, 6, "curve"), tile("race", 10, 17, 6, 5, "race"), tile("queues", 0, 11, 10, 11, "queues"));
const placed = (layout: ReturnType<typeof layOut>) => Object.fromEntries(layout.tiles.map((one) => [one.tile.id, [one.x, one.y, one.w, one.h]]));

test("a banner comes below the header, and everything below it goes two rows down", () => {
  expect(layOut(FLOOR, false, new Set()).rows).toBe(24);
  const layout = layOut(FLOOR, true, new Set());
  expect([layout.rows, layout.banner]).toEqual([26, 2]);
  expect(placed(layout)).toMatchObject({ head: [0, 0, 16, 2], sl: [0, 4, 4, 9], race: [10, 19, 6, 5] });
});

test("on a board without a header it comes first", () => {
  const layout = layOut(page(tile("a", 0, 0, 8, 12), tile("b", 8, 3, 8, 4)), true, new Set());
  expect(layout.banner).toBe(0);
  expect(placed(layout)).toEqual({ a: [0, 2, 8, 12], b: [8, 5, 8, 4] });
});

test("who has left gives the room to the neighbour above that is as wide, and nothing overlaps", () => {
  for (const hasBanner of [false, true]) {
    const layout = layOut(FLOOR, hasBanner, new Set(["race"]));
    expect(placed(layout)["curve"]).toEqual([10, hasBanner ? 13 : 11, 6, 11]);
    expect(placed(layout)["race"]).toBeUndefined();
  }
});

test("who has nobody as wide above or below leaves a hole", () => {
  const layout = layOut(page(tile("a", 0, 0, 8, 12), tile("b", 8, 0, 4, 12)), false, new Set(["b"]));
  expect(placed(layout)).toEqual({ a: [0, 0, 8, 12] });
});

test("tiles are read line by line", () => {
  expect(inReadingOrder(FLOOR.tiles).map(({ id }) => id)).toEqual(["head", "sl", "queues", "curve", "race"]);
});

test("of an odd number of heroes the last gets the whole line of a phone", () => {
  const heroes = ["a", "b", "c"].map((id, i) => tile(id, i, 0, 1, 1));
  expect([...oddOnes([...heroes, tile("q", 0, 2, 4, 4, "queues"), tile("d", 0, 9, 1, 1), tile("e", 1, 9, 1, 1)])]).toEqual(["c"]);
});

// ───── rotation

test("pages come one after the other, each for its own time", () => {
  const rotation = new Rotation([10, 20], 0, 0);
  expect([9_999, 10_000, 29_999, 30_000].map((now) => rotation.at(now, []))).toEqual([0, 1, 1, 0]);
});

test("an alarm brings the page that shows it, and it stays until the alarm is over", () => {
  const rotation = new Rotation([10, 10, 10], 0, 0);
  expect(rotation.at(1000, [2])).toBe(2);
  expect(rotation.at(60_000, [1, 2])).toBe(2);
  expect(rotation.at(61_000, [])).toBe(2);
  expect(rotation.at(70_000, [])).toBe(0);
});

test("what somebody holds does not turn, and what somebody turned stays its whole time", () => {
  const rotation = new Rotation([10, 10], 0, 0);
  rotation.pause(true, 0);
  expect(rotation.at(90_000, [1])).toBe(0);
  rotation.turn(-1, 90_000);
  expect(rotation.page).toBe(1);
  rotation.pause(false, 95_000);
  expect(rotation.at(104_999, [])).toBe(1);
  expect(rotation.at(105_000, [])).toBe(0);
});

test("a page that is not there is the last one", () => {
  expect(new Rotation([10, 10], 7, 0).page).toBe(1);
  expect(new Rotation([10], Number.NaN, 0).at(1e6, [])).toBe(0);
});

// ───── the document

const shelf = (answers: Fetched[], kept?: BoardDocument) => {
  const later: (() => void)[] = [];
  const asked: string[] = [];
  const saved: BoardDocument[] = [];
  const it: Shelf = {
    fetch: (_, tag) => (asked.push(tag), Promise.resolve(answers.shift() ?? { kind: "away" })),
    kept: () => kept,
    keep: (_, document) => void saved.push(document),
    after: (_, action) => (later.push(action), () => undefined),
    random: () => 0.5,
  };
  return { it, later, asked, saved };
};
const settle = () => new Promise((done) => setTimeout(done, 0));

test("a board is fetched, kept, and asked for again with its tag when something changed", async () => {
  const { it, later, asked, saved } = shelf([{ kind: "board", board: board(), tag: '"1"' }, { kind: "same" }, { kind: "board", board: board("next"), tag: '"2"' }]);
  const source = new BoardSource(undefined, it);
  source.ask();
  await settle();
  expect([source.state.value, source.board.value?.id, saved.length]).toEqual(["fresh", "floor", 1]);
  for (const id of ["floor", "next"]) {
    source.changed();
    later.pop()?.();
    await settle();
    expect(source.board.value?.id).toBe(id);
  }
  expect(asked).toEqual(["", '"1"', '"1"']);
});

test("while the server is away the last copy is shown, and said to be one", async () => {
  const { it, later } = shelf([{ kind: "away" }, { kind: "board", board: board("new"), tag: "" }], board("old"));
  const source = new BoardSource("old", it);
  expect([source.state.value, source.board.value?.id]).toEqual(["kept", "old"]);
  source.ask();
  await settle();
  expect(source.state.value).toBe("kept");
  later.pop()?.();
  await settle();
  expect([source.state.value, source.board.value?.id]).toEqual(["fresh", "new"]);
});

test("a board that was taken away stays on the screen that shows it", async () => {
  const { it } = shelf([{ kind: "absent" }], board("old"));
  const source = new BoardSource("old", it);
  source.ask();
  await settle();
  expect([source.state.value, source.board.value?.id]).toEqual(["absent", "old"]);
});

test("what is no board is none", () => {
  expect(readBoard(board())?.id).toBe("floor");
  for (const wrong of [null, [], {}, { ...board(), format: 2 }, { ...board(), pages: [] }, { ...board(), pages: [{ tiles: [{ id: "a" }] }] }, "x"]) expect(readBoard(wrong)).toBeUndefined();
  expect(readBoard({ ...board(), distance: "far", diagonal: -1 })).toMatchObject({ distance: 8, diagonal: 55 });
});

test("an editor's preview is heard from our own origin only", () => {
  const data = { type: "ccwall.preview", board: board(), page: 9 };
  expect(read({ origin: "http://here", data }, "http://here")).toMatchObject({ page: 0 });
  expect(read({ origin: "http://there", data }, "http://here")).toBeUndefined();
  expect(read({ origin: "http://here", data: { ...data, board: {} } }, "http://here")).toBeUndefined();
  expect(read({ origin: "http://here", data: "hello" }, "http://here")).toBeUndefined();
  document.body.innerHTML = "<div data-cell='a'></div>";
  expect(boxes(document).map(({ id }) => id)).toEqual(["a"]);
});

// ───── places and numbers

test("a scope is a kind and an id, which may have any sign in it", () => {
  expect(split("queue:pbx1/a:b")).toEqual(["queue", "pbx1/a:b"]);
  expect(split("team:")).toEqual(["team", ""]);
  for (const unknown of ["floor", "", "planet:x", "constructor"]) expect(split(unknown)).toEqual(["floor", ""]);
});

test("what is made of several is old when all are, and partly when some are", () => {
  const [live, old, older] = [{ kind: "live" }, { kind: "stale", asOf: 20 }, { kind: "stale", asOf: 10 }] as const;
  expect(together([live, live])).toEqual({ kind: "live" });
  expect(together([old, older])).toEqual({ kind: "stale", asOf: 10 });
  expect(together([live, old])).toEqual({ kind: "part", asOf: 20 });
  expect(together([])).toBeUndefined();
});

test("every number has a name in both lengths", () => {
  for (const id of METRIC_IDS) for (const form of ["metric", "metric.short"]) expect(tiles.has(`${form}.${id}`), `${form}.${id}`).toBe(true);
});

test("a number is judged by what is better", () => {
  expect(judge(METRICS.service_level, 0.79, 0.8)).toBe("warn");
  expect(judge(METRICS.waiting, 6, 6)).toBe("breach");
  expect(judge(METRICS.abandon_rate, 0.03, 0.05)).toBe("ok");
  expect(judge(METRICS.offered, 3, 1)).toBe("none");
  expect(judge(METRICS.handled, 70, 100)).toBe("breach");
  expect(judge(METRICS.handled, 70, undefined)).toBe("none");
});

test("8 m on 55 inches is what the arrangement was drawn for; farther readers get less on it", () => {
  expect(Math.round(farType(8, 55))).toBe(90);
  expect([reducedBy({ distance: 8, diagonal: 55 }), reducedBy({ distance: 9, diagonal: 55 }), reducedBy({ distance: 10, diagonal: 55 })]).toEqual([0, 1, 2]);
  expect(reducedBy({ distance: 10, diagonal: 86 })).toBe(0);
});
