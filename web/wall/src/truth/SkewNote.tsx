import { Glyph } from "../parts/Glyph";
import { ageWords } from "../parts/Timer";
import { skew } from "./skew";
import { truth } from "./words";

/** That this screen's own clock is wrong, where it is; `hasWhy` adds that no number is. */
export function SkewNote({ hasWhy = false, isShown = () => true }: { hasWhy?: boolean; isShown?: (seconds: number) => boolean }) {
  const ahead = skew.value;
  if (ahead === undefined || !isShown(ahead)) return null;
  const says = truth.t(ahead > 0 ? "skew.fast" : "skew.slow", { age: ageWords(Math.abs(ahead)) });
  return (
    <span class="skew" role="note" title={truth.t("skew.why")}>
      <Glyph name="clock" />
      <span class="long">{says}</span>
      {hasWhy && <small>{truth.t("skew.why")}</small>}
    </span>
  );
}
