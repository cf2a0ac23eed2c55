import { useWall } from "../context";
import { count } from "../format/count";
import { minute } from "../format/moment";
import type { Cell } from "../wire/cell";
import type { Json } from "../wire/messages";
import { lang, t } from "../words";
import { Glyph } from "./Glyph";

/** `[from, to]` of missed events, `to` 0 while it lasts; undefined when these numbers are whole. */
export function missedIn(numbers: Cell): readonly [number, number] | undefined {
  return asStretch(numbers.at("incomplete").list);
}

export function asStretch([from, to]: readonly Json[]): readonly [number, number] | undefined {
  return typeof from === "number" ? [from, typeof to === "number" ? to : 0] : undefined;
}

/** `10:03–10:05`, `10:03–now` */
export function stretch(from: number, to: number, zone: string): string {
  return `${minute(from, zone)}–${to > 0 ? minute(to, zone) : t("incomplete.now")}`;
}

/** Visits that the source's own counters tell and nobody saw; 0 when there are none. */
export const unseenIn = (numbers: Cell): number => numbers.at("unseen").number ?? 0;

/** What a number lacks and since when, in a sentence; empty when it is whole. */
export function useLack(numbers: Cell): string {
  const { zone } = useWall();
  const missed = missedIn(numbers);
  const unseen = unseenIn(numbers);
  const why = missed === undefined ? "" : t("incomplete.why", { t: stretch(...missed, zone) });
  const how = unseen === 0 ? "" : t("unseen.why", { n: count(unseen, lang.value) });
  return [why, how].filter((sentence) => sentence !== "").join(" ");
}

/**
 * Beside a number that lacks something: one small half disc, the same everywhere; what it means is written out once,
 * at the first hero and at the curve. A pointer and a reader get the sentence.
 */
export function Mark({ of: numbers }: { of: Cell }) {
  const why = useLack(numbers);
  if (why === "") return null;
  return (
    <span class="mark" title={why}>
      <Glyph name="slow" />
      <span class="vh">{why}</span>
    </span>
  );
}

/** From here on the figure leaves no room for its words beside a big number. */
const LONG = 100;

/** "◐ Incomplete 10:03–10:05", "◐ 10:03–10:05, +3 not seen": the words to the mark. */
export function Legend({ of: numbers }: { of: Cell }) {
  const wall = useWall();
  const why = useLack(numbers);
  const missed = missedIn(numbers);
  const unseen = unseenIn(numbers);
  if (why === "") return null;
  return (
    <p class="incomplete" title={why}>
      <span class="word">
        <Glyph name="slow" />
        {unseen > 0 && missed ? stretch(...missed, wall.zone) : t("incomplete")}
      </span>
      {unseen > 0 ? (
        <span class="unseen">{t(unseen < LONG ? "unseen" : "unseen.short", { n: count(unseen, lang.value) })}</span>
      ) : (
        missed && <span>{stretch(...missed, wall.zone)}</span>
      )}
    </p>
  );
}
