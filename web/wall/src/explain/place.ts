/** Where the panel goes, so that the tile it answers for stays in view. Lengths in CSS pixels. */

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}
export interface Place {
  readonly left: number;
  readonly width: number;
  /** Whether the tile is beside the panel rather than under it. */
  readonly isBeside: boolean;
}

/** The design's sheet is 144 × 90 units; the panel takes 104 of its width. */
const SHEET = [144, 90] as const;
const WIDEST = 104;
/** Narrower than this no line of the table is whole, and the panel rather covers its tile. */
const NARROWEST = 58;
const EDGE = 1.6;
const GAP = 2;
/** One unit is never smaller than this, so that the smallest text (1.3 units) can be read from a chair. */
const SMALLEST = 10;

export const unitOf = (width: number, height: number): number => Math.max(SMALLEST, Math.min(width / SHEET[0], height / SHEET[1]));

export function placeBeside(tile: Box | undefined, width: number, unit: number): Place {
  const edge = Math.min(EDGE * unit, width * 0.02);
  const whole = Math.min(WIDEST * unit, width - 2 * edge);
  if (tile === undefined) return { left: (width - whole) / 2, width: whole, isBeside: false };
  const right = width - edge - (tile.left + tile.width + GAP * unit);
  const left = tile.left - GAP * unit - edge;
  const room = Math.max(left, right);
  if (room < NARROWEST * unit) {
    // Under the panel it must be: at the side away from the tile, so that at least a part of it is seen.
    const isTileLeft = tile.left + tile.width / 2 < width / 2;
    return { left: isTileLeft ? width - edge - whole : edge, width: whole, isBeside: false };
  }
  const wide = Math.min(WIDEST * unit, room);
  // Right of the tile as long as it is whole there: that is where the eye goes on reading.
  const goesRight = right >= Math.min(left, WIDEST * unit);
  return { left: goesRight ? tile.left + tile.width + GAP * unit : tile.left - GAP * unit - wide, width: wide, isBeside: true };
}
