/** Where things lie on the curve's drawing; lengths in tenths of a rem. */

export interface Point {
  readonly start: number;
  readonly level?: number;
  /** Events of its interval, or of its callers' waits, were missed. */
  readonly isLacking?: boolean;
  /** It was told otherwise more than five minutes afterwards. */
  readonly isRevised?: boolean;
}
/** What the level may be at an instant to come: low, likely and high. */
export type Outlook = readonly [at: number, low: number, mid: number, high: number];
interface Paper {
  readonly width: number;
  readonly height: number;
  readonly begin: number;
  /** Seconds of one interval. */
  readonly length: number;
  readonly target: number | undefined;
  /** From where on, and to what the level may go; empty without a forecast. */
  readonly outlook?: readonly Outlook[];
  readonly now?: number | undefined;
}

const LEFT = 66;
const RIGHT = 14;
const TOP = 16;
const FOOT = 44;
const TEXT = 34;
const FEWEST = 6;
const HOUR = 3600;

export function plot(points: readonly Point[], { width, height, begin, length, target, outlook = [], now }: Paper) {
  const end = Math.max((points.at(-1)?.start ?? begin) + length, begin + FEWEST * length, outlook.at(-1)?.[0] ?? 0);
  const lowest = Math.min(1, target ?? 1, ...points.map((point) => point.level ?? 1), ...outlook.map(([, low]) => low));
  const floor = Math.max(0, Math.min(0.6, Math.floor(lowest * 5 - 0.25) / 5));
  const [left, right, top, bottom] = [LEFT, width - RIGHT, TOP, height - FOOT];
  const x = (instant: number) => left + ((instant - begin) / (end - begin || 1)) * (right - left);
  const y = (level: number) => bottom - ((level - floor) / (1 - floor)) * (bottom - top);
  /** Where a measured point lies: in the middle of its interval. */
  const middle = ({ start, level }: Point) => (level === undefined ? undefined : ([x(start + length / 2), y(level)] as const));
  let path = "";
  let last: readonly [number, number] | undefined;
  let isDown = false;
  for (const point of points) {
    const at = middle(point);
    if (at === undefined) {
      isDown = false;
      continue;
    }
    last = at;
    // A lone point between two gaps still gets its dot: a line of no length with round ends.
    path += `${isDown ? "L" : "M"}${last[0].toFixed(1)} ${last[1].toFixed(1)}${isDown ? "" : "h0"}`;
    isDown = true;
  }
  const band = bandOf(outlook, now, last, x, y);
  return { x, y, band, left, right, top, bottom, end, path, last, middle, levels: levelsOf(floor, target, y), ticks: ticksOf(begin, end, (right - left) / (end - begin)) };
}

/** The forecast opens like a fan from where the line ends: its outline, and the likely way through it. */
function bandOf(
  outlook: readonly Outlook[],
  now: number | undefined,
  last: readonly [number, number] | undefined,
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

/** The lines to read against: the target first, then the ends where they do not crowd it. */
function levelsOf(floor: number, target: number | undefined, y: (level: number) => number): number[] {
  const ends = [floor, 1].filter((level) => target === undefined || Math.abs(y(level) - y(target)) > TEXT);
  return target === undefined ? [floor, 1] : [target, ...ends];
}

/** Whole hours, as many as have room for their label. */
function ticksOf(begin: number, end: number, scale: number): number[] {
  const step = [HOUR / 2, HOUR, 2 * HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR].find((hours) => hours * scale > 118) ?? 24 * HOUR;
  const ticks: number[] = [];
  for (let tick = Math.ceil(begin / step) * step; tick <= end; tick += step)
    if ((tick - begin) * scale > 24 && (end - tick) * scale > 34) ticks.push(tick);
  return ticks;
}
