import { catalogueOf } from "../words";
import en from "./locales/en.json";
import zhCN from "./locales/zh-CN.json";
import zhTW from "./locales/zh-TW.json";

/** The words of what was asked for and not done. */
export const said = catalogueOf({ "zh-CN": zhCN, "zh-TW": zhTW, en });
