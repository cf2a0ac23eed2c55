import { type Page, ROWS, type Tile } from "./model";

/** A tile where it is drawn: `y` and `h` may differ from the document's. */
export interface Laid {
  readonly tile: Tile;
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

export interface Layout {
  readonly rows: number;
  /** The row at which a banner lies; `undefined` without one. */
  readonly banner: number | undefined;
  readonly tiles: readonly Laid[];
}

/** A banner takes this many rows. */
export const BANNER = 2;

/**
 * Where everything lies. A banner comes below the header, else above all, and the grid has two rows more. Who has left
 * (`gone`) gives their room to the neighbour above or below that is exactly as wide.
 */
export function layOut(page: Page, hasBanner: boolean, gone: ReadonlySet<string>): Layout {
  const all = page.tiles;
  const top = all.some(({ y, h }) => y < BANNER && y + h > BANNER) || !all.some(({ y }) => y < BANNER) ? 0 : BANNER;
  const shift = ({ y }: { readonly y: number }): number => (hasBanner && y >= top ? BANNER : 0);
  const laid = new Map(all.filter(({ id }) => !gone.has(id)).map((tile) => [tile.id, { tile, x: tile.x, y: tile.y, w: tile.w, h: tile.h }]));
  for (const left of all.filter(({ id }) => gone.has(id))) {
    const above = [...laid.values()].find((one) => one.x === left.x && one.w === left.w && one.y + one.h === left.y && one.y >= top);
    const below = [...laid.values()].find((one) => one.x === left.x && one.w === left.w && one.y === left.y + left.h);
    const heir = above ?? below;
    if (heir === undefined) continue;
    laid.set(heir.tile.id, { ...heir, y: Math.min(heir.y, left.y), h: heir.h + left.h });
  }
  return {
    rows: hasBanner ? ROWS + BANNER : ROWS,
    banner: hasBanner ? top : undefined,
    tiles: [...laid.values()].map((one) => ({ ...one, y: one.y + shift(one) })),
  };
}

/** As they are read: line by line, from the start. What a phone shows one under the other, and a reader hears. */
export const inReadingOrder = <T extends { readonly x: number; readonly y: number }>(tiles: readonly T[]): readonly T[] => [...tiles].sort((a, b) => a.y - b.y || a.x - b.x);
