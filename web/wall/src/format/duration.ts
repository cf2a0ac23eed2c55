/** A time span as a figure and, on a wall from ten minutes on, its unit: `9:59`, then `10` `m`, `2` `h`. */
export interface Span {
  readonly figure: string;
  readonly unit: "" | "minute" | "hour";
}

const two = (n: number): string => String(n).padStart(2, "0");

/** As walls show it: seconds matter for ten minutes, then nobody counts them from eight metres away. */
export function wallSpan(seconds: number): Span {
  const whole = Math.max(0, Math.floor(seconds));
  if (whole < 600) return { figure: `${Math.floor(whole / 60)}:${two(whole % 60)}`, unit: "" };
  if (whole < 6000) return { figure: String(Math.floor(whole / 60)), unit: "minute" };
  return { figure: String(Math.floor(whole / 3600)), unit: "hour" };
}

/** A limit as it was set: `1:00`, `1:30`, `20:00`. */
export function exactSpan(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  return `${Math.floor(whole / 60)}:${two(whole % 60)}`;
}

export type AgeUnit = "second" | "minute" | "hour" | "day";
/** How old something is: one decimal under ten seconds, then whole seconds, minutes, hours, days. */
export function age(seconds: number): readonly [string, AgeUnit] {
  const old = Math.max(0, seconds);
  if (old < 9.95) return [old.toFixed(1), "second"];
  if (old < 60) return [String(Math.floor(old)), "second"];
  if (old < 3600) return [String(Math.floor(old / 60)), "minute"];
  if (old < 86_400) return [String(Math.floor(old / 3600)), "hour"];
  return [String(Math.floor(old / 86_400)), "day"];
}
