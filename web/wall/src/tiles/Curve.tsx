import type { ComponentChildren } from "preact";

import { TileFrame } from "../board/Frame";
import { metricOf } from "../board/metrics";
import type { TileProps } from "../board/registry";
import { scopeOf } from "../board/scope";
import { useWall } from "../context";
import { percent } from "../format/percent";
import { levelName } from "../level-name";
import { CurveDrawing } from "../parts/Curve";
import { Glyph } from "../parts/Glyph";
import { useDerived } from "../parts/hooks";
import { asStretch, stretch } from "../parts/Mark";
import type { Cell } from "../wire/cell";
import type { Json } from "../wire/messages";
import { fill, t } from "../words";
import { aheadOf, type Band, bandsOf } from "./band";
import { daySeries, hasDay, trendSeries, yesterdayOf } from "./day";
import { useCanvas } from "./fit";
import { metricWord, oneOf } from "./reading";
import { tiles } from "./words";

export const CURVE_METRICS = ["service_level", "answer_rate", "offered"] as const;

/** A number of today, one point an interval; of a queue or a line its last two hours. Where nobody was to be answered the line is broken. */
export function CurveTile({ tile, options }: TileProps) {
  const wall = useWall();
  const { board, zone } = wall;
  const [ref, canvas] = useCanvas();
  const metric = oneOf(options["metric"], CURVE_METRICS);
  const place = scopeOf(wall, String(options["scope"] ?? "floor"));
  const isDay = hasDay(place.scope, metric);
  // A drawing need not move every second.
  const now = useDerived(() => (wall.second.value === undefined ? undefined : Math.floor(wall.second.value / 30) * 30), []).value;
  const { freshness, cell } = place;
  const series = isDay ? daySeries(board, metric, now) : trendSeries(cell.at("trend"), metric);
  const isShare = metricOf(metric)?.kind === "percent";
  const target = isShare ? cell.at("target", metric).number : undefined;
  const gaps = isDay ? gapsIn(board) : [];
  const isLive = freshness.kind === "live";
  const told = cell.at("outlook");
  const isForecast = metric === "service_level" && options["forecast"] !== false;
  const bands = isLive && isForecast && now !== undefined ? bandsOf(told.at("forecast")) : [];
  const before = isDay && options["yesterday"] !== false ? yesterdayOf(board.at("yesterday").list, metric, zone) : [];
  const isMeasured = series.points.some(({ level }) => level !== undefined) || series.running !== undefined;
  const what = metricWord(metric);
  const inShort = metricWord(metric, "short");
  const [named, brief] = isDay ? [tiles.t("curve.today", { what }), inShort] : [tiles.t("curve.recent", { what }), tiles.t("curve.recentShort", { what: inShort })];
  const prefix = place.name === "" ? "" : `${place.name} `;
  const name = levelName(board);
  const says = toldOf(gaps, bands.at(-1), isLive && isForecast ? told.at("why").text : "", target, series.length, zone, place.kind === "queue");
  return (
    <TileFrame
      tile={tile}
      title={prefix + named}
      brief={prefix + brief}
      small={metric === "service_level" && place.kind === "floor" ? `${name.threshold} ${name.variant}`.trim() : ""}
      freshness={freshness}
      class="t-curve"
      aside={<Aside told={says} />}
      written={says.written}
      ask={{ metric: metricOf(metric)?.asked ?? metric, scope: place.scope, window: isDay ? "interval" : "rolling:60" }}
    >
      <div class="room" ref={ref}>
        {!isMeasured && (
          <p class="none">
            <span>{isDay ? t("curve.none") : tiles.t(cell.at("trend", "from").number === undefined ? "curve.soon" : "curve.quiet")}</span>
          </p>
        )}
        {canvas.width > 0 && canvas.height > 0 && (
          <CurveDrawing
            {...canvas}
            id={tile.id}
            label={prefix + named}
            zone={zone}
            begin={series.begin}
            length={series.length}
            fewest={series.fewest}
            points={series.points}
            running={series.running}
            unit={isShare ? "share" : "count"}
            target={target}
            outlook={now === undefined ? [] : aheadOf(bands, now)}
            now={now}
            before={before}
            beforeWord={tiles.t("curve.yesterday")}
            gaps={gaps}
            until={freshness.kind === "stale" ? freshness.asOf : undefined}
          />
        )}
      </div>
    </TileFrame>
  );
}

const FEW: ReadonlySet<string> = new Set(["too_little_data", "nobody"]);
type Gaps = readonly (readonly [from: number, to: number])[];

/** What stands at the end of the heading, at length and in short: the heading picks one by its step. */
interface Told {
  readonly long: ComponentChildren;
  readonly short?: ComponentChildren;
  readonly written: string;
}

/** What is not known comes before what may come, and that before how it is counted. */
function toldOf(gaps: Gaps, ahead: Band | undefined, why: string, target: number | undefined, length: number, zone: string, isOne: boolean): Told {
  const last = gaps.at(-1);
  if (last !== undefined) {
    const pieces = new Set(gaps.map(([from, to]) => `${from} ${to}`)).size;
    const when = stretch(...last, zone);
    const mark = <Glyph name="slow" />;
    const long = `${t("incomplete")} ${when} ${pieces > 1 ? t("incomplete.more", { n: pieces - 1 }) : ""}`.trim();
    return { long: [mark, long], short: [mark, when], written: long };
  }
  if (ahead !== undefined) {
    const band = `${percent(ahead.low, target)}–${percent(ahead.high, target)}%`;
    const values = { n: ahead.minutes, band: <b class="band">{band}</b> };
    return { long: fill("forecast", values), short: fill("forecast.short", values), written: `${ahead.minutes} ${band}` };
  }
  if (why === "nobody") return { long: tiles.t("outlook.nobody"), written: why };
  if (FEW.has(why)) return isOne ? { long: tiles.t("outlook.few"), short: tiles.t("outlook.fewShort"), written: why } : { long: tiles.t("outlook.some"), short: tiles.t("outlook.someShort"), written: why };
  const every = tiles.t("curve.every", { n: Math.round(length / 60) });
  return { long: every, written: every };
}

function Aside({ told: { long, short } }: { told: Told }) {
  if (short === undefined) return <span>{long}</span>;
  return (
    <>
      <span class="long">{long}</span>
      <span class="short" aria-hidden="true">
        {short}
      </span>
    </>
  );
}

/** The stretches of missed calls; what a headset or a phone did not say is no gap in the calls. */
function gapsIn(board: Cell): Gaps {
  const isOfCalls = (item: Json) => Array.isArray(item) && board.at("sources", String(item[0]), "sense").text === "";
  return board.at("incomplete").list.filter(isOfCalls).map((item) => (Array.isArray(item) ? asStretch(item.slice(1)) : undefined)).filter((gap) => gap !== undefined);
}
