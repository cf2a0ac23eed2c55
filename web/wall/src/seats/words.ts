import { catalogueOf } from "../words";
import en from "./locales/en.json";
import zhCN from "./locales/zh-CN.json";
import zhTW from "./locales/zh-TW.json";

/** The seat map's own words; they come with it. */
export type Key = keyof typeof zhCN;
export const { t: say, many, has: isKey } = catalogueOf<Key>({ "zh-CN": zhCN, "zh-TW": zhTW, en });
