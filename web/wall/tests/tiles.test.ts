import { describe, expect, test } from "vitest";

import { kindOf } from "../src/board/registry";
import { plot } from "../src/parts/curve-plot";
import { type Alarm, Alarms, type Now, type QueueNow } from "../src/tiles/alarms";
import { chanceOf } from "../src/tiles/band";
import { boldPieces, linesOf } from "../src/tiles/bold";
import { advice, byNeed, type Gap, whole } from "../src/tiles/gaps";
import { daySeries, hasDay, trendSeries, yesterdayOf } from "../src/tiles/day";
import "../src/tiles/more";
import { embeddable } from "../src/tiles/hosts";
import { allOf, held, localTime, noticesIn, turnOf, wordsIn } from "../src/tiles/notices";
import { paceByHours,
  paceByWork, paceByYesterday, reach, runners } from "../src/tiles/pace";
import { pickup, podium } from "../src/tiles/ranking";
import { tiles } from "../src/tiles/words";
import { Cell } from "../src/wire/cell";
import type { Json } from "../src/wire/messages";
import { chance } from "./chance";

describe("leaderboard", () => {
  const of = (values: readonly number[], most: number) => {
    const { rows, more } = podium(values.map((value, i) => ({ id: `a${i}`, value })), most);
    return [rows.map(({ rank, value }) => `${rank}:${value}`).join(" "), more];
  };

  test("equals share a rank, and the last is never on it", () => {
    expect(of([7, 9, 8, 3], 3)).toEqual(["1:9 2:8 3:7", 0]);
    expect(of([9, 9, 8, 3], 3)).toEqual(["1:9 1:9 3:8", 0]);
    expect(of([9, 8, 7], 3)).toEqual(["1:9 2:8", 0]);
    expect(of([9, 3], 10)).toEqual(["1:9", 0]);
    expect(of([], 3)).toEqual(["", 0]);
  });

  test("who is equal is shown together or not at all, but for the first rank", () => {
    expect(of([9, 8, 7, 7, 3], 3)).toEqual(["1:9 2:8", 0]);
    expect(of([9, 9, 9, 9, 3], 3)).toEqual(["1:9 1:9 1:9", 1]);
    expect(of([5, 5, 5, 5], 3)).toEqual(["1:5 1:5 1:5", 1]);
  });

  test("whatever the values, nobody below another's rank is above and the lowest is left out", () => {
    const { below } = chance(7);
    for (let round = 0; round < 500; round++) {
      const values = Array.from({ length: below(12) }, () => below(6));
      const { rows } = podium(values.map((value, i) => ({ id: `${i}`, value })), 3);
      expect(rows.length).toBeLessThanOrEqual(3);
      const lowest = Math.min(...values);
      if (new Set(values).size > 1) expect(rows.every(({ value }) => value > lowest)).toBe(true);
      for (const { rank, value } of rows) expect(rank).toBe(1 + values.filter((other) => other > value).length);
    }
  });

  test("a rate needs ten calls", () => {
    expect(pickup({ answered: 9 })).toBeUndefined();
    expect(pickup({ answered: 9, missed: 1 })).toBe(0.9);
    expect(pickup({})).toBeUndefined();
  });
});

describe("race", () => {
  test("the leader is marked, and so is who is equal; a team without people does not run", () => {
    const team = (id: string, perAgent: number | undefined, persons = 4) => ({ id, perAgent, target: 70, persons });
    expect(runners([team("b", 14), team("a", 21), team("c", 21), team("d", undefined), team("e", 9, 0)])).toEqual([
      { id: "a", part: 0.3, isFirst: true },
      { id: "c", part: 0.3, isFirst: true },
      { id: "b", part: 0.2, isFirst: false },
    ]);
    expect(runners([team("a", 0)])[0]?.isFirst).toBe(false);
  });

  test("the pace is how much of yesterday had come at this time of the day", () => {
    const yesterday = [[0, 0.9, 20], [1800, 40], [3600, 0.8, 40]];
    expect(paceByYesterday(yesterday, 1800, 86_400 + 1800)).toBeCloseTo(0.2);
    expect(paceByYesterday(yesterday, 1800, 86_400 + 2700)).toBeCloseTo(0.4);
    expect(paceByYesterday(yesterday, 1800, 2 * 86_400)).toBe(1);
    expect(paceByYesterday([[0, 0.9, 20]], 1800, 90_000)).toBeUndefined();
  });

  test("by the hours of work it is nothing before them and all after", () => {
    expect([8, 9, 13.5, 18, 20].map((hour) => paceByHours(hour * 3600, 9, 18))).toEqual([0, 0, 0.5, 1, 1]);
    expect(paceByHours(0, 18, 9)).toBeUndefined();
  });

  test("the tracks hold whoever is farthest", () => {
    for (const part of [0, 0.05, 0.3, 0.6, 0.9, 1, 1.4]) expect(reach([part], 0.2)).toBeGreaterThanOrEqual(part);
    expect(reach([0.5], 0.9)).toBe(1);
    expect(reach([0.28], 0.24)).toBeCloseTo(0.42);
  });
});

describe("notices", () => {
  const at = { text: "x", from: "2026-11-20T10:24", until: "2026-11-20T11:00" };

  test("they hold from their minute until the one before their end, by the floor's clock", () => {
    const NOW = 1_795_141_476;
    expect(localTime(NOW, "Asia/Shanghai")).toBe("2026-11-20T10:24");
    expect(localTime(NOW, "America/New_York")).toBe("2026-11-19T21:24");
    expect(localTime(NOW, "Nowhere/At_All")).toBe("2026-11-20T02:24");
    expect(["2026-11-20T10:23", "2026-11-20T10:24", "2026-11-20T10:59", "2026-11-20T11:00"].map((local) => held([at], local).length)).toEqual([0, 1, 1, 0]);
  });

  test("midnight is 00, not 24", () => expect(localTime(1_795_104_000, "Asia/Shanghai")).toBe("2026-11-20T00:00"));

  test("all screens show the same one", () => {
    expect([0, 9, 10, 29, 30].map((now) => turnOf(3, now, 10))).toEqual([0, 0, 1, 2, 0]);
    expect(turnOf(0, 5, 10)).toBe(-1);
  });

  test("words of another language are better than none, the other Chinese first", () => {
    expect(wordsIn({ en: "hello", "zh-TW": "您好" }, "zh-CN")).toBe("您好");
    expect(wordsIn({ "zh-CN": "你好" }, "en")).toBe("你好");
    expect([wordsIn({ "zh-CN": " " }, "en"), wordsIn(undefined, "en"), wordsIn(["x"], "en")]).toEqual(["", "", ""]);
  });

  test("what is none is left out, and a thousand are not shown", () => {
    expect(noticesIn([{ text: { en: "a" }, from: "", until: 7 }, "b", 3, null as never, { text: {} }], "en")).toEqual([{ text: "a" }, { text: "b" }]);
    expect(noticesIn(Array.from({ length: 1000 }, (_, i) => `n${i}`), "en")).toHaveLength(50);
    expect(noticesIn("all of it", "en")).toEqual([]);
  });

  test("the board's come first, and none twice", () =>
    expect(allOf({ notices: ["b", "a"] }, "notices", ["a"], "en").map(({ text }) => text)).toEqual(["a", "b"]));
});

describe("text", () => {
  test("bold is all there is, and markup stays words", () => {
    expect(boldPieces("a **b** c")).toEqual(["a ", "b", " c"]);
    expect(boldPieces("2 ** 3")).toEqual(["2 ** 3"]);
    expect(boldPieces("**a** ** b")).toEqual(["", "a", " ** b"]);
    expect(boldPieces("<b>a</b>")).toEqual(["<b>a</b>"]);
    expect(linesOf("a\r\n\r\n**b**\n")).toEqual([["a"], [""], ["", "b", ""]]);
    expect(linesOf("x\n".repeat(1000))).toHaveLength(40);
  });
});

describe("embedded pages", () => {
  const HOSTS = ["status.example.com", "https://Maps.example.com/", "other.example.com:8443"];
  test.each([
    ["https://status.example.com/x?y=1", undefined],
    ["https://maps.example.com/", undefined],
    ["https://other.example.com:8443/a", undefined],
    ["https://other.example.com/a", "host"],
    ["https://evil.example.com/", "host"],
    ["https://status.example.com.evil.com/", "host"],
    ["https://status.example.com:444/", "host"],
    ["https://user:pw@status.example.com/", "address"],
    ["http://status.example.com/", "https"],
    ["javascript:alert(1)", "address"],
    ["data:text/html,x", "address"],
    ["//status.example.com", "address"],
    ["", "none"],
  ])("%s", (address, refusal) => expect(embeddable(address, HOSTS).refusal).toBe(refusal));
});

describe("staffing", () => {
  const gap = (id: string, gap: number | undefined, order = 0): Gap => ({ id, order, gap, need: 4, capacity: 4 });

  test("half a person missing is one, half a person over is nobody to spare", () => {
    expect([-1.2, -0.3, -0.0000000001, 0, 0.9, 2].map(whole)).toEqual([-2, -1, 0, 0, 0, 2]);
    expect(Object.is(whole(-0), 0)).toBe(true);
  });

  test("the most missing first, then the floor's order, the unknown last", () => {
    const sorted = [gap("a", 2, 1), gap("b", undefined, 0), gap("c", -2, 2), gap("d", -1.5, 1), gap("e", 0, 3)].sort(byNeed);
    expect(sorted.map(({ id }) => id).join("")).toBe("dceab");
  });

  test("it asks who can spare somebody, and says so when nobody can", () => {
    expect(advice([gap("a", -3), gap("b", 2), gap("c", 1)])).toEqual({ to: "a", from: "b", n: 2 });
    expect(advice([gap("a", -3), gap("b", 0.5)])).toEqual({ to: "a", n: 3 });
    expect(advice([gap("a", 1), gap("b", undefined)])).toBeUndefined();
    expect(advice([])).toBeUndefined();
  });
});

test("a band says in a word where it lies to its target", () => {
  const band = (low: number, mid: number, high: number) => chanceOf({ minutes: 5, low, mid, high }, 0.8);
  expect([band(0.8, 0.9, 1), band(0.7, 0.8, 0.9), band(0.6, 0.79, 0.9), band(0.5, 0.6, 0.79)]).toEqual(["sure", "likely", "hardly", "no"]);
  expect(chanceOf({ minutes: 5, low: 0, mid: 0, high: 0 }, undefined)).toBeUndefined();
});

describe("alerts", () => {
  const NOW = 10_000;
  const queue = (given: Partial<QueueNow> = {}): QueueNow => ({
    id: "q", order: 0, fresh: true, level: 0.9, levelTarget: 0.8, waiting: 0, waitingLimit: 6, longestSince: undefined, longestLimit: 60, ready: 2, staffed: 4, gap: 0, ...given,
  });
  const told = (given: Partial<Now>): Now => ({ now: NOW, queues: [], sources: [], recording: undefined, conflicts: { n: 0, since: undefined }, ...given });
  const of = (given: Partial<Now>): readonly Alarm[] => new Alarms().of(told(given));

  test("a calm floor needs nobody", () => expect(of({ queues: [queue(), queue({ id: "r", level: undefined, waiting: 1, longestSince: NOW - 5 })] })).toEqual([]));

  test("a queue over its limit says since when it is, what is wrong and what to do", () => {
    const [alarm] = of({ queues: [queue({ waiting: 7, longestSince: NOW - 156, ready: 0, gap: -1.5, level: 0.65 })] });
    expect(alarm).toMatchObject({ severity: "breach", since: NOW - 96, next: { does: "staff", n: 2 } });
    expect(alarm?.facts.map(({ kind, severity }) => `${kind} ${severity}`)).toEqual(["longest breach", "waiting breach", "level breach", "nobody warn"]);
  });

  test("who is ready while callers wait too long is a matter of routing", () =>
    expect(of({ queues: [queue({ waiting: 1, longestSince: NOW - 70, gap: -2 })] })[0]?.next).toEqual({ does: "route", n: 2 }));

  test("callers of a queue that nobody signed in to are over at once", () =>
    expect(of({ queues: [queue({ waiting: 1, longestSince: NOW - 1, ready: 0, staffed: 0 })] })[0]).toMatchObject({ severity: "breach", next: { does: "sign_in" } }));

  test("nobody ready is worth a word when somebody waits for half the limit", () => {
    const at = (seconds: number) => of({ queues: [queue({ waiting: 1, longestSince: NOW - seconds, ready: 0 })] }).map(({ severity }) => severity);
    expect([at(5), at(29), at(30), at(47)]).toEqual([[], [], ["warn"], ["warn"]]);
  });

  test("a slightly missed level of the day is no alarm while nobody waits", () => {
    expect(of({ queues: [queue({ level: 0.79 })] })).toEqual([]);
    expect(of({ queues: [queue({ level: 0.6 })] })[0]).toMatchObject({ severity: "breach", since: undefined, next: { does: "watch" } });
  });

  test("of old numbers nothing is judged, but their source is there", () => {
    const alarms = of({ queues: [queue({ fresh: false, waiting: 99, longestSince: 1 })], sources: [{ id: "pbx1", state: "down", isTrusted: false, since: 9000 }] });
    expect(alarms.map(({ key, severity }) => `${key} ${severity}`)).toEqual(["source pbx1 warn"]);
  });

  test("the worst first: what waits for somebody, then what is over, then what is near", () => {
    const alarms = of({
      queues: [queue({ id: "near", waiting: 5, longestSince: NOW - 3 }), queue({ id: "over", waiting: 8, longestSince: NOW - 90 }), queue({ id: "older", waiting: 8, longestSince: NOW - 190 })],
      sources: [{ id: "a", state: "live", isTrusted: true, since: 1 }, { id: "b", state: "refused", isTrusted: false, since: 2 }],
      recording: { since: 5, reason: "full" },
      conflicts: { n: 2, since: 7 },
    });
    expect(alarms.map(({ key }) => key)).toEqual(["source b", "queue older", "queue over", "queue near", "recording", "conflicts"]);
  });

  test("what is over comes before what is near, whatever it is about", () => {
    const alarms = of({ queues: [queue({ waiting: 8, longestSince: NOW - 90 })], sources: [{ id: "a", state: "down", isTrusted: false, since: 1 }] });
    expect(alarms.map(({ about }) => about)).toEqual(["queue", "source"]);
  });

  test("an alarm does not flap: it goes 30 s after its cause", () => {
    const alarms = new Alarms();
    const at = (now: number, waiting: number) => alarms.of(told({ now, queues: [queue({ waiting, longestSince: now - 1 })] })).length;
    expect([at(0, 6), at(5, 3), at(30, 3), at(35, 3), at(36, 3)]).toEqual([1, 1, 1, 0, 0]);
  });
});

describe("the curve's paper", () => {
  const POINTS = [0, 1, 2, 3].map((i) => ({ start: 8.5 * 3600 + i * 1800, level: 0.8 - i / 50 }));
  const paper = (width: number, height: number, text = 30) => ({ width, height, text, begin: 8.5 * 3600, length: 1800, target: 0.8 });

  test("labels have room, at any size of tile and of type", () => {
    for (const width of [300, 480, 640, 1200, 1900])
      for (const height of [140, 200, 300, 700])
        for (const text of [24, 30, 38, 60])
          for (const unit of ["share", "count"] as const) {
            const points = unit === "share" ? POINTS : POINTS.map((point, i) => ({ ...point, level: 40 * i }));
            const { levels, ticks, x, y, left, right } = plot(points, { ...paper(width, height, text), unit, target: unit === "share" ? 0.8 : undefined });
            const heights = levels.map(y).sort((a, b) => a - b);
            heights.slice(1).forEach((at, i) => expect(at - (heights[i] ?? 0), `${width} ${height} ${text} ${unit}`).toBeGreaterThan(1.1 * text));
            const places = ticks.map(x);
            places.slice(1).forEach((at, i) => expect(at - (places[i] ?? 0)).toBeGreaterThan(5 * 0.56 * text));
            for (const at of places) expect(at - 1.4 * text >= 0 && at + 1.4 * text <= width).toBe(true);
            expect(left).toBeLessThan(right);
          }
  });

  test("counts start at none and end above the most, by round steps", () => {
    const top = (most: number) => Math.max(...plot([{ start: 8.5 * 3600, level: most }], { ...paper(900, 600), unit: "count", target: undefined }).levels);
    expect([0, 3, 5, 9, 11, 47, 130, 999].map(top)).toEqual([4, 4, 6, 10, 20, 60, 200, 1000]);
  });

  test("yesterday's line ends where the drawing does, and its word has room beside it", () => {
    const before = Array.from({ length: 40 }, (_, i) => ({ start: 8.5 * 3600 + i * 1800, level: 0.7 }));
    const outlook = [[8.5 * 3600 + 6 * 1800 + 100, 0.6, 0.7, 0.8]] as const;
    const drawn = plot(POINTS, { ...paper(640, 300), before, beforeWord: "昨日", outlook, now: 8.5 * 3600 });
    const xs = [...drawn.before.matchAll(/[ML]([\d.]+)/g)].map((found) => Number(found[1]));
    expect(Math.max(...xs)).toBeLessThanOrEqual(drawn.right);
    expect((drawn.named?.[0] ?? 0) + 60).toBeLessThanOrEqual(640);
    expect(plot(POINTS, paper(640, 300)).named).toBeUndefined();
  });
});

describe("what the editor offers of these tiles", () => {
  const MINE = ["curve", "outlook", "gap", "leaderboard", "race", "thanks", "ticker", "alerts", "text", "picture", "embed", "clock"];

  test.each(MINE)("%s has a name, and a word for every option and every choice of it", (kind) => {
    const found = kindOf(kind);
    expect(tiles.has(`tile.${kind}`), kind).toBe(true);
    for (const option of found?.options ?? []) {
      expect(tiles.has(`option.${option.key}`), option.key).toBe(true);
      if (option.type === "choice") for (const value of option.among) expect(tiles.has(`choice.${option.key}.${value}`), value).toBe(true);
      if (option.type === "metric") for (const value of option.among ?? []) expect(tiles.has(`metric.${value}`), value).toBe(true);
    }
    expect(found?.least[0]).toBeLessThanOrEqual(found?.size[0] ?? 0);
    expect(found?.least[1]).toBeLessThanOrEqual(found?.size[1] ?? 0);
  });

  test("what cheers leaves during trouble, and nothing else does", () => expect(MINE.filter((kind) => kindOf(kind)?.cheers)).toEqual(["leaderboard", "race", "thanks"]));
});

describe("a series", () => {
  const NOW = 36_000;
  function boardOf(json: Json): Cell {
    const cell = new Cell();
    cell.put(json);
    return cell;
  }

  test("of the day is the floor's, in levels or in arrivals; a count of the running interval still grows", () => {
    const board = boardOf({ interval: { starts: 34_200, length: 1800 }, curve: [[30_600, 0.9, 20], [32_400, 12], [34_200, 0.7, 4]], curve_revised: [30_600], curve_incomplete: [34_200] });
    expect(daySeries(board, "service_level", NOW - 60).points).toEqual([
      { start: 30_600, level: 0.9, isLacking: false, isRevised: true },
      { start: 32_400, isLacking: false, isRevised: false },
      { start: 34_200, level: 0.7, isLacking: true, isRevised: false },
    ]);
    const offered = daySeries(board, "offered", NOW - 60);
    expect([offered.points.map(({ level }) => level), offered.running?.level]).toEqual([[20, 12], 4]);
    expect(daySeries(board, "offered", NOW).running).toBeUndefined();
  });

  test("of two hours is broken where a step says nothing, and never endless", () => {
    const trend = boardOf({ from: 100, step: 300, waiting: [[0, 1], [2, 3]], ready: [[1_000_000, 1]] });
    expect(trendSeries(trend, "waiting").points).toEqual([{ start: 100, level: 1 }, { start: 400 }, { start: 700, level: 3 }]);
    expect(trendSeries(trend, "ready").points.length).toBeLessThan(100);
    expect(trendSeries(new Cell(), "waiting").points).toEqual([]);
  });

  test("yesterday comes at the same times of today, also after the clocks changed", () => {
    expect(yesterdayOf([[0, 0.5, 1]], "service_level", "Asia/Shanghai")).toEqual([{ start: 86_400, level: 0.5 }]);
    const before = Date.UTC(2026, 9, 24, 8) / 1000;
    expect(yesterdayOf([[before, 0.5, 1]], "offered", "Europe/London")).toEqual([{ start: before + 90_000, level: 1 }]);
  });

  test("only the floor's level and arrivals have a day", () =>
    expect([hasDay("floor", "service_level"), hasDay("floor", "answer_rate"), hasDay("queue:a", "service_level"), hasDay("floor", "offered")]).toEqual([true, false, false, true]));
});

test("without a yesterday the pace is the hours that people were here", () => {
  expect(paceByWork(4 * 9 * 3600 * 0.25, 4, 9, 18)).toBeCloseTo(0.25);
  expect(paceByWork(1e9, 4, 9, 18)).toBe(1);
  for (const unknown of [paceByWork(undefined, 4, 9, 18), paceByWork(60, 0, 9, 18), paceByWork(60, undefined, 9, 18), paceByWork(60, 4, 18, 18)]) expect(unknown).toBeUndefined();
});
