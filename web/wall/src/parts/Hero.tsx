import type { ComponentChildren } from "preact";

import { useWall } from "../context";
import { clock } from "../format/moment";
import type { Severity } from "../severity";
import type { Freshness } from "../stale";
import { lang, t } from "../words";
import { Ask } from "./Ask";
import { Glyph, type GlyphName } from "./Glyph";
import { useSteps } from "./hooks";

interface Props {
  readonly id: string;
  /** The number, as it is asked for. */
  readonly metric: string;
  readonly title: string;
  /** The title where there is little room. */
  readonly brief?: string;
  readonly small?: ComponentChildren;
  /** Over which time the number is counted; the first to go where there is no room. */
  readonly window?: string;
  readonly lead?: boolean;
  readonly verdict: Severity;
  readonly freshness: Freshness;
  /** What the number looks like, to measure whether it fits. */
  readonly shape: string;
  readonly number: ComponentChildren;
  /** In the corner: whether the number lacks something. */
  readonly mark?: ComponentChildren;
  /** Beside the number: what qualifies it. */
  readonly aside?: ComponentChildren;
  readonly foot: ComponentChildren;
  readonly word?: string | undefined;
}

/** What a piece of the heading says, to measure it again when that changes. */
function written(piece: ComponentChildren): string {
  if (Array.isArray(piece)) return piece.map(written).join("");
  if (typeof piece === "object" && piece !== null && "props" in piece) return written(piece.props.children);
  return piece === undefined || piece === null || typeof piece === "boolean" ? "" : String(piece);
}

/** One of the five numbers that are read from the back of the room. */
export function Hero({ id, metric, title, brief = title, small, window, lead, verdict, freshness, shape, number, mark, aside, foot, word }: Props) {
  const old = freshness.kind !== "live";
  const look = old ? `stale ${freshness.kind}` : verdict;
  const digits = useSteps(3, `${shape}${look}`);
  const heading = useSteps(4, [title, small, window, look, verdict].map(written).join());
  return (
    <section class={`hero tile ${lead ? "lead" : ""} ${look}`} data-tile={id} aria-labelledby={`hero-${id}`}>
      <h2 id={`hero-${id}`} ref={heading as never}>
        {brief === title ? (
          title
        ) : (
          <>
            <span class="long">{title}</span>
            <span class="short" aria-hidden="true">
              {brief}
            </span>
          </>
        )}
        {small && <small>{small}</small>}
        {window && <small class="win">{window}</small>}
        {old && (verdict === "warn" || verdict === "breach") && <Glyph name={verdict} class="was" />}
        {mark}
      </h2>
      <div class="row">
        <p class="num" ref={digits as never}>
          {number}
        </p>
        {aside && <div class="aside">{aside}</div>}
      </div>
      <Ask metric={metric} what={title} first={lead === true} />
      <div class="foot">{old ? <AsOf freshness={freshness} /> : <Foot verdict={verdict} word={word} text={foot} />}</div>
    </section>
  );
}

function Foot({ verdict, word, text }: { verdict: Severity; word: string | undefined; text: ComponentChildren }) {
  const steps = useSteps(3, text);
  return (
    <>
      <span class="what" ref={steps as never}>
        {text}
      </span>
      {verdict === "ok" && (
        <span class="verdict">
          <Glyph name="ok" />
          <span class="vh">{t("severity.ok")}</span>
        </span>
      )}
      {(verdict === "warn" || verdict === "breach") && (
        <span class="verdict">
          <Glyph name={verdict as GlyphName} class={`m-${verdict}`} />
          {word ?? t(`severity.${verdict}`)}
        </span>
      )}
    </>
  );
}

/** "As of 10:42:07", in live ink: the one thing on a stale tile that is true now. */
export function AsOf({ freshness }: { freshness: Freshness }) {
  const wall = useWall();
  const steps = useSteps(freshness.kind === "part" ? 1 : 0, `${freshness.kind}${lang.value}`);
  if (freshness.kind === "live" || freshness.asOf === undefined) return null;
  const when = { t: clock(freshness.asOf, wall.zone) };
  return (
    <span class="asof" ref={steps as never}>
      <Glyph name="clock" />
      <span class="long">{t(freshness.kind === "part" ? "stale.part" : "stale.asOf", when)}</span>
      {freshness.kind === "part" && <span class="short">{t("stale.partShort", when)}</span>}
    </span>
  );
}
