import { COLUMNS, ROWS, type Tile } from "../board/model";
import { kindOf } from "../board/registry";

/** In cells. */
export interface Place {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

export const overlap = (a: Place, b: Place): boolean => a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;

export const isInside = ({ x, y, w, h }: Place): boolean => x >= 0 && y >= 0 && w >= 1 && h >= 1 && x + w <= COLUMNS && y + h <= ROWS;

const between = (value: number, least: number, most: number): number => Math.max(least, Math.min(most, value));

/** The nearest place of the same size that is on the board; what is larger than the board is made smaller. */
export function clamped({ x, y, w, h }: Place): Place {
  const [width, height] = [between(Math.round(w), 1, COLUMNS), between(Math.round(h), 1, ROWS)];
  return { x: between(Math.round(x), 0, COLUMNS - width), y: between(Math.round(y), 0, ROWS - height), w: width, h: height };
}

/** Who lies where somebody wants to be, but for those of `except`. */
export const inTheWay = (tiles: readonly Tile[], place: Place, ...except: readonly string[]): readonly Tile[] => tiles.filter((tile) => !except.includes(tile.id) && overlap(tile, place));

export const isFree = (tiles: readonly Tile[], place: Place, ...except: readonly string[]): boolean => isInside(place) && inTheWay(tiles, place, ...except).length === 0;

/** The first free room of this size in reading order; if there is none, of the least size, and as much more as is free there; `undefined`: the page is full. */
export function firstRoom(tiles: readonly Tile[], size: readonly [w: number, h: number], least: readonly [w: number, h: number] = size): Place | undefined {
  for (const [w, h] of [size, least])
    for (let y = 0; y + h <= ROWS; y++)
      for (let x = 0; x + w <= COLUMNS; x++) if (isFree(tiles, { x, y, w, h })) return grown(tiles, { x, y, w, h }, size);
  return undefined;
}

/** Wider and then higher, up to a size, as far as nobody lies there. */
function grown(tiles: readonly Tile[], place: Place, [most, highest]: readonly [w: number, h: number]): Place {
  let { w, h } = place;
  while (w < most && isFree(tiles, { ...place, w: w + 1, h })) w++;
  while (h < highest && isFree(tiles, { ...place, w, h: h + 1 })) h++;
  return { ...place, w, h };
}

/** Where several are put anew. */
export type Moves = Readonly<Record<string, Place>>;

/**
 * What happens when a tile is let go at `wanted`: it goes there if it is free; if it lies over one other, the two change
 * places, with their own sizes where both fit, else with each other's. `undefined`: it goes back.
 */
export function dropped(tiles: readonly Tile[], id: string, wanted: Place): Moves | undefined {
  const tile = tiles.find((one) => one.id === id);
  if (tile === undefined) return undefined;
  const place = clamped(wanted);
  const others = inTheWay(tiles, place, id);
  if (others.length === 0) return { [id]: place };
  const other = facing(place, others);
  if (other === undefined) return undefined;
  return swapped(tiles, tile, other);
}

/** Of those in the way the one that the middle of the dropped tile is on, or whose middle the dropped tile covers. */
function facing(place: Place, others: readonly Tile[]): Tile | undefined {
  const on = (point: Place, area: Place) => {
    const [x, y] = [point.x + point.w / 2, point.y + point.h / 2];
    return x >= area.x && x < area.x + area.w && y >= area.y && y < area.y + area.h;
  };
  return others.find((other) => on(place, other)) ?? others.find((other) => on(other, place));
}

function swapped(tiles: readonly Tile[], one: Tile, other: Tile): Moves | undefined {
  const [mine, theirs] = [
    { x: other.x, y: other.y, w: one.w, h: one.h },
    { x: one.x, y: one.y, w: other.w, h: other.h },
  ];
  const both = isFree(tiles, mine, one.id, other.id) && isFree(tiles, theirs, one.id, other.id) && !overlap(mine, theirs);
  if (both) return { [one.id]: mine, [other.id]: theirs };
  const fits = (tile: Tile, { w, h }: Place) => {
    const [leastW, leastH] = kindOf(tile.kind)?.least ?? [1, 1];
    return w >= leastW && h >= leastH;
  };
  if (!fits(one, other) || !fits(other, one)) return undefined;
  return { [one.id]: placeOf(other), [other.id]: placeOf(one) };
}

export const placeOf = ({ x, y, w, h }: Place): Place => ({ x, y, w, h });

/** The eight ends a tile is taken by, as compass points. */
export const HANDLES = ["nw", "n", "ne", "e", "se", "s", "sw", "w"] as const;
export type Handle = (typeof HANDLES)[number];

/** The place after one of its ends was pulled by so many cells; never smaller than one cell, never over the edge. */
export function pulled({ x, y, w, h }: Place, handle: Handle, dx: number, dy: number): Place {
  let [left, top, right, bottom] = [x, y, x + w, y + h];
  if (handle.includes("w")) left = between(x + dx, 0, right - 1);
  if (handle.includes("e")) right = between(right + dx, left + 1, COLUMNS);
  if (handle.includes("n")) top = between(y + dy, 0, bottom - 1);
  if (handle.includes("s")) bottom = between(bottom + dy, top + 1, ROWS);
  return { x: left, y: top, w: right - left, h: bottom - top };
}

/** The nearest free place in a direction, over whoever lies between; `undefined` at the edge. */
export function stepped(tiles: readonly Tile[], tile: Tile, dx: number, dy: number): Place | undefined {
  for (let n = 1; n < Math.max(COLUMNS, ROWS); n++) {
    const place = { x: tile.x + n * dx, y: tile.y + n * dy, w: tile.w, h: tile.h };
    if (!isInside(place)) return undefined;
    if (isFree(tiles, place, tile.id)) return place;
  }
  return undefined;
}
