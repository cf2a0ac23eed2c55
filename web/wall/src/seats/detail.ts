/** How much of a seat is told, by how large it is: `dots` a colour, `far` a shape, `mid` with timer and id, `near` in words. */
export const LEVELS = ["dots", "far", "mid", "near"] as const;
export type Level = (typeof LEVELS)[number];

/** Pixels a plan unit must have at the least: a desk is 60 units, a shape some 44. */
const MID = 0.72;
const NEAR = 2.75;
const FAR = 0.24;

export function levelOf(z: number): Level {
  if (z >= NEAR) return "near";
  if (z >= MID) return "mid";
  return z >= FAR ? "far" : "dots";
}
/** From where on a person's name can be read. */
export const NAMED = NEAR;

/** On a wall nothing is smaller than `least` pixels: timer and id, else the id alone, else the shape. */
export type WallLevel = "dots" | "far" | "id" | "mid";

export function wallLevelOf(z: number, least: number): WallLevel {
  // Two lines on a desk 58 high, of which "12:48" is some 2.75 em wide and "A-01" 2.5.
  if (58 * z >= least * 2.35 && 60 * z >= least * 2.85) return "mid";
  if (60 * z >= least * 2.6 && 58 * z >= least * 1.25) return "id";
  return z >= FAR ? "far" : "dots";
}
