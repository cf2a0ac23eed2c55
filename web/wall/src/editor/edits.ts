import type { BoardDocument, Options, Page, Tile } from "../board/model";
import { kindOf } from "../board/registry";
import type { Json } from "../wire/messages";
import { clamped, dropped, firstRoom, isFree, type Moves, type Place, placeOf } from "./geometry";

/** Steps that can be taken back. */
export const MOST_STEPS = 200;
export const MOST_PAGES = 12;
export const MOST_TILES = 40;
export const DWELL = { least: 3, most: 3600, usual: 30 } as const;

interface Moment {
  readonly board: BoardDocument;
  readonly page: number;
  readonly chosen: string | undefined;
}

/** What somebody works on: the board as it is now, where they are in it, and how it was before. */
export interface Editing extends Moment {
  readonly past: readonly Moment[];
  readonly future: readonly Moment[];
  /** What the last edit was about: the next one about the same belongs to the same step (a word typed letter by letter). */
  readonly about: string;
}

/** `undefined` as a value takes the field out. */
export type Fields = { readonly [K in Exclude<keyof BoardDocument, "format" | "id" | "pages">]?: BoardDocument[K] | undefined };

export type Act =
  | { readonly do: "add"; readonly kind: string; readonly at?: Readonly<{ x: number; y: number }> }
  | { readonly do: "paste"; readonly tile: Tile }
  | { readonly do: "drop"; readonly id: string; readonly place: Place }
  | { readonly do: "place"; readonly id: string; readonly place: Place }
  | { readonly do: "option"; readonly id: string; readonly key: string; readonly value: Json | undefined }
  | { readonly do: "remove"; readonly id: string }
  | { readonly do: "head"; readonly fields: Fields; readonly about?: string }
  | { readonly do: "page"; readonly at: number; readonly name?: Page["name"]; readonly dwell?: number }
  | { readonly do: "addPage" }
  | { readonly do: "removePage"; readonly at: number }
  | { readonly do: "movePage"; readonly from: number; readonly to: number }
  | { readonly do: "replace"; readonly board: BoardDocument }
  | { readonly do: "undo" | "redo" }
  | { readonly do: "choose"; readonly id: string | undefined }
  | { readonly do: "turn"; readonly page: number };

export const opened = (board: BoardDocument): Editing => ({ board, page: 0, chosen: undefined, past: [], future: [], about: "" });

export const pageOf = ({ board, page }: Moment): Page => board.pages[page] ?? { dwell: DWELL.usual, tiles: [] };
export const chosenOf = (editing: Moment): Tile | undefined => pageOf(editing).tiles.find(({ id }) => id === editing.chosen);

/** The state after an act; the same object when there was nothing to do. */
export function after(editing: Editing, act: Act): Editing {
  switch (act.do) {
    case "undo":
      return back(editing);
    case "redo":
      return forth(editing);
    case "choose":
      return act.id === editing.chosen ? editing : { ...editing, chosen: act.id, about: "" };
    case "turn": {
      const page = Math.max(0, Math.min(editing.board.pages.length - 1, act.page));
      return page === editing.page ? editing : { ...editing, page, chosen: undefined, about: "" };
    }
    default: {
      const next = changed(editing, act);
      return next === undefined ? editing : stepped(editing, next, aboutOf(act, editing.page));
    }
  }
}

function aboutOf(act: Act, page: number): string {
  if (act.do === "option") return `option ${page} ${act.id} ${act.key}`;
  if (act.do === "head") return act.about ?? "";
  return act.do === "page" ? `page ${act.at} ${act.dwell === undefined ? "name" : "dwell"}` : "";
}

function stepped(editing: Editing, next: Moment, about: string): Editing {
  if (about !== "" && about === editing.about) return { ...editing, ...next, future: [] };
  return { ...next, past: [...editing.past, momentOf(editing)].slice(-MOST_STEPS), future: [], about };
}

const momentOf = ({ board, page, chosen }: Moment): Moment => ({ board, page, chosen });

function back(editing: Editing): Editing {
  const before = editing.past.at(-1);
  if (before === undefined) return editing;
  return { ...before, past: editing.past.slice(0, -1), future: [momentOf(editing), ...editing.future], about: "" };
}

function forth(editing: Editing): Editing {
  const [next, ...rest] = editing.future;
  if (next === undefined) return editing;
  return { ...next, past: [...editing.past, momentOf(editing)], future: rest, about: "" };
}

/** `undefined`: it changes nothing, or may not be. */
function changed(editing: Editing, act: Act): Moment | undefined {
  const { tiles } = pageOf(editing);
  switch (act.do) {
    case "add":
      return added(editing, act.kind, act.at);
    case "paste":
      return pasted(editing, act.tile);
    case "drop":
      return put(editing, dropped(tiles, act.id, act.place), act.id);
    case "place": {
      const place = clamped(act.place);
      return put(editing, isFree(tiles, place, act.id) ? { [act.id]: place } : undefined, act.id);
    }
    case "option":
      return optioned(editing, act.id, act.key, act.value);
    case "remove":
      return tiles.some(({ id }) => id === act.id) ? { ...withTiles(editing, tiles.filter(({ id }) => id !== act.id)), chosen: undefined } : undefined;
    case "head":
      return headed(editing, act.fields);
    case "replace":
      return { board: { ...act.board, id: editing.board.id }, page: Math.min(editing.page, act.board.pages.length - 1), chosen: undefined };
    default:
      return paged(editing, act);
  }
}

function withPages({ board, page, chosen }: Moment, pages: readonly Page[]): Moment {
  return { board: { ...board, pages }, page, chosen };
}

const withTiles = (editing: Moment, tiles: readonly Tile[]): Moment => withPages(editing, editing.board.pages.map((page, i) => (i === editing.page ? { ...page, tiles } : page)));

function put(editing: Editing, moves: Moves | undefined, chosen: string): Moment | undefined {
  const { tiles } = pageOf(editing);
  const isSame = (tile: Tile) => {
    const place = moves?.[tile.id];
    return place === undefined || JSON.stringify(placeOf(place)) === JSON.stringify(placeOf(tile));
  };
  if (moves === undefined || tiles.every(isSame)) return undefined;
  return { ...withTiles(editing, tiles.map((tile) => ({ ...tile, ...moves[tile.id] }))), chosen };
}

/** `hero-2`: the first number that no tile of the page has. */
function idFor(tiles: readonly Tile[], kind: string): string {
  for (let n = 1; ; n++) {
    const id = n === 1 ? kind : `${kind.slice(0, 36)}-${n}`;
    if (!tiles.some((tile) => tile.id === id)) return id;
  }
}

function added(editing: Editing, name: string, at: { readonly x: number; readonly y: number } | undefined): Moment | undefined {
  const kind = kindOf(name);
  const { tiles } = pageOf(editing);
  if (kind === undefined || tiles.length >= MOST_TILES) return undefined;
  const wanted = at === undefined ? undefined : clamped({ ...at, w: kind.size[0], h: kind.size[1] });
  const small = at === undefined ? undefined : clamped({ ...at, w: kind.least[0], h: kind.least[1] });
  const place = at === undefined ? firstRoom(tiles, kind.size, kind.least) : [wanted, small].find((one) => one !== undefined && isFree(tiles, one));
  if (place === undefined) return undefined;
  const id = idFor(tiles, name);
  return { ...withTiles(editing, [...tiles, { id, kind: name, ...place, options: {} }]), chosen: id };
}

function pasted(editing: Editing, tile: Tile): Moment | undefined {
  const { tiles } = pageOf(editing);
  const place = firstRoom(tiles, [tile.w, tile.h], kindOf(tile.kind)?.least ?? [tile.w, tile.h]);
  if (place === undefined || tiles.length >= MOST_TILES) return undefined;
  const id = idFor(tiles, tile.kind);
  return { ...withTiles(editing, [...tiles, { ...tile, ...place, id }]), chosen: id };
}

function optioned(editing: Editing, id: string, key: string, value: Json | undefined): Moment | undefined {
  const { tiles } = pageOf(editing);
  const tile = tiles.find((one) => one.id === id);
  if (tile === undefined || JSON.stringify(tile.options[key]) === JSON.stringify(value)) return undefined;
  const { [key]: _, ...rest } = tile.options;
  const options: Options = value === undefined ? rest : { ...rest, [key]: value };
  return withTiles(editing, tiles.map((one) => (one.id === id ? { ...one, options } : one)));
}

function headed(editing: Editing, fields: Fields): Moment | undefined {
  const next = Object.fromEntries(Object.entries({ ...editing.board, ...fields }).filter(([, value]) => value !== undefined)) as unknown as BoardDocument;
  return JSON.stringify(next) === JSON.stringify(editing.board) ? undefined : { ...momentOf(editing), board: next };
}

function paged(editing: Editing, act: Act): Moment | undefined {
  const { pages } = editing.board;
  switch (act.do) {
    case "page": {
      const page = pages[act.at];
      if (page === undefined) return undefined;
      const { name = act.name, ...rest } = { ...page, ...(act.name === undefined ? {} : { name: act.name }), ...(act.dwell === undefined ? {} : { dwell: Math.max(DWELL.least, Math.min(DWELL.most, act.dwell)) }) };
      const next = name === undefined || Object.keys(name).length === 0 ? rest : { ...rest, name };
      return JSON.stringify(next) === JSON.stringify(page) ? undefined : withPages(editing, pages.map((one, i) => (i === act.at ? next : one)));
    }
    case "addPage": {
      if (pages.length >= MOST_PAGES) return undefined;
      const header = pages[editing.page]?.tiles.find(({ kind }) => kind === "header");
      const page: Page = { dwell: pages[editing.page]?.dwell ?? DWELL.usual, tiles: header === undefined ? [] : [header] };
      return { ...withPages(editing, [...pages.slice(0, editing.page + 1), page, ...pages.slice(editing.page + 1)]), page: editing.page + 1, chosen: undefined };
    }
    case "removePage":
      if (pages.length < 2 || pages[act.at] === undefined) return undefined;
      return { ...withPages(editing, pages.filter((_, i) => i !== act.at)), page: Math.min(editing.page, pages.length - 2), chosen: undefined };
    case "movePage": {
      const page = pages[act.from];
      if (page === undefined || pages[act.to] === undefined || act.from === act.to) return undefined;
      const others = pages.filter((_, i) => i !== act.from);
      return { ...withPages(editing, [...others.slice(0, act.to), page, ...others.slice(act.to)]), page: act.to, chosen: undefined };
    }
    default:
      return undefined;
  }
}

/** How many things differ: fields of the board, pages, and tiles in them. */
export function changesBetween(one: BoardDocument, other: BoardDocument): number {
  if (one === other) return 0;
  const differ = (a: unknown, b: unknown) => JSON.stringify(a) !== JSON.stringify(b);
  const { pages: onePages, ...oneHead } = one;
  const { pages: otherPages, ...otherHead } = other;
  const keys = new Set([...Object.keys(oneHead), ...Object.keys(otherHead)]);
  let count = [...keys].filter((key) => differ(oneHead[key as keyof typeof oneHead], otherHead[key as keyof typeof otherHead])).length;
  for (let i = 0; i < Math.max(onePages.length, otherPages.length); i++) count += pagesDiffer(onePages[i], otherPages[i]);
  return count;
}

function pagesDiffer(one: Page | undefined, other: Page | undefined): number {
  if (one === undefined || other === undefined) return 1;
  const { tiles: ones, ...oneRest } = one;
  const { tiles: others, ...otherRest } = other;
  const written = (tiles: readonly Tile[]) => new Map(tiles.map((tile) => [tile.id, JSON.stringify(tile)]));
  const [before, now] = [written(ones), written(others)];
  const ids = new Set([...before.keys(), ...now.keys()]);
  const tiles = [...ids].filter((id) => before.get(id) !== now.get(id)).length;
  return tiles + (JSON.stringify(oneRest) === JSON.stringify(otherRest) ? 0 : 1);
}
