import type { Socket, World } from "../wire/live";
import type { Json } from "../wire/messages";
import type { Scene } from "./scene";


type Branch = { [key: string]: Json };
const isBranch = (value: unknown): value is Branch => typeof value === "object" && value !== null && !Array.isArray(value);
const branch = (parent: Branch, key: string): Branch => (isBranch(parent[key]) ? parent[key] : {});
const each = (parent: Branch, key: string): readonly Branch[] => Object.values(branch(parent, key)).filter(isBranch);

const EXAMPLE = { "zh-CN": "示例数据", "zh-TW": "範例資料", en: "Example data" };
const LANGS = ["zh-CN", "zh-TW", "en"] as const;

/** A board made up of the live one, so that every queue and team of a tile is in it. `now` in epoch seconds. */
export function sceneOf(scene: Scene, live: Json, now: number): Json {
  const board: unknown = structuredClone(live);
  if (!isBranch(board)) return {};
  if (scene === "names") return longest(board);
  const site = (board["site"] = branch(board, "site"));
  site["name"] = { ...EXAMPLE };
  delete site["mode"];
  delete board["recording"];
  if (scene === "busy") busy(board, now);
  if (scene === "stale") stale(board, now);
  if (scene === "empty") empty(board);
  return board;
}

function busy(board: Branch, now: number): void {
  healthy(board, now);
  const floor = (board["floor"] = branch(board, "floor"));
  const rush = (numbers: Branch, n: number) => {
    Object.assign(numbers, { waiting: 7 + n, longest_since: now - 156 - 9 * n, ready: 0, service_level: 0.61, answer_rate: 0.88, abandon_rate: 0.11 });
    for (const window of [...Object.values(branch(numbers, "rolling")), numbers["interval"]]) if (isBranch(window)) Object.assign(window, { service_level: 0.58, answer_rate: 0.87 });
  };
  for (const [i, queue] of each(board, "queues").entries()) if (i % 2 === 0) rush(queue, i);
  for (const kind of ["lines", "teams"]) for (const numbers of each(board, kind)) rush(numbers, 1);
  rush(floor, 4);
  floor["load"] = 5;
  for (const agent of each(board, "agents")) if (agent["state"] === "ready") agent["state"] = "talking";
  floor["agents"] = counted(board);
}

function stale(board: Branch, now: number): void {
  const [id] = Object.keys(branch(board, "sources"));
  const source = id === undefined ? undefined : branch(board, "sources")[id];
  if (!isBranch(source)) return;
  Object.assign(source, { state: "down", since: now - 39, as_of: now - 40, reason: "eof" });
  const missed = [now - 40, 0];
  for (const numbers of [branch(board, "floor"), ...each(board, "queues").filter((queue) => queue["source"] === id)]) numbers["incomplete"] = missed;
  for (const agent of each(board, "agents")) if (agent["source"] === id) agent["incomplete"] = true;
  board["incomplete"] = [[id ?? "", ...missed]];
}

const KEPT = ["target", "formula", "name", "names", "source", "order", "queues", "agents", "thresholds"];

function empty(board: Branch): void {
  const bare = (numbers: Branch): Branch => ({ ...Object.fromEntries(Object.entries(numbers).filter(([key]) => KEPT.includes(key))), waiting: 0, talking: 0, offered: 0, answered: 0, abandoned: 0 });
  for (const kind of ["queues", "lines", "teams"])
    board[kind] = Object.fromEntries(Object.entries(branch(board, kind)).map(([id, numbers]) => [id, isBranch(numbers) ? bare(numbers) : numbers]));
  board["floor"] = { ...bare(branch(board, "floor")), agents: {} };
  board["agents"] = {};
  board["curve"] = [];
  board["notices"] = [];
  for (const key of ["yesterday", "outlook", "load", "thanks"]) delete board[key];
}

function healthy(board: Branch, now: number): void {
  for (const source of each(board, "sources")) {
    for (const key of ["as_of", "reason", "detail"]) delete source[key];
    Object.assign(source, { state: "live", since: now - 7000 });
  }
  for (const numbers of [branch(board, "floor"), ...each(board, "queues"), ...each(board, "agents")]) delete numbers["incomplete"];
  board["incomplete"] = [];
}

function counted(board: Branch): Branch {
  const counts: { [state: string]: number } = {};
  for (const { state } of each(board, "agents")) if (typeof state === "string") counts[state] = (counts[state] ?? 0) + 1;
  return counts;
}

/** As it is, with the longest queue name of each language on every queue: whichever comes to a tile, it fits. */
function longest(board: Branch): Json {
  const queues = Object.entries(branch(board, "queues"));
  const named = (queue: Json, key: string, lang: string): string => {
    if (!isBranch(queue)) return key;
    const own = branch(queue, "names")[lang] ?? queue["name"];
    return typeof own === "string" ? own : key;
  };
  const wide = (text: string) => [...text].reduce((width, letter) => width + (letter > "⺀" ? 2 : 1), 0);
  const names = Object.fromEntries(LANGS.map((lang) => [lang, queues.map(([key, queue]) => named(queue, key, lang)).reduce((a, b) => (wide(b) > wide(a) ? b : a), "")]));
  for (const queue of each(board, "queues")) queue["names"] = { ...names };
  return board;
}

const BEAT = 1000;

/** A server that is not there: it says one made-up board and goes on saying that it is live. */
export function sceneWorld(scene: Scene, live: Json, now: () => number): World {
  const board = sceneOf(scene, live, now());
  const sources = isBranch(board) ? branch(board, "sources") : {};
  const beat = () => ({ type: "pulse", seq: 1, now: now(), rate: 1, heard: Object.fromEntries(Object.entries(sources).flatMap(([id, source]) => (isBranch(source) && source["state"] === "live" ? [[id, now() - 0.4]] : []))) });
  return {
    open() {
      const socket: Socket = { onopen: null, onmessage: null, onclose: null, send: () => undefined, close: () => clearInterval(timer) };
      const say = (message: object) => socket.onmessage?.({ data: JSON.stringify(message) });
      const timer = setInterval(() => say(beat()), BEAT);
      queueMicrotask(() => {
        socket.onopen?.();
        say({ type: "snapshot", v: 1, version: "", seq: 1, now: now(), rate: 1, board });
        say(beat());
      });
      return socket;
    },
    monotonic: () => performance.now(),
    date: () => Date.now(),
    after(milliseconds, action) {
      const timer = setTimeout(action, milliseconds);
      return () => clearTimeout(timer);
    },
    random: () => 0.5,
    isRefused: () => Promise.resolve(false),
  };
}
