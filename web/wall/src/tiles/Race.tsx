import { TileFrame } from "../board/Frame";
import type { Options } from "../board/model";
import type { TileProps } from "../board/registry";
import { useWall } from "../context";
import { percent } from "../format/percent";
import { nameOf } from "../names";
import { Ask } from "../parts/Ask";
import { useDerived } from "../parts/hooks";
import { useMoves, useSettled } from "../parts/moves";
import type { Wall } from "../wall";
import { Fit, useRows } from "./fit";
import { localTime } from "./notices";
import { number } from "./options";
import { paceByHours, paceByWork, paceByYesterday, reach, type Runner, runners } from "./pace";
import { tiles } from "./words";

function runnersOf(wall: Wall): readonly Runner[] {
  const teams = wall.board.at("teams");
  return runners(
    teams.keys.map((id) => {
      const people = teams.at(id, "people");
      return { id, perAgent: people.at("calls_per_agent").number, target: people.at("calls_target").number, persons: people.at("persons").number };
    }),
  );
}

/** How much of the day's target should be done by now: as much as had come yesterday, else by the hours people were here. */
function paceOf(wall: Wall, options: Options, now: number | undefined): number | undefined {
  if (now === undefined) return undefined;
  const { board, zone } = wall;
  const byDay = paceByYesterday(board.at("yesterday").list, board.at("interval", "length").number ?? 1800, now);
  if (byDay !== undefined) return byDay;
  const [opens, closes] = [number(options, "opens") ?? 9, number(options, "closes") ?? 18];
  const people = board.at("floor", "people");
  const byWork = paceByWork(people.at("logged_on_time").number, people.at("persons").number, opens, closes);
  if (byWork !== undefined) return byWork;
  const [hours = 0, minutes = 0] = localTime(now, zone).slice(-5).split(":").map(Number);
  return paceByHours(hours * 3600 + minutes * 60, opens, closes);
}

/** Teams on their way to today's target, against the pace that the time of the day asks; the leader is marked. */
export function RaceTile({ tile, options }: TileProps) {
  const wall = useWall();
  const teams = wall.board.at("teams");
  const now = useDerived(() => (wall.second.value === undefined ? undefined : Math.floor(wall.second.value / 60) * 60), []).value;
  const running = useDerived(() => runnersOf(wall), []).value;
  const pace = paceOf(wall, options, now);
  const order = useSettled(running.map(({ id }) => id));
  const byId = new Map(running.map((one) => [one.id, one]));
  const [ref, room] = useRows(1.42);
  const list = useMoves(order.join("\n"), "data-team");
  const shown = order.slice(0, room || 1);
  const far = reach(running.map(({ part }) => part), pace);
  const at = (part: number) => `${(100 * Math.min(part, far)) / far}%`;
  return (
    <TileFrame
      tile={tile}
      title={tiles.t("race.title")}
      brief={tiles.t("race.titleShort")}
      freshness={wall.floorFreshness.value}
      numbers={wall.board.at("floor")}
      class="t-race"
      aside={pace === undefined ? undefined : tiles.t("race.pace", { n: percent(pace) })}
      instead={running.length === 0 ? { look: "empty", why: tiles.t(teams.keys.length === 0 ? "race.none" : "race.noTarget") } : undefined}
    >
      <div class="room" ref={ref}>
        <ol ref={list as never} style={{ "--n": shown.length }}>
          {shown.map((id) => {
            const one = byId.get(id);
            if (one === undefined) return null;
            const name = nameOf(teams.at(id), id);
            return (
              <li key={id} data-team={id} class={one.isFirst ? "first" : ""}>
                <Fit class="name" of={name} long={<bdi>{name}</bdi>} />
                <span class="trk" aria-hidden="true">
                  <i style={{ width: at(one.part) }} />
                  {pace !== undefined && <u style={{ insetInlineStart: at(pace) }} />}
                </span>
                <span class="value num">
                  {percent(one.part)}
                  <span class="u">%</span>
                  {one.isFirst && <span class="vh">{tiles.t("race.first")}</span>}
                </span>
                <Ask metric="calls_per_agent" scope={`team:${id}`} what={name} />
              </li>
            );
          })}
        </ol>
      </div>
    </TileFrame>
  );
}
