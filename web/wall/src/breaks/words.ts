import { catalogueOf } from "../words";
import en from "./locales/en.json";
import zhCN from "./locales/zh-CN.json";
import zhTW from "./locales/zh-TW.json";

/** The words of breaks, wherever they are looked at. */
export const { t: say, many, fill, has } = catalogueOf({ "zh-CN": zhCN, "zh-TW": zhTW, en });
