import { conflictsOf, type Sense, sensesOf } from "../senses";
import { ofLimit, type Severity } from "../severity";
import { type Freshness, isTrusted, timeOf } from "../stale";
import { type State, stateOf } from "../states";
import type { Wall } from "../wall";
import type { Cell } from "../wire/cell";

/** What a seat's own sensor says; empty where none says anything. */
export type Sensor = "" | "occupied" | "vacant" | "gone";

/** All that is shown of a seat, without what counts on by itself. */
export interface Fact {
  /** Empty: nobody has this seat. */
  readonly agent: string;
  readonly state: State;
  readonly since: number | undefined;
  readonly freshness: Freshness;
  readonly severity: Severity;
  /** The kind of the first contradiction; empty when there is none. */
  readonly doubt: string;
  /** What a device of this person says is wrong with it. */
  readonly fault: string;
  readonly sensor: Sensor;
  /** Somebody sits there, and nobody is signed in. */
  readonly isGuest: boolean;
}

/** What somebody should look at, the worst first. */
export const TROUBLES = ["doubt", "breach", "warn", "fault", "guest", "sensor"] as const;
export type Trouble = (typeof TROUBLES)[number];

export function troubleOf(fact: Fact): Trouble | undefined {
  if (fact.doubt !== "") return "doubt";
  if (fact.severity === "breach") return "breach";
  if (fact.severity === "warn") return "warn";
  if (fact.fault !== "" || (fact.state === "fault" && fact.agent !== "")) return "fault";
  if (fact.isGuest) return "guest";
  return fact.sensor === "gone" ? "sensor" : undefined;
}

const SENSOR: Readonly<Record<string, Sensor>> = { occupied: "occupied", vacant: "vacant", sensor_gone: "gone" };

const LIVE: Freshness = { kind: "live" };

/** A seat that nobody has, or that is of a person who is not there. */
export function factOfNobody(wall: Wall, seat: string): Fact {
  const stranger = wall.board.at("strangers", "seats", seat);
  const sensor = SENSOR[stranger.at("says").text] ?? "";
  const source = stranger.at("source").text;
  const freshness = stranger.isPresent ? wall.freshnessOf(source) : LIVE;
  return { agent: "", state: "off", since: stranger.at("since").number, freshness, severity: "none", doubt: "", fault: "", sensor, isGuest: sensor === "occupied" && isTrusted(wall.board.at("sources", source)) };
}

export function factOf(wall: Wall, id: string): Fact {
  const agent = wall.board.at("agents", id);
  const state = stateOf(agent.at("state").text);
  const freshness = wall.freshnessOf(agent.at("source").text);
  const senses = sensesOf(agent);
  const doubt = conflictsOf(agent)[0];
  const sitting = senses.find((sense) => sense.sense === "seat" && !sense.isStale);
  const sensor = SENSOR[sitting?.says ?? ""] ?? "";
  const since = agent.at("since").number;
  return {
    agent: id,
    state,
    since: doubt?.since ?? (state === "off" && sensor === "occupied" ? sitting?.since : since),
    freshness,
    severity: severityOf(wall, agent, state, since, freshness),
    doubt: doubt?.kind ?? "",
    fault: senses.find(isBroken)?.fault || (senses.some((sense) => sense.says === "disconnected" && !sense.isStale) ? "disconnected" : ""),
    sensor,
    isGuest: state === "off" && sensor === "occupied",
  };
}

/** A whole source that is away is told once, by its stripes; here only what is wrong with one desk. */
const OF_SOURCE = new Set(["edge_away", "source_down"]);
const isBroken = (sense: Sense): boolean => sense.fault !== "" && !OF_SOURCE.has(sense.fault) && !sense.isStale;

function severityOf(wall: Wall, agent: Cell, state: State, since: number | undefined, freshness: Freshness): Severity {
  const limit = agent.at("limit").number;
  if (limit === undefined || since === undefined || state === "off") return "none";
  const now = timeOf(freshness, wall.second.value);
  return now === undefined ? "none" : ofLimit(now - since, limit);
}

export function isSame(a: Fact, b: Fact): boolean {
  const [old, young] = [a.freshness, b.freshness];
  const isAsFresh = old.kind === young.kind && (old.kind === "live" || young.kind === "live" || old.asOf === young.asOf);
  return (
    isAsFresh && a.agent === b.agent && a.state === b.state && a.since === b.since && a.severity === b.severity && a.doubt === b.doubt && a.fault === b.fault && a.sensor === b.sensor && a.isGuest === b.isGuest
  );
}
