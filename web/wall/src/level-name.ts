import type { Cell } from "./wire/cell";
import { type Key, t } from "./words";

const VARIANTS: ReadonlySet<string> = new Set(["answered", "offered", "offered_less_short", "abandon_ignored", "abandon_positive"]);

/** What a service level is called: never without its threshold and its formula, where all it is made of agree on them. */
export interface LevelName {
  readonly title: string;
  readonly threshold: string;
  readonly variant: string;
}

export function levelName(formula: Cell): LevelName {
  const threshold = formula.at("threshold").number;
  const told = formula.at("variant").text || formula.at("service_level").text;
  // The one case that the trade has a name of its own for.
  if (told === "offered" && threshold === 20) return { title: t("hero.sl20"), threshold: "", variant: "" };
  return {
    title: t("hero.sl"),
    threshold: threshold === undefined ? t("hero.thresholds") : t("hero.threshold", { n: threshold }),
    variant: VARIANTS.has(told) ? t(`variant.${told}` as Key) : told === "" ? "" : t("variant.mixed"),
  };
}
