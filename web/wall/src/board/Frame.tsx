import type { ComponentChildren } from "preact";

import { useWall } from "../context";
import { clock } from "../format/moment";
import { Ask } from "../parts/Ask";
import { Glyph } from "../parts/Glyph";
import { useSteps } from "../parts/hooks";
import { Mark } from "../parts/Mark";
import type { Severity } from "../severity";
import type { Freshness } from "../stale";
import { tiles } from "../tiles/words";
import type { Cell } from "../wire/cell";
import { lang, t } from "../words";
import type { Tile } from "./model";

/** In place of a good number: what it looks like, and the words that say why. `note` is said in weaker ink below. */
export interface Instead {
  readonly look: "empty" | "loading" | "error";
  readonly why: string;
  readonly note?: string;
}

export interface FrameProps {
  readonly tile: Tile;
  readonly title: string;
  /** The title where there is little room. */
  readonly brief?: string;
  /** Beside the title: a threshold, a window; the first to go. */
  readonly small?: string;
  readonly freshness?: Freshness;
  readonly severity?: Severity;
  /** Shown in place of `children`; the heading stays. */
  readonly instead?: Instead | undefined;
  /** The numbers that may be incomplete: their mark stands in the heading. */
  readonly numbers?: Cell | undefined;
  /** At the end of the heading; "as of" stands there while it is stale. */
  readonly aside?: ComponentChildren;
  /** What `aside` says, where it is no text: to measure the heading again when that changes. */
  readonly written?: string;
  /** Asks why of the whole tile. */
  readonly ask?: { readonly metric: string; readonly scope?: string; readonly window?: string; readonly first?: boolean };
  /** Where the heading is for readers only. */
  readonly isBare?: boolean;
  readonly class?: string;
  readonly children?: ComponentChildren;
}

const LIVE: Freshness = { kind: "live" };

/** What every tile has: a surface, a heading that fits, and the looks of what is no good number. */
export function TileFrame({ tile, title, brief = title, small = "", freshness = LIVE, severity = "none", instead, numbers, aside, written = "", ask, isBare, class: own = "", children }: FrameProps) {
  const isOld = freshness.kind !== "live";
  const look = instead?.look === "error" ? "error" : isOld ? `stale ${freshness.kind}` : severity;
  const heading = useSteps(4, `${title}${brief}${small}${look}${lang.value}${typeof aside === "string" ? aside : written}`);
  const isTold = aside !== undefined || isOld || numbers !== undefined;
  return (
    <section class={`tile frame ${own} ${look} ${instead === undefined ? "" : `is-${instead.look}`} ${isBare ? "bare" : ""}`} data-tile={tile.id} aria-labelledby={`t-${tile.id}`}>
      <h2 id={`t-${tile.id}`} class={isBare ? "vh" : ""} {...(isBare ? {} : { ref: heading as never })}>
        <span class="long">{title}</span>
        <span class="short" aria-hidden="true">
          {brief}
        </span>
        {small !== "" && <small>{small}</small>}
        {isTold && !isBare && (
          <span class="end">
            {numbers !== undefined && <Mark of={numbers} />}
            {isOld ? <AsOf freshness={freshness} /> : aside}
          </span>
        )}
      </h2>
      {instead === undefined ? children : <InPlace {...instead} />}
      {ask && <Ask metric={ask.metric} {...(ask.scope === undefined ? {} : { scope: ask.scope })} {...(ask.window === undefined ? {} : { window: ask.window })} what={title} first={ask.first === true} />}
    </section>
  );
}

/** Why there is nothing, what is being waited for, or what failed. */
export function InPlace({ look, why, note = "" }: Instead) {
  const steps = useSteps(1, `${why}${note}`);
  return (
    <div class={`instead ${look}`} {...(look === "loading" ? { role: "status" } : {})}>
      {look === "loading" && <i class="block big" />}
      <p ref={steps as never}>
        {look === "error" && <Glyph name="lost" />}
        <span>{why}</span>
      </p>
      {note !== "" && <p class="note">{note}</p>}
    </div>
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

/** A tile that cannot be drawn: a fault of ours or of its board, never of the floor's, so in neutral ink. */
export function Broken({ tile, why }: { tile: Tile; why: string }) {
  return <TileFrame tile={tile} title={tiles.has(`tile.${tile.kind}`) ? tiles.t(`tile.${tile.kind}` as never) : tile.kind} instead={{ look: "error", why }} />;
}
