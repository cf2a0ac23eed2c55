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

/** How many columns and rows of tiles, how big, and how many agents find room. */
export interface Grid {
  readonly size: "l" | "m" | "s" | "xs" | "dot";
  readonly columns: number;
  readonly rows: number;
}

const GRIDS: readonly Grid[] = [
  { size: "l", columns: 6, rows: 2 },
  { size: "l", columns: 7, rows: 2 },
  { size: "m", columns: 8, rows: 3 },
  { size: "s", columns: 10, rows: 3 },
  { size: "s", columns: 10, rows: 4 },
  { size: "s", columns: 12, rows: 4 },
  { size: "xs", columns: 12, rows: 5 },
  { size: "dot", columns: 15, rows: 6 },
  { size: "dot", columns: 15, rows: 8 },
];

export function gridFor(agents: number): Grid {
  return GRIDS.find(({ columns, rows }) => agents <= columns * rows) ?? (GRIDS.at(-1) as Grid);
}
