import { grouped } from "../format/amount";
import { percent, targetPercent } from "../format/percent";
import type { Explanation, Unit } from "./answer";
import { say } from "./words";

/** How the figures of an explanation are written: the one on the wall, and the one that can be checked by hand. */

const two = (n: number): string => String(n).padStart(2, "0");

/** `0:48`, `12:05`, from one hour on `1:02:03`. */
export function span(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds + 1e-9));
  const minutes = Math.floor(whole / 60) % 60;
  if (whole < 3600) return `${minutes}:${two(whole % 60)}`;
  return `${Math.floor(whole / 3600)}:${two(minutes)}:${two(whole % 60)}`;
}

/**
 * A fraction in percent with one decimal. Rounding never crosses the target, nor says "all" of what was almost all:
 * 0.79996 against 0.8 is 79.9.
 */
export function percent1(fraction: number, target?: number): string {
  const nearest = Math.round(fraction * 1000);
  const bound = target === undefined ? undefined : target * 1000;
  if (nearest >= 1000 && fraction < 1) return "99.9";
  if (bound !== undefined && fraction < (target as number) && nearest >= bound) return ((Math.ceil(bound - 1e-9) - 1) / 10).toFixed(1);
  if (bound !== undefined && fraction >= (target as number) && nearest < bound - 1e-6) return (Math.ceil(bound - 1e-9) / 10).toFixed(1);
  return (nearest / 10).toFixed(1);
}

/** A number as it is: `1,204`, `12.3`; the minus is a minus. */
export function plain(n: number): string {
  const size = Math.abs(n);
  const tenths = Math.round(size * 10) / 10;
  const written = Number.isInteger(tenths) ? grouped(tenths) : `${grouped(Math.trunc(tenths))}.${Math.round((tenths % 1) * 10)}`;
  return n < 0 && tenths > 0 ? `\u2212${written}` : written;
}

/** As the wall shows it: `81%`, `0:48`, `126`. */
export function shown(value: number, unit: Unit, target?: number): string {
  if (unit === "share") return `${percent(value, target)}%`;
  return unit === "seconds" ? span(value) : plain(value);
}

/** As exact as is worth reading: `80.7%`, `9.9 s`, `126`. */
export function exact(value: number, unit: Unit, target?: number): string {
  if (unit === "share") return `${percent1(value, target)}%`;
  return unit === "seconds" ? say("seconds", { n: plain(value) }) : plain(value);
}

export const targetOf = (target: number, unit: Unit): string =>
  unit === "share" ? `${targetPercent(target)}%` : unit === "seconds" ? span(target) : plain(target);

/** Whether the pieces of it are people's times, not calls. */
export const isTimed = ({ unit, people }: Explanation): boolean => people !== undefined && (unit === "share" || unit === "seconds");

/** `130 ÷ 161`; empty where nothing was divided. */
export function division(answer: Explanation): string {
  const { numerator, denominator, unit } = answer;
  if (numerator === undefined || denominator === undefined) return "";
  const seconds = (n: number) => say("seconds", { n: plain(n) });
  // A mean is time over calls; a share of people's time is time over time.
  const above = unit === "seconds" || isTimed(answer) ? seconds : plain;
  const below = unit !== "seconds" && isTimed(answer) ? seconds : plain;
  return `${above(numerator.value)} ÷ ${below(denominator.value)}`;
}

/** The band of a forecast that reaches furthest, as it is on the wall. */
const band = ({ rests, target }: Explanation): string | undefined => {
  const last = rests?.forecast.at(-1);
  return last === undefined ? undefined : `${percent(last[1], target)}–${percent(last[3], target)}%`;
};

/** Whether there is neither a number nor a band. */
export const isNone = (answer: Explanation): boolean => answer.value === undefined && (answer.metric !== "forecast" || band(answer) === undefined);

/** The figure in the panel's title; a dash where there is none. */
export const headline = (answer: Explanation): string => {
  const { value, unit, target } = answer;
  if (value !== undefined) return shown(value, unit, target);
  return (answer.metric === "forecast" ? band(answer) : undefined) ?? "–";
};

/** One piece of the whole. */
export const piece = (value: number, answer: Explanation): string => (isTimed(answer) ? span(value) : plain(value));

/** At how many the bar's target line stands; undefined without a target, or where the whole is no count. */
export function targetLine(answer: Explanation): number | undefined {
  const { target, unit, denominator } = answer;
  if (isTimed(answer) || target === undefined || unit !== "share" || denominator === undefined || denominator.value <= 0) return undefined;
  return Math.ceil(target * denominator.value - 1e-9);
}
