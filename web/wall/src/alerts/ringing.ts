import type { Alert } from "./model";

/** Real seconds from one sound to the next; what comes meanwhile is part of the next. */
const APART = 10;

/** What has sounded already. */
export interface Rung {
  /** Each alert's fire that was heard, by its instant: one that fires again is news. */
  readonly heard: ReadonlyMap<string, number>;
  readonly at: number;
}
export interface News {
  readonly rung: Rung;
  readonly tone: "breach" | "soft" | undefined;
}

/**
 * Which tone what fires now is worth, after what was heard; undefined where nothing changed. What was there when the page began
 * to look is no news. `now` in real seconds.
 */
export function ring(before: Rung | null, firing: readonly Alert[], now: number): News | undefined {
  const fires = new Map(firing.map((alert) => [alert.id, alert.fired ?? alert.since]));
  if (before === null) return { rung: { heard: fires, at: Number.NEGATIVE_INFINITY }, tone: undefined };
  const news = firing.filter((alert) => (before.heard.get(alert.id) ?? Number.NEGATIVE_INFINITY) < (alert.fired ?? alert.since));
  const isGone = [...before.heard.keys()].some((id) => !fires.has(id));
  if (news.length === 0) return isGone ? { rung: { heard: fires, at: before.at }, tone: undefined } : undefined;
  if (now - before.at < APART) return undefined;
  const isLoud = news.some(({ severity }) => severity === "critical" || severity === "breach");
  const isSoft = news.some(({ severity }) => severity === "warn");
  return { rung: { heard: fires, at: isLoud || isSoft ? now : before.at }, tone: isLoud ? "breach" : isSoft ? "soft" : undefined };
}
