import type { TileProps } from "../board/registry";
import { AsOf } from "../board/Frame";
import { useWall } from "../context";
import { count } from "../format/count";
import { Glyph } from "../parts/Glyph";
import { useSteps, useVerdict } from "../parts/hooks";
import type { Severity } from "../severity";
import { type Key, lang, t } from "../words";
import { tiles } from "./words";

/** What a level of demand is worth: 4 of 5 is near, 5 is over. */
export const ofLoad = (level: number | undefined): Severity => (level === undefined ? "none" : level >= 5 ? "breach" : level >= 4 ? "warn" : "ok");

/**
 * How much is asked of the floor, as a level with its word. For walls that agents see: the bare number of who waits, as
 * the biggest thing on a wall, makes people slower to go ready.
 */
export function Load({ tile }: TileProps) {
  const wall = useWall();
  const floor = wall.board.at("floor");
  const freshness = wall.floorFreshness.value;
  const told = floor.at("load").number;
  const level = told === undefined || told < 1 || told > 5 ? undefined : Math.round(told);
  const verdict = useVerdict(ofLoad(level), freshness);
  const isOld = freshness.kind !== "live";
  const word = level === undefined ? "–" : t(`load.${level}` as Key);
  const steps = useSteps(4, `${word}${lang.value}${tile.w}`);
  const foot = useSteps(1, `${word}${verdict}${floor.at("waiting").number}${lang.value}`);
  const waiting = floor.at("waiting").number;
  return (
    <section class={`hero tile demand ${isOld ? `stale ${freshness.kind}` : verdict}`} data-tile={tile.id} aria-labelledby={`hero-${tile.id}`}>
      <h2 id={`hero-${tile.id}`}>{tiles.t("tile.load")}</h2>
      <div class="row" ref={steps as never}>
        <p class="num word">{level === undefined ? <span class="none">–</span> : word}</p>
      </div>
      <div class="steps" aria-hidden="true">
        {[1, 2, 3, 4, 5].map((bar) => (
          <i key={bar} class={level !== undefined && bar <= level ? "on" : ""} />
        ))}
      </div>
      <div class="foot">
        {isOld ? (
          <AsOf freshness={freshness} />
        ) : (
          <>
            <span class="what" ref={foot as never}>{level === undefined ? tiles.t("look.noLoad") : waiting === undefined ? "" : tiles.t("look.waiting", { n: count(waiting, lang.value) })}</span>
            {verdict === "ok" && (
              <span class="verdict">
                <Glyph name="ok" />
              </span>
            )}
            {(verdict === "warn" || verdict === "breach") && (
              <span class="verdict">
                <Glyph name={verdict} class={`m-${verdict}`} />
                {t(`severity.${verdict}`)}
              </span>
            )}
          </>
        )}
      </div>
    </section>
  );
}
