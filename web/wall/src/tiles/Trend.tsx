import { targetPercent } from "../format/percent";
import { exactSpan } from "../format/duration";
import { count } from "../format/count";
import { useRoom } from "../parts/hooks";
import { lang } from "../words";
import type { Asked } from "./hero-number";
import { trendOf, trendPlot } from "./trend-plot";

/** Two hours of a number between the least and the most of them, the target dashed. */
export function Trend({ asked, isOld }: { asked: Asked; isOld: boolean }) {
  const [ref, [width, height]] = useRoom();
  const { metric, target } = asked;
  const trend = trendOf(asked.place.cell.at("trend"), metric.trend ?? "");
  const write = (value: number): string =>
    metric.kind === "percent" ? targetPercent(Math.round(value * 100) / 100) : metric.kind === "since" || metric.kind === "span" ? exactSpan(value) : count(Math.round(value), lang.value);
  const drawn = width > 0 && height > 0 && trend.points.length > 0 ? trendPlot(trend, target, width, height, write) : undefined;
  return (
    <div class={`trend ${isOld ? "old" : ""}`} ref={ref}>
      {drawn && (
        <svg viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
          {drawn.target !== undefined && <line class="tg" x1={drawn.left} x2={drawn.right} y1={drawn.target} y2={drawn.target} />}
          <path d={drawn.path} />
          {drawn.last && <circle cx={drawn.last[0]} cy={drawn.last[1]} r="7" />}
          {drawn.labels.map(({ label, y }) => (
            <text key={label} x={0} y={y + 11}>
              {label}
            </text>
          ))}
        </svg>
      )}
    </div>
  );
}
