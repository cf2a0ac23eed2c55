import type { Json } from "../wire/messages";

/** One team on its way to the day's target. */
export interface Runner {
  readonly id: string;
  /** Answered so far of what the day asks: calls per agent / target; over 1 when it is done. */
  readonly part: number;
  readonly isFirst: boolean;
}

export interface Team {
  readonly id: string;
  readonly perAgent: number | undefined;
  readonly target: number | undefined;
  readonly persons: number | undefined;
}

/** The teams that have somebody and a target, in the order of their part; who is equal keeps the order of ids. All who lead are first. */
export function runners(teams: readonly Team[]): readonly Runner[] {
  const parts = teams.flatMap(({ id, perAgent, target, persons }) =>
    perAgent === undefined || target === undefined || target <= 0 || !persons ? [] : [{ id, part: perAgent / target }],
  );
  const best = Math.max(...parts.map(({ part }) => part));
  return parts.sort((a, b) => b.part - a.part || (a.id < b.id ? -1 : 1)).map((one) => ({ ...one, isFirst: one.part > 0 && one.part === best }));
}

const DAY = 86_400;
/** Fewer calls than this make no shape of a day. */
const FEWEST = 50;

/**
 * How much of a day's calls come until `now`, by the day before: `yesterday` is `[[start, level?, offered], …]`, each of
 * `length` seconds. Undefined when there is none, or too little of it.
 */
export function paceByYesterday(yesterday: readonly Json[], length: number, now: number): number | undefined {
  let [all, until] = [0, 0];
  const then = now - DAY;
  for (const item of yesterday) {
    if (!Array.isArray(item) || typeof item[0] !== "number") continue;
    const offered = item.at(-1);
    if (item.length < 2 || typeof offered !== "number") continue;
    all += offered;
    until += offered * Math.min(1, Math.max(0, (then - item[0]) / length));
  }
  return all < FEWEST ? undefined : until / all;
}

/** The same by the work that was done: how long people have been logged on of the hours that a day has for each. */
export function paceByWork(loggedOn: number | undefined, persons: number | undefined, from: number, until: number): number | undefined {
  if (loggedOn === undefined || !persons || until <= from) return undefined;
  return Math.min(1, Math.max(0, loggedOn / (persons * (until - from) * 3600)));
}

/** The same by the hours of work alone, in hours of the floor's clock: none before they begin, all after they end. */
export function paceByHours(secondsOfDay: number, from: number, until: number): number | undefined {
  if (until <= from) return undefined;
  return Math.min(1, Math.max(0, (secondsOfDay / 3600 - from) / (until - from)));
}

/** How far the tracks go: the day's target, or half past whoever is farthest while all are near the start. */
export function reach(parts: readonly number[], pace: number | undefined): number {
  const farthest = Math.max(0.1, pace ?? 0, ...parts);
  return farthest > 2 / 3 ? Math.max(1, farthest) : Math.min(1, farthest * 1.5);
}
