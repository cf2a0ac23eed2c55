import { expect, test } from "vitest";

import "../src/tiles/core";
import "../src/tiles/more";
import type { BoardDocument, Tile } from "../src/board/model";
import { idFor, read } from "../src/boards/file";
import { findings } from "../src/editor/checks";
import { Drafts, type Keep } from "../src/editor/drafts";
import { type Act, after, changesBetween, type Editing, MOST_STEPS, MOST_TILES, opened } from "../src/editor/edits";
import { dropped, firstRoom, isInside, overlap, pulled, stepped } from "../src/editor/geometry";
import { mistakeAt, spotOf } from "../src/editor/mistakes";
import { picture, tiers, tooMany } from "../src/editor/room";
import { sceneOf, sceneWorld } from "../src/editor/scenes";
import { kinds } from "../src/board/registry";
import { Wall } from "../src/wall";
import { chance } from "./chance";

const tile = (id: string, x: number, y: number, w: number, h: number, kind = "hero", options: Tile["options"] = {}): Tile => ({ id, kind, x, y, w, h, options });
const board = (...tiles: readonly Tile[]): BoardDocument => ({ format: 1, id: "mine", name: { en: "Mine" }, theme: "dark", distance: 8, diagonal: 55, pages: [{ dwell: 30, tiles }] });
const all = (editing: Editing, ...acts: readonly Act[]): Editing => acts.reduce(after, editing);
const at = (editing: Editing, id: string) => editing.board.pages[editing.page]?.tiles.find((one) => one.id === id);

const unit = (seed: number) => {
  const { below } = chance(seed);
  return () => below(1_000_000) / 1_000_000;
};

/** What a server would not take, written down again from its own rules. */
function faults({ pages, name, distance, diagonal }: BoardDocument): readonly string[] {
  const found: string[] = [];
  if (pages.length < 1 || pages.length > 12) found.push(`${pages.length} pages`);
  if (typeof name !== "object" || !(distance >= 0.3 && distance <= 50) || !(diagonal >= 4 && diagonal <= 500)) found.push("head");
  for (const { tiles, dwell } of pages) {
    if (!(dwell >= 3 && dwell <= 3600)) found.push(`dwell ${dwell}`);
    if (tiles.length > 40) found.push(`${tiles.length} tiles`);
    if (new Set(tiles.map(({ id }) => id)).size !== tiles.length) found.push("ids");
    for (const [i, one] of tiles.entries()) {
      if (![one.x, one.y, one.w, one.h].every(Number.isInteger) || one.x < 0 || one.y < 0 || one.w < 1 || one.h < 1 || one.x + one.w > 16 || one.y + one.h > 24) found.push(`place ${JSON.stringify(one)}`);
      if (!/^[a-z0-9][a-z0-9-]{0,39}$/.test(one.id)) found.push(`id ${one.id}`);
      for (const other of tiles.slice(i + 1)) if (one.x < other.x + other.w && other.x < one.x + one.w && one.y < other.y + other.h && other.y < one.y + one.h) found.push(`${one.id} over ${other.id}`);
    }
  }
  return found;
}

function anyAct(editing: Editing, random: () => number): Act {
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
  const whole = (least: number, most: number) => least + Math.floor(random() * (most - least + 1));
  const tiles = editing.board.pages[editing.page]?.tiles ?? [];
  const id = tiles.length > 0 ? pick(tiles).id : "none";
  const place = { x: whole(-4, 18), y: whole(-4, 26), w: whole(0, 18), h: whole(0, 26) };
  const page = whole(-1, editing.board.pages.length);
  return pick<Act>([
    { do: "add", kind: pick(kinds()).kind },
    { do: "add", kind: pick(kinds()).kind, at: { x: whole(-2, 17), y: whole(-2, 25) } },
    { do: "paste", tile: tile("x", 0, 0, whole(1, 16), whole(1, 24)) },
    { do: "drop", id, place },
    { do: "place", id, place },
    { do: "option", id, key: pick(["metric", "title"]), value: pick(["waiting", "ready", undefined]) },
    { do: "remove", id },
    { do: "head", fields: { distance: whole(1, 40), name: { en: String(whole(0, 3)) } } },
    { do: "page", at: page, dwell: whole(-5, 9000), name: { en: "x" } },
    { do: "addPage" },
    { do: "removePage", at: page },
    { do: "movePage", from: page, to: whole(-1, editing.board.pages.length) },
    { do: "turn", page },
    { do: "choose", id },
    { do: "undo" },
    { do: "redo" },
  ]);
}

test("whatever is done in whatever order: the board may be kept, and undoing is as if it had not been done", () => {
  for (let seed = 1; seed <= 40; seed++) {
    const random = unit(seed);
    let editing = opened(board(tile("a", 0, 0, 16, 2, "header"), tile("b", 0, 2, 4, 9)));
    for (let step = 0; step < 60; step++) {
      const act = anyAct(editing, random);
      const next = after(editing, act);
      expect(faults(next.board), `${seed} ${JSON.stringify(act)}`).toEqual([]);
      const isNew = next.past.length === editing.past.length + 1 && act.do !== "redo";
      if (isNew) {
        const back = after(next, { do: "undo" });
        expect([back.board, back.page, back.chosen]).toEqual([editing.board, editing.page, editing.chosen]);
        expect(after(back, { do: "redo" }).board).toBe(next.board);
      }
      editing = next;
    }
    const first = Array.from({ length: 300 }).reduce<Editing>((now) => after(now, { do: "undo" }), editing);
    expect(first.past).toEqual([]);
    expect(Array.from({ length: 300 }).reduce<Editing>((now) => after(now, { do: "redo" }), first).future).toEqual([]);
  }
});

test("only so many steps can be taken back, and letters of one word are one step", () => {
  const typed = all(opened(board(tile("a", 0, 0, 4, 9))), ...["S", "SL", "SLA"].map((title): Act => ({ do: "option", id: "a", key: "title", value: title })));
  expect(typed.past.length).toBe(1);
  expect(at(after(typed, { do: "undo" }), "a")?.options).toEqual({});
  const busy = Array.from({ length: 300 }).reduce<Editing>((now, _, i) => after(now, { do: "place", id: "a", place: { x: i % 2, y: 0, w: 4, h: 9 } }), opened(board(tile("a", 5, 0, 4, 9))));
  expect(busy.past.length).toBe(MOST_STEPS);
});

test("a new edit after an undo is a new way: nothing can be done again", () => {
  const one = all(opened(board(tile("a", 0, 0, 4, 9))), { do: "remove", id: "a" }, { do: "undo" }, { do: "add", kind: "clock" });
  expect(one.future).toEqual([]);
});

test("a tile dropped on one of the same size changes places with it", () => {
  const tiles = [tile("a", 0, 0, 4, 9), tile("b", 4, 0, 4, 9), tile("c", 8, 0, 3, 9)];
  expect(dropped(tiles, "a", { x: 5, y: 0, w: 4, h: 9 })).toEqual({ a: { x: 4, y: 0, w: 4, h: 9 }, b: { x: 0, y: 0, w: 4, h: 9 } });
  expect(dropped(tiles, "a", { x: 12, y: 3, w: 4, h: 9 })).toEqual({ a: { x: 12, y: 3, w: 4, h: 9 } });
});

test("of other sizes they take each other's room where both can be read in it, else it goes back", () => {
  const [wide, tall, small] = [tile("a", 0, 0, 8, 6), tile("b", 8, 0, 8, 9), tile("c", 0, 10, 2, 2, "picture")];
  expect(dropped([wide, tall], "a", { x: 9, y: 1, w: 8, h: 6 })).toMatchObject({ a: { x: 8, y: 0 }, b: { x: 0, y: 0 } });
  const packed = [wide, tall, small, tile("d", 0, 6, 8, 4), tile("e", 8, 9, 8, 4)];
  expect(dropped(packed, "a", { x: 9, y: 1, w: 8, h: 6 })).toMatchObject({ a: { x: 8, y: 0, w: 8, h: 9 }, b: { x: 0, y: 0, w: 8, h: 6 } });
  expect(dropped(packed, "a", { x: 0, y: 5, w: 8, h: 6 })).toBeUndefined();
});

test("an end that is pulled stops at the edge of the board and at one cell", () => {
  const place = { x: 4, y: 4, w: 4, h: 4 };
  expect(pulled(place, "se", 99, 99)).toEqual({ x: 4, y: 4, w: 12, h: 20 });
  expect(pulled(place, "nw", 99, 99)).toEqual({ x: 7, y: 7, w: 1, h: 1 });
  expect(pulled(place, "n", 9, -2)).toEqual({ x: 4, y: 2, w: 4, h: 6 });
  expect(isInside(pulled(place, "sw", -99, 99))).toBe(true);
});

test("an arrow goes over who lies between, and not over the edge", () => {
  const tiles = [tile("a", 0, 0, 4, 9), tile("b", 4, 0, 4, 9)];
  expect(stepped(tiles, tiles[0] as Tile, 1, 0)).toMatchObject({ x: 8 });
  expect(stepped(tiles, tiles[0] as Tile, -1, 0)).toBeUndefined();
});

test("a new tile comes into the first room it fits, smaller if it must, and not at all on a full page", () => {
  const full = opened(board(tile("a", 0, 0, 16, 24)));
  expect(after(full, { do: "add", kind: "hero" })).toBe(full);
  expect(firstRoom([tile("a", 0, 0, 16, 2)], [3, 9])).toEqual({ x: 0, y: 2, w: 3, h: 9 });
  const narrow = after(opened(board(tile("a", 0, 0, 16, 18))), { do: "add", kind: "hero" });
  expect(narrow.board.pages[0]?.tiles[1]).toMatchObject({ kind: "hero", x: 0, y: 18, w: 3, h: 6 });
  expect(narrow.chosen).toBe("hero");
});

test("no more tiles than a server takes", () => {
  const many = Array.from({ length: 60 }).reduce<Editing>((now) => after(now, { do: "paste", tile: tile("x", 0, 0, 1, 1) }), opened(board()));
  expect(many.board.pages[0]?.tiles.length).toBe(MOST_TILES);
});

test("changes are counted by what differs, and put back they are none", () => {
  const one = board(tile("a", 0, 0, 4, 9), tile("b", 4, 0, 4, 9));
  const two = all(opened(one), { do: "place", id: "a", place: { x: 8, y: 0, w: 4, h: 9 } }, { do: "remove", id: "b" }, { do: "head", fields: { theme: "light" } });
  expect(changesBetween(one, two.board)).toBe(3);
  expect(changesBetween(one, all(two, { do: "undo" }, { do: "undo" }, { do: "undo" }).board)).toBe(0);
});

// ───── what is said before it is published

test("an arrangement that nobody can read says so, each thing once and with its tile", () => {
  const heroes = [0, 2, 4, 6, 8, 10].map((x, i) => tile(`h${i}`, x, 0, 2, 9));
  const said = findings(board(...heroes, tile("q1", 0, 9, 8, 6, "queues"), tile("q2", 8, 9, 8, 6, "waiting")), []);
  expect(said.map(({ key }) => key).sort()).toEqual(["heroes", ...heroes.map(() => "least"), "tables"].sort());
  expect(said.find(({ key }) => key === "heroes")).toMatchObject({ tile: "h5", values: { n: 6, over: 1 } });
});

test("names of people, pages of strangers and sound for nothing are told; thanks are welcome", () => {
  const keys = (...tiles: readonly Tile[]) => findings(board(...tiles), ["https://ok.example.com"]).map(({ key }) => key);
  expect(keys(tile("a", 0, 0, 16, 12, "agents"))).toEqual(["names"]);
  expect(keys(tile("a", 0, 0, 6, 8, "leaderboard", { who: "people" }))).toEqual(["names"]);
  expect(keys(tile("a", 0, 0, 6, 8, "thanks"))).toEqual([]);
  expect(keys(tile("a", 0, 0, 8, 10, "embed", { address: "https://bad.example.com/x" }))).toEqual(["embed.host"]);
  expect(keys(tile("a", 0, 0, 8, 10, "embed", { address: "https://ok.example.com/x" }))).toEqual([]);
  const sound = { breach: "tone", warn: "off", source: "off", volume: 0.5, quiet: [] } as const;
  expect(findings({ ...board(tile("a", 0, 0, 4, 4, "clock")), sound }, []).map(({ key }) => key)).toEqual(["soundless"]);
  expect(findings({ ...board(tile("a", 0, 0, 4, 9)), sound }, [])).toEqual([]);
});

test("from farther away what cheers leaves before what is worked with, and only as much as must", () => {
  const page = board(tile("header", 0, 0, 16, 2, "header"), ...[0, 3, 6, 9, 12].map((x) => tile(`h${x}`, x, 2, 3, 9)), tile("queues", 0, 11, 10, 11, "queues"), tile("curve", 10, 11, 6, 6, "curve"), tile("race", 10, 17, 6, 5, "race"), tile("ticker", 0, 22, 10, 2, "ticker"), tile("sources", 10, 22, 6, 2, "sources"));
  const [first] = page.pages;
  if (first === undefined) throw new Error("no page");
  expect(tooMany(first, { distance: 8, diagonal: 55 })).toEqual([]);
  const gone = tooMany(first, { distance: 12, diagonal: 55 });
  expect(gone[0]?.kind).toBe("race");
  expect(gone.length).toBeGreaterThan(0);
  expect(gone.length).toBeLessThan(tooMany(first, { distance: 16, diagonal: 55 }).length);
});

test("the tiers are those of the table, and the picture as large as the screen looks", () => {
  expect(tiers({ distance: 8, diagonal: 55 }).map(({ px, mm }) => [Math.round(px), Math.round(mm)])).toEqual([[90, 40], [45, 20], [30, 13]]);
  expect(Math.round(tiers({ distance: 10, diagonal: 55 })[0]?.px ?? 0)).toBe(113);
  expect(picture({ distance: 8, diagonal: 55 }, 400)).toMatchObject({ eye: 0.6 });
  expect(Math.round(picture({ distance: 8, diagonal: 55 }, 400).width)).toBe(345);
  expect(picture({ distance: 4, diagonal: 55 }, 345).eye).toBeCloseTo(0.3, 2);
});

test("a mistake of the server is found by its path", () => {
  const one = board(tile("a", 0, 0, 4, 9), tile("b", 4, 0, 8, 10, "embed"));
  const mistakes = [
    { where: "board.pages[0].tiles[1].options.address", what: "must begin with https://" },
    { where: "board.name.en", what: "is too long" },
    { where: "board.pages[0].tiles[0]", what: "lies over" },
  ];
  expect(mistakes.map((mistake) => spotOf(one, mistake))).toEqual([{ page: 0, tile: "b", field: "options.address" }, { field: "name.en" }, { page: 0, tile: "a", field: "" }]);
  expect(mistakeAt(one, mistakes, { page: 0, tile: "b", field: "options.address" })).toBe("must begin with https://");
  expect(mistakeAt(one, mistakes, { field: "name" })).toBe("is too long");
  expect(mistakeAt(one, mistakes, { page: 0, tile: "a", field: "w" })).toBeUndefined();
});

// ───── what a browser keeps

function storage(): Keep & { readonly kept: Map<string, string> } {
  const kept = new Map<string, string>();
  return {
    kept,
    get length() {
      return kept.size;
    },
    key: (i) => [...kept.keys()][i] ?? null,
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
    removeItem: (key) => void kept.delete(key),
  };
}

test("drafts are kept for the last few boards, and what is no draft is none", () => {
  const keep = storage();
  const drafts = new Drafts(keep);
  for (let i = 0; i < 20; i++) expect(drafts.write(`b${i}`, { base: 1, at: i, board: { ...board(), id: `b${i}` } })).toBe(true);
  expect(keep.kept.size).toBe(6);
  expect([drafts.of("b19")?.at, drafts.of("b3")]).toEqual([19, undefined]);
  keep.kept.set("ccwall.draft.x", "{}").set("ccwall.draft.y", "nonsense");
  expect([drafts.of("x"), drafts.of("y"), new Drafts(undefined).of("x")]).toEqual([undefined, undefined, undefined]);
  expect(drafts.write("big", { base: 0, at: 0, board: { ...board(), name: { en: "x".repeat(200_000) } } })).toBe(false);
});

test("an id is made of a name's letters where it has any", () => {
  expect([idFor("South Floor!", "b"), idFor("南区", "board-3"), idFor("--É1--", "b")]).toEqual(["south-floor", "board-3", "e1"]);
});

test("a file is a board's only if it is an object", async () => {
  const kinds = await Promise.all([new Blob(["{}"]), new Blob(["[]"]), new Blob(["nope"]), new Blob(["1".repeat(300_000)])].map(read));
  expect(kinds.map(({ kind }) => kind)).toEqual(["object", "not_object", "not_json", "large"]);
});

// ───── made-up floors

const LIVE = {
  site: { name: { en: "Real" }, zone: "UTC" },
  floor: { waiting: 1, ready: 3, agents: { ready: 1 }, target: { waiting: 6 } },
  queues: { q1: { name: "Long name", names: { "zh-CN": "长" }, waiting: 0, source: "pbx", target: {} }, q2: { name: "Q", waiting: 0, source: "pbx" } },
  agents: { a: { name: "A", state: "ready", source: "pbx" } },
  sources: { pbx: { name: "P", state: "live", since: 0 } },
  incomplete: [],
};

test("a made-up floor has the real one's queues, says that it is an example, and leaves the real one alone", () => {
  const before = JSON.stringify(LIVE);
  for (const scene of ["busy", "stale", "empty"] as const) expect(sceneOf(scene, LIVE, 1000)).toMatchObject({ site: { name: { en: "Example data" } }, queues: { q1: { name: "Long name" }, q2: {} } });
  expect(sceneOf("stale", LIVE, 1000)).toMatchObject({ sources: { pbx: { state: "down", as_of: 960 } } });
  expect(sceneOf("busy", LIVE, 1000)).toMatchObject({ floor: { ready: 0, load: 5, agents: { talking: 1 } } });
  expect(sceneOf("empty", LIVE, 1000)).toMatchObject({ agents: {}, floor: { waiting: 0, target: { waiting: 6 } } });
  expect(sceneOf("names", LIVE, 1000)).toMatchObject({ site: { name: { en: "Real" } }, queues: { q2: { names: { en: "Long name", "zh-CN": "长" } } } });
  expect(JSON.stringify(LIVE)).toBe(before);
});

test("a made-up server speaks as a real one does", async () => {
  const wall = new Wall(sceneWorld("busy", LIVE, () => 1000));
  wall.live.connect();
  await Promise.resolve();
  expect([wall.live.link.value, wall.board.at("floor", "load").number]).toEqual(["live", 5]);
});

test("nothing overlaps after a drop, whatever was dropped", () => {
  const random = unit(7);
  const whole = (most: number) => Math.floor(random() * most);
  for (let i = 0; i < 300; i++) {
    let editing = opened(board());
    for (let n = 0; n < 8; n++) editing = after(editing, { do: "paste", tile: tile("x", 0, 0, 1 + whole(6), 1 + whole(8)) });
    const { tiles } = editing.board.pages[0] ?? { tiles: [] };
    const one = tiles[whole(tiles.length)];
    if (one === undefined) continue;
    const moves = dropped(tiles, one.id, { ...one, x: whole(16), y: whole(24) });
    const then = tiles.map((each) => ({ ...each, ...moves?.[each.id] }));
    expect(then.some((a, k) => !isInside(a) || then.slice(k + 1).some((b) => overlap(a, b)))).toBe(false);
  }
});
