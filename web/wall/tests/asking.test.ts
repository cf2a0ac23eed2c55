import { expect, test } from "vitest";

import { Asking } from "../src/explain/asking";
import { placeBeside, unitOf } from "../src/explain/place";
import { nearest } from "../src/ask";
import type { Json } from "../src/wire/messages";
import type { Answer } from "../src/wire/poll";

const QUESTION = { metric: "service_level", scope: "floor", window: "today" };
const card = (id: string) => ({ id, queued: 1, outcome: "answered", part: "late" });
const told = (...given: readonly [{ readonly [key: string]: Json }?]): Json => ({
  metric: "service_level",
  scope: { kind: "floor" },
  window: { kind: "today", start: 0, end: 9 },
  now: 5,
  contacts: { part: "miss", total: 3, cards: [card("a"), card("b")], next: "b" },
  ...given[0],
});

/** A server that answers when told to, and a clock that moves when told to. */
function staged() {
  const pending: { path: string; resolve: (answer: Answer) => void; reject: () => void }[] = [];
  const planned: { at: number; action: () => void }[] = [];
  let now = 0;
  const asking = new Asking(QUESTION, {
    ask: (path) => new Promise((resolve, reject) => pending.push({ path, resolve, reject: () => reject(new Error("away")) })),
    monotonic: () => now,
    after(wait, action) {
      const plan = { at: now + wait, action };
      planned.push(plan);
      return () => void planned.splice(planned.indexOf(plan), planned.includes(plan) ? 1 : 0);
    },
    random: () => 0,
  });
  const settle = async () => {
    for (let turn = 0; turn < 6; turn++) await Promise.resolve();
  };
  return {
    asking,
    pending,
    query: () => Object.fromEntries(new URLSearchParams(pending.at(-1)?.path.split("?")[1])),
    pass(milliseconds: number): void {
      now += milliseconds;
      for (const plan of [...planned].filter(({ at }) => at <= now)) {
        planned.splice(planned.indexOf(plan), 1);
        plan.action();
      }
    },
    async answer(status: number, body?: Json): Promise<void> {
      pending.shift()?.resolve({ status, body });
      await settle();
    },
    async fail(): Promise<void> {
      pending.shift()?.reject();
      await settle();
    },
  };
}

test("it asks again every two seconds while it is open, and not after", async () => {
  const { asking, pending, pass, answer } = staged();
  asking.ask();
  expect(asking.state.value).toBe("asking");
  await answer(200, told());
  expect(asking.state.value).toBe("fresh");
  pass(1900);
  expect(pending).toHaveLength(0);
  pass(100);
  expect(pending).toHaveLength(1);
  await answer(200, told({ value: 0.5 }));
  expect(asking.answer.value?.value).toBe(0.5);
  asking.stop();
  pass(10_000);
  expect(pending).toHaveLength(0);
});

test("nothing moves while the reader has the table in hand, and it goes on at once when no hand is left", async () => {
  const { asking, pending, pass, answer } = staged();
  asking.ask();
  await answer(200, told());
  asking.hold("scroll", true);
  asking.hold("pointer", true);
  expect(asking.state.value).toBe("held");
  pass(20_000);
  expect(pending).toHaveLength(0);
  asking.hold("pointer", false);
  expect(asking.state.value).toBe("held");
  asking.hold("scroll", false);
  expect(asking.state.value).toBe("fresh");
  expect(pending).toHaveLength(1);
});

test("an answer that was under way when the table was taken is not shown", async () => {
  const { asking, pass, answer } = staged();
  asking.ask();
  await answer(200, told({ value: 1 }));
  pass(2000);
  asking.hold("scroll", true);
  await answer(200, told({ value: 2 }));
  expect(asking.answer.value?.value).toBe(1);
});

test("the next page follows the last row, and a refresh keeps as many rows as were shown", async () => {
  const { asking, query, pass, answer } = staged();
  asking.ask();
  expect(query()).toEqual({ ...QUESTION, limit: "50" });
  await answer(200, told());
  void asking.more();
  expect(query()).toMatchObject({ part: "miss", after: "b" });
  await answer(200, told({ contacts: { part: "miss", total: 3, cards: [card("b"), card("c")] } }));
  expect(asking.cards.value.map(({ id }) => id)).toEqual(["a", "b", "c"]);
  expect(asking.hasMore).toBe(false);
  pass(2000);
  await answer(200, told({ contacts: { part: "miss", total: 200, cards: Array.from({ length: 120 }, (_, i) => card(String(i))) } }));
  pass(2000);
  expect(query()).toMatchObject({ limit: "120" });
});

test("a page for another question, or after another first page, is dropped", async () => {
  const { asking, pending, answer } = staged();
  asking.ask();
  await answer(200, told());
  void asking.more();
  asking.turn({ ...QUESTION, window: "rolling:30" });
  expect(asking.answer.value).toBeUndefined();
  await answer(200, told({ contacts: { part: "miss", total: 3, cards: [card("c")] } }));
  expect(asking.cards.value).toEqual([]);
  expect(pending).toHaveLength(1);
});

test("the same question asked again is not a new one", async () => {
  const { asking, pending, answer } = staged();
  asking.ask();
  await answer(200, told());
  asking.turn({ ...QUESTION });
  expect(asking.state.value).toBe("fresh");
  expect(pending).toHaveLength(0);
});

test("what the server will not say is said in its words, and not asked again by itself", async () => {
  const { asking, pending, pass, answer } = staged();
  asking.ask();
  await answer(403, { title: "Forbidden", status: 403, detail: "not for you", next: "ask the boss" });
  expect(asking.state.value).toBe("refused");
  expect(asking.trouble.value).toEqual({ status: 403, detail: "not for you", next: "ask the boss" });
  pass(60_000);
  expect(pending).toHaveLength(0);
});

test("a server that goes away leaves the last answer, as old, and is asked again", async () => {
  const { asking, pending, pass, answer, fail } = staged();
  asking.ask();
  await answer(200, told({ value: 0.5 }));
  pass(2000);
  await fail();
  expect(asking.state.value).toBe("old");
  expect(asking.answer.value?.value).toBe(0.5);
  pass(60_000);
  expect(pending).toHaveLength(1);
  await answer(200, told());
  expect(asking.state.value).toBe("fresh");
  expect(asking.trouble.value).toBeUndefined();
});

test("busy passes: too many questions and a server that starts are asked again", async () => {
  for (const status of [429, 503, 200]) {
    const { asking, pending, pass, answer } = staged();
    asking.ask();
    await answer(status, status === 200 ? "no document" : { detail: "busy" });
    expect(asking.state.value).toBe("refused");
    pass(60_000);
    expect(pending).toHaveLength(1);
  }
});

test("another group of contacts is asked from its first page on", async () => {
  const { asking, query, answer } = staged();
  asking.ask();
  await answer(200, told());
  asking.choose("hit");
  expect(query()).toEqual({ ...QUESTION, limit: "50", part: "hit" });
  expect(asking.cards.value).toEqual([]);
});

const box = (left: number, top: number, width = 100, height = 50) => ({ left, top, width, height });

test("the panel stands beside its tile, where there is more room", () => {
  const unit = unitOf(1920, 1080);
  expect(unit).toBe(12);
  for (const tile of [box(28, 100, 460, 300), box(500, 100, 340, 300), box(850, 100, 340, 300), box(1550, 100, 340, 300)]) {
    const { left, width, isBeside } = placeBeside(tile, 1920, unit);
    expect(isBeside).toBe(true);
    expect(left + width <= tile.left || left >= tile.left + tile.width).toBe(true);
    expect(left).toBeGreaterThanOrEqual(0);
    expect(left + width).toBeLessThanOrEqual(1920);
    expect(width).toBeGreaterThanOrEqual(58 * unit);
  }
});

test("a tile as wide as the wall is covered rather than the panel squeezed", () => {
  const { width, isBeside } = placeBeside(box(0, 0, 1900, 100), 1920, 12);
  expect(isBeside).toBe(false);
  expect(width).toBe(104 * 12);
  expect(placeBeside(undefined, 390, 10).width).toBeLessThanOrEqual(390);
});

test("one design at every size: 4K is twice 1080p, and nothing gets too small to read", () => {
  expect(unitOf(3840, 2160)).toBe(2 * unitOf(1920, 1080));
  expect(unitOf(1280, 720)).toBe(10);
});

test("arrows go to the nearest number ahead, straight rather than aside", () => {
  const here = box(0, 0);
  const [right, far, aside, below] = [box(200, 0), box(400, 0), box(150, 200), box(0, 100)];
  expect(nearest(here, [far, aside, right, below], [1, 0])).toBe(right);
  expect(nearest(here, [far, aside, right, below], [0, 1])).toBe(below);
  expect(nearest(right, [here, far], [-1, 0])).toBe(here);
  expect(nearest(here, [right], [-1, 0])).toBeUndefined();
});
