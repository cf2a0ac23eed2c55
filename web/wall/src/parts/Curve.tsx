import { minute } from "../format/moment";
import { t } from "../words";
import { labelOf, type Paper, plot, type Point } from "./curve-plot";

interface Props extends Paper {
  /** Tells its pattern from those of other curves on the page. */
  readonly id: string;
  readonly label: string;
  readonly zone: string;
  readonly points: readonly Point[];
  /** The last interval, while it lasts and its count grows. */
  readonly running?: Point | undefined;
  /** Stretches of missed events, `to` 0 while one lasts. */
  readonly gaps: readonly (readonly [from: number, to: number])[];
  /** Where the data stand still; nothing is drawn as known after it. */
  readonly until: number | undefined;
}

/** A line over time with its target, the day before, what may come, and what is not known. */
export function CurveDrawing({ id, label, zone, points, running, gaps, until, ...paper }: Props) {
  const drawn = plot(running === undefined ? points : [...points, running], paper);
  const { x, y, band, left, right, top, bottom, ticks, levels, last, end, middle, text, before, named, unit } = drawn;
  const path = running === undefined ? drawn.path : plot(points, { ...paper, fewest: (end - paper.begin) / paper.length }).path;
  const hatched = [...gaps.map(([from, to]) => [from, to || end] as const), ...(until === undefined ? [] : [[until, end] as const])];
  const revised = points.filter((p) => p.isRevised && !p.isLacking).map((p) => [p.start, middle(p)] as const);
  const lacking = points.filter((p) => p.isLacking).map(middle).filter((at) => at !== undefined);
  const r = text / 3;
  const arrived = points.at(-1);
  const from = running === undefined || arrived === undefined ? undefined : middle(arrived);
  return (
    <svg class="chart" viewBox={`0 0 ${paper.width} ${paper.height}`} role="img" aria-label={label} style={{ "--text": `${text}px` }}>
      <defs>
        <pattern id={`hatch-${id}`} width="14" height="14" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <rect width="4" height="14" class="hatch" />
        </pattern>
      </defs>
      {levels.map((level) => (
        <g key={level}>
          <line class={level === paper.target ? "tg" : "grid"} x1={left} x2={right} y1={y(level)} y2={y(level)} />
          <text class={level === paper.target ? "at" : ""} x={left - 0.4 * text} y={y(level) + 0.35 * text} text-anchor="end">
            {labelOf(level, unit)}
          </text>
        </g>
      ))}
      {ticks.map((tick) => (
        <text key={tick} x={x(tick)} y={paper.height - 0.25 * text} text-anchor="middle">
          {minute(tick, zone)}
        </text>
      ))}
      <path class="before" d={before} />
      {named && (
        <text class="named" x={named[0]} y={named[1]}>
          {paper.beforeWord}
        </text>
      )}
      {hatched.map(([since, to]) => {
        const start = Math.max(left, x(since));
        const wide = Math.min(right, x(to)) - start;
        return wide > 0 ? (
          <g key={since}>
            <rect fill={`url(#hatch-${id})`} x={start} y={top} width={Math.max(8, wide)} height={bottom - top} />
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
      {from && last && <path class="grows" d={`M${from[0]} ${from[1]}L${last[0]} ${last[1]}`} />}
      {last && <circle class={`dot ${running === undefined ? "" : "open"}`} cx={last[0]} cy={last[1]} r={r} />}
      {revised.map(([start, at]) =>
        at === undefined ? null : (
          <path key={start} class="revised" d={`M${at[0]} ${at[1] - 1.1 * r}l${1.1 * r} ${1.1 * r}-${1.1 * r} ${1.1 * r}-${1.1 * r}-${1.1 * r}z`}>
            <title>{t("curve.revised", { t: minute(start, zone) })}</title>
          </path>
        ),
      )}
      {lacking.map(([cx, cy]) => (
        <g key={cx} class="part">
          <circle cx={cx} cy={cy} r={0.9 * r} />
          <path d={`M${cx} ${cy - 0.9 * r}a${0.9 * r} ${0.9 * r} 0 0 1 0 ${1.8 * r}z`} />
        </g>
      ))}
    </svg>
  );
}
