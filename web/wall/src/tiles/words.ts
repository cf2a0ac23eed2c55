import { catalogueOf } from "../words";
import en from "./locales/en.json";
import zhCN from "./locales/zh-CN.json";
import zhTW from "./locales/zh-TW.json";

export type TileKey = keyof typeof zhCN;

/** The words of boards and tiles: `tile.` kinds, `option.` and `choice.` of theirs, `metric.` numbers, `look.` what is shown in place of one. */
export const tiles = catalogueOf<TileKey>({ "zh-CN": zhCN, "zh-TW": zhTW, en });
