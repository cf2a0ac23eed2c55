import { catalogueOf } from "../words";
import en from "./locales/en.json";
import zhCN from "./locales/zh-CN.json";
import zhTW from "./locales/zh-TW.json";

export type EditorKey = keyof typeof zhCN;

/** The words of the page on which a board is made. */
export const { t: say, many, fill, has } = catalogueOf<EditorKey>({ "zh-CN": zhCN, "zh-TW": zhTW, en });
