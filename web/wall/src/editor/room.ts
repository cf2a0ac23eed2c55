import { type BoardDocument, COLUMNS, type Page, ROWS, type Tile } from "../board/model";
import { kindOf } from "../board/registry";
import { farType } from "../board/show";

/** Far type in which the arrangements were drawn, px of 1920: 8 m on 55 inches. */
export const DRAWN = 90.5;
const CAP = 0.7;
/** A screen is so many mm wide per inch of its diagonal, at 16:9. */
const MM = 22.138;

export interface Tier {
  readonly id: "far" | "mid" | "near";
  /** Cap height is the distance over this. */
  readonly part: 200 | 400 | 600;
  /** px of 1920. */
  readonly px: number;
  readonly mm: number;
}

/** What each tier must measure at least. */
export function tiers({ distance, diagonal }: Pick<BoardDocument, "distance" | "diagonal">): readonly Tier[] {
  const far = farType(distance, diagonal);
  return [
    { id: "far", part: 200, px: far, mm: (distance * 1000) / 200 },
    { id: "mid", part: 400, px: far / 2, mm: (distance * 1000) / 400 },
    { id: "near", part: 600, px: far / 3, mm: (distance * 1000) / 600 },
  ];
}

/** The cap height in mm of type of so many px of 1920. */
export const capOf = (px: number, diagonal: number): number => (px * CAP * diagonal * MM) / 1920;

export const EYE = 0.6;
/** CSS px per mm as browsers assume: 96 to the inch. */
const PX = 96 / 25.4;

/**
 * How wide, in CSS px, a picture of the screen must be to look from 60 cm as the screen does from its distance; where
 * there is less room than that, from how near it must be looked at instead. Metres.
 */
export function picture({ distance, diagonal }: Pick<BoardDocument, "distance" | "diagonal">, room: number): { readonly width: number; readonly eye: number } {
  const width = diagonal * MM * (EYE / distance) * PX;
  return width <= room ? { width, eye: EYE } : { width: room, eye: (EYE * room) / width };
}

/** Who goes first where there are too many: what cheers or decorates before what is worked with. */
const FIRST_TO_GO = ["thanks", "picture", "text", "clock", "race", "leaderboard", "ticker", "embed", "sources", "outlook", "gap", "curve", "load", "waiting", "alerts", "hero"];

const isWorthLess = (a: Tile, b: Tile): number => rank(a) - rank(b) || b.y - a.y || b.x - a.x;
const rank = ({ kind }: Tile): number => (FIRST_TO_GO.includes(kind) ? FIRST_TO_GO.indexOf(kind) : FIRST_TO_GO.length);

/** Cells that a tile needs when type is `factor` times as large as what it was drawn for. */
function need(tile: Tile, factor: number): number {
  const [w, h] = kindOf(tile.kind)?.least ?? [1, 1];
  return Math.min(COLUMNS, Math.ceil(w * factor)) * Math.min(ROWS, Math.ceil(h * factor));
}

/** What to take off a page so that the rest can be read from there; none where everything can. */
export function tooMany(page: Page, room: Pick<BoardDocument, "distance" | "diagonal">): readonly Tile[] {
  const factor = farType(room.distance, room.diagonal) / DRAWN;
  if (factor <= 1) return [];
  const left = [...page.tiles];
  const gone: Tile[] = [];
  const isFull = () => left.reduce((cells, tile) => cells + Math.max(need(tile, factor), tile.w * tile.h), 0) > COLUMNS * ROWS;
  const candidates = [...page.tiles].filter((tile) => rank(tile) < FIRST_TO_GO.length).sort(isWorthLess);
  for (const tile of candidates) {
    if (!isFull()) break;
    gone.push(tile);
    left.splice(left.indexOf(tile), 1);
  }
  return gone;
}
