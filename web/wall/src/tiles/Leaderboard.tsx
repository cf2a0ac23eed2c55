import { type Place, scopeOf } from "../board/scope";
import { TileFrame } from "../board/Frame";
import { metricOf } from "../board/metrics";
import type { Options } from "../board/model";
import type { TileProps } from "../board/registry";
import { useWall } from "../context";
import { count } from "../format/count";
import { percent } from "../format/percent";
import { nameOf } from "../names";
import { Ask } from "../parts/Ask";
import { useDerived } from "../parts/hooks";
import type { Wall } from "../wall";
import type { Cell } from "../wire/cell";
import { lang } from "../words";
import { Fit, useRows } from "./fit";
import { text } from "./options";
import { type Entry, FEWEST, pickup, podium } from "./ranking";
import { metricWord, oneOf } from "./reading";
import { tiles } from "./words";

export const LEADER_METRICS = ["answered", "handled", "pickup_rate", "service_level", "connected"] as const;
export const TOPS = ["3", "5", "10"] as const;
type Led = (typeof LEADER_METRICS)[number];

const isRate = (metric: Led): boolean => metricOf(metric)?.kind === "percent";

function of(cell: Cell, metric: Led): number | undefined {
  const counts = { answered: cell.at("answered").number, missed: cell.at("missed").number, declined: cell.at("declined").number };
  if (metric === "pickup_rate") return pickup(counts);
  if (metric === "service_level") return (cell.at("offered").number ?? 0) < FEWEST ? undefined : cell.at("service_level").number;
  if (metric === "connected") return cell.at("connected").number ?? cell.at("outbound").number;
  return cell.at(metric).number;
}

/** Everybody of a place, or every team, with what they did today; who did nothing yet is not in it. */
function entriesOf(wall: Wall, options: Options, place: Place, metric: Led): readonly Entry[] {
  const isTeams = text(options, "who") !== "people";
  const branch = wall.board.at(isTeams ? "teams" : "agents");
  const keys = isTeams || place.kind !== "team" ? branch.keys : branch.keys.filter((id) => branch.at(id, "team").text === place.id);
  return keys.flatMap((id) => {
    const value = of(branch.at(id), metric);
    return value === undefined || value <= 0 ? [] : [{ id, value }];
  });
}

/** Who leads today, and nobody else: the top few, equals together, never the last. */
export function LeaderboardTile({ tile, options }: TileProps) {
  const wall = useWall();
  const place = scopeOf(wall, text(options, "scope"));
  const metric = oneOf(options["metric"], LEADER_METRICS);
  const isTeams = text(options, "who") !== "people";
  const branch = wall.board.at(isTeams ? "teams" : "agents");
  const [ref, room] = useRows(1.5);
  const entries = useDerived(() => entriesOf(wall, options, place, metric), [options, place.id, metric]).value;
  const most = Math.min(Number(oneOf(options["top"], TOPS)), room || 3);
  const { rows, more } = podium(entries, most);
  const best = rows[0]?.value ?? 1;
  const what = metricWord(metric);
  const figure = (value: number) => (isRate(metric) ? `${percent(value)}%` : count(value, lang.value));
  return (
    <TileFrame
      tile={tile}
      title={tiles.t("tile.leaderboard")}
      small={tiles.t("curve.today", { what })}
      freshness={place.freshness}
      numbers={place.cell}
      class="t-leaders"
      aside={isRate(metric) ? tiles.t("leaderboard.fewest", { n: FEWEST }) : undefined}
      instead={rows.length === 0 ? { look: "empty", why: tiles.t("leaderboard.none") } : undefined}
    >
      <div class="room" ref={ref}>
        <ol style={{ "--n": Math.max(Math.min(3, room), rows.length + (more > 0 ? 1 : 0), 1) }}>
          {rows.map(({ id, value, rank }) => (
            <li key={id} class={rank === 1 ? "first" : ""}>
              <span class="rank">{rank}</span>
              <Fit class="name" of={nameOf(branch.at(id), id)} long={<bdi>{nameOf(branch.at(id), id)}</bdi>} />
              <span class="bar" aria-hidden="true">
                <i style={{ width: `${(100 * value) / best}%` }} />
              </span>
              <b class="value">{figure(value)}</b>
              {isTeams && <Ask metric={metricOf(metric)?.asked ?? "answered"} scope={`team:${id}`} what={`${nameOf(branch.at(id), id)} ${what}`} />}
            </li>
          ))}
          {more > 0 && <li class="more">{tiles.t("leaderboard.more", { n: more })}</li>}
        </ol>
      </div>
    </TileFrame>
  );
}
