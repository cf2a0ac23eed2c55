import { catalogueOf } from "../words";
import en from "./locales/en.json";
import zhCN from "./locales/zh-CN.json";
import zhTW from "./locales/zh-TW.json";

/** The words of an incident that hangs in the room. */
export const told = catalogueOf({ "zh-CN": zhCN, "zh-TW": zhTW, en });

/** What this kind of incident is called. */
export function kindWords(kind: string): string {
  const key: string = `kind.${kind}`;
  return told.t(told.has(key) ? key : "kind.other");
}
