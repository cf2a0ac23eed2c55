import type { Options } from "../board/model";

/** Options come from a document that somebody wrote: each is read as what it should be, or not at all. */
export const text = (options: Options, key: string): string => (typeof options[key] === "string" ? options[key] : "");
export const flag = (options: Options, key: string): boolean => options[key] === true;
export const number = (options: Options, key: string): number | undefined => {
  const value = options[key];
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
};

/** Words of `{lang: text}` in this language, else in any. */
export function words(options: Options, key: string, lang: string): string {
  const value = options[key];
  if (typeof value !== "object" || value === null || Array.isArray(value)) return "";
  const all = value as { readonly [lang: string]: unknown };
  const found = [all[lang], ...Object.values(all)].find((one) => typeof one === "string" && one !== "");
  return typeof found === "string" ? found : "";
}
