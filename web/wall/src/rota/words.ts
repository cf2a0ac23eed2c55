import { catalogueOf } from "../words";
import en from "./locales/en.json";
import zhCN from "./locales/zh-CN.json";
import zhTW from "./locales/zh-TW.json";

export type RotaKey = keyof typeof zhCN;

/** The words of the rota. */
export const { t: say, fill, many, has } = catalogueOf<RotaKey>({ "zh-CN": zhCN, "zh-TW": zhTW, en });

/** The word for a code of ours; the code itself, as somebody wrote it, where we have none. */
export function wordOf(stem: string, code: string): string {
  const key: string = `${stem}.${code}`;
  return has(key) ? say(key) : code;
}
