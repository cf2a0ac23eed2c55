import type { Cell } from "../wire/cell";

/** The last two hours of one number, step by step. */
export interface Trended {
  readonly from: number;
  readonly step: number;
  /** `[instant of the middle of the step, value]`, in order. */
  readonly points: readonly (readonly [number, number])[];
}

export function trendOf(trend: Cell, metric: string): Trended {
  const [from, step] = [trend.at("from").number ?? 0, trend.at("step").number ?? 300];
  const points = trend.at(metric).list.flatMap((item) => {
    if (!Array.isArray(item) || typeof item[0] !== "number" || typeof item[1] !== "number") return [];
    return [[from + (item[0] + 0.5) * step, item[1]] as const];
  });
  return { from, step, points };
}

/** Tenths of a rem: what a sign of a label takes, and what is kept around the line. */
const SIGN = 18;
const EDGE = 9;
const GAP = 16;
const SPAN = 7200;

/** `write` says a value as its label does; the labels are the ends of what the drawing spans, so that it has a scale. */
export function trendPlot({ from, step, points }: Trended, target: number | undefined, width: number, height: number, write: (value: number) => string) {
  const values = points.map(([, value]) => value);
  const all = target === undefined ? values : [...values, target];
  const [least, most] = [Math.min(...all), Math.max(...all)];
  const ends = most > least ? [most, least] : [most];
  const written = ends.map(write);
  const room = most - least || 1;
  const [top, bottom, left, right] = [EDGE, height - EDGE, Math.max(...written.map((label) => label.length)) * SIGN + GAP, width - EDGE];
  const x = (instant: number): number => left + (Math.min(SPAN, Math.max(0, instant - from)) / SPAN) * (right - left);
  const y = (value: number): number => (most > least ? bottom - ((value - least) / room) * (bottom - top) : (top + bottom) / 2);
  let path = "";
  let before: number | undefined;
  for (const [instant, value] of points) {
    // A hole of more than two steps is a hole.
    const isJoined = before !== undefined && instant - before <= 2.1 * step;
    path += `${isJoined ? "L" : "M"}${x(instant).toFixed(1)} ${y(value).toFixed(1)}${isJoined ? "" : "h0"}`;
    before = instant;
  }
  const end = points.at(-1);
  const labels = written.filter((label, i) => i === 0 || label !== written[0]).map((label, i, shown) => ({ label, y: shown.length === 1 ? (top + bottom) / 2 : i === 0 ? top + 3 : bottom - 3 }));
  return { path, left, right, last: end && ([x(end[0]), y(end[1])] as const), target: target === undefined ? undefined : y(target), labels };
}
