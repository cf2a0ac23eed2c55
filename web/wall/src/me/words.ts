import { catalogueOf } from "../words";
import en from "./locales/en.json";
import zhCN from "./locales/zh-CN.json";
import zhTW from "./locales/zh-TW.json";

/** The words of one's own page. */
export const { t: say, many, fill, has } = catalogueOf({ "zh-CN": zhCN, "zh-TW": zhTW, en });
