import { catalogueOf } from "../words";
import en from "./locales/en.json";
import zhCN from "./locales/zh-CN.json";
import zhTW from "./locales/zh-TW.json";

/** What is said aloud, and what is written about sound. */
export const sound = catalogueOf<keyof typeof zhCN>({ "zh-CN": zhCN, "zh-TW": zhTW, en });
