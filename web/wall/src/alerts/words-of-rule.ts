import type { Words } from "./requests";

/** How a condition is written; of a band the two ends of what is good. */
export const TESTS = ["at_least", "above", "below", "outside"] as const;
export type Test = (typeof TESTS)[number];
export const WINDOWS = ["now", "today", "interval", "rolling 5", "rolling 15", "rolling 30", "rolling 60"] as const;
export const DAYS = ["workdays", "free_days", "mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
export const LANGS = ["zh-CN", "zh-TW", "en"] as const;

const isText = (value: unknown): value is string => typeof value === "string";

/** A target of the subject itself, as a path: `target.service_level`. */
export const isPath = (text: string): boolean => /^(target|outlook|people)\.[a-z_]+$/.test(text);

export const testOf = (words: Words): Test => TESTS.find((test) => test in words) ?? "at_least";

/** How a bound of a rule stands in a field: percent without its sign, spans as clocks, a path as it is. */
export function fieldOf(value: unknown, unit: string): string {
  if (value === undefined) return "";
  if (isText(value)) return unit === "seconds" ? clockOf(value) : value;
  if (typeof value !== "number") return "";
  if (unit === "percent") return String(Math.round(value * 1e4) / 100);
  return unit === "seconds" ? clockOf(`${value}s`) : String(value);
}

const SPAN = /^(-?)(\d+(?:\.\d+)?)\s*(s|m|min|h|d)?$/;
const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, min: 60, h: 3600, d: 86_400 };

/** `90s` and `1.5m` as `1:30`; what is none stays as it is, for the server to say what is wrong with it. */
export function clockOf(text: string): string {
  const [, minus = "", amount, unit = "s"] = SPAN.exec(text.trim()) ?? [];
  if (amount === undefined) return text;
  const whole = Math.round(Number(amount) * (SECONDS[unit] ?? 1));
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, String(whole % 60).padStart(2, "0")];
  return `${minus}${hours > 0 ? `${hours}:${String(minutes).padStart(2, "0")}` : minutes}:${rest}`;
}

/** `1:30` and `90` as `90s`, `10 min` as `600s`. */
export function spanOf(text: string): string {
  const trimmed = text.trim().replace("−", "-");
  const parts = /^(-?)(?:(\d+):)?(\d+):([0-5]\d)$/.exec(trimmed);
  if (parts !== null) return `${parts[1]}${Number(parts[2] ?? 0) * 3600 + Number(parts[3]) * 60 + Number(parts[4])}s`;
  const [, minus = "", amount, unit = "s"] = SPAN.exec(trimmed) ?? [];
  return amount === undefined ? trimmed : `${minus}${Math.round(Number(amount) * (SECONDS[unit] ?? 1) * 1000) / 1000}s`;
}

/** What somebody wrote as the rule has it; undefined of nothing. What is no number is left for the server to object to. */
export function boundOf(text: string, unit: string): unknown {
  const trimmed = text.trim().replace(/%$/, "").trim();
  if (trimmed === "") return undefined;
  if (isPath(trimmed)) return trimmed;
  if (unit === "seconds") return spanOf(trimmed);
  const number = Number(trimmed.replace("−", "-"));
  if (Number.isNaN(number)) return trimmed;
  return unit === "percent" ? Math.round(number * 100) / 1e4 : number;
}

/** The words with one of them changed; `undefined` takes it out. */
export function changed(words: Words, key: string, value: unknown): Words {
  const { [key]: _, ...rest } = words;
  return value === undefined || value === "" || (Array.isArray(value) && value.length === 0) ? rest : { ...rest, [key]: value };
}

/** The words with another condition: exactly one of them stands in a rule. */
export function tested(words: Words, test: Test, value: unknown): Words {
  const rest = Object.fromEntries(Object.entries(words).filter(([key]) => !TESTS.some((one) => one === key)));
  return { ...rest, [test]: value ?? (test === "outside" ? [0, 1] : 0) };
}

/** A text by language; one without languages is for all of them. */
export function textsOf(value: unknown): Readonly<Record<string, string>> {
  if (isText(value)) return Object.fromEntries(LANGS.map((lang) => [lang, value]));
  if (typeof value !== "object" || value === null) return {};
  return Object.fromEntries(Object.entries(value).filter((pair): pair is [string, string] => isText(pair[1])));
}

/** Which mistakes are of a field: of `for` those at `for`, of `name` those at `name.en` as well. */
export const mistakeAt = (mistakes: readonly { readonly where: string; readonly what: string }[], ...keys: readonly string[]): string =>
  mistakes
    .filter(({ where }) => keys.some((key) => where === key || where.startsWith(`${key}.`) || where.startsWith(`${key}[`)))
    .map(({ what }) => what)
    .join(" ");

/** Those that are of none of these fields: they stand above the form. */
export const otherMistakes = (mistakes: readonly { readonly where: string; readonly what: string }[], keys: ReadonlySet<string>): readonly string[] =>
  mistakes.filter(({ where }) => !keys.has(where.split(/[.[]/)[0] ?? "")).map(({ where, what }) => (where === "" ? what : `${where}: ${what}`));
