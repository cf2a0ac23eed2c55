import type { Group } from "./order";

/** One thing in the list: a tile in its column, or a team's name over the whole width. Lengths in rem. */
export type Item = { readonly key: string; readonly top: number; readonly height: number } & (
  | { readonly kind: "tile"; readonly id: string; readonly column: number; readonly nth: number }
  | { readonly kind: "team"; readonly team: string; readonly count: number }
);

export interface Sizes {
  readonly columns: number;
  readonly height: number;
  readonly gap: number;
  /** Of a team's name, its own space included. */
  readonly head: number;
}

export interface Layout {
  readonly items: readonly Item[];
  readonly height: number;
}

/** Where everything lies, from the top down; items are in the order in which they are read. */
export function lay(groups: readonly Group[], { columns, height, gap, head }: Sizes, isGrouped: boolean): Layout {
  const items: Item[] = [];
  let [top, nth] = [0, 0];
  for (const { team, ids } of groups) {
    if (isGrouped) {
      items.push({ kind: "team", key: `team ${team}`, team, count: ids.length, top, height: head });
      top += head;
    }
    ids.forEach((id, i) => {
      items.push({ kind: "tile", key: `tile ${id}`, id, column: i % columns, nth: nth++, top: top + Math.floor(i / columns) * (height + gap), height });
    });
    top += Math.ceil(ids.length / columns) * (height + gap);
  }
  return { items, height: Math.max(0, top - gap) };
}

/** The items that reach into [from, to); tops never fall, so the ends are found by halving. */
export function within({ items }: Layout, from: number, to: number): readonly Item[] {
  return items.slice(firstAt(items, from), firstAt(items, to, "top"));
}

function firstAt(items: readonly Item[], line: number, edge: "top" | "bottom" = "bottom"): number {
  let [low, high] = [0, items.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const item = items[middle] as Item;
    const isBefore = edge === "top" ? item.top < line : item.top + item.height <= line;
    if (isBefore) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** How many columns of at least `least` fit side by side. */
export const columnsIn = (room: number, least: number, gap: number): number => Math.max(1, Math.floor((room + gap) / (least + gap)));

const SIDEWAYS: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1 };

/** The tile that a key leads to from `id`: by reading order sideways, to the nearest column up and down. */
export function stepTo({ items }: Layout, id: string | undefined, key: string, isRtl = false): string | undefined {
  const tiles = items.filter((item) => item.kind === "tile");
  if (key === "Home") return tiles[0]?.id;
  if (key === "End") return tiles.at(-1)?.id;
  const step = SIDEWAYS[key];
  if (step === undefined && key !== "ArrowUp" && key !== "ArrowDown") return undefined;
  const at = tiles.findIndex((tile) => tile.id === id);
  const from = tiles[at];
  if (from === undefined) return tiles[0]?.id;
  if (step !== undefined) return tiles[at + step * (isRtl ? -1 : 1)]?.id;
  const rows = tiles.filter((tile) => (key === "ArrowDown" ? tile.top > from.top : tile.top < from.top));
  const row = key === "ArrowDown" ? rows[0]?.top : rows.at(-1)?.top;
  const ahead = rows.filter((tile) => tile.top === row);
  return (ahead.find((tile) => tile.column === from.column) ?? ahead.at(-1))?.id;
}
