import type { Outlook } from "../parts/curve-plot";
import type { Cell } from "../wire/cell";

/** What the service level of the next minutes will probably be: right eight times of ten. */
export interface Band {
  readonly minutes: number;
  readonly low: number;
  readonly mid: number;
  readonly high: number;
}

const AHEAD = ["5", "15", "30"] as const;

/** `{"5": [low, middle, high], …}`, the nearest first; what is none is left out. */
export function bandsOf(forecast: Cell): readonly Band[] {
  return AHEAD.flatMap((minutes) => {
    const band = forecast.at(minutes).list;
    if (band.length !== 3 || !band.every((level) => typeof level === "number")) return [];
    const [low = 0, mid = 0, high = 0] = band as readonly number[];
    return [{ minutes: Number(minutes), low, mid, high }];
  });
}

/** The same as instants. */
export const aheadOf = (bands: readonly Band[], now: number): readonly Outlook[] => bands.map(({ minutes, low, mid, high }) => [now + 60 * minutes, low, mid, high]);

/** Where a band lies to its target: as good as sure, more likely than not, hardly, or not at all. */
export type Chance = "sure" | "likely" | "hardly" | "no";
export function chanceOf({ low, mid, high }: Band, target: number | undefined): Chance | undefined {
  if (target === undefined) return undefined;
  if (low >= target) return "sure";
  if (high < target) return "no";
  return mid >= target ? "likely" : "hardly";
}
