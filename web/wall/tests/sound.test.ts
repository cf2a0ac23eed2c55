import { afterEach, expect, test } from "vitest";

import type { BoardDocument } from "../src/board/model";
import "../src/tiles/core";
import { Conditions } from "../src/sound/conditions";
import { isQuiet, minuteOf } from "../src/sound/quiet";
import { announcement } from "../src/sound/run";
import { isHeard } from "../src/sound/state";
import { voiceFor } from "../src/sound/voice";
import { Wall } from "../src/wall";
import type { Socket } from "../src/wire/live";
import { lang } from "../src/words";
import { chance } from "./chance";

afterEach(() => void (lang.value = "zh-CN"));

test.each([
  ["23:00", true],
  ["03:30", true],
  ["06:59", true],
  ["07:00", false],
  ["12:00", false],
  ["21:59", false],
  ["22:00", true],
])("quiet hours go over midnight: at %s %s", (time, quiet) => {
  const [hour, minute] = time.split(":").map(Number) as [number, number];
  expect(isQuiet(hour * 60 + minute, [["22:00", "07:00"]])).toBe(quiet);
});

test("every minute is quiet in exactly one of two spans that share the day", () => {
  const dice = chance(3);
  const random = () => dice.below(1_000_000) / 1_000_000;
  const time = (minute: number) => `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;
  for (let round = 0; round < 200; round++) {
    const [a, b] = [Math.floor(random() * 1440), Math.floor(random() * 1440)];
    if (a === b) continue;
    for (let minute = 0; minute < 1440; minute += 97)
      expect(isQuiet(minute, [[time(a), time(b)]]), `${minute} ${a} ${b}`).not.toBe(isQuiet(minute, [[time(b), time(a)]]));
  }
});

test("what is no time is no span, and the day is the floor's", () => {
  expect(isQuiet(0, [["", "07:00"], ["24:30", "25:00"], ["x", "y"]])).toBe(false);
  expect(minuteOf(Date.UTC(2026, 10, 20, 20, 30) / 1000, "Asia/Shanghai")).toBe(270);
});

const voice = (name: string, tag: string, localService = true) => ({ name, lang: tag, localService, default: false });

test("a voice of the page's language, of this machine where there is one; none where nobody speaks it", () => {
  const all = [voice("far", "zh-CN", false), voice("tw", "zh_TW"), voice("hk", "zh-HK"), voice("cn", "cmn-Hans-CN"), voice("uk", "en-GB"), voice("de", "de-DE")];
  expect(voiceFor(all, "zh-CN")?.name).toBe("cn");
  expect(voiceFor(all, "zh-TW")?.name).toBe("tw");
  expect(voiceFor(all, "en")?.name).toBe("uk");
  expect(voiceFor([voice("far", "zh-CN", false)], "zh-CN")?.name).toBe("far");
  expect(voiceFor([voice("hk", "zh-HK"), voice("yue", "yue-HK"), voice("de", "de-DE")], "zh-CN")).toBeUndefined();
  expect(voiceFor([], "en")).toBeUndefined();
});

test("two sentences are said, of the others how many", () => {
  expect(announcement([])).toBe("");
  expect(announcement(["咨询 排队超时"])).toBe("咨询 排队超时");
  expect(announcement(["a", "b", "c", "d"])).toBe("a。b。另有 2 项");
  lang.value = "en";
  expect(announcement(["a", "b", "c"])).toBe("a. b. and 1 more");
});

test("a board that says nothing of sound is silent", () => {
  const sound = { breach: "off", warn: "off", source: "off", volume: 1, quiet: [] } as const;
  expect([undefined, sound, { ...sound, breach: "tone", volume: 0 } as const].some(isHeard)).toBe(false);
  expect(isHeard({ ...sound, source: "speak" })).toBe(true);
});

const NOW = 1_795_141_476;
const queue = (longest: number) => ({ name: "咨询", source: "pbx1", order: 0, waiting: 2, ready: 1, staffed: 3, service_level: 0.9, longest_since: NOW - longest, target: { longest_wait: 60, service_level: 0.8 } });
const floor = (longest: number, state = "live") => ({ site: { zone: "Asia/Shanghai" }, floor: { waiting: 2 }, queues: { "pbx1/咨询": queue(longest) }, sources: { pbx1: { name: "主交换机", state, since: NOW - 60 } } });
const BOARD = { format: 1, id: "b", name: {}, theme: "dark", distance: 8, diagonal: 55, pages: [{ dwell: 30, tiles: [{ id: "q", kind: "queues", x: 0, y: 0, w: 16, h: 12, options: {} }] }] } as unknown as BoardDocument;

/** A wall that was told this board by a socket. */
function told(board: object): Wall {
  let socket: Socket | undefined;
  const open = () => (socket = { onopen: null, onmessage: null, onclose: null, send: () => undefined, close: () => undefined });
  const wall = new Wall({ open, monotonic: () => 0, after: () => () => undefined, random: () => 0, isRefused: () => Promise.resolve(false) });
  wall.live.connect();
  socket?.onmessage?.({ data: JSON.stringify({ type: "snapshot", version: "1", seq: 1, now: NOW, rate: 1, board }) });
  wall.ticker.show();
  return wall;
}

test("a queue over its limit says its name and what is the matter, in the page's language", () => {
  lang.value = "zh-CN";
  const seen = (longest: number) => new Conditions(told(floor(longest)), BOARD).now().find(({ key }) => key === "queue pbx1/咨询");
  expect(seen(10)?.level).toBe("none");
  expect(seen(75)).toEqual({ key: "queue pbx1/咨询", level: "breach", text: "咨询 排队超时" });
  lang.value = "en";
  expect(seen(75)?.text).toBe("咨询 waiting too long");
});

test("what a lost source tells is unknown, and that it is lost is told", () => {
  lang.value = "zh-CN";
  const seen = new Conditions(told(floor(75, "down")), BOARD).now();
  expect(Object.fromEntries(seen.map(({ key, level }) => [key, level]))).toEqual({ link: "none", "source pbx1": "source", recording: "none", "queue pbx1/咨询": "unknown" });
  expect(seen.find(({ key }) => key === "source pbx1")?.text).toBe("主交换机 数据中断");
});
