import type { Options } from "../board/model";
import { scopeOf } from "../board/scope";
import { percent } from "../format/percent";
import { nameOf } from "../names";
import type { Wall } from "../wall";
import { t } from "../words";
import { bandsOf, chanceOf } from "./band";
import { advice, byNeed, whole } from "./gaps";
import { gapsOf } from "./Gap";
import { text } from "./options";
import { paceByYesterday, runners } from "./pace";
import { tiles } from "./words";

/** What these tiles show, in sentences for who hears the page. */

const joined = (parts: readonly string[]): string => parts.filter((part) => part !== "").join(t("list.and"));

/** "Next 5 min, 78–90 %, likely meets it" */
export function sayOutlook(wall: Wall, options: Options): readonly string[] {
  const place = scopeOf(wall, text(options, "scope"));
  if (place.freshness.kind !== "live") return [tiles.t("outlook.stopped")];
  const target = place.cell.at("target", "service_level").number;
  return bandsOf(place.cell.at("outlook", "forecast")).map((band) => {
    const chance = chanceOf(band, target);
    return joined([place.name, tiles.t("outlook.next", { n: band.minutes }), `${percent(band.low, target)}–${percent(band.high, target)}%`, chance === undefined ? "" : tiles.t(`outlook.${chance}`)]);
  });
}

/** Who is short of people, and what would help; that nobody is, too. */
export function sayGap(wall: Wall, options: Options): readonly string[] {
  const queues = wall.board.at("queues");
  const known = gapsOf(wall, text(options, "scope")).filter(({ id, gap }) => gap !== undefined && wall.freshnessOf(queues.at(id, "source").text).kind !== "stale");
  if (known.length === 0) return [];
  const name = (id: string) => nameOf(queues.at(id), id);
  const short = [...known].sort(byNeed).filter(({ gap }) => whole(gap ?? 0) < 0);
  if (short.length === 0) return [tiles.t("gap.fine")];
  const help = advice(known);
  return [
    ...short.slice(0, 20).map(({ id, gap }) => joined([name(id), t("gap.short", { n: Math.abs(whole(gap ?? 0)) })])),
    ...(help?.from === undefined ? [] : [tiles.t("gap.spare", { from: name(help.from), to: name(help.to), n: help.n })]),
  ];
}

/** Who leads, and the pace of the day; nobody who does not. */
export function sayRace(wall: Wall): readonly string[] {
  const teams = wall.board.at("teams");
  const numbers = teams.keys.map((id) => {
    const people = teams.at(id, "people");
    return { id, perAgent: people.at("calls_per_agent").number, target: people.at("calls_target").number, persons: people.at("persons").number };
  });
  const pace = paceByYesterday(wall.board.at("yesterday").list, wall.board.at("interval", "length").number ?? 1800, wall.second.value ?? 0);
  const first = runners(numbers).filter(({ isFirst }) => isFirst);
  if (first.length === 0) return [];
  return [joined([...first.map(({ id, part }) => `${nameOf(teams.at(id), id)} ${percent(part)}%`), tiles.t("race.first"), pace === undefined ? "" : tiles.t("race.pace", { n: percent(pace) })])];
}
