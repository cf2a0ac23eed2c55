import type { Cell } from "../wire/cell";
import { isThing, list, number, text } from "../wire/reading";
import { lang } from "../words";

export type Stage = "requested" | "postponed" | "held" | "granted" | "running" | "ended" | "refused" | "withdrawn";
const STAGES: readonly string[] = ["requested", "postponed", "held", "granted", "running", "ended", "refused", "withdrawn"] satisfies readonly Stage[];

/** A command at the PBX that belongs to a break. */
export interface Errand {
  readonly id: string;
  readonly purpose: string;
  readonly state: string;
  readonly detail: string;
}

/** What stands against somebody's leaving. */
export interface Against {
  readonly what: string;
  readonly have: number;
  readonly limit: number;
  readonly scope: string;
  readonly queue: string;
  /** Of the shift whose budget it is; undefined: of the day. */
  readonly begins: number | undefined;
  readonly ends: number | undefined;
}
export const againstIn = (told: unknown): readonly Against[] =>
  list(told).filter(isThing).map((one) => ({ what: text(one["what"]), have: number(one["have"]) ?? 0, limit: number(one["limit"]) ?? 0, scope: text(one["scope"]), queue: text(one["queue"]), begins: number(one["begins"]), ends: number(one["ends"]) }));

/** One break of one person; instants are epoch seconds. */
export interface Break {
  readonly id: string;
  readonly agent: string;
  readonly team: string;
  readonly kind: string;
  readonly state: Stage;
  readonly requested: number;
  readonly via: string;
  readonly lasts: number;
  readonly begins: number | undefined;
  readonly began: number | undefined;
  readonly ended: number | undefined;
  readonly warns: number | undefined;
  readonly due: number | undefined;
  readonly late: number | undefined;
  readonly expires: number | undefined;
  readonly by: string;
  readonly isAutomatic: boolean;
  readonly isUnasked: boolean;
  readonly note: string;
  readonly reason: string;
  readonly how: string;
  readonly called: number | undefined;
  readonly caller: string;
  readonly errands: readonly Errand[];
  /** Since when it waits for room, although it was granted or promised; and what is against it. */
  readonly held: number | undefined;
  readonly against: readonly Against[];
}

const person = (told: unknown): string => (isThing(told) ? text(told["name"]) || text(told["id"]) : "");

export function breakIn(id: string, told: unknown): Break | undefined {
  if (!isThing(told) || !STAGES.includes(text(told["state"]))) return undefined;
  return {
    id,
    agent: text(told["agent"]),
    team: text(told["team"]),
    kind: text(told["kind"]),
    state: text(told["state"]) as Stage,
    requested: number(told["requested"]) ?? 0,
    via: text(told["via"]),
    lasts: number(told["lasts"]) ?? 0,
    begins: number(told["begins"]),
    began: number(told["began"]),
    ended: number(told["ended"]),
    warns: number(told["warns"]),
    due: number(told["due"]),
    late: number(told["late"]),
    expires: number(told["expires"]),
    by: person(told["by"]),
    isAutomatic: told["automatic"] === true,
    isUnasked: told["unasked"] === true,
    note: text(told["note"]),
    reason: text(told["reason"]),
    how: text(told["how"]),
    called: number(told["called"]),
    caller: person(told["caller"]),
    errands: list(told["commands"]).filter(isThing).map((one) => ({ id: text(one["id"]), purpose: text(one["purpose"]), state: text(one["state"]), detail: text(one["detail"]) })),
    held: number(told["held"]),
    against: againstIn(told["against"]),
  };
}

/** All of the board, oldest wish first; of one team where one is meant. */
export function breaksOf(board: Cell, team = ""): readonly Break[] {
  const told = board.at("breaks").json;
  if (!isThing(told)) return [];
  const found = Object.entries(told).map(([id, one]) => breakIn(id, one)).filter((one) => one !== undefined);
  return found.filter((one) => team === "" || one.team === team).sort((a, b) => a.requested - b.requested || (a.id < b.id ? -1 : 1));
}

export const isWaiting = ({ state }: Break): boolean => state === "requested" || state === "postponed" || state === "held";

/** Whether a server of this age has a break desk at all. */
export const hasBreaks = (board: Cell): boolean => board.at("break_desk").isPresent;

export interface Kind {
  readonly id: string;
  readonly name: string;
  readonly state: string;
  readonly lasts: number;
  readonly counts: boolean;
  readonly times: number | undefined;
  readonly seconds: number | undefined;
}

export function kindOf(board: Cell, id: string): Kind {
  const cell = board.at("break_desk", "kinds", id);
  const names = cell.at("names");
  return {
    id,
    name: names.at(lang.value).text || names.at("en").text || id,
    state: cell.at("state").text || "away",
    lasts: cell.at("lasts").number ?? 600,
    counts: cell.at("counts").leaf !== false,
    times: cell.at("quota_times").number,
    seconds: cell.at("quota_seconds").number,
  };
}
export const kindsOf = (board: Cell): readonly Kind[] => board.at("break_desk", "kinds").keys.map((id) => kindOf(board, id));

/** The shift that somebody's breaks are of now: when it begins and ends, and since when what they take counts for it. */
export interface Shift {
  readonly begins: number;
  readonly ends: number;
  readonly from: number;
}
/** Undefined: no shift is known, and what they have is of the business day. */
export function shiftOf(board: Cell, agent: string): Shift | undefined {
  const cell = board.at("break_desk", "budgets", agent);
  const [begins, ends, from] = [cell.at("begins").number, cell.at("ends").number, cell.at("from").number];
  return begins === undefined || ends === undefined ? undefined : { begins, ends, from: from ?? begins };
}

/** A kind with what this person has of it: their shift may have its own. */
export function kindFor(board: Cell, agent: string, id: string): Kind {
  const kind = kindOf(board, id);
  const own = board.at("break_desk", "budgets", agent, "quotas", id);
  return own.isPresent ? { ...kind, times: own.at("quota_times").number, seconds: own.at("quota_seconds").number } : kind;
}

export interface Used {
  readonly times: number;
  readonly seconds: number;
}
/** What somebody has used of a kind in their shift, or today, the break that goes on included. */
export function usedOf(board: Cell, agent: string, kind: string, running: Break | undefined, now: number | undefined): Used {
  const [times, seconds] = board.at("break_desk", "used", agent, kind).list;
  const since = shiftOf(board, agent)?.from ?? board.at("day", "starts").number ?? 0;
  const began = running !== undefined && running.kind === kind && running.state === "running" ? running.began : undefined;
  const more = began !== undefined && now !== undefined ? Math.max(0, now - Math.max(began, since)) : 0;
  return { times: (number(times) ?? 0) + (began !== undefined && began >= since ? 1 : 0), seconds: (number(seconds) ?? 0) + more };
}

export interface Scope {
  readonly key: string;
  readonly kind: "floor" | "team" | "line";
  readonly id: string;
  readonly away: number;
  readonly staffed: number | undefined;
  readonly cap: number | undefined;
  /** People, from, to (seconds of the day; the same twice: always). */
  readonly minimum: readonly (readonly [number, number, number])[];
}

/** How many may be away at once, of how many: caps and minimum staff, the floor first. */
export function scopesOf(board: Cell): readonly Scope[] {
  const scopes = board.at("break_desk", "scopes");
  return scopes.keys.map((key) => {
    const [kind, id] = key === "floor" ? (["floor", ""] as const) : key.startsWith("team:") ? (["team", key.slice(5)] as const) : (["line", key.slice(5)] as const);
    const cell = scopes.at(key);
    const place = kind === "floor" ? board.at("floor") : board.at(kind === "team" ? "teams" : "lines", id);
    const staffed = place.at("staffed").number;
    const share = cell.at("share").number;
    const part = share === undefined || staffed === undefined ? undefined : Math.max(1, Math.floor(share * staffed + 1e-9));
    const caps = [cell.at("cap").number, part].filter((n) => n !== undefined);
    return {
      key,
      kind,
      id,
      away: cell.at("away").number ?? 0,
      staffed,
      cap: caps.length === 0 ? undefined : Math.min(...caps),
      minimum: cell.at("minimum").list.flatMap((row) => (Array.isArray(row) && typeof row[0] === "number" ? [[row[0], number(row[1]) ?? 0, number(row[2]) ?? 0] as const] : [])),
    };
  });
}

/** Whether a person is of a scope, by its key: the floor, a team, or in a queue of a line. */
export function isIn(board: Cell, agent: string, key: string): boolean {
  if (key === "floor") return true;
  const cell = board.at("agents", agent);
  if (key.startsWith("team:")) return cell.at("team").text === key.slice(5);
  return cell.at("queues").list.some((id) => typeof id === "string" && board.at("queues", id, "line").text === key.slice(5));
}

/** How many of a scope may be away at once, and why no more: its cap, who must stay, or the load of now. */
export interface Most {
  readonly many: number;
  readonly why: "cap" | "minimum" | "load";
}
/** `second` is of the local day; `load`: how many more may leave by the forecast, where that is asked for. */
export function mostOf(scope: Scope, second: number, load: number | undefined): Most | undefined {
  const holds = ([, from, to]: readonly [number, number, number]): boolean => (from === to ? true : from < to ? second >= from && second < to : second >= from || second < to);
  const least = scope.minimum.filter(holds).map(([people]) => people);
  const found: Most[] = [];
  if (scope.cap !== undefined) found.push({ many: scope.cap, why: "cap" });
  if (least.length > 0 && scope.staffed !== undefined) found.push({ many: Math.max(0, scope.staffed - Math.max(...least)), why: "minimum" });
  if (load !== undefined && scope.cap !== undefined) found.push({ many: scope.away + load, why: "load" });
  return found.sort((a, b) => a.many - b.many)[0];
}

/** Who is to be away in a stretch of time, as far as it is granted, promised or so; `now` closes those that should be over. */
export function awayIn(items: readonly Break[], from: number, to: number, now: number): readonly Break[] {
  return items.filter((one) => {
    const start = one.state === "running" ? one.began : one.state === "granted" || one.state === "postponed" ? Math.max(one.begins ?? now, now) : undefined;
    if (start === undefined) return false;
    const end = Math.max(start + one.lasts, one.state === "running" ? now + 1 : start);
    return start < to && end > from;
  });
}

/** How a break stands against its time: on time, from 80 % on near, over it, late. */
export type Course = "" | "near" | "over" | "late";
export function courseOf(item: Break, now: number | undefined): Course {
  if (item.state !== "running" || now === undefined || item.due === undefined) return "";
  if (item.late !== undefined && now >= item.late) return "late";
  if (now >= item.due) return "over";
  return item.warns !== undefined && now >= item.warns ? "near" : "";
}
