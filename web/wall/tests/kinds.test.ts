import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

import "../src/seats/tile";
import "../src/tiles/core";
import "../src/tiles/more";
import type { BoardDocument } from "../src/board/model";
import { kindOf, kinds } from "../src/board/registry";
import { tiles } from "../src/tiles/words";

const ROOT = `${import.meta.dirname}/../../..`;
const DOCS = readFileSync(`${ROOT}/docs/boards.md`, "utf-8");
const PRESETS = readdirSync(`${ROOT}/ccwall/boards/presets`).map((name) => JSON.parse(readFileSync(`${ROOT}/ccwall/boards/presets/${name}`, "utf-8")) as BoardDocument);

test("the handbook has every kind of tile with its options and its least size", () => {
  for (const { kind, options, least } of kinds()) {
    const row = DOCS.split("\n").find((line) => line.startsWith(`| \`${kind}\` |`));
    expect(row, kind).toContain(`| ${least[0]} × ${least[1]} |`);
    for (const { key } of options) expect(row, `${kind}.${key}`).toContain(`\`${key}\``);
  }
});

test("every kind, option and choice has its words", () => {
  for (const { kind, options } of kinds()) {
    expect(tiles.has(`tile.${kind}`), kind).toBe(true);
    for (const option of options) {
      expect(tiles.has(`option.${option.key}`), `${kind}.${option.key}`).toBe(true);
      if (option.type === "choice") for (const choice of option.among) expect(tiles.has(`choice.${option.key}.${choice}`), `${kind}.${option.key}.${choice}`).toBe(true);
    }
  }
});

test("presets use kinds and options that are there, and no tile smaller than it can be read", () => {
  expect(PRESETS.length).toBeGreaterThanOrEqual(7);
  for (const { id, pages } of PRESETS)
    for (const tile of pages.flatMap((page) => page.tiles)) {
      const kind = kindOf(tile.kind);
      expect(kind, `${id}: ${tile.kind}`).toBeDefined();
      const known = kind?.options.map(({ key }) => key) ?? [];
      for (const key of Object.keys(tile.options)) expect(known, `${id}: ${tile.kind}.${key}`).toContain(key);
      expect(tile.w, `${id}: ${tile.id}`).toBeGreaterThanOrEqual(kind?.least[0] ?? 0);
      expect(tile.h, `${id}: ${tile.id}`).toBeGreaterThanOrEqual(kind?.least[1] ?? 0);
    }
});
