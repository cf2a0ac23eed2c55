import { catalogueOf } from "../words";
import en from "./locales/en.json";
import zhCN from "./locales/zh-CN.json";
import zhTW from "./locales/zh-TW.json";

export type CasesKey = keyof typeof zhCN;

/** The words of the register. */
export const { t: say, fill, many, has } = catalogueOf<CasesKey>({ "zh-CN": zhCN, "zh-TW": zhTW, en });

/** The word for a code of ours; the code itself, as somebody wrote it, where we have none. */
export function wordOf(stem: string, code: string | number): string {
  const key: string = `${stem}.${code}`;
  return has(key) ? say(key) : String(code);
}
