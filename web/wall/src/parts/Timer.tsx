import { useWall } from "../context";
import { age, wallSpan } from "../format/duration";
import { type Freshness, timeOf } from "../stale";
import { t } from "../words";
import { useDerived } from "./hooks";

/** How long something has lasted, by the server's clock; frozen where its source stopped. */
export function Timer({ since, freshness }: { since: number | undefined; freshness: Freshness }) {
  const wall = useWall();
  const asOf = freshness.kind === "live" ? undefined : freshness.asOf;
  const span = useDerived(() => {
    const now = timeOf(freshness, wall.second.value);
    return since === undefined || now === undefined ? undefined : wallSpan(now - since);
  }, [since, freshness.kind, asOf]);
  const figure = useDerived(() => span.value?.figure ?? "–", [span]);
  const unit = useDerived(() => (span.value?.unit ? ` ${t(`unit.${span.value.unit}`)}` : ""), [span]);
  return (
    <>
      {figure}
      <span class="u">{unit}</span>
    </>
  );
}

/** How old something is, in words: `0.4 秒`, `12 s`. */
export function ageWords(seconds: number): string {
  const [figure, unit] = age(seconds);
  return t(`age.${unit}`, { n: figure });
}

/** As `ageWords`, for an age that is told in whole seconds. */
export const agoWords = (seconds: number): string =>
  seconds < 10 ? t("age.second", { n: Math.max(0, Math.floor(seconds)) }) : ageWords(seconds);
