import { useWall } from "../context";
import { minute } from "../format/moment";
import { targetPercent } from "../format/percent";
import { type Freshness } from "../stale";
import type { Json } from "../wire/messages";
import { lang, t } from "../words";
import { plot, type Point } from "./curve-plot";
import { Glyph } from "./Glyph";
import { useRoom, useSteps } from "./hooks";
import { asStretch, stretch } from "./Mark";

/** Today's service level, one point an interval; where nobody was to be answered the line is broken. */
export function Curve() {
  const wall = useWall();
  const { board, zone } = wall;
  const [ref, [width, height]] = useRoom();
  const lacking = new Set(board.at("curve_incomplete").list);
  const points = board
    .at("curve")
    .list.map((item) => point(item, lacking))
    .filter((p) => p !== undefined);
  const begin = points[0]?.start ?? board.at("interval", "starts").number ?? 0;
  const length = board.at("interval", "length").number ?? 1800;
  const target = board.at("floor", "target", "service_level").number;
  const freshness: Freshness = wall.floorFreshness.value;
  const gaps = board.at("incomplete").list.map(gap).filter((g) => g !== undefined);
  const last = gaps.at(-1);
  const pieces = new Set(gaps.map(([from, to]) => `${from} ${to}`)).size;
  const heading = useSteps(2, `${lang.value}${last}${pieces}`);
  const measured = points.some((p) => p.level !== undefined);
  return (
    <section class="curve tile" data-tile="curve" aria-labelledby="curve">
      <h2 id="curve" ref={heading as never}>
        {t("curve")}
        <small>
          {last ? (
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
            {...{ width, height, begin, length, target, zone, points }}
            gaps={gaps}
            until={freshness.kind === "stale" ? freshness.asOf : undefined}
          />
        )}
      </div>
    </section>
  );
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
}

function Drawing({ width, height, begin, length, zone, target, points, gaps, until }: DrawingProps) {
  const { x, y, left, right, top, bottom, ticks, levels, path, last, end, middle } = plot(points, { width, height, begin, length, target });
  const hatched = [...gaps.map(([from, to]) => [from, to || end] as const), ...(until === undefined ? [] : [[until, end] as const])];
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
      <path class="act" d={path} />
      {last && <circle class="dot" cx={last[0]} cy={last[1]} r="10" />}
      {lacking.map(([cx, cy]) => (
        <g key={cx} class="part">
          <circle cx={cx} cy={cy} r="9" />
          <path d={`M${cx} ${cy - 9}a9 9 0 0 1 0 18z`} />
        </g>
      ))}
    </svg>
  );
}

function point(item: Json, lacking: ReadonlySet<Json>): Point | undefined {
  if (!Array.isArray(item) || typeof item[0] !== "number") return undefined;
  const [start, level] = item as readonly number[];
  const isLacking = lacking.has(start ?? 0);
  return item.length >= 3 && typeof level === "number" ? { start: start ?? 0, level, isLacking } : { start: start ?? 0, isLacking };
}

/** `[source, from, to]` without the source. */
const gap = (item: Json): readonly [number, number] | undefined => (Array.isArray(item) ? asStretch(item.slice(1)) : undefined);
