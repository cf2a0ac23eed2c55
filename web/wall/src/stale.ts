import type { Cell } from "./wire/cell";

/**
 * Whether a number can be believed to be now. `part`: some of what went into it is old.
 * `asOf`: the instant until which it was true; absent when nothing ever came.
 */
export type Freshness =
  | { readonly kind: "live" }
  | { readonly kind: "part" | "stale"; readonly asOf: number | undefined };

const LIVE: Freshness = { kind: "live" };
/** States of a source that stands still nowhere, for servers that do not say `as_of` yet. */
const TRUSTED = new Set(["live", "resync"]);

/** The page's own connection: not live means nothing on it is. */
export interface Connection {
  readonly isLive: boolean;
  /** The last instant the server told. */
  readonly now: number | undefined;
}

/** Whether what this source tells is now. `as_of` is there from its loss until it has told everything again. */
export const isTrusted = (source: Cell): boolean =>
  source.at("as_of").number === undefined && TRUSTED.has(source.at("state").text);

/** The instant at which the numbers of a source that is not trusted stand still. */
export const standsAt = (source: Cell): number | undefined => source.at("as_of").number ?? source.at("since").number;

export function ofSource(board: Cell, id: string, connection: Connection): Freshness {
  const sources = board.at("sources");
  if (id === "" || !sources.keys.includes(id)) return ofFloor(board, connection);
  const source = sources.at(id);
  if (!isTrusted(source)) return { kind: "stale", asOf: earliest([standsAt(source), connection.now]) };
  return connection.isLive ? LIVE : { kind: "stale", asOf: connection.now };
}

/** Whose calls are counted: a headset or a phone that is gone makes no number of calls old. Where there is no ACD, all. */
export function counted(board: Cell): readonly string[] {
  const sources = board.at("sources");
  const acds = sources.keys.filter((id) => sources.at(id).at("sense").text === "");
  return acds.length > 0 ? acds : sources.keys;
}

/** For numbers made of all sources. */
export function ofFloor(board: Cell, connection: Connection): Freshness {
  const all = counted(board).map((id) => board.at("sources", id));
  const old = all.filter((source) => !isTrusted(source));
  const instants = old.map(standsAt);
  if (!connection.isLive) return { kind: "stale", asOf: earliest([...instants, connection.now]) };
  if (old.length === 0) return LIVE;
  return { kind: old.length === all.length ? "stale" : "part", asOf: earliest(instants) };
}

/** Where a timer stands: at the server's now, or where its source stopped. */
export function timeOf(freshness: Freshness, now: number | undefined): number | undefined {
  return freshness.kind === "stale" ? (freshness.asOf ?? now) : now;
}

function earliest(instants: readonly (number | undefined)[]): number | undefined {
  const known = instants.filter((instant) => instant !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}
