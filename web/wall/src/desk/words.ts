import { catalogueOf } from "../words";
import en from "./locales/en.json";
import zhCN from "./locales/zh-CN.json";
import zhTW from "./locales/zh-TW.json";

/** The words of what all desk pages have in common. */
export const { t: say, many, fill } = catalogueOf({ "zh-CN": zhCN, "zh-TW": zhTW, en });
