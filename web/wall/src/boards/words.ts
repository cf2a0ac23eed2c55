import { catalogueOf } from "../words";
import en from "./locales/en.json";
import zhCN from "./locales/zh-CN.json";
import zhTW from "./locales/zh-TW.json";

export type BoardsKey = keyof typeof zhCN;

/** The words of the list of boards, and of the dialogs that it shares with the editor. */
export const { t: say, many, fill, has } = catalogueOf<BoardsKey>({ "zh-CN": zhCN, "zh-TW": zhTW, en });
