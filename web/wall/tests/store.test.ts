import { effect } from "@preact/signals";
import { expect, test } from "vitest";

import { Cell } from "../src/wire/cell";
import type { Json, Patch, Path } from "../src/wire/messages";
import { Store } from "../src/wire/store";
import { chance, type Chance } from "./chance";

const snapshot = (board: Json, seq = 1) => ({ type: "snapshot", version: "1", seq, now: 0, rate: 1, board }) as const;
const patch = (base: number, set: Patch["set"], del: Patch["del"] = []): Patch => ({ type: "patch", base, seq: base + 1, now: 0, set, del });

// Plain objects without prototypes are the law the cells are held to.
type Tree = Map<string, Tree | Json>;
function setIn(tree: Tree, [key, ...rest]: Path, value: Json): void {
  if (key === undefined) return;
  if (rest.length === 0) return void tree.set(key, grow(value));
  let below = tree.get(key);
  if (!(below instanceof Map)) tree.set(key, (below = new Map()));
  setIn(below as Tree, rest, value);
}
function deleteIn(tree: Tree, [key, ...rest]: Path): void {
  const below = tree.get(key ?? "");
  if (rest.length === 0) tree.delete(key ?? "");
  else if (below instanceof Map) deleteIn(below, rest);
}
const grow = (value: Json): Tree | Json =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? new Map(Object.entries(value).map(([key, below]) => [key, grow(below)]))
    : value;
const plain = (value: Tree | Json): unknown =>
  value instanceof Map ? [...value].map(([key, below]) => [key, plain(below)]).sort() : value;

const KEYS = ["a", "b", "pbx1/咨询", "__proto__", "constructor", ""];
function anything(random: Chance, depth: number): Json {
  const kind = random.below(depth > 0 ? 5 : 3);
  if (kind === 0) return random.below(100);
  if (kind === 1) return random.of(["", "ready", "等"]);
  if (kind === 2) return [random.below(3), "x"];
  return Object.fromEntries(Array.from({ length: random.below(4) }, () => [random.of(KEYS), anything(random, depth - 1)]));
}
const anywhere = (random: Chance): Path => Array.from({ length: 1 + random.below(3) }, () => random.of(KEYS));
const asObject = (value: Json): Json => (typeof value === "object" && !Array.isArray(value) ? value : { a: value });

test("a snapshot and any patches after it give the board they describe", () => {
  for (let seed = 1; seed <= 400; seed++) {
    const random = chance(seed);
    const store = new Store();
    const first = asObject(anything(random, 3));
    const law = grow(first) as Tree;
    store.snapshot(snapshot(first));
    for (let seq = 1; seq < 12; seq++) {
      const del = Array.from({ length: random.below(3) }, () => anywhere(random));
      const set = Array.from({ length: random.below(4) }, () => [anywhere(random), anything(random, 2)] as const);
      for (const path of del) deleteIn(law, path);
      for (const [path, value] of set) setIn(law, path, value);
      expect(store.patch(patch(seq, set, del))).toBe("applied");
      expect(plain(grow(store.board.json as Json)), `seed ${seed}`).toEqual(plain(law));
    }
  }
});

test("one merged patch gives the same board as the patches it merges", () => {
  const [one, many] = [new Store(), new Store()];
  for (const store of [one, many]) store.snapshot(snapshot({ queues: { a: { waiting: 1, since: 5 } } }));
  many.patch(patch(1, [[["queues", "a", "waiting"], 2]]));
  many.patch(patch(2, [[["queues", "a", "waiting"], 3]], [["queues", "a", "since"]]));
  one.patch(patch(1, [[["queues", "a", "waiting"], 3]], [["queues", "a", "since"]]));
  expect(one.board.json).toEqual(many.board.json);
});

test("what is deleted and set in one patch is there afterwards", () => {
  const store = new Store();
  store.snapshot(snapshot({ agents: { a: { state: "ready" } } }));
  store.patch(patch(1, [[["agents", "a"], { state: "wrap" }]], [["agents", "a"]]));
  expect(store.board.json).toEqual({ agents: { a: { state: "wrap" } } });
});

test("a patch on another base changes nothing and asks for a resync", () => {
  const store = new Store();
  store.snapshot(snapshot({ floor: { waiting: 1 } }, 7));
  expect(store.patch(patch(6, [[["floor", "waiting"], 9]]))).toBe("resync");
  expect(store.board.at("floor", "waiting").number).toBe(1);
});

test("after a lost patch nothing fits until the next snapshot", () => {
  const store = new Store();
  store.snapshot(snapshot({}, 7));
  store.patch(patch(8, []));
  expect(store.patch(patch(7, []))).toBe("resync");
  store.snapshot(snapshot({}, 9));
  expect(store.patch(patch(9, []))).toBe("applied");
});

test("a pulse of another seq tells that a patch was lost", () => {
  const store = new Store();
  store.snapshot(snapshot({}, 7));
  const pulse = { type: "pulse", now: 0, rate: 1, heard: { pbx1: 3 } } as const;
  expect(store.pulse({ ...pulse, seq: 7 })).toBe("applied");
  expect(store.pulse({ ...pulse, seq: 8 })).toBe("resync");
});

test("a key is only a key, whatever it is called", () => {
  const store = new Store();
  store.snapshot(snapshot(JSON.parse('{"agents":{"__proto__":{"name":"x"}}}') as Json));
  store.patch(patch(1, [[["agents", "constructor", "name"], "y"]]));
  expect(store.board.at("agents").keys).toEqual(["__proto__", "constructor"]);
  expect(({} as { name?: string }).name).toBeUndefined();
});

test("a patch disturbs only those who read what it changes", () => {
  const board = new Cell();
  board.put({ queues: { a: { waiting: 1 }, b: { waiting: 2 } } });
  const reads = { a: 0, b: 0, keys: 0 };
  const stops = [
    effect(() => void (board.at("queues", "a", "waiting").number, reads.a++)),
    effect(() => void (board.at("queues", "b", "waiting").number, reads.b++)),
    effect(() => void (board.at("queues").keys, reads.keys++)),
  ];
  board.set(["queues", "a", "waiting"], 5);
  expect(reads).toEqual({ a: 2, b: 1, keys: 1 });
  board.delete(["queues", "b"]);
  expect(reads).toEqual({ a: 2, b: 2, keys: 2 });
  for (const stop of stops) stop();
});

test("whoever reads one thing is not disturbed by another, nor by the same told again", () => {
  const board = new Cell();
  board.put({ agents: { a: { state: "ready", queues: ["q"] }, b: { state: "wrap" } } });
  let [keys, state] = [0, 0];
  const stops = [effect(() => void (board.at("agents").keys, keys++)), effect(() => void (board.at("agents", "a", "state").text, state++))];
  board.set(["agents", "b", "state"], "talking");
  board.set(["agents", "a", "queues"], ["q"]);
  board.set(["agents", "a", "state"], "ready");
  expect([keys, state]).toEqual([1, 1]);
  board.set(["agents", "c", "state"], "ready");
  board.set(["agents", "a", "state"], "hold");
  expect([keys, state]).toEqual([2, 2]);
  for (const stop of stops) stop();
});
