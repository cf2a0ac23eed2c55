import { useMemo } from "preact/hooks";

import { useEffects } from "../breaks/effects";
import { breaksOf, hasBreaks, isIn } from "../breaks/model";
import { Plan } from "../breaks/Plan";
import { useWall } from "../context";
import { percent } from "../format/percent";
import { nameOf } from "../names";
import { CurveDrawing } from "../parts/Curve";
import { useDerived } from "../parts/hooks";
import { scopeOf } from "../board/scope";
import { aheadOf, bandsOf } from "../tiles/band";
import { daySeries, hasDay, trendSeries, yesterdayOf } from "../tiles/day";
import { useCanvas } from "../tiles/fit";
import { fill } from "../words";
import { useTeam } from "./context";
import { say } from "./words";

const METRIC = "service_level";

/** Under the people: how the level went and where it may go. */
export function Strip() {
  return (
    <div class="tg-strip">
      <LevelCurve />
      <Breaks />
    </div>
  );
}

/** Who is to be away when, where breaks are arranged here. */
function Breaks() {
  const wall = useWall();
  const { board } = wall;
  const page = useTeam();
  const effects = useEffects(wall);
  const scope = useDerived(() => (page.choice.value.team === "" ? "floor" : `team:${page.choice.value.team}`), []).value;
  const items = useDerived(() => breaksOf(board).filter(({ agent }) => isIn(board, agent, scope)), [scope]);
  return hasBreaks(board) ? <Plan items={items.value} scope={scope} rooms={effects.value.rooms} /> : null;
}

/** The floor's day, or the last two hours of the queue that a team serves most. */
function LevelCurve() {
  const wall = useWall();
  const page = useTeam();
  const { board, zone } = wall;
  const scope = useDerived(() => {
    const { team, queue } = page.choice.value;
    if (queue !== "") return `queue:${queue}`;
    if (team === "") return "floor";
    const served = new Set(page.people.all.value.filter((row) => row.team === team).flatMap(({ queues }) => queues));
    const offered = (id: string) => board.at("queues", id, "offered").number ?? 0;
    const [most] = board.at("queues").keys.filter((id) => served.has(id)).sort((a, b) => offered(b) - offered(a));
    return most === undefined ? "floor" : `queue:${most}`;
  }, []).value;
  const [ref, canvas] = useCanvas();
  const place = scopeOf(wall, scope);
  const now = useDerived(() => (wall.second.value === undefined ? undefined : Math.floor(wall.second.value / 30) * 30), []).value;
  const isDay = hasDay(place.scope, METRIC);
  const series = isDay ? daySeries(board, METRIC, now) : trendSeries(place.cell.at("trend"), METRIC);
  const isLive = place.freshness.kind === "live";
  const bands = isLive && now !== undefined ? bandsOf(place.cell.at("outlook", "forecast")) : [];
  const before = useMemo(() => (isDay ? yesterdayOf(board.at("yesterday").list, METRIC, zone) : []), [isDay, board.at("yesterday").list, zone]);
  const isMeasured = series.points.some(({ level }) => level !== undefined) || series.running !== undefined;
  if (!isMeasured) return null;
  const target = place.cell.at("target", METRIC).number;
  const what = place.kind === "queue" ? nameOf(place.cell, place.id) : place.name;
  const title = say(isDay ? "strip.today" : "strip.recent", { what }).trim();
  const last = bands.at(-1);
  return (
    <section class="dk-panel tg-curve" data-panel="curve">
      <header class="h">
        <h2>{title}</h2>
        {last !== undefined && (
          <span class="all">
            {fill("forecast", { n: last.minutes, band: <b class="band">{`${percent(last.low, target)}–${percent(last.high, target)}%`}</b> })}
          </span>
        )}
      </header>
      <div class="room" ref={ref}>
        {canvas.width > 0 && canvas.height > 0 && (
          <CurveDrawing
            {...canvas}
            id="lead"
            label={title}
            zone={zone}
            begin={series.begin}
            length={series.length}
            fewest={series.fewest}
            points={series.points}
            running={series.running}
            unit="share"
            target={target}
            outlook={now === undefined ? [] : aheadOf(bands, now)}
            now={now}
            before={before}
            beforeWord=""
            gaps={[]}
            until={place.freshness.kind === "stale" ? place.freshness.asOf : undefined}
          />
        )}
      </div>
    </section>
  );
}
