import { useWall } from "../context";
import { minute } from "../format/moment";
import { percent, targetPercent } from "../format/percent";
import { levelName } from "../level-name";
import { type Freshness } from "../stale";
import type { Json } from "../wire/messages";
import { fill, lang, t } from "../words";
import { Ask } from "./Ask";
import { type Outlook, plot, type Point } from "./curve-plot";
import { Glyph } from "./Glyph";
import { useDerived, useRoom, useSteps } from "./hooks";
import { asStretch, stretch } from "./Mark";
import type { Cell } from "../wire/cell";

/** Today's service level, one point an interval; where nobody was to be answered the line is broken. */
export function Curve() {
  const wall = useWall();
  const { board, zone } = wall;
  const [ref, [width, height]] = useRoom();
  const lacking = new Set(board.at("curve_incomplete").list);
  const revised = new Set(board.at("curve_revised").list);
  const points = board
    .at("curve")
    .list.map((item) => point(item, lacking, revised))
    .filter((p) => p !== undefined);
  const begin = points[0]?.start ?? board.at("interval", "starts").number ?? 0;
  const length = board.at("interval", "length").number ?? 1800;
  const target = board.at("floor", "target", "service_level").number;
  const freshness: Freshness = wall.floorFreshness.value;
  // What a headset or a phone did not say is no gap in the calls.
  const isOfCalls = (stretch: Json) => Array.isArray(stretch) && board.at("sources", String(stretch[0]), "sense").text === "";
  const gaps = board.at("incomplete").list.filter(isOfCalls).map(gap).filter((g) => g !== undefined);
  const last = gaps.at(-1);
  const pieces = new Set(gaps.map(([from, to]) => `${from} ${to}`)).size;
  const name = levelName(board);
  const told = board.at("floor", "outlook");
  const isLive = freshness.kind === "live";
  // A forecast is made for so many minutes from now; the drawing need not move every second for that.
  const now = useDerived(() => (wall.second.value === undefined ? undefined : Math.floor(wall.second.value / 30) * 30), []).value;
  const outlook = isLive && now !== undefined ? outlookOf(told.at("forecast"), now) : [];
  const ahead = outlook.at(-1);
  const why = isLive && outlook.length === 0 ? told.at("why").text : "";
  const heading = useSteps(3, `${lang.value}${last}${pieces}${ahead?.join()}${why}${name.threshold}${name.variant}`);
  const measured = points.some((p) => p.level !== undefined);
  return (
    <section class="curve tile" data-tile="curve" aria-labelledby="curve">
      <h2 id="curve" ref={heading as never}>
        <span class="title">{t("curve")}</span>
        <small class="formula">
          {name.threshold} <span class="variant">{name.variant}</span>
        </small>
        <small>
          {ahead && !last ? (
            <Ahead of={ahead} now={now ?? 0} target={target} />
          ) : FEW.has(why) && !last ? (
            t(why === "nobody" ? "forecast.nobody" : "forecast.tooLittle")
          ) : last ? (
            <span class="gap" title={gaps.map(([from, to]) => stretch(from, to, zone)).join("\n")}>
              <Glyph name="slow" />
              <span class="word">{t("incomplete")}</span>
              {stretch(...last, zone)}
              {pieces > 1 && <span class="others">{t("incomplete.more", { n: pieces - 1 })}</span>}
            </span>
          ) : (
            t("curve.every", { n: Math.round(length / 60) })
          )}
        </small>
      </h2>
      <div class="room" ref={ref}>
        {!measured && <p class="none"><span>{t("curve.none")}</span></p>}
        {width > 0 && height > 0 && (
          <Drawing
            {...{ width, height, begin, length, target, zone, points, outlook, now }}
            gaps={gaps}
            until={freshness.kind === "stale" ? freshness.asOf : undefined}
          />
        )}
      </div>
      <Ask metric="service_level" window="interval" what={t("curve")} />
    </section>
  );
}

const FEW: ReadonlySet<string> = new Set(["too_little_data", "nobody"]);

/** "next 30 min 66–88%, 4 in 5": a band and its odds, or nothing. */
function Ahead({ of: [at, low, , high], now, target }: { of: Outlook; now: number; target: number | undefined }) {
  const n = Math.round((at - now) / 60);
  const band = (
    <b class="band">
      {percent(low, target)}–{percent(high, target)}%
    </b>
  );
  return (
    <>
      <span class="long">{fill("forecast", { n, band })}</span>
      <span class="brief">{fill("forecast.short", { n, band })}</span>
    </>
  );
}

/** `{"5": [low, mid, high], …}`, minutes from now, as instants. */
function outlookOf(forecast: Cell, now: number): readonly Outlook[] {
  return forecast.keys
    .map((minutes) => [Number(minutes), forecast.at(minutes).list] as const)
    .filter(([minutes, band]) => Number.isFinite(minutes) && band.length === 3 && band.every((level) => typeof level === "number"))
    .sort(([a], [b]) => a - b)
    .map(([minutes, band]) => [now + 60 * minutes, ...(band as readonly [number, number, number])] as const);
}

interface DrawingProps {
  readonly width: number;
  readonly height: number;
  readonly begin: number;
  readonly length: number;
  readonly zone: string;
  readonly target: number | undefined;
  readonly points: readonly Point[];
  readonly gaps: readonly (readonly [number, number])[];
  readonly until: number | undefined;
  readonly outlook: readonly Outlook[];
  readonly now: number | undefined;
}

function Drawing({ width, height, begin, length, zone, target, points, gaps, until, outlook, now }: DrawingProps) {
  const { x, y, band, left, right, top, bottom, ticks, levels, path, last, end, middle } = plot(points, { width, height, begin, length, target, outlook, now });
  const hatched = [...gaps.map(([from, to]) => [from, to || end] as const), ...(until === undefined ? [] : [[until, end] as const])];
  const revised = points.filter((p) => p.isRevised && !p.isLacking).map((p) => [p.start, middle(p)] as const);
  const lacking = points.filter((p) => p.isLacking).map(middle).filter((at) => at !== undefined);
  return (
    <svg class="chart" viewBox={`0 0 ${width} ${height}`} role="img" aria-label={t("curve")}>
      <defs>
        <pattern id="hatch" width="14" height="14" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <rect width="4" height="14" class="hatch" />
        </pattern>
      </defs>
      {levels.map((level) => (
        <g key={level}>
          <line class={level === target ? "tg" : "grid"} x1={left} x2={right} y1={y(level)} y2={y(level)} />
          <text class={level === target ? "at" : ""} x={left - 12} y={y(level) + 10} text-anchor="end">
            {targetPercent(level)}
          </text>
        </g>
      ))}
      {ticks.map((tick) => (
        <text key={tick} x={x(tick)} y={height - 6} text-anchor="middle">
          {minute(tick, zone)}
        </text>
      ))}
      {hatched.map(([from, to]) => {
        const start = Math.max(left, x(from));
        const wide = Math.min(right, x(to)) - start;
        return wide > 0 ? (
          <g key={from}>
            <rect class="lost" x={start} y={top} width={Math.max(8, wide)} height={bottom - top} />
            <line class="lostedge" x1={start} x2={start} y1={top} y2={bottom} />
          </g>
        ) : null;
      })}
      {band && (
        <g class="ahead">
          <path class="band" d={band.outline} />
          <path class="mid" d={band.mid} />
        </g>
      )}
      <path class="act" d={path} />
      {last && <circle class="dot" cx={last[0]} cy={last[1]} r="10" />}
      {revised.map(([start, at]) =>
        at === undefined ? null : (
          <path key={start} class="revised" d={`M${at[0]} ${at[1] - 11}l11 11-11 11-11-11z`}>
            <title>{t("curve.revised", { t: minute(start, zone) })}</title>
          </path>
        ),
      )}
      {lacking.map(([cx, cy]) => (
        <g key={cx} class="part">
          <circle cx={cx} cy={cy} r="9" />
          <path d={`M${cx} ${cy - 9}a9 9 0 0 1 0 18z`} />
        </g>
      ))}
    </svg>
  );
}

function point(item: Json, lacking: ReadonlySet<Json>, revised: ReadonlySet<Json>): Point | undefined {
  if (!Array.isArray(item) || typeof item[0] !== "number") return undefined;
  const [start, level] = item as readonly number[];
  const marks = { isLacking: lacking.has(start ?? 0), isRevised: revised.has(start ?? 0) };
  return item.length >= 3 && typeof level === "number" ? { start: start ?? 0, level, ...marks } : { start: start ?? 0, ...marks };
}

/** `[source, from, to]` without the source. */
const gap = (item: Json): readonly [number, number] | undefined => (Array.isArray(item) ? asStretch(item.slice(1)) : undefined);
