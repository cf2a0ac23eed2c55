import type { BoardDocument, Page, Tile } from "../board/model";
import { kindOf, optionsOf } from "../board/registry";
import { embeddable } from "../tiles/hosts";
import { tooMany } from "./room";

/** What somebody should look at before a board is published; `key` is `finding.<key>` of the editor's catalogue. */
export interface Finding {
  readonly key: string;
  readonly values: Readonly<Record<string, string | number>>;
  /** The page it is on, from 0; `undefined`: the board. */
  readonly page?: number;
  readonly tile?: string;
  /** Kinds of tiles that the words name, as `{tiles}`. */
  readonly kinds?: readonly string[];
}

export const MOST = { hero: 5, table: 1, chart: 1 } as const;
const TABLES: ReadonlySet<string> = new Set(["queues", "agents", "waiting"]);
const CHARTS: ReadonlySet<string> = new Set(["curve"]);

/** What can be said of a board without looking at it. `embed`: the origins whose pages may be shown. */
export function findings(board: BoardDocument, embed: readonly string[]): readonly Finding[] {
  return [...board.pages.flatMap((page, i) => ofPage(board, page, i, embed)), ...ofSound(board)];
}

function ofPage(board: BoardDocument, page: Page, at: number, embed: readonly string[]): readonly Finding[] {
  const found: Finding[] = [];
  const { tiles } = page;
  if (tiles.length === 0) found.push({ key: "empty", values: { n: at + 1 }, page: at });
  const crowd = (key: string, of: (tile: Tile) => boolean, most: number) => {
    const all = tiles.filter(of);
    const last = all[most];
    if (last !== undefined) found.push({ key, values: { n: all.length, most, over: all.length - most }, page: at, tile: last.id });
  };
  crowd("heroes", ({ kind }) => kind === "hero", MOST.hero);
  crowd("tables", ({ kind }) => TABLES.has(kind), MOST.table);
  crowd("charts", ({ kind }) => CHARTS.has(kind), MOST.chart);
  for (const tile of tiles) found.push(...ofTile(board, tile, at, embed));
  const gone = tooMany(page, board);
  const [first] = gone;
  if (first !== undefined) found.push({ key: "far", values: { n: gone.length, distance: board.distance, diagonal: board.diagonal }, kinds: gone.map(({ kind }) => kind), page: at, tile: first.id });
  return found;
}

function ofTile(board: BoardDocument, tile: Tile, page: number, embed: readonly string[]): readonly Finding[] {
  const kind = kindOf(tile.kind);
  if (kind === undefined) return [{ key: "unknown", values: { kind: tile.kind.slice(0, 40) }, page, tile: tile.id }];
  const found: Finding[] = [];
  const options = optionsOf(tile);
  const [w, h] = kind.least;
  if (tile.w < w || tile.h < h) found.push({ key: "least", values: { w, h, distance: board.distance }, kinds: [tile.kind], page, tile: tile.id });
  const isRanking = tile.kind === "leaderboard" && options["who"] === "people";
  if (kind.namesPeople === true || isRanking) found.push({ key: "names", values: {}, kinds: [tile.kind], page, tile: tile.id });
  for (const option of kind.options) {
    if (option.type === "picture" && !options[option.key]) found.push({ key: "noPicture", values: {}, page, tile: tile.id });
    if (option.type !== "address") continue;
    const { refusal, host } = embeddable(String(options[option.key] ?? ""), embed);
    if (refusal !== undefined) found.push({ key: `embed.${refusal}`, values: { host: host.slice(0, 60) }, page, tile: tile.id });
  }
  return found;
}

function ofSound({ sound, pages }: BoardDocument): readonly Finding[] {
  if (sound === undefined) return [];
  const isOn = [sound.breach, sound.warn, sound.source].some((how) => how !== "off");
  if (!isOn) return [];
  if (sound.volume === 0) return [{ key: "mute", values: {} }];
  const isHeardFor = pages.some(({ tiles }) => tiles.some(({ kind }) => kindOf(kind)?.alarms !== undefined));
  const needsTile = sound.breach !== "off" || sound.warn !== "off";
  if (needsTile && !isHeardFor) return [{ key: "soundless", values: {} }];
  return sound.warn === "off" ? [] : [{ key: "often", values: {} }];
}
