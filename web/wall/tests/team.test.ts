import { effect } from "@preact/signals";
import { describe, expect, test } from "vitest";

import { USUAL, read, write } from "../src/team/choice";
import { ahtOf, devicesOf, percents, sharesOf } from "../src/team/facts";
import { columnsIn, lay, stepTo, within } from "../src/team/layout";
import { arrange, finds, type Group, needsAttention, settle, waitingToMove } from "../src/team/order";
import { fold, People, type Row } from "../src/team/people";
import { deskSpan } from "../src/desk/span";
import { Cell } from "../src/wire/cell";

const NOW = 1_000_000;
const row = (id: string, given: Partial<Row> & { readonly lasts?: number } = {}): Row => {
  const { lasts = 10, ...rest } = given;
  return { id, name: id, state: "talking", since: NOW - lasts, limit: 300, doubt: undefined, isDoubtful: false, source: "pbx", team: "A", queues: ["q"], hay: fold(id), ...rest };
};
const now = () => NOW;
const ids = (groups: readonly Group[]) => groups.map((group) => group.ids.join(" "));

describe("worst first", () => {
  test("over the limit, in doubt, near it, then by state; in each whoever is furthest over or nearest", () => {
    const rows = [
      row("ready", { state: "ready", limit: undefined, lasts: 900 }),
      row("talks", { lasts: 20 }),
      row("near", { lasts: 250 }),
      row("nearer", { lasts: 280 }),
      row("doubt", { state: "ready", isDoubtful: true, doubt: NOW - 5, limit: undefined }),
      row("over", { lasts: 310 }),
      row("far-over", { lasts: 700 }),
      row("off", { state: "off", lasts: 9000, limit: 60 }),
    ];
    expect(ids(arrange(rows, USUAL, now, "en"))).toEqual(["far-over over doubt nearer near ready talks off"]);
  });

  test("time alone makes nobody overtake another of the same rank", () => {
    const rows = [row("a", { lasts: 310 }), row("b", { lasts: 90, limit: 60 }), row("c", { lasts: 400, limit: 350 })];
    const first = ids(arrange(rows, USUAL, now, "en"));
    // By seconds over the limit, not by how many times it.
    expect(first).toEqual(["c b a"]);
    expect(ids(arrange(rows, USUAL, () => NOW + 5000, "en"))).toEqual(first);
  });

  test("a source that stands still judges its people by its own time", () => {
    const rows = [row("stands", { source: "lost", lasts: 310 }), row("runs", { lasts: 290 })];
    expect(ids(arrange(rows, USUAL, (source) => (source === "lost" ? NOW - 200 : NOW), "en"))).toEqual(["runs stands"]);
  });
});

test("other orders: by name as the language does, by state, by time", () => {
  const rows = [row("2", { name: "Wang 10", state: "wrap", lasts: 5 }), row("1", { name: "Wang 9", state: "ready", lasts: 50 }), row("3", { name: "An", state: "talking", lasts: 20 })];
  const by = (sort: "name" | "state" | "time") => ids(arrange(rows, { ...USUAL, sort }, now, "en"))[0];
  expect([by("name"), by("state"), by("time")]).toEqual(["3 1 2", "1 3 2", "1 3 2"]);
});

test("groups are the teams by name, those without one last", () => {
  const rows = [row("x", { team: "" }), row("b", { team: "B" }), row("a", { team: "A" })];
  expect(arrange(rows, { ...USUAL, grouped: true }, now, "en").map(({ team }) => team)).toEqual(["A", "B", ""]);
});

test("filters narrow down, and states add up", () => {
  const rows = [row("t", { queues: ["q", "r"] }), row("h", { state: "hold" }), row("d", { state: "ready", isDoubtful: true, team: "B" }), row("o", { lasts: 999 })];
  const of = (choice: object) => ids(arrange(rows, { ...USUAL, sort: "name", ...choice }, now, "en"))[0];
  expect(of({ states: ["hold"] })).toBe("h");
  expect(of({ states: ["hold", "doubt"] })).toBe("d h");
  expect(of({ queue: "r" })).toBe("t");
  expect(of({ team: "B" })).toBe("d");
  expect(of({ attention: true })).toBe("d o");
  expect(of({ search: "zzz" })).toBe("");
});

test("near the limit asks for attention, signed out never does", () => {
  expect(needsAttention(row("a", { lasts: 239 }), NOW)).toBe(false);
  expect(needsAttention(row("a", { lasts: 240 }), NOW)).toBe(true);
  expect(needsAttention(row("a", { lasts: 9000, state: "off" }), NOW)).toBe(false);
  expect(needsAttention(row("a", { lasts: 240 }), undefined)).toBe(false);
});

describe("the search", () => {
  const board = new Cell();
  board.put({
    teams: { A: { name: "A", names: { "zh-CN": "启明组", en: "Qiming team" } } },
    queues: { q1: { name: "consult", names: { "zh-CN": "咨询" } } },
    agents: { a1: { name: "周明远", names: { en: "Josée Zhou" }, seat: "A-07", extension: "1003", team: "A", queues: ["q1"], state: "ready" }, __proto__x: { name: "x" } },
  });
  const hay = new People(board).of("a1").value;

  test.each(["周明", "明远", "josee", "ZHOU", "a-07", "Ａ－０７", "1003", "启明", "qiming", "咨询", "josee 1003", " a1 "])("finds %s", (words) => expect(finds(hay, words)).toBe(true));
  test.each(["周远", "josee 1004", "b-07"])("does not find %s", (words) => expect(finds(hay, words)).toBe(false));
  test("nothing asked finds all", () => expect(finds(hay, "  ")).toBe(true));
});

describe("while somebody has the list in hand", () => {
  const group = (...all: string[]): readonly Group[] => [{ team: "", ids: all }];
  const here = new Set(["a", "b", "c", "d"]);

  test("nothing moves and nobody new squeezes in", () => expect(settle(group("a", "b", "c"), group("c", "d", "b", "a"), true, undefined, here)).toEqual(group("a", "b", "c")));
  test("who left is gone at once", () => expect(settle(group("a", "x", "c"), group("c", "a"), true, undefined, here)).toEqual(group("a", "c")));
  test("after it the new order comes", () => expect(settle(group("a", "b"), group("b", "a"), false, undefined, here)).toEqual(group("b", "a")));
  test("the one in focus keeps its place", () => expect(settle(group("a", "b", "c", "d"), group("d", "c", "b", "a"), false, "b", here)).toEqual(group("d", "b", "c", "a")));
  test("the same order is the same list, so that nothing is drawn anew", () => {
    const shown = group("a", "b");
    expect(settle(shown, group("a", "b"), false, undefined, here)).toBe(shown);
  });
  test("how many wait is told", () => {
    expect(waitingToMove(group("a", "b", "c"), group("a", "c", "b"))).toBe(2);
    expect(waitingToMove(group("a", "b"), group("a"))).toBe(1);
    expect(waitingToMove(group("a", "b"), group("a", "b"))).toBe(0);
  });
});

describe("where tiles lie", () => {
  const sizes = { columns: 3, height: 10, gap: 1, head: 4 };
  const many = Array.from({ length: 1000 }, (_, i) => String(i));

  test("rows of columns, teams with a head of their own", () => {
    const { items, height } = lay([{ team: "A", ids: ["1", "2", "3", "4"] }, { team: "B", ids: ["5"] }], sizes, true);
    expect(items.map((item) => [item.key, item.top])).toEqual([["team A", 0], ["tile 1", 4], ["tile 2", 4], ["tile 3", 4], ["tile 4", 15], ["team B", 26], ["tile 5", 30]]);
    expect(height).toBe(40);
  });

  test("only those in sight, and every one of them", () => {
    const layout = lay([{ team: "", ids: many }], sizes, false);
    const near = within(layout, 995, 1100);
    const all = layout.items.filter((item) => item.top < 1100 && item.top + item.height > 995);
    expect(near).toEqual(all);
    expect(near.length).toBeLessThan(40);
    expect(within(layout, -50, 0)).toEqual([]);
    expect(within(layout, layout.height, layout.height + 9)).toEqual([]);
  });

  test("an empty list has no height", () => expect(lay([], sizes, false)).toEqual({ items: [], height: 0 }));
  test("columns", () => expect([columnsIn(140.8, 25.2, 1), columnsIn(36, 25.2, 1), columnsIn(5, 25.2, 1)]).toEqual([5, 1, 1]));

  test("arrows go by reading order sideways, by column up and down, over the heads of teams", () => {
    const layout = lay([{ team: "A", ids: ["1", "2", "3", "4"] }, { team: "B", ids: ["5", "6"] }], sizes, true);
    const go = (id: string | undefined, key: string, rtl = false) => stepTo(layout, id, key, rtl);
    expect([go("3", "ArrowRight"), go("4", "ArrowLeft"), go("1", "ArrowLeft"), go("1", "ArrowRight", true)]).toEqual(["4", "3", undefined, undefined]);
    expect([go("2", "ArrowDown"), go("4", "ArrowDown"), go("6", "ArrowUp"), go("5", "ArrowUp")]).toEqual(["4", "5", "4", "4"]);
    expect([go("2", "Home"), go("2", "End"), go(undefined, "ArrowDown"), go("2", "a")]).toEqual(["1", "6", "1", undefined]);
  });
});

describe("the address", () => {
  test("keeps what was chosen, leaves out what is usual and keeps what is not its own", () => {
    const choice = { ...USUAL, team: "A&B", states: ["ready", "doubt"], attention: true, search: "周 1", sort: "time" as const, view: "table" as const, grouped: true, queue: "pbx1/咨询" };
    const written = write(choice, new URLSearchParams("lang=en&team=old"));
    expect(read(written)).toEqual(choice);
    expect(written.get("lang")).toBe("en");
    expect(write(USUAL, written).toString()).toBe("lang=en");
  });
  test("what is no choice is none", () => expect(read(new URLSearchParams("state=ready,nonsense,ready&sort=worse&view=3d&attention=yes&group=0"))).toEqual({ ...USUAL, states: ["ready"] }));
});

describe("the day", () => {
  const agent = (value: object) => {
    const cell = new Cell();
    cell.put(value as never);
    return cell;
  };
  test("the present spell counts up to now, and never backwards", () => {
    const told = { state: "talking", times: { talking: 100, ready: 50, off: 999, break: 20 }, times_at: NOW - 30 };
    expect(sharesOf(agent(told), NOW)).toEqual({ talk: 130, ready: 50, wrap: 0, away: 20 });
    expect(sharesOf(agent(told), NOW - 60).talk).toBe(100);
  });
  test("whole percents add up to 100", () => {
    expect(percents({ talk: 1, ready: 1, wrap: 1, away: 0 })).toEqual({ talk: 34, ready: 33, wrap: 33, away: 0 });
    expect(percents({ talk: 0, ready: 0, wrap: 0, away: 0 })).toEqual({ talk: 0, ready: 0, wrap: 0, away: 0 });
  });
  test("nothing handled has no handle time", () => {
    expect(ahtOf(agent({ handled: 0, talk: 5 }))).toBeUndefined();
    expect(ahtOf(agent({ handled: 2, talk: 100, hold: 10, wrap: 30 }))).toBe(70);
  });
  test("the sense that a contradiction is about is in doubt, one whose source is away is not", () => {
    const senses = [{ source: "s", sense: "acd", says: "ready" }, { source: "d", sense: "desk", says: "docked" }, { source: "d", sense: "seat", says: "occupied" }];
    const doubt = (told: object) => devicesOf(agent({ senses, conflicts: [{ kind: "ready_docked", sources: ["s", "d"] }], ...told })).map(({ sense, isDoubted }) => `${sense} ${isDoubted}`);
    expect(doubt({})).toEqual(["desk true", "seat false"]);
    expect(doubt({ senses: senses.map((sense) => ({ ...sense, stale: true })) })).toEqual(["desk false", "seat false"]);
    expect(doubt({ conflicts: [{ kind: "of tomorrow", sources: ["d"] }] })).toEqual(["desk true", "seat true"]);
  });
});

test("spans of a desk", () => expect([deskSpan(4.9), deskSpan(3599), deskSpan(3600), deskSpan(-3)]).toEqual(["0:04", "59:59", "1:00:00", "0:00"]));

test("counts follow each change, whichever lot of people it is in", () => {
  const board = new Cell();
  board.put({ agents: Object.fromEntries(Array.from({ length: 70 }, (_, i) => [`a${i}`, { state: "ready" }])) });
  const people = new People(board);
  let ready = 0;
  const stop = effect(() => void (ready = people.all.value.filter(({ state }) => state === "ready").length));
  for (const id of ["a0", "a31", "a32", "a69"]) board.set(["agents", id, "state"], "talking");
  expect(ready).toBe(66);
  board.set(["agents", "a70"], { state: "ready" });
  expect(ready).toBe(67);
  board.delete(["agents", "a1"]);
  expect(ready).toBe(66);
  stop();
  expect(people.lots.value.map(({ value }) => value.length)).toEqual([32, 32, 6]);
});
