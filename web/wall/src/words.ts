import { effect, signal } from "@preact/signals";
import type { ComponentChildren } from "preact";

import en from "./locales/en.json";
import zhCN from "./locales/zh-CN.json";
import zhTW from "./locales/zh-TW.json";

export type Key = keyof typeof zhCN;
export type Lang = "zh-CN" | "zh-TW" | "en";

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

type Values = Readonly<Record<string, string | number>>;
type Words<K extends string> = Readonly<Record<K, string>>;

/** The catalogue of one part of the page, which comes with that part. */
export interface Catalogue<K extends string> {
  /** The words for `key` in the chosen language, `{name}` replaced. */
  t(key: K, values?: Values): string;
  /** As `t`, where what is filled in are elements. */
  fill(key: K, values: Readonly<Record<string, ComponentChildren>>): ComponentChildren[];
  /** The words for `n` of something: of the keys `stem.one` and `stem.other` the one that the language wants; `{n}` is the number. */
  many(stem: Stem<K>, n: number, values?: Values): string;
  has(key: string): key is K;
}
type Stem<K extends string> = K extends `${infer S}.other` ? S : never;

interface Counting {
  readonly rules: Intl.PluralRules;
  readonly figures: Intl.NumberFormat;
}
const countings = new Map<Lang, Counting>();

/** Made once for each language: to make them costs more than a whole tile. */
function countingIn(code: Lang): Counting {
  let known = countings.get(code);
  if (known === undefined) countings.set(code, (known = { rules: new Intl.PluralRules(code), figures: new Intl.NumberFormat(code) }));
  return known;
}

const cut = new Map<string, readonly string[]>();

/** Every second piece is a name to be filled in; cut once, for tiles ask for their words with each drawing. */
function piecesOf(words: string): readonly string[] {
  let known = cut.get(words);
  if (known === undefined) cut.set(words, (known = words.split(/\{(\w+)\}/)));
  return known;
}

/** Makes the words of a part of the page out of its three catalogues, whose keys are the same. */
export function catalogueOf<K extends string>(all: { readonly "zh-CN": Words<K>; readonly "zh-TW": Words<K>; readonly en: Words<K> }): Catalogue<K> {
  const text = (key: K): string => all[lang.value][key];
  const t = (key: K, values: Values = {}): string => {
    const pieces = piecesOf(text(key));
    return pieces.length === 1 ? (pieces[0] as string) : pieces.map((piece, i) => (i % 2 ? String(values[piece] ?? "") : piece)).join("");
  };
  return {
    t,
    fill: (key, values) => piecesOf(text(key)).map((piece, i) => (i % 2 ? values[piece] : piece)),
    many(stem, n, values = {}) {
      const { rules, figures } = countingIn(lang.value);
      const form = `${stem}.${rules.select(n)}` as K;
      const key = Object.hasOwn(all["zh-CN"], form) ? form : (`${stem}.other` as K);
      return t(key, { n: figures.format(n), ...values });
    },
    has: (key): key is K => Object.hasOwn(all["zh-CN"], key),
  };
}

const own = catalogueOf<Key>({ "zh-CN": zhCN, "zh-TW": zhTW, en });
export const { t, fill } = own;
