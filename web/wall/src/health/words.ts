import { catalogueOf } from "../words";
import en from "./locales/en.json";
import zhCN from "./locales/zh-CN.json";
import zhTW from "./locales/zh-TW.json";

/** The words about screens and how they do. */
export const screens = catalogueOf<keyof typeof zhCN>({ "zh-CN": zhCN, "zh-TW": zhTW, en });
