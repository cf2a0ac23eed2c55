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
export function levelName(board: Cell): LevelName {
  const formula = board.at("floor", "formula");
  const threshold = formula.at("threshold").number;
  const told = formula.at("variant").text || formula.at("service_level").text;
  // The one case that the trade has a name of its own for.
  if (told === "offered" && threshold === 20) return { title: t("hero.sl20"), threshold: "", variant: "", brief: "" };
  const known = VARIANTS.has(told) ? told : told === "" ? "" : "mixed";
  return {
    title: t("hero.sl"),
    threshold: threshold === undefined ? limits(board.at("queues")) : t("hero.threshold", { n: threshold }),
    variant: known === "" ? "" : t(`variant.${known}` as Key),
    brief: known === "" ? "" : t(`variant.short.${known}` as Key),
  };
}

function limits(queues: Cell): string {
  const all = queues.keys.map((key) => queues.at(key, "formula", "threshold").number).filter((n) => n !== undefined);
  if (all.length === 0) return "";
  const [least, most] = [Math.min(...all), Math.max(...all)];
  return t("hero.threshold", { n: least === most ? least : `${least}–${most}` });
}
