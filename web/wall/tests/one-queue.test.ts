import { signal } from "@preact/signals";
import { h, render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, describe, expect, test } from "vitest";

import type { Options } from "../src/board/model";
import { kindOf } from "../src/board/registry";
import { WallProvider } from "../src/context";
import { CurveTile } from "../src/tiles/Curve";
import { GapTile } from "../src/tiles/Gap";
import { Hero } from "../src/tiles/Hero";
import "../src/tiles/more";
import { tiles } from "../src/tiles/words";
import type { Wall } from "../src/wall";
import { Cell } from "../src/wire/cell";
import type { Json } from "../src/wire/messages";
import { t } from "../src/words";

const NOW = 1_795_141_476;
const LIVE = { kind: "live" };

const wallOf = (board: Record<string, Json>): Wall => {
  const cell = new Cell();
  cell.put(board);
  return { board: cell, zone: "UTC", second: signal(NOW), floorFreshness: { value: LIVE }, isLive: { value: true }, freshnessOf: () => LIVE } as unknown as Wall;
};

const COMPONENTS = { hero: Hero, gap: GapTile, curve: CurveTile } as const;

/** A tile as it is drawn on that floor, with the options of its kind. */
function drawn(board: Record<string, Json>, kind: keyof typeof COMPONENTS, options: Options): HTMLElement {
  const defaults = (kindOf(kind)?.options ?? []).flatMap((one) => ("default" in one && one.default !== undefined ? [[one.key, one.default] as const] : []));
  const given = { ...Object.fromEntries(defaults), ...options };
  const tile = { id: "one", kind, x: 0, y: 0, w: 6, h: 6, options };
  act(() => render(h(WallProvider, { value: wallOf(board) }, h(COMPONENTS[kind], { tile, options: given })), document.body));
  return document.body;
}

const words = (board: Record<string, Json>, kind: keyof typeof COMPONENTS, options: Options, where: string): string => drawn(board, kind, options).querySelector(where)?.textContent?.trim() ?? "";

afterEach(() => render(null, document.body));

describe("people that a queue lacks", () => {
  const outlook = (gap: number): Json => ({ gap, need: 5, capacity: 5 + gap });
  const board = {
    floor: {},
    lines: { sales: { queues: ["b", "c"] } },
    queues: {
      a: { order: 1, name: "Quiet", outlook: outlook(2) },
      b: { order: 2, name: "Short", outlook: outlook(-3) },
      c: { order: 3, name: "Even", outlook: outlook(0) },
    },
  };
  const listed = (scope: string): string[] => [...drawn(board, "gap", { scope }).querySelectorAll("[data-gap]")].map((row) => row.getAttribute("data-gap") ?? "");

  test("a queue's tile lists that queue and no other, a line's its own, the floor's all", () => {
    // Without a layout there is room for one row: the others are counted.
    expect(listed("queue:a")).toEqual(["a"]);
    expect(listed("queue:b")).toEqual(["b"]);
    expect(listed("line:sales")).toEqual(["b"]);
    const says = (scope: string) => kindOf("gap")?.says?.(wallOf(board), { scope }) ?? [];
    expect(says("queue:a")).toEqual([tiles.t("gap.fine")]);
    expect(says("queue:b").join()).toContain("Short");
    expect(says("floor").join()).toContain("Quiet");
    expect(says("line:sales").join()).not.toContain("Quiet");
  });

  test("nobody is sent to a queue from itself, nor from one that the tile does not tell of", () => {
    expect(words(board, "gap", { scope: "queue:a" }, ".advice")).toBe(tiles.t("gap.fine"));
    expect(words(board, "gap", { scope: "queue:b" }, ".advice")).not.toContain("Quiet");
    expect(words(board, "gap", { scope: "floor" }, ".advice")).toContain("Quiet");
  });
});

describe("why a number of calls is a dash", () => {
  const why = (numbers: Record<string, Json>, metric: string): string => words({ floor: numbers, queues: {} }, "hero", { metric, scope: "floor" }, ".foot .what");

  test("no calls, none over, or waits that nobody told: three things, three words", () => {
    expect(why({}, "service_level")).toBe(t("hero.noCalls"));
    expect(why({ offered: 3 }, "service_level")).toBe(t("hero.noneYet"));
    expect(why({ offered: 3, answered: 2 }, "service_level")).toBe(t("hero.noWaits"));
    expect(why({ offered: 3, answered: 2 }, "aht")).toBe(t("hero.noneOver"));
    expect(why({ offered: 3 }, "aht")).toBe(t("hero.noneOver"));
    expect(why({}, "aht")).toBe(t("hero.noCalls"));
  });

  test("a number that is there says none of it", () => {
    const said = why({ offered: 3, answered: 2, service_level: 0.5 }, "service_level");
    for (const key of ["hero.noCalls", "hero.noneYet", "hero.noWaits", "hero.noneOver"] as const) expect(said).not.toContain(t(key));
  });
});

describe("why a curve is empty", () => {
  const why = (queue: Record<string, Json>): string => words({ floor: {}, queues: { a: queue } }, "curve", { scope: "queue:a", metric: "service_level" }, "p.none");

  test("of a queue whose last two hours are not told yet it comes in a few minutes; where nothing happened in them it is quiet", () => {
    expect(why({})).toBe(tiles.t("curve.soon"));
    expect(why({ trend: { from: NOW - 7200, step: 300, service_level: [] } })).toBe(tiles.t("curve.quiet"));
    expect(why({ trend: { from: NOW - 7200, step: 300, service_level: [[3, 0.8]] } })).toBe("");
  });

  test("of the floor it is the day's", () => {
    expect(words({ floor: {} }, "curve", { scope: "floor", metric: "service_level" }, "p.none")).toBe(t("curve.none"));
  });
});
