import type { Cell } from "../wire/cell";
import { isThing, list, number, numbers, strings, text } from "../wire/reading";

export const SEVERITIES = ["critical", "breach", "warn", "info"] as const;
export type Level = (typeof SEVERITIES)[number];
export const STATES = ["firing", "acknowledged", "snoozed", "no_data", "pending", "resolved"] as const;
export type State = (typeof STATES)[number];

/** Who did something, as the server names them. */
export interface Who {
  readonly id: string;
  readonly name: string;
  readonly role: string;
}
/** One thing that happened to an alert. */
export interface Happened {
  readonly at: number;
  readonly what: string;
  readonly by: Who | undefined;
  readonly note: string;
}
/** One time somebody was told. */
export interface Told {
  readonly at: number;
  readonly kind: string;
  readonly step: number;
  readonly roles: readonly string[];
  readonly people: readonly string[];
  readonly skipped: readonly string[];
  readonly channels: readonly string[];
  readonly key: string;
  /** What became of it, by channel. */
  readonly put: readonly { readonly channel: string; readonly ok: boolean; readonly at: number; readonly attempts: number; readonly detail: string }[];
}

/** One alert as the server tells it; instants are the floor's. */
export interface Alert {
  readonly id: string;
  readonly rule: string;
  readonly scope: string;
  readonly severity: Level;
  readonly state: State;
  readonly since: number;
  readonly fired: number | undefined;
  /** From when its time counts, where its value is one. */
  readonly from: number | undefined;
  readonly value: number | undefined;
  readonly threshold: number | undefined;
  readonly worst: number | undefined;
  readonly hints: readonly string[];
  readonly team: string;
  readonly agent: string;
  readonly queue: string;
  readonly source: string;
  readonly isForWalls: boolean;
  /** When, and to whom, it goes unless somebody acknowledges it. */
  readonly next: { readonly at: number; readonly roles: readonly string[] } | undefined;
  readonly acked: { readonly by: Who | undefined; readonly at: number; readonly note: string } | undefined;
  readonly snooze: { readonly by: Who | undefined; readonly until: number; readonly reason: string } | undefined;
  readonly inhibitedBy: string;
  readonly told: readonly Told[];
  readonly history: readonly Happened[];
  readonly ended: number | undefined;
  /** Since when nobody can judge it. */
  readonly away: number | undefined;
  /** A pending one fires when its condition has lasted so long. */
  readonly lasts: number | undefined;
  /** What the hints rest on: rates in calls an hour, times in seconds, people. */
  readonly figures: Readonly<Record<string, number>>;
}

export function whoIn(value: unknown): Who | undefined {
  if (!isThing(value)) return undefined;
  return { id: text(value["id"]), name: text(value["name"]), role: text(value["role"]) };
}

/** A newer server may know words that we do not: what it cannot be called is the nearest that asks somebody. */
const stateOf = (text: string): State => STATES.find((one) => one === text) ?? "firing";
const levelOf = (text: string): Level => SEVERITIES.find((one) => one === text) ?? "warn";

export function happenedIn(value: unknown): readonly Happened[] {
  return list(value)
    .filter(isThing)
    .map((one) => ({ at: number(one["at"]) ?? 0, what: text(one["what"]), by: whoIn(one["by"]), note: text(one["note"]) || text(one["reason"]) }));
}

export function toldIn(value: unknown): readonly Told[] {
  return list(value)
    .filter(isThing)
    .map((one) => ({
      at: number(one["at"]) ?? 0,
      kind: text(one["kind"]),
      step: number(one["step"]) ?? 0,
      roles: strings(one["roles"]),
      people: namesIn(one["people"]),
      skipped: namesIn(one["skipped"]),
      channels: strings(one["channels"]),
      key: text(one["key"]),
      put: putsIn(one["put"]),
    }));
}

const putsIn = (value: unknown): Told["put"] =>
  (isThing(value) ? Object.entries(value) : []).flatMap(([channel, put]) =>
    isThing(put) ? [{ channel, ok: put["ok"] === true, at: number(put["at"]) ?? 0, attempts: number(put["attempts"]) ?? 1, detail: text(put["detail"]) }] : [],
  );

/** People by name where the server gives it, else by what they are called in the accounts. */
const namesIn = (value: unknown): readonly string[] => list(value).map((one) => (isThing(one) ? text(one["name"]) || text(one["id"]) : text(one))).filter((name) => name !== "");

/** What a document or a part of the board says of one alert. */
export function alertIn(id: string, value: unknown): Alert | undefined {
  if (!isThing(value)) return undefined;
  const [next, acked, snooze] = [value["next"], value["acked"], value["snooze"]];
  const nextAt = isThing(next) ? number(next["at"]) : undefined;
  const until = isThing(snooze) ? number(snooze["until"]) : undefined;
  return {
    id,
    rule: text(value["rule"]) || (id.split("@")[0] ?? id),
    scope: text(value["scope"]) || id.slice(id.indexOf("@") + 1),
    severity: levelOf(text(value["severity"])),
    state: stateOf(text(value["state"])),
    since: number(value["since"]) ?? 0,
    fired: number(value["fired"]),
    from: number(value["from"]),
    value: number(value["value"]),
    threshold: number(value["threshold"]),
    worst: number(value["worst"]),
    hints: strings(value["hints"]),
    team: text(value["team"]),
    agent: text(value["agent"]),
    queue: text(value["queue"]),
    source: text(value["source"]),
    isForWalls: value["wall"] === true,
    next: isThing(next) && nextAt !== undefined ? { at: nextAt, roles: strings(next["roles"]) } : undefined,
    acked: isThing(acked) ? { by: whoIn(acked["by"]), at: number(acked["at"]) ?? 0, note: text(acked["note"]) } : undefined,
    snooze: isThing(snooze) && until !== undefined ? { by: whoIn(snooze["by"]), until, reason: text(snooze["reason"]) } : undefined,
    inhibitedBy: text(value["inhibited_by"]),
    told: toldIn(value["told"]),
    history: happenedIn(value["history"]),
    ended: number(value["ended"]),
    away: number(value["no_data_since"]),
    lasts: number(value["lasts"]),
    figures: numbers(value["figures"]),
  };
}

/** Whether this server judges alerts itself; one that does not leaves that to the page. */
export const hasAlerts = (board: Cell): boolean => board.at("alerts").isPresent || board.at("alert_rules").isPresent;

/** Every alert of the board, as it stands. */
export function alertsOf(board: Cell): readonly Alert[] {
  const part = board.at("alerts");
  return part.keys.map((id) => alertIn(id, part.at(id).json)).filter((alert) => alert !== undefined);
}

/** Under which roof an alert is: what its scope says, and what it carries for who looks by team or person. */
export function isOfTeam(alert: Alert, team: string, people: ReadonlySet<string>, queues: ReadonlySet<string>): boolean {
  if (team === "") return true;
  if (alert.team !== "") return alert.team === team;
  if (alert.agent !== "") return people.has(alert.agent);
  if (alert.queue !== "") return queues.has(alert.queue);
  return true;
}
