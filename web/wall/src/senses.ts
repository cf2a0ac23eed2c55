import type { Cell } from "./wire/cell";
import type { Json } from "./wire/messages";

/** What one source says of a person, best sense first. */
export interface Sense {
  readonly source: string;
  readonly sense: string;
  readonly says: string;
  readonly since: number | undefined;
  /** It may have been so for longer than since then. */
  readonly isAgeUnknown: boolean;
  /** The source is away: shown, and not counted. */
  readonly isStale: boolean;
  /** What is wrong with the device that says it; empty when nothing is. */
  readonly fault: string;
}

/** Two sources that cannot both be right. */
export interface Conflict {
  readonly kind: string;
  readonly since: number | undefined;
  readonly sources: readonly string[];
}

type Told = { readonly [key: string]: Json };
const isTold = (value: Json): value is Told => typeof value === "object" && value !== null && !Array.isArray(value);
const text = (value: Json | undefined): string => (typeof value === "string" ? value : "");
const number = (value: Json | undefined): number | undefined => (typeof value === "number" ? value : undefined);

export function sensesOf(agent: Cell): readonly Sense[] {
  return agent.at("senses").list.filter(isTold).map((told) => ({
    source: text(told["source"]),
    sense: text(told["sense"]),
    says: text(told["says"]),
    since: number(told["since"]),
    isAgeUnknown: told["age_known"] === false,
    isStale: told["stale"] === true,
    fault: text(told["fault"]),
  }));
}

export function conflictsOf(agent: Cell): readonly Conflict[] {
  return agent.at("conflicts").list.filter(isTold).map((told) => ({
    kind: text(told["kind"]),
    since: number(told["since"]),
    sources: Array.isArray(told["sources"]) ? told["sources"].map((source) => text(source as Json)) : [],
  }));
}

const KINDS = ["ready_docked", "ready_vacant", "ready_unreachable", "idle_talking", "call_ended"] as const;

type Kind = (typeof KINDS)[number] | "unknown";

/** A newer server may know kinds that we do not. */
const kindOf = (kind: string): Kind => KINDS.find((known) => known === kind) ?? "unknown";
/** The catalogue's key of a conflict: the sentence, and the few words of a tile. */
export const conflictKey = (kind: string): `conflict.${Kind}` => `conflict.${kindOf(kind)}`;
export const briefKey = (kind: string): `brief.${Kind}` => `brief.${kindOf(kind)}`;
