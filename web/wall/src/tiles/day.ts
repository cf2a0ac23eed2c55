import { split } from "../board/scope";
import type { Point } from "../parts/curve-plot";
import type { Cell } from "../wire/cell";
import type { Json } from "../wire/messages";
import { localTime } from "./notices";

/** What a curve is drawn of: the whole day by intervals, or the last two hours by steps of five minutes. */
export interface Series {
  readonly isDay: boolean;
  readonly begin: number;
  readonly length: number;
  readonly fewest: number;
  readonly points: readonly Point[];
  /** The interval that is not over: a count of it still grows. */
  readonly running: Point | undefined;
}

/** The board has a curve of the day for the floor's service level and arrivals; all else has its last two hours. */
export const hasDay = (scope: string, metric: string): boolean => split(scope)[0] === "floor" && (metric === "service_level" || metric === "offered");

const LEVEL = 1;

/** `[start, level?, offered]` as a point of one of the two. */
function pointOf(item: Json, metric: string): Point | undefined {
  if (!Array.isArray(item) || typeof item[0] !== "number") return undefined;
  const value = metric === "offered" ? item.at(-1) : item.length >= 3 ? item[LEVEL] : undefined;
  return item.length >= 2 && typeof value === "number" ? { start: item[0], level: value } : { start: item[0] };
}

export function daySeries(board: Cell, metric: string, now: number | undefined): Series {
  const lacking = new Set(board.at("curve_incomplete").list);
  const revised = new Set(board.at("curve_revised").list);
  const length = board.at("interval", "length").number ?? 1800;
  const all = board
    .at("curve")
    .list.map((item) => pointOf(item, metric))
    .filter((point) => point !== undefined)
    .map((point): Point => ({ ...point, isLacking: lacking.has(point.start), isRevised: revised.has(point.start) }));
  const begin = all[0]?.start ?? board.at("interval", "starts").number ?? 0;
  const last = all.at(-1);
  const isRunning = metric === "offered" && last !== undefined && now !== undefined && last.start + length > now;
  return { isDay: true, begin, length, fewest: 6, points: isRunning ? all.slice(0, -1) : all, running: isRunning ? last : undefined };
}

/** The day before at the same times of today; daylight saving moves it by an hour more or less. */
export function yesterdayOf(list: readonly Json[], metric: string, zone: string): readonly Point[] {
  const points = list.map((item) => pointOf(item, metric)).filter((point) => point !== undefined);
  const first = points[0]?.start ?? 0;
  const wanted = localTime(first, zone).slice(-5);
  const shift = [86_400, 82_800, 90_000].find((seconds) => localTime(first + seconds, zone).endsWith(wanted)) ?? 86_400;
  return points.map((point) => ({ ...point, start: point.start + shift }));
}

const STEPS = 24;

/** `{from, step, <metric>: [[k, value], …]}`; a step that is not there says nothing. */
export function trendSeries(trend: Cell, metric: string): Series {
  const length = trend.at("step").number ?? 300;
  const begin = trend.at("from").number ?? 0;
  const values = new Map(trend.at(metric).list.flatMap((item) => (Array.isArray(item) && typeof item[0] === "number" && typeof item[1] === "number" ? [[item[0], item[1]] as const] : [])));
  const last = Math.min(2 * STEPS, Math.max(-1, ...values.keys()));
  const points = Array.from({ length: last + 1 }, (_, k): Point => {
    const level = values.get(k);
    return level === undefined ? { start: begin + k * length } : { start: begin + k * length, level };
  });
  return { isDay: false, begin, length, fewest: STEPS, points, running: undefined };
}
