import { signal } from "@preact/signals";
import { h, render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, expect, test } from "vitest";

import { WallProvider } from "../src/context";
import en from "../src/me/locales/en.json";
import zhCN from "../src/me/locales/zh-CN.json";
import zhTW from "../src/me/locales/zh-TW.json";
import { planOf } from "../src/me/plan";
import { OwnPlan } from "../src/me/Plan";
import type { Wall } from "../src/wall";
import { Cell } from "../src/wire/cell";
import type { Json } from "../src/wire/messages";

const HOUR = 3600;
/** Ten in the morning of a day that begins at 0. */
const TEN = 10 * HOUR;

function board(rota: Json, meetings: Json = {}): Cell {
  const cell = new Cell();
  cell.put({ rota, meetings });
  return cell;
}
const shift = (from: number, to: number, more: Record<string, Json> = {}): Json => ({ agent: "li", begins: from * HOUR, ends: to * HOUR, kind: "work", ...more });
const pause = (from: number, kind = "short"): Json => ({ begins: from * HOUR, ends: from * HOUR + 900, kind });

test("the shift that goes on, with the breaks that are to come or go on; what is over is gone", () => {
  const cell = board({ s: shift(9, 18, { breaks: [pause(15), pause(12, "meal"), pause(9.5), pause(9.9)] }) });
  const plan = planOf(cell, "li", TEN);
  expect(plan.shift).toEqual({ begins: 9 * HOUR, ends: 18 * HOUR });
  expect(plan.items.map(({ word, begins }) => [word, begins / HOUR])).toEqual([
    ["short", 9.9],
    ["meal", 12],
    ["short", 15],
  ]);
});

test("a second in which a thing ends is not its own any more", () => {
  const cell = board({ s: shift(9, 10), t: shift(20, 22) }, { m: { title: "x", begins: 9 * HOUR, lasts: HOUR } });
  expect(planOf(cell, "li", TEN - 1).shift?.ends).toBe(TEN);
  expect(planOf(cell, "li", TEN)).toEqual({ shift: { begins: 20 * HOUR, ends: 22 * HOUR }, items: [], hasRota: true });
});

test("nobody else's shift, no leave, and nothing that is more than a day away", () => {
  const none = { wu: shift(9, 18, { agent: "wu" }), ill: shift(9, 18, { kind: "sick" }), far: shift(34, 40) };
  expect(planOf(board(none), "li", TEN).shift).toBeUndefined();
  expect(planOf(board(none), "li", TEN + 1).shift?.begins).toBe(34 * HOUR);
});

test("a training in the middle makes no three shifts of one; two shifts one after the other stay two", () => {
  const day = board({ a: shift(9, 12), b: shift(12, 13, { kind: "training" }), c: shift(13, 18, { breaks: [pause(15)] }), d: shift(18, 22) });
  const plan = planOf(day, "li", TEN);
  expect(plan.shift).toEqual({ begins: 9 * HOUR, ends: 18 * HOUR });
  expect(plan.items.map(({ what }) => what)).toEqual(["training", "break"]);
});

test("meetings of today stand among the breaks, by when they begin, and without any shift too", () => {
  const meetings = { late: { title: "晚会", begins: 17 * HOUR, lasts: 900 }, noon: { title: "午会", begins: 11 * HOUR, lasts: 900 } };
  expect(planOf(board({ s: shift(9, 18, { breaks: [pause(12)] }) }, meetings), "li", TEN).items.map(({ what, word }) => [what, word])).toEqual([
    ["meeting", "午会"],
    ["break", "short"],
    ["meeting", "晚会"],
  ]);
  expect(planOf(board({}, meetings), "li", TEN).items).toHaveLength(2);
});

test("what is not as it should be is passed over", () => {
  expect(planOf(board({ s: 5, t: { agent: "li" } }, { m: null }), "li", TEN)).toEqual({ shift: undefined, items: [], hasRota: false });
});

afterEach(() => render(null, document.body));

/** The card as it is drawn, and what moves it. */
function drawn(cell: Cell) {
  const [second, isLive] = [signal(TEN), signal(true)];
  const wall = { board: cell, zone: "UTC", second, isLive } as unknown as Wall;
  act(() => render(h(WallProvider, { value: wall }, h(OwnPlan, { agent: "li" })), document.body));
  return { second, isLive, card: () => document.querySelector(".me-plan"), rows: () => [...document.querySelectorAll("[data-plan]")].map((row) => row.getAttribute("data-plan")) };
}

test("the card follows the server's clock, minute by minute", () => {
  const { second, card, rows } = drawn(board({ s: shift(9, 18, { breaks: [pause(10), pause(12)] }) }));
  expect(rows()).toEqual(["break", "break"]);
  expect(document.querySelectorAll(".me-plan .on")).toHaveLength(1);
  act(() => void (second.value = TEN + 900));
  expect(rows()).toEqual(["break"]);
  expect(card()?.querySelector("[data-shift]")?.getAttribute("data-shift")).toBe("on");
  act(() => void (second.value = 18 * HOUR));
  expect(card()?.querySelector("[data-shift]")).toBeNull();
  expect(rows()).toEqual([]);
});

test("a plan that nobody vouches for any more is striped and says of when it is, until somebody does", () => {
  const { isLive, card, rows } = drawn(board({ s: shift(9, 18, { breaks: [pause(12)] }) }));
  expect([card()?.classList.contains("stale"), document.querySelector(".me-plan .asof")]).toEqual([false, null]);
  act(() => void (isLive.value = false));
  expect(card()?.classList.contains("stale")).toBe(true);
  expect(document.querySelector(".me-plan .asof")?.textContent).toContain("10:00:00");
  expect(rows()).toEqual(["break"]);
  act(() => void (isLive.value = true));
  expect(card()?.classList.contains("stale")).toBe(false);
});

test("of a long day eight things are listed and the others counted", () => {
  const { card, rows } = drawn(board({ s: shift(9, 18, { breaks: Array.from({ length: 11 }, (_, n) => pause(10 + n / 2)) }) }));
  expect(rows()).toHaveLength(8);
  expect(card()?.querySelector("p.none")?.textContent).toContain("3");
});

test("where nothing is planned for anybody there is no card; who has a rota is told that they have no shift", () => {
  expect(drawn(new Cell()).card()).toBeNull();
  expect(drawn(board({ s: shift(9, 18, { agent: "wu" }) })).card()).toBeNull();
  expect(drawn(board({ s: shift(9, 18, { kind: "leave" }) })).card()?.querySelector(".none")).not.toBeNull();
  const met = drawn(board({}, { m: { title: "x", begins: TEN, lasts: 60 } }));
  expect([met.rows(), met.card()?.querySelector(".none")]).toEqual([["meeting"], null]);
});

test("every language says the same things of one's own page", () => {
  const said = Object.keys(zhCN).sort();
  expect(Object.keys(zhTW).sort()).toEqual(said);
  expect(Object.keys(en).sort()).toEqual(said);
});
