import type { Cell } from "../wire/cell";
import { isThing, number, numbers, strings, text, texts, type Thing } from "../wire/reading";

const things = (value: unknown): readonly Thing[] => (Array.isArray(value) ? value.filter(isThing) : []);

/** Somebody did something; without a name it was the house. */
export interface Deed {
  readonly at: number;
  readonly what: string;
  readonly by: string;
  readonly note: string;
}
const deed = (value: Thing): Deed => ({ at: number(value["at"]) ?? 0, what: text(value["what"]), by: byOf(value["by"]), note: text(value["note"]) });
const byOf = (value: unknown): string => (isThing(value) ? text(value["name"]) || text(value["id"]) : "");

export interface Call {
  readonly id: string;
  readonly agent: string;
  readonly seat: string;
  readonly topic: string;
  readonly state: "open" | "taken" | "ended";
  readonly asked: number;
  readonly via: string;
  readonly taken: readonly Deed[];
  readonly ended: number | undefined;
  readonly how: string;
}
const state = (value: unknown): Call["state"] => (value === "taken" || value === "ended" ? value : "open");

function items<T>(board: Cell, part: string, read: (id: string, value: Thing) => T): readonly T[] {
  const all = board.at(part).json;
  return Object.entries(isThing(all) ? all : {}).flatMap(([id, value]) => (isThing(value) ? [read(id, value)] : []));
}

/** Calls for help, the longest first. */
export const callsOf = (board: Cell): readonly Call[] =>
  items(board, "help", (id, one) => ({
    id,
    agent: text(one["agent"]),
    seat: text(one["seat"]),
    topic: text(one["topic"]),
    state: state(one["state"]),
    asked: number(one["asked"]) ?? 0,
    via: text(one["via"]),
    taken: things(one["taken"]).map(deed),
    ended: number(one["ended"]),
    how: text(one["how"]),
  })).toSorted((a, b) => a.asked - b.asked);

export interface Incident {
  readonly id: string;
  readonly kind: string;
  readonly state: string;
  readonly began: number;
  readonly ended: number | undefined;
  readonly expectedEnd: number | undefined;
  readonly text: string;
  readonly cause: string;
  readonly texts: Readonly<Record<string, string>>;
  readonly evidence: Readonly<Record<string, number>>;
  readonly effect: Readonly<Record<string, number>>;
  readonly history: readonly Deed[];
}
/** The newest first. */
export const incidentsOf = (board: Cell): readonly Incident[] =>
  items(board, "incidents", (id, one) => ({
    id,
    kind: text(one["kind"]),
    state: text(one["state"]),
    began: number(one["began"]) ?? 0,
    ended: number(one["ended"]),
    expectedEnd: number(one["expected_end"]),
    text: text(one["text"]),
    cause: text(one["cause"]),
    texts: texts(one["texts"]),
    evidence: numbers(one["evidence"]),
    effect: numbers(one["effect"]),
    history: things(one["history"]).map(deed),
  })).toSorted((a, b) => b.began - a.began || (a.id < b.id ? -1 : 1));
export const isOpen = ({ state: now }: Incident): boolean => now === "proposed" || now === "confirmed";

export interface Patrol extends Deed {
  readonly id: string;
  readonly row: string;
  readonly findings: readonly string[];
}
export interface Round {
  readonly team: string;
  readonly every: number;
  readonly next: number | undefined;
  readonly made: readonly Patrol[];
}
export const roundsOf = (board: Cell): readonly Round[] =>
  items(board, "patrols", (team, one) => ({
    team,
    every: number(one["due_every"]) ?? 900,
    next: number(one["next_due"]),
    made: things(one["made"]).map((each) => ({ ...deed(each), id: text(each["id"]), row: text(each["row"]), findings: strings(each["findings"]) })),
  }));

/** How many were made in the last hour; of four that are to be. */
export const inHour = (round: Round, now: number): number => round.made.filter(({ at }) => at > now - 3600).length;

export interface Note {
  readonly id: string;
  readonly text: string;
  readonly team: string;
  readonly by: string;
  readonly at: number;
  readonly mustRead: boolean;
  readonly read: readonly { readonly id: string; readonly name: string }[];
}
/** What must be read first, then the newest. */
export const notesOf = (board: Cell): readonly Note[] =>
  items(board, "handover", (id, one) => ({
    id,
    text: text(one["text"]),
    team: text(one["team"]),
    by: byOf(one["by"]),
    at: number(one["at"]) ?? 0,
    mustRead: one["must_read"] === true,
    read: things(one["read"]).map((each) => ({ id: isThing(each["by"]) ? text(each["by"]["id"]) : "", name: byOf(each["by"]) })),
  })).toSorted((a, b) => b.at - a.at);

export interface Notice {
  readonly id: string;
  readonly texts: Readonly<Record<string, string>>;
  readonly until: number;
  readonly by: string;
  readonly isImportant: boolean;
}
export const announcementsOf = (board: Cell, now: number): readonly Notice[] =>
  items(board, "announcements", (id, one) => ({ id, texts: texts(one["texts"]), until: number(one["until"]) ?? 0, by: byOf(one["by"]), isImportant: one["weight"] === "important" })).filter(({ until }) => until > now);

export interface Thanks {
  readonly id: string;
  readonly text: string;
  readonly until: number;
  readonly agent: string;
  readonly team: string;
  readonly by: string;
}
export const thanksOf = (board: Cell, now: number): readonly Thanks[] =>
  items(board, "thanks", (id, one) => ({ id, text: text(one["text"]), until: number(one["until"]) ?? 0, agent: text(one["agent"]), team: text(one["team"]), by: byOf(one["by"]) })).filter(({ until }) => until > now);

export interface Fault {
  readonly id: string;
  readonly fault: string;
  readonly device: string;
  readonly seat: string;
  readonly agent: string;
  readonly note: string;
  readonly state: string;
  readonly since: number;
  readonly by: string;
  readonly takenBy: string;
}
/** Open ones, the oldest first. */
export const faultsOf = (board: Cell): readonly Fault[] =>
  items(board, "faults", (id, one) => ({
    id,
    fault: text(one["fault"]),
    device: text(one["device"]),
    seat: text(one["seat"]),
    agent: text(one["agent"]),
    note: text(one["note"]),
    state: text(one["state"]),
    since: number(one["since"]) ?? 0,
    by: byOf(one["by"]),
    takenBy: isThing(one["taken"]) ? byOf(one["taken"]["by"]) : "",
  }))
    .filter((one) => one.state !== "closed")
    .toSorted((a, b) => a.since - b.since);

/** Seconds within which somebody is to come. */
export const helpLimit = (board: Cell): number => board.at("help_limit").number ?? 60;
