import type { GlyphName } from "./parts/Glyph";

/** Every agent state, in the order of the totals and of the tiles: who can take a call, who has one, who is away. */
export const STATES = [
  "ready",
  "ringing",
  "talking",
  "hold",
  "busy",
  "wrap",
  "break",
  "meal",
  "breather",
  "away",
  "training",
  "fault",
  "unknown",
  "off",
] as const satisfies readonly GlyphName[];
export type State = (typeof STATES)[number];

/** Shown among the totals even when nobody is in them, so that the eye finds each in its place. */
export const ALWAYS: ReadonlySet<State> = new Set(["ready", "ringing", "talking", "hold", "wrap", "break", "away", "off"]);

const FAMILIES: readonly (readonly State[])[] = [
  ["ready"],
  ["ringing", "talking", "hold", "busy"],
  ["wrap"],
  ["break", "meal", "breather", "away", "training"],
  ["fault", "unknown"],
  ["off"],
];
const FAMILY = new Map<string, number>(FAMILIES.flatMap((states, i) => states.map((state) => [state, i] as const)));

/** A newer server may know states that we do not: they are unknown to us, and look so. */
export const stateOf = (word: string): State => (FAMILY.has(word) ? (word as State) : "unknown");

export interface Placed {
  readonly id: string;
  readonly state: State;
  /** When the conversation began, for those in one; else when the state did. */
  readonly since: number | undefined;
}

/**
 * By family of states, then who has been in it longest, then by key. Nobody moves for a ring that becomes a call or a
 * call that is held, only for what matters from afar: free, with a caller, after one, away.
 */
export function byState(a: Placed, b: Placed): number {
  const [first, second] = [FAMILY.get(a.state) ?? 0, FAMILY.get(b.state) ?? 0];
  if (first !== second) return first - second;
  const waited = (a.since ?? Number.MAX_VALUE) - (b.since ?? Number.MAX_VALUE);
  return waited || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}

/** How big the tiles are, how many columns and rows of them, and so how many people find room. */
export interface Grid {
  readonly size: Size;
  readonly columns: number;
  readonly rows: number;
}
export type Size = "l" | "m" | "s" | "xs" | "dot";

/** The least width and height of a tile of each size, in tenths of a rem, gaps included. */
const SIZES: readonly (readonly [Size, number, number])[] = [
  ["l", 268, 148],
  ["m", 222, 88],
  ["s", 152, 74],
  ["xs", 152, 58],
  ["dot", 122, 38],
];

/** The biggest tiles with which everybody finds room in tenths of a rem; else the smallest, page by page. */
export function gridIn(people: number, width: number, height: number): Grid {
  for (const [size, wide, high] of SIZES) {
    const [columns, rows] = [Math.max(1, Math.floor(width / wide)), Math.max(1, Math.floor(height / high))];
    if (people <= columns * rows || size === "dot") return spread(size, people, columns, rows, width, height);
  }
  return { size: "dot", columns: 1, rows: 1 };
}

/** A tile is best twice as wide as it is high, and no cell should stay empty. */
const SHAPE = 2.1;

/** Of the arrangements that hold everybody the one with the best tiles: a few people get wide ones rather than a corner. */
function spread(size: Size, people: number, columns: number, rows: number, width: number, height: number): Grid {
  if (people >= columns * rows) return { size, columns, rows };
  let best: Grid = { size, columns, rows };
  let least = Number.POSITIVE_INFINITY;
  for (let many = Math.max(1, Math.ceil(people / columns)); many <= rows; many++) {
    const across = Math.max(1, Math.ceil(people / many));
    const shape = width / across / (height / many || 1);
    const worth = (across * many - people) / Math.max(1, across * many) + Math.abs(Math.log(shape / SHAPE));
    if (worth < least) [least, best] = [worth, { size, columns: across, rows: many }];
  }
  return best;
}
