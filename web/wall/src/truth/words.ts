import { catalogueOf } from "../words";
import en from "./locales/en.json";
import zhCN from "./locales/zh-CN.json";
import zhTW from "./locales/zh-TW.json";

/** The words about what is live and whose clock is right. */
export const truth = catalogueOf<keyof typeof zhCN>({ "zh-CN": zhCN, "zh-TW": zhTW, en });
