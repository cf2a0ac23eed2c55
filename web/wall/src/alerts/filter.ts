import type { Cell } from "../wire/cell";
import { fold } from "../team/people";
import { type Alert, type Level, SEVERITIES, type State, STATES } from "./model";
import { rankOf } from "./order";
import { splitScope, titleOf, whereOf, whoOf } from "./say";

export const KINDS = ["agent", "queue", "team", "source", "floor"] as const;
export type Kind = (typeof KINDS)[number];

/** What of the alerts somebody wants to see; empty words narrow nothing. */
export interface Wanted {
  readonly levels: readonly Level[];
  readonly states: readonly State[];
  readonly kind: Kind | "";
  readonly text: string;
}
export const ALL: Wanted = { levels: [], states: [], kind: "", text: "" };

/** Whose alert it is, in the words of the filter. */
export function kindOf(alert: Alert): Kind {
  const [kind] = splitScope(alert.scope);
  if (alert.agent !== "" || kind === "agent" || kind === "quota") return "agent";
  if (alert.queue !== "" || kind === "queue" || kind === "line") return "queue";
  if (kind === "source" || kind === "recording") return "source";
  return alert.team !== "" || kind === "team" || kind === "staff" || kind === "patrol" ? "team" : "floor";
}

export function isWanted(alert: Alert, wanted: Wanted, board: Cell): boolean {
  if (wanted.levels.length > 0 && !wanted.levels.includes(alert.severity)) return false;
  if (wanted.states.length > 0 && !wanted.states.includes(alert.state)) return false;
  if (wanted.kind !== "" && kindOf(alert) !== wanted.kind) return false;
  const words = fold(wanted.text.trim());
  if (words === "") return true;
  const hay = fold([titleOf(board, alert), whoOf(board, alert), whereOf(board, alert), alert.rule, alert.scope].join("\n"));
  return words.split(/\s+/).every((word) => hay.includes(word));
}

const ORDER = new Map<State, number>(STATES.map((state, i) => [state, i]));

/** What asks somebody first; of what is over, the latest. */
export function byState(a: Alert, b: Alert): number {
  return (ORDER.get(a.state) ?? 0) - (ORDER.get(b.state) ?? 0) || (b.ended ?? 0) - (a.ended ?? 0) || rankOf(a.severity) - rankOf(b.severity) || a.since - b.since;
}

const split = (text: string | null): readonly string[] => (text ?? "").split(",");

export function readWanted(query: URLSearchParams): Wanted {
  return {
    levels: SEVERITIES.filter((level) => split(query.get("severity")).includes(level)),
    states: STATES.filter((state) => split(query.get("state")).includes(state)),
    kind: KINDS.find((kind) => kind === query.get("of")) ?? "",
    text: (query.get("q") ?? "").slice(0, 80),
  };
}

export function writeWanted(wanted: Wanted, query: URLSearchParams): URLSearchParams {
  const written = new URLSearchParams(query);
  const put = (key: string, value: string) => (value === "" ? written.delete(key) : written.set(key, value));
  put("severity", wanted.levels.join(","));
  put("state", wanted.states.join(","));
  put("of", wanted.kind);
  put("q", wanted.text);
  return written;
}
