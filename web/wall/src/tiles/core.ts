import { METRIC_IDS } from "../board/metrics";
import type { Options } from "../board/model";
import { register, type TileKind } from "../board/registry";
import { inOrder, lasting, scopeOf, split } from "../board/scope";
import { Agents } from "../parts/Agents";
import { Header } from "../parts/Header";
import { Queues } from "../parts/Queues";
import { Sources } from "../parts/Sources";
import { Totals } from "../parts/Totals";
import { ofLimit, ofRate } from "../severity";
import { timeOf } from "../stale";
import type { Wall } from "../wall";
import { Hero } from "./Hero";
import { askedBy, severityOf } from "./hero-number";
import { Load } from "./Load";
import { Queue } from "./Queue";
import { sayHero, sayLoad, sayQueues, saySources, sayTotals } from "./say";
import { Waiting } from "./Waiting";

const SCOPES = ["floor", "queue", "line", "team", "site"] as const;

const header: TileKind = {
  kind: "header",
  shelf: "words",
  glyph: "info",
  size: [16, 2],
  least: [9, 2],
  options: [
    { key: "title", type: "words" },
    { key: "scope", type: "scope", default: "floor", among: SCOPES },
    { key: "load", type: "flag", default: true },
    { key: "date", type: "flag", default: true },
    { key: "clock", type: "flag", default: true },
  ],
  stacked: "content",
  component: Header,
};

const hero: TileKind = {
  kind: "hero",
  shelf: "numbers",
  glyph: "ok",
  size: [3, 9],
  least: [3, 6],
  options: [
    { key: "metric", type: "metric", default: "service_level", among: METRIC_IDS },
    { key: "scope", type: "scope", default: "floor", among: SCOPES },
    { key: "window", type: "window", default: "today" },
    { key: "target", type: "number", default: undefined, min: 0, max: 100_000, step: 1 },
    { key: "trend", type: "flag", default: true },
    { key: "title", type: "words" },
  ],
  stacked: 15,
  component: Hero,
  alarms: (wall, options) => {
    const asked = askedBy(wall, options);
    return asked !== undefined && asked.own.kind !== "stale" && severityOf(asked, wall.second.value) === "breach";
  },
  says: sayHero,
};

const load: TileKind = {
  kind: "load",
  shelf: "numbers",
  glyph: "live",
  size: [4, 9],
  least: [3, 7],
  options: [],
  stacked: 15,
  component: Load,
  alarms: (wall) => wall.floorFreshness.value.kind !== "stale" && wall.board.at("floor", "load").number === 5,
  says: sayLoad,
};

const queues: TileKind = {
  kind: "queues",
  shelf: "queues",
  glyph: "acd",
  size: [10, 11],
  least: [8, 6],
  options: [
    { key: "scope", type: "scope", default: "floor", among: ["floor", "line"] },
    { key: "sort", type: "choice", default: "order", among: ["order", "worst", "waiting", "name"] },
  ],
  stacked: "content",
  component: Queues,
  alarms: anyQueue,
  says: sayQueues,
};

const queue: TileKind = {
  kind: "queue",
  shelf: "queues",
  glyph: "acd",
  size: [16, 3],
  least: [8, 2],
  options: [{ key: "scope", type: "scope", default: "queue:", among: ["queue"] }],
  stacked: "content",
  component: Queue,
  alarms: (wall, options) => isQueueOver(wall, scopeOf(wall, String(options["scope"])).id),
};

const waiting: TileKind = {
  kind: "waiting",
  shelf: "queues",
  glyph: "clock",
  size: [6, 11],
  least: [4, 6],
  options: [{ key: "scope", type: "scope", default: "queue:", among: ["floor", "line", "queue"] }],
  stacked: 30,
  component: Waiting,
};

const totals: TileKind = {
  kind: "totals",
  shelf: "people",
  glyph: "ready",
  size: [16, 2],
  least: [8, 2],
  options: [{ key: "scope", type: "scope", default: "floor", among: ["floor", "team"] }],
  stacked: "content",
  component: Totals,
  says: sayTotals,
};

const agents: TileKind = {
  kind: "agents",
  shelf: "people",
  glyph: "talking",
  size: [16, 12],
  least: [6, 4],
  options: [{ key: "scope", type: "scope", default: "floor", among: ["floor", "team"] }],
  stacked: "content",
  namesPeople: true,
  component: Agents,
};

const sources: TileKind = { kind: "sources", shelf: "data", glyph: "unplug", size: [6, 2], least: [4, 2], options: [], stacked: "content", component: Sources, says: saySources };


register(header, hero, load, queues, queue, waiting, totals, agents, sources);

function anyQueue(wall: Wall, options: Options): boolean {
  const [kind, id] = split(String(options["scope"]));
  const all = kind === "line" ? scopeOf(wall, `line:${id}`).cell.at("queues").list.map(String) : inOrder(wall.board.at("queues"));
  return all.some((key) => isQueueOver(wall, key));
}

function isQueueOver(wall: Wall, id: string): boolean {
  const queue = wall.board.at("queues", id);
  const freshness = wall.freshnessOf(queue.at("source").text);
  if (freshness.kind === "stale") return false;
  const target = queue.at("target");
  const wait = lasting(queue.at("longest_since").number, freshness, timeOf(freshness, wall.second.value));
  return [ofRate(queue.at("service_level").number, target.at("service_level").number), ofLimit(queue.at("waiting").number, target.at("waiting").number), ofLimit(wait, target.at("longest_wait").number)].includes("breach");
}
