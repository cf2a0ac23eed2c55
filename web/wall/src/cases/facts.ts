/** The register as the server tells it: what is promised to whom, and how much time is left. */

import { isThing, list, number, text, type Thing } from "../wire/reading";

export const KINDS = ["complaint", "callback", "service"] as const;
export const LEVELS = [1, 2, 3] as const;
export const OUTCOMES = ["solved", "withdrawn", "passed_on", "failed"] as const;
/** Seconds before its time from which on something is near: of a first answer, and of all of it. */
const NEAR_ANSWER = 15 * 60;
const NEAR_DUE = 4 * 3600;

export interface Note {
  readonly at: number;
  /** What was done; of a change the names of what is another now. */
  readonly what: readonly string[];
  readonly text: string;
  /** Who; empty where it was the house. */
  readonly by: string;
  readonly byId: string;
  readonly level: number | undefined;
  readonly due: number | undefined;
  readonly owner: string;
}
export interface Case {
  readonly id: string;
  readonly kind: string;
  readonly title: string;
  readonly level: number;
  readonly opened: number;
  readonly due: number;
  readonly answerDue: number | undefined;
  readonly answered: number | undefined;
  readonly closed: number | undefined;
  readonly outcome: string;
  readonly promise: string;
  readonly queue: string;
  readonly agent: string;
  /** As the server gives it: masked for who may not see callers. */
  readonly number: string;
  readonly text: string;
  /** An account's id; empty where nobody looks after it. */
  readonly owner: string;
  readonly ownerName: string;
  readonly by: string;
  readonly notes: readonly Note[];
}
export interface Listed {
  readonly cases: readonly Case[];
  /** How many there are, also of those that are not listed. */
  readonly count: number;
}

const nameIn = (value: unknown): string => (isThing(value) ? text(value["name"]) || text(value["id"]) : "");

export function caseIn(told: unknown): Case | undefined {
  if (!isThing(told)) return undefined;
  const [id, due] = [text(told["id"]), number(told["due"])];
  if (id === "" || due === undefined) return undefined;
  return {
    id,
    kind: text(told["kind"]),
    title: text(told["title"]),
    level: number(told["level"]) ?? 1,
    opened: number(told["opened"]) ?? 0,
    due,
    answerDue: number(told["answer_due"]),
    answered: number(told["answered"]),
    closed: number(told["closed"]),
    outcome: text(told["outcome"]),
    promise: text(told["promise"]),
    queue: text(told["queue"]),
    agent: text(told["agent"]),
    number: text(told["number"]),
    text: text(told["text"]),
    owner: text(told["owner"]),
    ownerName: text(told["owner_name"]) || text(told["owner"]),
    by: nameIn(told["by"]),
    notes: list(told["notes"]).filter(isThing).map(noteIn),
  };
}

const noteIn = (one: Thing): Note => ({
  at: number(one["at"]) ?? 0,
  what: text(one["what"]).split(",").filter((each) => each !== ""),
  text: text(one["text"]),
  by: nameIn(one["by"]),
  byId: isThing(one["by"]) ? text(one["by"]["id"]) : "",
  level: number(one["level"]),
  due: number(one["due"]),
  owner: text(one["owner"]),
});

export function listedIn(told: Thing): Listed {
  const cases = list(told["cases"]).map(caseIn).filter((one) => one !== undefined);
  return { cases, count: number(told["count"]) ?? cases.length };
}

export type Look = "" | "warn" | "breach";
export interface Timer {
  readonly at: number;
  /** Seconds; below zero once it is over. */
  readonly left: number;
  readonly look: Look;
}
const timer = (at: number, now: number, near: number): Timer => ({ at, left: at - now, look: now >= at ? "breach" : at - now <= near ? "warn" : "" });

/** How long until somebody must have answered; undefined where nobody need, or somebody did. */
export const answerTimer = (one: Case, now: number): Timer | undefined =>
  one.answerDue === undefined || one.answered !== undefined || one.closed !== undefined ? undefined : timer(one.answerDue, now, NEAR_ANSWER);
export const dueTimer = (one: Case, now: number): Timer => timer(one.due, one.closed ?? now, one.closed === undefined ? NEAR_DUE : 0);

/** Of its timers the one that is gravest. */
export function lookOf(one: Case, now: number): Look {
  const looks = [answerTimer(one, now)?.look ?? "", dueTimer(one, now).look];
  return looks.includes("breach") ? "breach" : looks.includes("warn") ? "warn" : "";
}

/** When something is promised next: the first answer, or all of it. */
export const nextDue = (one: Case): number => Math.min(one.due, one.answered === undefined ? (one.answerDue ?? Infinity) : Infinity);

/** What is due first at the top; of what is due at once the higher level. Closed ones: the latest first. */
export const byDue = (a: Case, b: Case): number =>
  a.closed !== undefined && b.closed !== undefined ? b.closed - a.closed : nextDue(a) - nextDue(b) || b.level - a.level || (a.id < b.id ? -1 : 1);

/** A span in the figures that matter: days and hours, hours and minutes, or to the second. */
export function figures(seconds: number): { readonly unit: "days" | "hours" | "clock"; readonly d: number; readonly h: number; readonly m: number; readonly s: number } {
  const whole = Math.floor(Math.abs(seconds));
  const [d, h, m, s] = [Math.floor(whole / 86_400), Math.floor(whole / 3600), Math.floor(whole / 60), whole % 60];
  if (d > 0) return { unit: "days", d, h: h % 24, m: 0, s: 0 };
  return h > 0 ? { unit: "hours", d, h, m: m % 60, s: 0 } : { unit: "clock", d, h, m, s };
}

export interface Filters {
  readonly kind: string;
  /** 0: all. */
  readonly level: number;
  readonly isMine: boolean;
  readonly query: string;
}
export const EVERYTHING: Filters = { kind: "", level: 0, isMine: false, query: "" };

/** Whether it is wanted; `words`: what else of it may be searched (names of its agent and queue, its kind in words). */
export function fits(one: Case, { kind, level, isMine, query }: Filters, me: string, words: readonly string[] = []): boolean {
  if ((kind !== "" && one.kind !== kind) || (level !== 0 && one.level !== level) || (isMine && (me === "" || one.owner !== me))) return false;
  const wanted = query.trim().toLowerCase().split(/\s+/).filter((each) => each !== "");
  const all = [one.id, one.title, one.number, one.ownerName, one.agent, one.queue, ...words].join("\n").toLowerCase();
  return wanted.every((each) => all.includes(each));
}

export function countsOf(cases: readonly Case[], now: number): Readonly<Record<"over" | "near" | "free", number>> {
  const looks = cases.map((one) => lookOf(one, now));
  return { over: looks.filter((look) => look === "breach").length, near: looks.filter((look) => look === "warn").length, free: cases.filter((one) => one.owner === "").length };
}

/** To which levels this role may set it: a lead raises and does not lower. */
export const levelsFor = (role: string, level: number): readonly number[] => LEVELS.filter((one) => role !== "lead" || one >= level);
