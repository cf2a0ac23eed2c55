import type { Options } from "../board/model";
import { inOrder, lasting, placeName, scopeOf } from "../board/scope";
import { count } from "../format/count";
import { wallSpan } from "../format/duration";
import { percent, targetPercent } from "../format/percent";
import { nameOf } from "../names";
import { isTrusted } from "../stale";
import { STATES } from "../states";
import type { Wall } from "../wall";
import { type Key, lang, t } from "../words";
import { type Asked, askedBy, severityOf } from "./hero-number";
import { tiles } from "./words";

/** "Service level, 81 percent, target 80, on target" */
export function sayHero(wall: Wall, options: Options): readonly string[] {
  const asked = askedBy(wall, options);
  if (asked === undefined || !asked.place.isPresent) return [];
  const { id, place, target } = asked;
  const name = place.kind === "floor" ? tiles.t(`metric.${id}`) : `${placeName(wall, place)} ${tiles.t(`metric.${id}`)}`;
  const severity = severityOf(asked, wall.second.value);
  const parts = [name, figure(wall, asked), ...(target === undefined ? [] : [tiles.t("look.says.target", { n: written(asked, target) })]), ...(severity === "none" ? [] : [t(`severity.${severity}`)])];
  if (place.freshness.kind !== "live") parts.push(tiles.t("look.says.old"));
  return [parts.join(t("list.and"))];
}

function figure(wall: Wall, asked: Asked): string {
  const { metric, value, own } = asked;
  if (value === undefined) return tiles.t("look.says.none");
  const length = metric.kind === "since" ? lasting(value, own, wall.second.value) : value;
  return length === undefined ? tiles.t("look.says.none") : written(asked, length);
}

function written({ metric, target }: Asked, value: number): string {
  switch (metric.kind) {
    case "percent":
      return tiles.t("look.says.percent", { n: value === target ? targetPercent(value) : percent(value, target) });
    case "since":
    case "span": {
      const span = wallSpan(value);
      return span.unit === "" ? span.figure : `${span.figure} ${t(`unit.${span.unit}`)}`;
    }
    default:
      return count(Math.round(value), lang.value);
  }
}

export function sayLoad(wall: Wall): readonly string[] {
  const level = wall.board.at("floor", "load").number;
  return level === undefined || level < 1 || level > 5 ? [] : [[t("load"), t(`load.${Math.round(level)}` as Key)].join(t("list.and"))];
}

/** One sentence a queue: who waits, how long, who is ready. */
export function sayQueues(wall: Wall, options: Options): readonly string[] {
  const place = scopeOf(wall, String(options["scope"]));
  const keys = place.kind === "line" ? place.cell.at("queues").list.map(String) : inOrder(wall.board.at("queues"));
  return keys.slice(0, 40).map((key) => {
    const queue = wall.board.at("queues", key);
    const level = queue.at("service_level").number;
    const parts = [nameOf(queue, key), ...(level === undefined ? [] : [`${t("hero.sl")} ${tiles.t("look.says.percent", { n: percent(level, queue.at("target", "service_level").number) })}`])];
    parts.push(`${t("queue.waiting")} ${queue.at("waiting").number ?? 0}`, `${t("queue.ready")} ${queue.at("ready").number ?? 0}`);
    return parts.join(t("list.and"));
  });
}

export function sayTotals(wall: Wall): readonly string[] {
  const counts = wall.board.at("floor", "agents");
  const parts = STATES.filter((state) => (counts.at(state).number ?? 0) > 0).map((state) => `${t(`state.${state}`)} ${counts.at(state).number}`);
  return parts.length === 0 ? [] : [parts.join(t("list.and"))];
}

export function saySources(wall: Wall): readonly string[] {
  const sources = wall.board.at("sources");
  const lost = sources.keys.filter((id) => !isTrusted(sources.at(id)));
  return lost.length === 0 ? [] : [tiles.t("look.says.lost", { names: lost.map((id) => nameOf(sources.at(id), id)).join(t("list.and")) })];
}
