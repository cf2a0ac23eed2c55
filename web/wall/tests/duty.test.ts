import { expect, test } from "vitest";

import en from "../src/duty/locales/en.json";
import zhCN from "../src/duty/locales/zh-CN.json";
import zhTW from "../src/duty/locales/zh-TW.json";
import { announcementsOf, callsOf, faultsOf, incidentsOf, inHour, isOpen, notesOf, roundsOf, thanksOf } from "../src/duty/facts";
import { correction, drawing, modules } from "../src/duty/qr";
import { confirmed } from "../src/incident/Incident";
import { allOf } from "../src/tiles/notices";
import { Cell } from "../src/wire/cell";
import type { Json } from "../src/wire/messages";

function board(parts: Json): Cell {
  const cell = new Cell();
  cell.put(parts);
  return cell;
}

test("calls for help, the longest first, with who is there", () => {
  const cell = board({
    help: {
      b: { agent: "li", state: "open", asked: 200, via: "button" },
      a: { agent: "wu", state: "taken", asked: 100, taken: [{ at: 110, by: { id: "song", name: "宋佳" } }] },
    },
  });
  expect(callsOf(cell).map(({ id, state, taken }) => [id, state, taken[0]?.by])).toEqual([
    ["a", "taken", "宋佳"],
    ["b", "open", undefined],
  ]);
});

test("only a confirmed incident hangs in the room, the newest first", () => {
  const cell = board({ incidents: { old: { state: "confirmed", began: 1 }, new: { state: "confirmed", began: 2 }, thought: { state: "proposed", began: 3 }, over: { state: "closed", began: 4 } } });
  expect(confirmed(cell)).toEqual(["new", "old"]);
  expect(incidentsOf(cell).filter(isOpen).map(({ id }) => id)).toEqual(["thought", "new", "old"]);
});

test("patrols of the last hour are counted, and what is not there is not made up", () => {
  const [round] = roundsOf(board({ patrols: { north: { due_every: 900, next_due: 5000, made: [{ id: "p", at: 100 }, { id: "q", at: 4100, findings: ["noise"] }] } } }));
  expect(round && inHour(round, 4200)).toBe(1);
  expect(roundsOf(board({}))).toEqual([]);
});

test("what has run out is not shown", () => {
  const cell = board({ announcements: { a: { texts: { en: "x" }, until: 10 } }, thanks: { t: { text: "x", until: 10, agent: "li" } } });
  expect([announcementsOf(cell, 9).length, announcementsOf(cell, 10).length, thanksOf(cell, 9).length, thanksOf(cell, 10).length]).toEqual([1, 0, 1, 0]);
});

test("notes and faults: the newest note first, only faults that are open", () => {
  expect(notesOf(board({ handover: { a: { text: "x", at: 1, must_read: true }, b: { text: "y", at: 2 } } })).map(({ id, mustRead }) => [id, mustRead])).toEqual([
    ["b", false],
    ["a", true],
  ]);
  expect(faultsOf(board({ faults: { a: { fault: "phone", state: "closed" }, b: { fault: "headset", state: "taken", since: 1, taken: { at: 2, by: { id: "lin" } } } } })).map(({ id, takenBy }) => [id, takenBy])).toEqual([["b", "lin"]]);
});

test("the ticker says what the board says, what is important first, in the reader's language; thanks name who is thanked", () => {
  const items: Json = {
    a: { texts: { "zh-CN": "甲", en: "First" }, until: 100, at: 1 },
    b: { texts: { en: "Second" }, until: 200, at: 2 },
    c: { texts: { "zh-TW": "丙" }, until: 300, at: 0, weight: "important" },
  };
  expect(allOf({}, "notices", items, "zh-CN").map(({ text, ends }) => [text, ends])).toEqual([
    ["丙", 300],
    ["Second", 200],
    ["甲", 100],
  ]);
  const thanks: Json = { t: { text: "well done", agent: "li", until: 9 }, u: { text: "fast", team: "north", until: 9 } };
  expect(allOf({}, "notices", thanks, "en", (kind, id) => `${kind}/${id}`).map(({ text }) => text)).toEqual(["agents/li\nwell done", "teams/north\nfast"]);
});

/** As a reader does: the words out of the drawing, zigzag, mask 0 taken off. */
function wordsIn(dark: readonly (readonly boolean[])[], isData: (x: number, y: number) => boolean): readonly number[] {
  const bits: number[] = [];
  for (let right = dark.length - 1, isUp = true; right >= 1; right -= 2, isUp = !isUp) {
    if (right === 6) right = 5;
    for (let step = 0; step < dark.length; step++) {
      const y = isUp ? dark.length - 1 - step : step;
      for (const x of [right, right - 1]) if (isData(x, y)) bits.push(Number((dark[y]?.[x] === true) !== ((x + y) % 2 === 0)));
    }
  }
  return Array.from({ length: Math.floor(bits.length / 8) }, (_, i) => bits.slice(8 * i, 8 * i + 8).reduce((word, bit) => 2 * word + bit, 0));
}

test("a code says its text (version 1, read back by another way)", () => {
  const dark = modules("ccwall/patrol");
  expect(dark.length).toBe(21);
  const isData = (x: number, y: number) => !((x < 9 && y < 9) || (x > 12 && y < 9) || (x < 9 && y > 12) || x === 6 || y === 6);
  const words = wordsIn(dark, isData);
  const bits = words.map((word) => word.toString(2).padStart(8, "0")).join("");
  const length = Number.parseInt(bits.slice(4, 12), 2);
  expect([bits.slice(0, 4), length]).toEqual(["0100", 13]);
  const text = Array.from({ length }, (_, i) => String.fromCharCode(Number.parseInt(bits.slice(12 + 8 * i, 20 + 8 * i), 2))).join("");
  expect(text).toBe("ccwall/patrol");
  expect(words.slice(16)).toEqual(correction(words.slice(0, 16), 10));
});

test("error correction is that of the standard's own example", () => {
  // ISO/IEC 18004, annex I: 01234567 as version 1-M.
  const data = [0x10, 0x20, 0x0c, 0x56, 0x61, 0x80, 0xec, 0x11, 0xec, 0x11, 0xec, 0x11, 0xec, 0x11, 0xec, 0x11];
  expect(correction(data, 10)).toEqual([0xa5, 0x24, 0xd4, 0xc1, 0xed, 0x36, 0xc7, 0x87, 0x2c, 0x55]);
});

test("a longer text makes a larger code; what no code holds is refused", () => {
  expect(drawing("x".repeat(120)).size).toBeGreaterThan(drawing("x".repeat(20)).size);
  expect(() => drawing("x".repeat(4000))).toThrow();
});

test("the three catalogues say the same things", () => {
  expect(Object.keys(zhTW)).toEqual(Object.keys(zhCN));
  expect(Object.keys(en)).toEqual(Object.keys(zhCN));
});
