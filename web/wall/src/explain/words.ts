import { type Lang, lang } from "../words";
import type { Names } from "./answer";
import en from "./locales/en.json";
import zhCN from "./locales/zh-CN.json";
import zhTW from "./locales/zh-TW.json";

/** The panel's own words; they come with the panel, so that a wall that is never asked does not carry them. */
export type Key = keyof typeof zhCN;

const CATALOGUES: Readonly<Record<Lang, Readonly<Record<Key, string>>>> = { "zh-CN": zhCN, "zh-TW": zhTW, en };

/** The words for `key` in the chosen language, `{name}` replaced. */
export function say(key: Key, values: Readonly<Record<string, string | number>> = {}): string {
  return CATALOGUES[lang.value][key].replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ""));
}

export const isKey = (key: string): key is Key => Object.hasOwn(zhCN, key);

/** What the server calls it in the chosen language, else in any, else `fallback`. */
export function named(names: Names, fallback: string): string {
  return tame(names[lang.value] ?? names["zh-CN"] ?? names.en ?? names["zh-TW"] ?? fallback);
}

/** A name may hold marks that turn the reading direction of the whole sentence it stands in. */
const tame = (name: string): string => name.replace(/[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, "");
