import type { Options } from "../board/model";
import type { Json } from "../wire/messages";
import { type Lang, LANGUAGES } from "../words";

/** Words that somebody wrote, and from when until when they hold: `YYYY-MM-DDTHH:MM` of the floor's clock. `ends`: an instant. */
export interface Notice {
  readonly text: string;
  readonly from?: string;
  readonly until?: string;
  readonly ends?: number;
}

/** What a tile of notices takes at most, from its options and from the board each. */
const MOST = 50;
type Told = { readonly [key: string]: Json };
export const isTold = (value: Json | undefined): value is Told => typeof value === "object" && value !== null && !Array.isArray(value);

/** Of words in several languages those in `lang`, else those of the nearest: the other Chinese, then whichever there is. */
export function wordsIn(value: Json | undefined, lang: Lang): string {
  if (typeof value === "string") return value;
  if (!isTold(value)) return "";
  const near: readonly Lang[] = lang === "en" ? ["en"] : [lang, lang === "zh-CN" ? "zh-TW" : "zh-CN"];
  const order = [...near, ...LANGUAGES.map(([other]) => other)];
  for (const one of order) {
    const text = value[one];
    if (typeof text === "string" && text.trim() !== "") return text.trim();
  }
  return "";
}

/** The notices of a list of `{text: {lang: words}, from?, until?}`; what is none is left out. */
export function noticesIn(list: Json | undefined, lang: Lang): readonly Notice[] {
  if (!Array.isArray(list)) return [];
  return list.slice(0, MOST).flatMap((item): readonly Notice[] => {
    const [text, from, until] = isTold(item) ? [wordsIn(item["text"], lang), item["from"], item["until"]] : [wordsIn(item, lang), undefined, undefined];
    if (text === "") return [];
    return [{ text, ...(typeof from === "string" && from ? { from } : {}), ...(typeof until === "string" && until ? { until } : {}) }];
  });
}

const LOCAL = { year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23" } as const;
const clocks = new Map<string, Intl.DateTimeFormat>();

/** An instant as the floor's clock has it, `YYYY-MM-DDTHH:MM`: the later one is the greater text. */
export function localTime(instant: number, zone: string): string {
  let format = clocks.get(zone);
  if (format === undefined) {
    try {
      format = new Intl.DateTimeFormat("en-GB", { ...LOCAL, timeZone: zone });
    } catch {
      format = new Intl.DateTimeFormat("en-GB", { ...LOCAL, timeZone: "UTC" });
    }
    clocks.set(zone, format);
  }
  const part = new Map(format.formatToParts(instant * 1000).map(({ type, value }) => [type, value]));
  return `${part.get("year")}-${part.get("month")}-${part.get("day")}T${part.get("hour")}:${part.get("minute")}`;
}

/** Those that hold at `local`: from its minute on, until the minute before its end. */
export const held = (notices: readonly Notice[], local: string): readonly Notice[] =>
  notices.filter(({ from, until }) => (from === undefined || from <= local) && (until === undefined || local < until));

/** Which of `n` is shown at `now`, each for `dwell` seconds: by the server's clock, so that all screens show the same. */
export const turnOf = (n: number, now: number, dwell: number): number => (n === 0 ? -1 : Math.floor(now / Math.max(1, dwell)) % n);

/** What somebody of the board is called. */
export type Named = (kind: "agents" | "teams", id: string) => string;

/** Announcements and thanks as the board has them, by id: what is important first, then the newest. */
export function toldIn(items: Json | undefined, lang: Lang, named: Named): readonly Notice[] {
  if (!isTold(items)) return [];
  const rank = (item: Told): number => (item["weight"] === "important" ? 1e12 : 0) + (typeof item["at"] === "number" ? item["at"] : 0);
  return Object.values(items)
    .filter(isTold)
    .sort((a, b) => rank(b) - rank(a))
    .slice(0, MOST)
    .flatMap((item): readonly Notice[] => {
      const words = wordsIn(item["texts"] ?? item["text"], lang);
      const [agent, team, until] = [item["agent"], item["team"], item["until"]];
      const whose = typeof agent === "string" && agent !== "" ? named("agents", agent) : typeof team === "string" && team !== "" ? named("teams", team) : "";
      if (words === "") return [];
      return [{ text: whose === "" ? words : `${whose}\n${words}`, ...(typeof until === "number" ? { ends: until } : {}) }];
    });
}

/** The notices of a tile's options and those on the board, without those said twice. */
export function allOf(options: Options, key: string, onBoard: Json | undefined, lang: Lang, named: Named = (_, id) => id): readonly Notice[] {
  const all = [...toldIn(onBoard, lang, named), ...noticesIn(onBoard, lang), ...noticesIn(options[key], lang)];
  return all.filter((one, i) => all.findIndex(({ text }) => text === one.text) === i);
}

/** A thanks is a name and words: on two lines, or with a colon between them. */
export function nameAndWords(text: string): readonly [name: string, words: string] {
  const at = text.search(/[\n:：]/);
  return at <= 0 ? [text, ""] : [text.slice(0, at).trim(), text.slice(at + 1).trim()];
}
