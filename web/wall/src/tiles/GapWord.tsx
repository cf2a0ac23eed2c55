import { count } from "../format/count";
import { Glyph } from "../parts/Glyph";
import { fill, lang, t } from "../words";
import { whole } from "./gaps";

/** "short 2", "2 to spare", "even": whole people, with a mark where some are missing. */
export function GapWord({ gap, isOld = false }: { gap: number; isOld?: boolean }) {
  const people = whole(gap);
  if (people === 0) return <span class="gapword even">{t("gap.even")}</span>;
  const n = <b>{count(Math.abs(people), lang.value)}</b>;
  return (
    <span class={`gapword ${people < 0 && !isOld ? "sv-warn" : ""}`}>
      {people < 0 && <Glyph name="warn" class={isOld ? "" : "m-warn"} />}
      <span>{fill(people < 0 ? "gap.short" : "gap.over", { n })}</span>
    </span>
  );
}
