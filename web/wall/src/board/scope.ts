import { nameOf, siteName } from "../names";
import { type Freshness, timeOf } from "../stale";
import type { Wall } from "../wall";
import type { Cell } from "../wire/cell";
import type { ScopeKind } from "./registry";

/** A place on the floor that has numbers. */
export interface Place {
  readonly kind: ScopeKind;
  readonly id: string;
  /** As the server is asked about it: `floor`, `queue:pbx1/consult`. */
  readonly scope: string;
  readonly cell: Cell;
  readonly freshness: Freshness;
  /** Empty of the floor, which needs none. */
  readonly name: string;
  /** Whether the board that this screen sees has it. */
  readonly isPresent: boolean;
}

const BRANCH = { queue: "queues", line: "lines", team: "teams", site: "sites" } as const;

/**
 * The place that a scope names. An empty id (`queue:`) is the one that needs looking at most now: the queue with most
 * waiting, of the others the first; so a preset fits a floor that it has never seen.
 */
export function scopeOf(wall: Wall, scope: string): Place {
  const [kind, id] = split(scope);
  if (kind === "floor") {
    const cell = wall.board.at("floor");
    return { kind, id: "", scope: "floor", cell, freshness: wall.floorFreshness.value, name: "", isPresent: cell.isPresent };
  }
  const branch = wall.board.at(BRANCH[kind]);
  const key = id || chosen(kind, branch);
  const cell = branch.at(key);
  return { kind, id: key, scope: `${kind}:${key}`, cell, freshness: freshnessOf(wall, kind, cell), name: nameOf(cell, key), isPresent: cell.isPresent };
}

/** `floor` where it is nothing we know. */
export function split(scope: string): readonly [ScopeKind, string] {
  const at = scope.indexOf(":");
  const kind = at < 0 ? scope : scope.slice(0, at);
  return Object.hasOwn(BRANCH, kind) ? [kind as ScopeKind, at < 0 ? "" : scope.slice(at + 1)] : ["floor", ""];
}

/** What a place is called on the page: the site's own name for the floor. */
export const placeName = (wall: Wall, place: Place): string => place.name || siteName(wall.board);

/** As their owner put them in order, then by key. */
export function inOrder(branch: Cell): readonly string[] {
  const order = (key: string) => branch.at(key, "order").number ?? Number.MAX_SAFE_INTEGER;
  return [...branch.keys].sort((a, b) => order(a) - order(b) || (a < b ? -1 : 1));
}

function chosen(kind: ScopeKind, branch: Cell): string {
  const keys = inOrder(branch);
  if (kind !== "queue") return keys[0] ?? "";
  const waiting = (key: string) => branch.at(key, "waiting").number ?? 0;
  return keys.reduce((most, key) => (most === "" || waiting(key) > waiting(most) ? key : most), "");
}

function freshnessOf(wall: Wall, kind: ScopeKind, cell: Cell): Freshness {
  if (kind === "queue") return wall.freshnessOf(cell.at("source").text);
  if (kind !== "line") return wall.floorFreshness.value;
  const queues = cell.at("queues").list.map((id) => wall.freshnessOf(wall.board.at("queues", String(id), "source").text));
  return together(queues) ?? wall.floorFreshness.value;
}

/** Of what is made of several: all old, or some of it. */
export function together(all: readonly Freshness[]): Freshness | undefined {
  if (all.length === 0) return undefined;
  const old = all.filter((one) => one.kind !== "live");
  const instants = old.map((one) => ("asOf" in one ? one.asOf : undefined)).filter((instant) => instant !== undefined);
  const asOf = instants.length === 0 ? undefined : Math.min(...instants);
  if (old.length === 0) return { kind: "live" };
  return { kind: old.length === all.length && old.every((one) => one.kind === "stale") ? "stale" : "part", asOf };
}

/** The freshness of one caller's wait on a part-stale floor: they may wait in a queue that is still live, or in one nobody hears of. */
export function ownerOf(wall: Wall, since: number | undefined): Freshness {
  const queues = wall.board.at("queues");
  const owner = queues.keys.find((id) => queues.at(id, "longest_since").number === since);
  return wall.freshnessOf(owner === undefined ? "" : queues.at(owner, "source").text);
}

/** Seconds since an instant, standing still where its source stopped. */
export function lasting(since: number | undefined, freshness: Freshness, now: number | undefined): number | undefined {
  const until = timeOf(freshness, now);
  return since === undefined || until === undefined ? undefined : until - since;
}
