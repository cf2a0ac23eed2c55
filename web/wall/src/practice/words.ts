import { catalogueOf } from "../words";
import en from "./locales/en.json";
import zhCN from "./locales/zh-CN.json";
import zhTW from "./locales/zh-TW.json";

/** The words of what befalls callers. */
export const { t: say, has } = catalogueOf<keyof typeof zhCN>({ "zh-CN": zhCN, "zh-TW": zhTW, en });
