import { type Metric, type MetricId, METRICS, metricOf, judge, targetOf, valueOf, windowOf } from "../board/metrics";
import type { Options } from "../board/model";
import { lasting, ownerOf, type Place, scopeOf } from "../board/scope";
import type { Severity } from "../severity";
import type { Freshness } from "../stale";
import type { Wall } from "../wall";
import type { Cell } from "../wire/cell";
import { number, text } from "./options";

/** A number of a place, ready to be shown and judged. */
export interface Asked {
  readonly id: MetricId;
  readonly metric: Metric;
  readonly place: Place;
  readonly window: string;
  /** Where the window's numbers are; carries what they lack. */
  readonly numbers: Cell;
  /** As the board has it; an instant for what lasts. */
  readonly value: number | undefined;
  readonly target: number | undefined;
  /** Of what lasts: whose source says when it began. */
  readonly own: Freshness;
}

/** `undefined` when this release does not know the number. */
export function askedBy(wall: Wall, options: Options): Asked | undefined {
  const id = text(options, "metric");
  const metric = metricOf(id);
  if (metric === undefined) return undefined;
  const place = scopeOf(wall, text(options, "scope"));
  const window = metric.isCounted ? text(options, "window") || "today" : "today";
  const value = valueOf(place.cell, metric, window);
  const own = metric.kind === "since" && place.freshness.kind === "part" && place.kind === "floor" ? ownerOf(wall, value) : place.freshness;
  return { id: id as MetricId, metric, place, window, numbers: windowOf(place.cell, metric, window), value, target: targetOf(place.cell, metric, number(options, "target")), own };
}

/** As many as the shipped alert wants before it says that callers are not satisfied. */
export const ENOUGH_RATINGS = 20;
export const ratingsOf = (numbers: Cell): number => numbers.at("ratings").number ?? 0;

/** What the number says of itself, before it is held back for 30 s; in `now` server seconds. */
export function severityOf(asked: Asked, now: number | undefined): Severity {
  const { id, metric, place, value, target, own } = asked;
  if (id === "ready") return nobody(place.cell, value);
  if (id === "answer_rate" && asked.window === "today") return judge(metric, decided(place.cell), target);
  // Few voices are shown, and not judged: the rule that alerts asks for as many.
  if (id === "satisfaction" && ratingsOf(asked.numbers) < ENOUGH_RATINGS) return "none";
  if (id === "gap") return value === undefined ? "none" : value < -1e-6 ? "warn" : "ok";
  return judge(metric, metric.kind === "since" ? lasting(value, own, now) : value, target);
}

/** Nobody free while somebody waits: near, though there is no target that says so. */
function nobody(cell: Cell, ready: number | undefined): Severity {
  if (ready === 0 && (cell.at("waiting").number ?? 0) > 0) return "warn";
  return ready ? "ok" : "none";
}

/** Who still waits may yet be answered: that lowers the rate, but nothing has gone wrong yet. */
function decided(cell: Cell): number | undefined {
  const all = (cell.at("offered").number ?? 0) - (cell.at("waiting").number ?? 0);
  return all > 0 ? (cell.at("answered").number ?? 0) / all : undefined;
}

export const isMetric = (id: string): id is MetricId => Object.hasOwn(METRICS, id);
