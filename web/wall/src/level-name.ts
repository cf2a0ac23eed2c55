import type { Cell } from "./wire/cell";
import { type Key, t } from "./words";

const VARIANTS: ReadonlySet<string> = new Set(["answered", "offered", "offered_less_short", "abandon_ignored", "abandon_positive"]);

/** What a service level is called: never without its threshold and its formula. */
export interface LevelName {
  readonly title: string;
  readonly threshold: string;
  readonly variant: string;
  /** The formula where there is little room. */
  readonly brief: string;
}

/** The name of the floor's service level; where queues have limits of their own, these from the least to the most. */
export const levelName = (board: Cell): LevelName => levelOf(board.at("floor", "formula"), board.at("queues"), board.at("queues").keys);

/** The name of a place's service level by its `formula`; where that has no limit of its own, those of `among` the queues. */
export function levelOf(formula: Cell, queues: Cell, among: readonly string[]): LevelName {
  const threshold = formula.at("threshold").number;
  const told = formula.at("variant").text || formula.at("service_level").text;
  // The one case that the trade has a name of its own for.
  if (told === "offered" && threshold === 20) return { title: t("hero.sl20"), threshold: "", variant: "", brief: "" };
  const known = VARIANTS.has(told) ? told : told === "" ? "" : "mixed";
  return {
    title: t("hero.sl"),
    threshold: threshold === undefined ? limits(queues, among) : t("hero.threshold", { n: threshold }),
    variant: known === "" ? "" : t(`variant.${known}` as Key),
    brief: known === "" ? "" : t(`variant.short.${known}` as Key),
  };
}

function limits(queues: Cell, among: readonly string[]): string {
  const all = among.map((key) => queues.at(key, "formula", "threshold").number).filter((n) => n !== undefined);
  if (all.length === 0) return "";
  const [least, most] = [Math.min(...all), Math.max(...all)];
  return t("hero.threshold", { n: least === most ? least : `${least}–${most}` });
}
