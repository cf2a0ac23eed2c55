import { computed, effect, signal } from "@preact/signals";
import type { ComponentChildren } from "preact";

import en from "./locales/en.json";
import zhCN from "./locales/zh-CN.json";
import zhTW from "./locales/zh-TW.json";

export type Key = keyof typeof zhCN;
export type Lang = "zh-CN" | "zh-TW" | "en";

const CATALOGUES: Readonly<Record<Lang, Readonly<Record<Key, string>>>> = { "zh-CN": zhCN, "zh-TW": zhTW, en };
/** The languages as they call themselves. */
export const LANGUAGES: readonly (readonly [Lang, string])[] = [
  ["zh-CN", "简体"],
  ["zh-TW", "繁體"],
  ["en", "English"],
];

const KEPT = "ccwall.lang";

/** The catalogue for a BCP 47 tag; `undefined` when none of ours would be understood. */
export function understood(tag: string | null | undefined): Lang | undefined {
  const wanted = (tag ?? "").toLowerCase();
  if (/^zh\b.*(tw|hk|mo|hant)/.test(wanted)) return "zh-TW";
  if (/^zh\b/.test(wanted)) return "zh-CN";
  return /^en\b/.test(wanted) ? "en" : undefined;
}

function first(): Lang {
  const asked = new URLSearchParams(location.search).get("lang");
  const wishes = [asked, kept(), ...navigator.languages];
  return wishes.map(understood).find((lang) => lang !== undefined) ?? "en";
}

function kept(): string | null {
  try {
    return localStorage.getItem(KEPT);
  } catch {
    return null; // a browser that keeps nothing
  }
}

export const lang = signal<Lang>(first());
const catalogue = computed(() => CATALOGUES[lang.value]);
effect(() => {
  document.documentElement.lang = lang.value;
});

/** What somebody chose here holds for this browser, against what the address says too. */
export function choose(chosen: Lang): void {
  lang.value = chosen;
  try {
    localStorage.setItem(KEPT, chosen);
  } catch {
    // then it holds until the page is closed
  }
  const url = new URL(location.href);
  if (!url.searchParams.has("lang")) return;
  url.searchParams.set("lang", chosen);
  history.replaceState(null, "", url);
}

/** The words for `key` in the chosen language, `{name}` replaced. */
export function t(key: Key, values: Readonly<Record<string, string | number>> = {}): string {
  return catalogue.value[key].replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ""));
}

/** As `t`, where what is filled in are elements. */
export function fill(key: Key, values: Readonly<Record<string, ComponentChildren>>): ComponentChildren[] {
  return catalogue.value[key].split(/\{(\w+)\}/).map((piece, i) => (i % 2 ? values[piece] : piece));
}
