/** Where things lie on the curve's drawing; lengths in tenths of a rem. */
import { deskSpan } from "../desk/span";

export interface Point {
  readonly start: number;
  /** A fraction, or a count or seconds where the paper's unit is one; absent: nothing to say, the line is broken. */
  readonly level?: number;
  /** Events of its interval, or of its callers' waits, were missed. */
  readonly isLacking?: boolean;
  /** It was told otherwise more than five minutes afterwards. */
  readonly isRevised?: boolean;
}
export type CurveUnit = "share" | "count" | "seconds";
/** What the level may be at an instant to come: low, likely and high. */
export type Outlook = readonly [at: number, low: number, mid: number, high: number];
export interface Paper {
  readonly width: number;
  readonly height: number;
  readonly begin: number;
  /** Seconds of one interval. */
  readonly length: number;
  readonly target: number | undefined;
  /** From where on, and to what the level may go; empty without a forecast. */
  readonly outlook?: readonly Outlook[];
  readonly now?: number | undefined;
  /** The day before, moved to the same times of today. */
  readonly before?: readonly Point[];
  /** What its line is called; room is kept for it at the end of the line. */
  readonly beforeWord?: string;
  /** Fractions from somewhere to all, or counts from none. */
  readonly unit?: CurveUnit;
  /** The size of its labels. */
  readonly text?: number;
  /** The fewest intervals that are as wide as the drawing. */
  readonly fewest?: number;
}

const HOUR = 3600;
const MINUTE = 60;
/** Of a label, in its own size: how wide a digit and a wide character are, how far apart two lines must be. */
const DIGIT = 0.56;
const WIDE = 1.02;
const LINE = 1.15;
type Place = readonly [x: number, y: number];

export function plot(points: readonly Point[], paper: Paper) {
  const { width, height, begin, length, target, outlook = [], now, before = [], beforeWord = "", unit = "share", text = 30, fewest = 6 } = paper;
  const end = Math.max((points.at(-1)?.start ?? begin) + length, begin + fewest * length, outlook.at(-1)?.[0] ?? 0);
  const seen = before.filter(({ start }) => start >= begin - 1 && start < end);
  const [floor, ceiling] = rangeOf(unit, [...points, ...seen], outlook, target);
  const [top, bottom] = [0.54 * text, height - 1.46 * text];
  const y = (level: number) => bottom - ((level - floor) / (ceiling - floor)) * (bottom - top);
  const levels = levelsOf(unit, floor, ceiling, target, y, text);
  const widest = Math.max(...levels.map((level) => labelOf(level, unit).length));
  const left = Math.round(widest * DIGIT * text + 0.5 * text);
  const isNamed = beforeWord !== "" && seen.some((point) => point.level !== undefined);
  const right = width - (isNamed ? wide(beforeWord) * text + 0.4 * text : 0.46 * text);
  const x = (instant: number) => left + ((instant - begin) / (end - begin || 1)) * (right - left);
  /** Where a measured point lies: in the middle of its interval. */
  const middle = ({ start, level }: Point): Place | undefined => (level === undefined ? undefined : [x(start + length / 2), y(level)]);
  const { path, last } = lineOf(points, middle);
  const line = lineOf(seen, (point) => {
    const place = middle(point);
    return place === undefined || place[0] > right ? undefined : place;
  });
  const band = bandOf(outlook, now, last, x, y);
  const named = isNamed && line.last !== undefined ? ([line.last[0] + 0.3 * text, Math.min(bottom, Math.max(top + 0.5 * text, line.last[1] + 0.35 * text))] as const) : undefined;
  const ticks = ticksOf(begin, end, (right - left) / (end - begin), text);
  return { x, y, band, left, right, top, bottom, end, path, last, middle, levels, ticks, text, before: line.path, named, unit };
}

/** How a level is written on its axis. */
export const labelOf = (level: number, unit: CurveUnit): string => (unit === "seconds" ? deskSpan(level) : unit === "share" ? String(Math.round(level * 1000) / 10) : String(Math.round(level * 10) / 10));

/** How wide a word is, in its own size. */
const wide = (word: string): number => [...word].reduce((sum, letter) => sum + ((letter.codePointAt(0) ?? 0) > 0x2e80 ? WIDE : DIGIT), 0);

function rangeOf(unit: CurveUnit, points: readonly Point[], outlook: readonly Outlook[], target: number | undefined): readonly [number, number] {
  if (unit === "seconds") return [0, roundTop(Math.max(4, target ?? 0, ...points.map((point) => point.level ?? 0)))];
  if (unit === "count") return [0, niceTop(Math.max(4, target ?? 0, ...points.map((point) => point.level ?? 0)))];
  const lowest = Math.min(1, target ?? 1, ...points.map((point) => point.level ?? 1), ...outlook.map(([, low]) => low));
  return [Math.max(0, Math.min(0.6, Math.floor(lowest * 5 - 0.1) / 5)), 1];
}

/** Tops of a time that can be halved: a minute, ten of them, an hour. */
const TOPS = [10, 20, 60, 120, 240, 600, 1200, 1800, 3600, 7200] as const;
const roundTop = (most: number): number => TOPS.find((top) => top >= most) ?? Math.ceil(most / 7200) * 7200;

/** The least of 4, 10, 20, 40, 100, … that holds `most`: its half is a whole number, too. */
function niceTop(most: number): number {
  let scale = 1;
  for (;;) {
    const top = [4, 6, 10, 20].map((n) => n * scale).find((n) => n >= most);
    if (top !== undefined) return top;
    scale *= 10;
  }
}

/** A line through what was measured, broken where nothing was. */
function lineOf(points: readonly Point[], place: (point: Point) => Place | undefined): { readonly path: string; readonly last: Place | undefined } {
  let path = "";
  let last: Place | undefined;
  let isDown = false;
  for (const point of points) {
    const at = place(point);
    if (at !== undefined) {
      last = at;
      // A lone point between two gaps still gets its dot: a line of no length with round ends.
      path += `${isDown ? "L" : "M"}${at[0].toFixed(1)} ${at[1].toFixed(1)}${isDown ? "" : "h0"}`;
    }
    isDown = at !== undefined;
  }
  return { path, last };
}

/** The forecast opens like a fan from where the line ends: its outline, and the likely way through it. */
function bandOf(
  outlook: readonly Outlook[],
  now: number | undefined,
  last: Place | undefined,
  x: (instant: number) => number,
  y: (level: number) => number,
): { readonly outline: string; readonly mid: string } | undefined {
  if (outlook.length === 0 || now === undefined || last === undefined) return undefined;
  // The line ends in the middle of the present interval, which may be after now.
  const ahead = outlook.filter(([at]) => x(at) > last[0]);
  const to = (at: number, level: number) => `L${x(at).toFixed(1)} ${y(level).toFixed(1)}`;
  const from = `M${last[0].toFixed(1)} ${last[1].toFixed(1)}`;
  if (ahead.length === 0) return undefined;
  const above = ahead.map(([at, , , high]) => to(at, high));
  const below = ahead.map(([at, low]) => to(at, low)).reverse();
  return { outline: `${from}${above.join("")}${below.join("")}Z`, mid: from + ahead.map(([at, , mid]) => to(at, mid)).join("") };
}

/** The lines to read against: the target first, then the ends, then the middle, where they do not crowd the others. */
function levelsOf(unit: CurveUnit, floor: number, ceiling: number, target: number | undefined, y: (level: number) => number, text: number): number[] {
  const between = unit === "share" ? (floor < 0.5 ? [0.5, 0.6] : []) : [(floor + ceiling) / 2];
  const levels: number[] = target === undefined ? [] : [target];
  for (const level of [floor, ceiling, ...between])
    if (levels.every((other) => Math.abs(y(other) - y(level)) > (between.includes(level) ? 2 : 1) * LINE * text)) levels.push(level);
  return levels;
}

/** Whole hours, or parts of one, as many as have room for their label: beside each other, right of the levels, and in the drawing. */
function ticksOf(begin: number, end: number, scale: number, text: number): number[] {
  const label = 5 * DIGIT * text;
  const step = [10 * MINUTE, 20 * MINUTE, HOUR / 2, HOUR, 2 * HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR].find((hours) => hours * scale > label + 0.9 * text) ?? 24 * HOUR;
  const ticks: number[] = [];
  for (let tick = Math.ceil(begin / step) * step; tick <= end; tick += step)
    if ((tick - begin) * scale > label / 2 - 0.3 * text && (end - tick) * scale > label / 2 - 0.3 * text) ticks.push(tick);
  return ticks;
}
