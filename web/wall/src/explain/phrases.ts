import { clock, date, minute } from "../format/moment";
import { lang } from "../words";
import type { Explanation, Window } from "./answer";
import { targetOf } from "./figures";
import { isKey, named, say } from "./words";

/** What the panel says in sentences. */

/** Where what is asked holds only now, and no window is to be chosen. */
const GAUGES: ReadonlySet<string> = new Set([
  "waiting", "overdue", "longest_since", "talking", "talk_since", "hold_since", "load", "staffed", "ready", "busy", "wrap", "not_ready",
  "capacity", "need", "gap", "ewt", "forecast", "rate", "recent_aht", "patience",
]); // prettier-ignore

export const isGauge = (metric: string): boolean => GAUGES.has(metric);

/** Until when the numbers tell: the window's end, or now, or where a source stopped. */
export function until({ window, now, asOf }: Explanation): number {
  const last = asOf ?? now;
  return window.isOpen ? Math.min(last, window.end) : window.end;
}

/** `last 30 minutes (09:54:36 to 10:24:36)` */
export function windowWords(explanation: Explanation, zone: string): string {
  const { window, metric } = explanation;
  const to = clock(until(explanation), zone);
  if (isGauge(metric)) return say("in.now", { to });
  const from = clock(window.start, zone);
  if (window.kind === "rolling") return say("in.rolling", { n: window.minutes ?? Math.round((window.end - window.start) / 60), from, to });
  if (window.kind === "interval")
    return window.isOpen ? say("in.interval", { from, to }) : say("in.closed", { from: minute(window.start, zone), to: minute(window.end, zone) });
  return say("in.today", { from, to });
}

/** The word of one choice of window. */
export function windowName(window: string): string {
  const [kind, minutes] = window.split(":");
  if (kind === "rolling") return say("w.rolling", { n: minutes ?? "" });
  return say(kind === "interval" ? "w.interval" : "w.today");
}

export const writtenWindow = ({ kind, minutes }: Window): string => (kind === "rolling" ? `rolling:${minutes ?? 0}` : kind);

/** `the whole floor`, or what the queue, line, team or person is called. */
export function scopeWords({ scope }: Explanation): string {
  const name = named(scope.names, scope.name || scope.id);
  const key = `scope.${scope.kind}`;
  return isKey(key) ? say(key, { name }) : name;
}

/** `service level 20 s, less short abandons` */
export function metricWords(explanation: Explanation): string {
  const { names, metric, threshold } = explanation;
  const pieces = [named(names, metric)];
  if (threshold !== undefined) pieces.push(say("seconds", { n: threshold }));
  const words = pieces.join(" ");
  const variant = variantWords(explanation);
  return variant === "" ? words : `${words}${say("comma")}${variant}`;
}

/** How the service level that is shown is counted; empty for everything else. */
export function variantWords({ variant, others, isMixed }: Explanation): string {
  if (variant === undefined) return isMixed ? say("mixed") : "";
  const own = others.find((other) => other.variant === variant);
  return own === undefined ? variant : named(own.shortNames, named(own.names, variant));
}

export function basisWords({ basis, metric }: Explanation): string {
  if (isGauge(metric)) return "";
  return basis === "cohort" ? say("basis.cohort") : basis === "event" ? say("basis.event") : "";
}

/** The line under the title. */
export function subtitle(explanation: Explanation, zone: string): string {
  const pieces = [metricWords(explanation), scopeWords(explanation), windowWords(explanation, zone), basisWords(explanation)];
  const line = pieces.filter((piece) => piece !== "").join(say("comma"));
  return line.charAt(0).toUpperCase() + line.slice(1);
}

/** `2 more answered late and it is below 80%`; empty where no margin is told. */
export function marginWords({ margin, metric, target, unit }: Explanation): string {
  if (margin === undefined || target === undefined) return "";
  const side = margin.isAbove ? "above" : "below";
  const own = `margin.${metric}.${side}`;
  return say(isKey(own) ? own : `margin.${side}`, { n: margin.calls, t: targetOf(target, unit) });
}

/** Shares that should be high: what their numerator counts is good. */
const GOOD: ReadonlySet<string> = new Set(["service_level", "answer_rate", "pickup_rate", "connect_rate", "completion_rate", "satisfaction"]);

/** What one group of contacts is called: met the target and missed it, or simply counted, where that is not the question. */
export function groupName(group: string, { metric }: Explanation): string {
  if (!GOOD.has(metric) && group === "hit") return say("g.counted");
  if (!GOOD.has(metric) && group === "miss") return say("g.others");
  const key = `g.${group}`;
  return isKey(key) ? say(key) : group;
}

/** Why there is no number. */
export function emptyWords({ metric, denominator, groups, unit, tooLittle, scope }: Explanation): string {
  if (tooLittle === "too_little_data" && scope.kind !== "queue") return say("empty.too_little_in_some");
  const known = `empty.${tooLittle ?? ""}`;
  if (isKey(known)) return say(known);
  if (metric === "longest_since") return say("empty.nobodyWaits");
  if (metric === "satisfaction") return say("empty.unrated");
  const waiting = groups.reduce((total, [, n]) => total + n, 0);
  if (unit === "share" || denominator !== undefined) return say(waiting > 0 ? "empty.undivided" : "empty.noCalls");
  return say("empty.nothing");
}

/** Instant with its day, for what leaves the screen. */
export const dayOf = (instant: number, zone: string): string => date(instant, zone, lang.value);
