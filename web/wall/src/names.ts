import type { Cell } from "./wire/cell";
import { lang } from "./words";

/** What somebody or something is called in the chosen language; its plain name or key where it has no such name. */
export function nameOf(cell: Cell, key: string): string {
  return cell.at("names", lang.value).text || cell.at("name").text || key;
}

export function siteName(board: Cell): string {
  const names = board.at("site", "name");
  const any = names.keys.map((key) => names.at(key).text).find((name) => name !== "");
  return names.at(lang.value).text || any || names.text || "ccwall";
}
