/** Who stands on the leaderboard, and never who stands last. */

export interface Entry {
  readonly id: string;
  readonly value: number;
}
export interface Ranked extends Entry {
  /** From 1; who is equal shares it. */
  readonly rank: number;
}
export interface Podium {
  readonly rows: readonly Ranked[];
  /** How many more share the last rank shown, and found no room. */
  readonly more: number;
}

/**
 * The best `most` of them, best first; equals share a rank and are shown together or not at all, but for the first
 * rank. The lowest value of all is never among them unless all are equal, so that the last row says nothing of anybody.
 */
export function podium(entries: readonly Entry[], most: number): Podium {
  const sorted = [...entries].sort((a, b) => b.value - a.value || (a.id < b.id ? -1 : 1));
  const [best, worst] = [sorted[0]?.value, sorted.at(-1)?.value];
  if (best === undefined) return { rows: [], more: 0 };
  const ranked = sorted.map((entry) => ({ ...entry, rank: 1 + sorted.filter(({ value }) => value > entry.value).length }));
  const shown = ranked.filter(({ value }) => value > (worst ?? 0) || value === best);
  const next = shown[most];
  if (next === undefined) return { rows: shown, more: 0 };
  const whole = shown.slice(0, most).filter(({ rank }) => rank !== next.rank);
  if (whole.length > 0) return { rows: whole, more: 0 };
  return { rows: shown.slice(0, most), more: shown.filter(({ rank }) => rank === next.rank).length - most };
}

/** Fewer calls than this make no rate to be proud of. */
export const FEWEST = 10;

export interface Counts {
  readonly answered: number | undefined;
  readonly missed: number | undefined;
  readonly declined: number | undefined;
}

/** answered / (answered + missed + declined); undefined under `FEWEST`. */
export function pickup({ answered = 0, missed = 0, declined = 0 }: { [K in keyof Counts]?: Counts[K] }): number | undefined {
  const rung = (answered ?? 0) + (missed ?? 0) + (declined ?? 0);
  return rung < FEWEST ? undefined : (answered ?? 0) / rung;
}
