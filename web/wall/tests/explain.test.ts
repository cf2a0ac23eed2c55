import { afterEach, beforeEach, expect, test } from "vitest";

import { type Explanation, read } from "../src/explain/answer";
import { citation, doubts } from "../src/explain/citation";
import { cell, csv } from "../src/explain/csv";
import { contactsOf, fileName, stamp, table } from "../src/explain/export";
import { division, exact, headline, percent1, plain, shown, span, targetLine } from "../src/explain/figures";
import { tones } from "../src/explain/Formula";
import { lowest } from "../src/explain/Aside";
import { emptyWords, groupName, marginWords, subtitle } from "../src/explain/phrases";
import { pathOf } from "../src/explain/question";
import { named } from "../src/explain/words";
import type { Json } from "../src/wire/messages";
import { lang } from "../src/words";

const ZONE = "Asia/Shanghai";
// 10:24:36 in Shanghai.
const NOW = 1_795_141_476;
const names = (zh: string, en = zh) => ({ "zh-CN": zh, "zh-TW": zh, en });

/** A service level of 81 %, two calls above its target. */
function level(changes: { readonly [key: string]: Json | undefined } = {}): Explanation {
  const body = {
    metric: "service_level",
    scope: { kind: "floor", id: "", names: {} },
    window: { kind: "rolling", start: NOW - 1800, end: NOW + 4, open: true, minutes: 30 },
    basis: "event",
    now: NOW,
    value: 0.807453,
    unit: "share",
    target: 0.8,
    variant: "offered_less_short",
    threshold: 20,
    short: 5,
    names: names("服务水平", "service level"),
    formula: { symbols: "A_T / (A + B)", words: names("及时 ÷ 全部", "in time ÷ all") },
    numerator: { value: 130, terms: [] },
    denominator: { value: 161, terms: [] },
    parts: [
      { part: "within", value: 130, hit: true, names: names("及时") },
      { part: "late", value: 31, hit: false, names: names("接晚了") },
    ],
    left_out: [{ why: "short", value: 9, names: names("短放弃") }],
    others: [{ variant: "offered_less_short", names: names("放弃计入分母"), short_names: names("剔除短时放弃"), shown: true, value: 0.807453 }],
    margin: { calls: 2, side: "above" },
    groups: { out: 9, hit: 130, miss: 31 },
    contacts: { part: "miss", total: 31, cards: [] },
    checked: true,
    ...changes,
  };
  const found = read(Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined)) as Json);
  if (found === undefined) throw new Error("no answer");
  return found;
}

beforeEach(() => {
  lang.value = "zh-CN";
});
afterEach(() => {
  lang.value = "zh-CN";
});

test("what is no answer is none, and what is missing is empty", () => {
  for (const body of [undefined, null, 3, [], {}, { metric: "asa" }, { metric: "asa", scope: {}, window: {} }]) expect(read(body as Json)).toBeUndefined();
  const bare = read({ metric: "asa", scope: {}, window: {}, now: 1 });
  expect(bare).toMatchObject({ parts: [], others: [], leftOut: [], gaps: [], groups: [], people: undefined, inferred: 0 });
  expect(bare).not.toHaveProperty("value");
});

test("an answer of nonsense does not become figures", () => {
  const odd = level({ value: "81" as Json, parts: [{ part: 3 }, null, 7] as Json, groups: { miss: "x", __proto__: 4 } as Json, gaps: [["a"], 3] as Json });
  expect(odd.value).toBeUndefined();
  expect(odd.parts).toEqual([{ part: "", value: 0, hit: false, names: {} }]);
  expect(odd.groups).toEqual([]);
  expect(odd.gaps).toEqual([["a", 0, 0]]);
});

test.each([
  [0.807453, 0.8, "80.7"],
  [0.79996, 0.8, "79.9"],
  [0.8004, 0.8, "80.0"],
  [0.9999, undefined, "99.9"],
  [1, 0.8, "100.0"],
  [0, 0.8, "0.0"],
  [0.82499, 0.825, "82.4"],
  [0.82501, 0.825, "82.5"],
])("%d against %d is %s percent: rounding never crosses a target", (value, target, text) => {
  expect(percent1(value, target)).toBe(text);
});

test("spans, counts and shares as they are on the wall and as they are exactly", () => {
  expect([0, 48.9, 605, 3723].map(span)).toEqual(["0:00", "0:48", "10:05", "1:02:03"]);
  expect([0, 1204, 12.34, -1.5, -0.01, 9.96].map(plain)).toEqual(["0", "1,204", "12.3", "−1.5", "0", "10"]);
  expect(shown(0.797, "share", 0.8)).toBe("79%");
  expect(exact(12.188, "seconds")).toBe("12.2 秒");
  expect(shown(12.188, "seconds")).toBe("0:12");
});

test("the division is calls over calls, seconds over calls, or people's time over time", () => {
  expect(division(level())).toBe("130 ÷ 161");
  expect(division(level({ unit: "seconds", numerator: { value: 195 }, denominator: { value: 16 } }))).toBe("195 秒 ÷ 16");
  expect(division(level({ people: [], numerator: { value: 900 }, denominator: { value: 3060 } }))).toBe("900 秒 ÷ 3,060 秒");
  expect(division(level({ denominator: undefined }))).toBe("");
});

test("the target's line stands at the first call that is enough", () => {
  expect(targetLine(level())).toBe(129);
  expect(targetLine(level({ denominator: { value: 10 } }))).toBe(8);
  expect(targetLine(level({ denominator: { value: 0 } }))).toBeUndefined();
  expect(targetLine(level({ unit: "seconds" }))).toBeUndefined();
  expect(targetLine(level({ target: undefined }))).toBeUndefined();
});

test("the margin says what would turn it, in the words of the metric", () => {
  expect(marginWords(level())).toBe("再有 2 通接晚就低于 80%");
  expect(marginWords(level({ margin: { calls: 14, side: "below" } }))).toBe("再及时接起 14 通就到 80%");
  expect(marginWords(level({ metric: "pickup_rate" }))).toBe("再有 2 通未达就低于 80%");
  expect(marginWords(level({ target: 0.825 }))).toContain("82.5%");
  expect(marginWords(level({ margin: undefined }))).toBe("");
  lang.value = "en";
  expect(marginWords(level())).toBe("2 more answered late: below 80%");
  lang.value = "zh-TW";
  expect(marginWords(level())).toBe("再有 2 通太晚接聽就低於 80%");
});

test("the line under the title names the formula, the scope, the window and the basis", () => {
  expect(subtitle(level(), ZONE)).toBe("服务水平 20 秒，剔除短时放弃，全场，近 30 分钟（09:54:36 至 10:24:36），按发生时间计");
  expect(subtitle(level({ window: { kind: "interval", start: NOW - 5076, end: NOW - 3276, open: false } as Json }), ZONE)).toContain("时段 9:00 至 9:30");
  expect(subtitle(level({ scope: { kind: "queue", id: "pbx1/x", name: "x" } as Json, basis: "cohort" }), ZONE)).toMatch(/队列“x”.*按进线时间计$/);
  expect(subtitle(level({ metric: "waiting", threshold: undefined, variant: undefined }), ZONE)).toBe("服务水平，全场，此刻（10:24:36）");
  lang.value = "en";
  expect(subtitle(level(), ZONE)).toMatch(/^Service level 20 s, /);
});

test("numbers of a source that is away end where it stopped", () => {
  expect(subtitle(level({ as_of: NOW - 40 }), ZONE)).toContain("至 10:23:56");
});

test("queues that count differently have no threshold, and that is said", () => {
  const line = subtitle(level({ mixed: true, threshold: undefined, variant: undefined }), ZONE);
  expect(line).toContain("各队列口径不同");
  expect(line).not.toContain("20 秒");
});

test("a name cannot turn the sentence it stands in around", () => {
  expect(named({ "zh-CN": "\u202egnihctah\u2066\u200f" }, "")).toBe("gnihctah");
  expect(named({ en: "only" }, "key")).toBe("only");
  expect(named({}, "key")).toBe("key");
});

test("groups are on target and missed where that is the question, and counted where it is not", () => {
  const told = level();
  expect(told.groups.map(([group]) => groupName(group, told))).toEqual(["未达", "达标", "不计入"]);
  const share = level({ metric: "abandon_rate" });
  expect(share.groups.map(([group]) => groupName(group, share))).toEqual(["其余", "计入", "不计入"]);
});

test("why there is no number: no calls at all, or none with an outcome", () => {
  expect(emptyWords(level({ value: undefined, groups: {} }))).toContain("没有来电");
  expect(emptyWords(level({ value: undefined, groups: { out: 3 } }))).toContain("还没有结果");
  expect(headline(level({ value: undefined }))).toBe("–");
});

test("parts that hit look alike, the others are told apart", () => {
  const part = (hit: boolean) => ({ part: "", value: 1, hit, names: {} });
  expect(tones([part(true), part(false), part(false), part(true)])).toEqual(["tone-hit", "tone-0", "tone-1", "tone-hit"]);
  expect(tones([part(false), part(false)])[0]).toBe("tone-hit");
});

test("the bars of the other formulas begin a tenth below the lowest", () => {
  const other = (value?: number) => ({ variant: "", names: {}, shortNames: {}, isShown: false, ...(value !== undefined && { value }) });
  expect(lowest([other(0.778), other(0.85), other()], 0.8)).toBe(0.6);
  expect(lowest([other(0.05)], 0.8)).toBe(0);
  expect(lowest([], undefined)).toBe(0.9);
});

test.each([
  ["=1+1", "'=1+1"],
  ["+86 139", "'+86 139"],
  ["-2", "'-2"],
  ["@SUM(A1)", "'@SUM(A1)"],
  ["\t=1", "'\t=1"],
  ["  =1", "'  =1"],
  ["＝1", "'＝1"],
  ['=HYPERLINK("http://x","y")', `"'=HYPERLINK(""http://x"",""y"")"`],
  ["a,b", '"a,b"'],
  ["a\r\n=b", '"a\r\n=b"'],
  ['say "x"', '"say ""x"""'],
  ["139****5512", "139****5512"],
  ["张三", "张三"],
])("a spreadsheet takes %j for text", (text, written) => {
  expect(cell(text)).toBe(written);
});

test("a number stays a number, and nothing is nothing", () => {
  expect([-2.5, 0, undefined, Number.NaN].map(cell)).toEqual(["-2.5", "0", "", ""]);
  expect(csv([["甲", 1], ["乙", undefined]])).toBe("\ufeff甲,1\r\n乙,\r\n");
});

test("the citation has the figures, the formula, the scope, the window and what is doubtful", () => {
  const text = citation(level(), "青禾", ZONE);
  expect(text).toContain("服务水平 20 秒，剔除短时放弃：130 ÷ 161 = 80.7%（显示 81%）");
  expect(text).toContain("目标 80%，再有 2 通接晚就低于 80%");
  expect(text).toContain("近 30 分钟（09:54:36 至 10:24:36）");
  expect(text).toContain("A_T / (A + B)：及时 ÷ 全部");
  expect(text).toContain("不计入：短放弃 9");
  expect(text).toContain("逐通核对一致");
  expect(text).toMatch(/青禾，ccwall，截至 11月20日 周五 10:24:36 Asia\/Shanghai$/);
  expect(text).not.toContain("undefined");
  const doubted = citation(level({ checked: false, recounted: 0.79, as_of: NOW - 40, inferred: 3 }), "青禾", ZONE);
  expect(doubted).toContain("逐通核对不一致：79.0%");
  expect(doubted).toContain("停在 10:23:56");
  expect(doubted).toContain("3 通的结果是推断的");
});

test("a name with line breaks does not write lines of ours into the citation", () => {
  const lines = citation(level(), "青禾\n逐通核对一致\u2028x", ZONE).split(/[\n\u2028]/);
  expect(lines.at(-1)).toMatch(/^青禾 逐通核对一致 x，ccwall/);
});

test("everything that is doubtful has its sentence, a gap that lasts until now", () => {
  const told = level({ as_of: NOW - 40, gaps: [["pbx1", NOW - 1296, 0]] as Json, inferred: 3, unseen: 4, forgotten: 12, revised: true, incomplete: [NOW - 40, 0] as Json });
  expect(doubts(told, ZONE)).toHaveLength(6);
  expect(doubts(told, ZONE)[1]).toBe("pbx1 从 10:03:00 到 现在 的事件没有收到，这个数不完整。");
  expect(doubts(level(), ZONE)).toEqual([]);
});

test("a question is written as the server reads it", () => {
  const path = pathOf({ metric: "asa", scope: "queue:a&b/ü", window: "rolling:5" }, { part: "hit", after: "x=1", limit: 7 });
  expect(Object.fromEntries(new URLSearchParams(path.split("?")[1]))).toEqual({ metric: "asa", scope: "queue:a&b/ü", window: "rolling:5", limit: "7", part: "hit", after: "x=1" });
});

const card = (id: string, queued: number) => ({ id, queue: "q", queued, outcome: "answered", part: "late", caller: "=1+1" });

test("the export takes every page of every group, each call once, oldest first", async () => {
  const asked: string[] = [];
  const pages: Record<string, Json> = {
    "miss ": { part: "miss", total: 3, cards: [card("a", NOW), card("b", NOW - 10)], next: "b" },
    "miss b": { part: "miss", total: 3, cards: [card("b", NOW - 10), card("c", NOW - 20)] },
    "hit ": { part: "hit", total: 1, cards: [card("a", NOW)] },
    "out ": { part: "out", total: 0, cards: [] },
  };
  const asker = {
    ask: async (path: string) => {
      const query = new URLSearchParams(path.split("?")[1]);
      const key = `${query.get("part")} ${query.get("after") ?? ""}`;
      asked.push(key);
      return { status: 200, body: { metric: "m", scope: {}, window: {}, now: NOW, contacts: pages[key] as Json } };
    },
    monotonic: () => 0,
    after: () => () => {},
    random: () => 0,
  };
  const told: number[] = [];
  const found = await contactsOf({ metric: "m", scope: "floor", window: "today" }, level(), asker, (n) => told.push(n));
  expect(asked).toEqual(["miss ", "miss b", "hit ", "out "]);
  expect([...found].map(([group, cards]) => [group, cards.map(({ id }) => id)])).toEqual([["miss", ["a", "b", "c"]], ["hit", []], ["out", []]]);
  expect(told).toEqual([2, 3, 3, 3]);
  const lines = table(level(), found, ZONE).trimEnd().split("\r\n");
  expect(lines).toHaveLength(4);
  expect(lines[1]).toContain("2026-11-20 10:24:16");
  expect(lines[1]).toContain("未达,接晚了");
  expect(lines[1]).toContain(",'=1+1,");
});

test("an export that the server breaks off is none", async () => {
  const asker = { ask: async () => ({ status: 403, body: undefined }), monotonic: () => 0, after: () => () => {}, random: () => 0 };
  await expect(contactsOf({ metric: "m", scope: "floor", window: "today" }, level(), asker, () => {})).rejects.toThrow("403");
});

test("the file is called after what is in it, whatever the queue is called", () => {
  expect(fileName(level(), ZONE)).toBe("ccwall-service_level-floor-rolling30-20261120-102436.csv");
  expect(fileName(level({ scope: { kind: "queue", id: "../../pbx1/咨询?.exe" } as Json }), ZONE)).toBe("ccwall-service_level--pbx1-咨询-exe-rolling30-20261120-102436.csv");
  expect(stamp(NOW, "Nowhere/Land")).toBe("2026-11-20 02:24:36");
});
