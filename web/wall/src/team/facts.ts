import { conflictsOf, type Sense, sensesOf } from "../senses";
import type { Cell } from "../wire/cell";

/** The parts of a working day, in the order of its bar. Who is signed out, broken or unknown spends no time of it. */
export const PARTS = ["talk", "ready", "wrap", "away"] as const;
export type Part = (typeof PARTS)[number];

const PART: Readonly<Record<string, Part>> = {
  ringing: "talk", talking: "talk", hold: "talk", busy: "talk", ready: "ready", wrap: "wrap",
  break: "away", meal: "away", breather: "away", away: "away", training: "away",
}; // prettier-ignore

export type Shares = Readonly<Record<Part, number>>;

/** Seconds of today in each part; the present spell counts up to `now`. */
export function sharesOf(agent: Cell, now: number | undefined): Shares {
  const shares = { talk: 0, ready: 0, wrap: 0, away: 0 };
  const add = (state: string, seconds: number) => {
    const part = PART[state];
    if (part !== undefined) shares[part] += Math.max(0, seconds);
  };
  const times = agent.at("times");
  for (const state of times.keys) add(state, times.at(state).number ?? 0);
  const at = agent.at("times_at").number;
  if (at !== undefined && now !== undefined) add(agent.at("state").text, now - at);
  return shares;
}

export const totalOf = (shares: Shares): number => PARTS.reduce((sum, part) => sum + shares[part], 0);

/** Whole percent of each part that add up to 100: what is cut off goes to those who lost most of it. */
export function percents(shares: Shares): Shares {
  const total = totalOf(shares);
  if (total <= 0) return { talk: 0, ready: 0, wrap: 0, away: 0 };
  const exact = PARTS.map((part) => [part, (shares[part] / total) * 100] as const);
  const whole = new Map(exact.map(([part, n]) => [part, Math.floor(n)]));
  let rest = 100 - [...whole.values()].reduce((sum, n) => sum + n, 0);
  for (const [part] of [...exact].sort((a, b) => (b[1] % 1) - (a[1] % 1))) if (rest-- > 0) whole.set(part, (whole.get(part) ?? 0) + 1);
  return Object.fromEntries(whole) as Record<Part, number>;
}

/** Mean seconds of a finished conversation with all that belongs to it; undefined before the first. */
export function ahtOf(agent: Cell): number | undefined {
  const handled = agent.at("handled").number ?? 0;
  if (handled <= 0) return undefined;
  const sum = (["talk", "hold", "wrap"] as const).reduce((seconds, key) => seconds + (agent.at(key).number ?? 0), 0);
  return sum / handled;
}

/** Calls of today that they answered: what the day's target counts. */
export const doneOf = (agent: Cell): number => agent.at("answered").number ?? 0;

/** How many calls a day should have: the team's, else the floor's. */
export const targetOf = (board: Cell, team: string): number | undefined =>
  board.at("teams", team, "people", "calls_target").number ?? board.at("floor", "people", "calls_target").number;

/** What the devices beside the switch say, with those that contradict it. */
export interface Told extends Sense {
  readonly isDoubted: boolean;
}

/** The sense that each kind of contradiction is about; of a kind that we do not know, whichever its sources tell. */
const ABOUT: Readonly<Record<string, string>> = { ready_docked: "desk", ready_vacant: "seat", ready_unreachable: "phone", idle_talking: "phone", call_ended: "phone" };

/** One of each kind, the first that counts; the switch's own word is the state. */
export function devicesOf(agent: Cell): readonly Told[] {
  const conflicts = conflictsOf(agent);
  const isDoubted = ({ sense, source, isStale }: Sense) =>
    !isStale && conflicts.some(({ kind, sources }) => (ABOUT[kind] === undefined ? sources.includes(source) : ABOUT[kind] === sense));
  const kinds = new Map<string, Told>();
  for (const sense of sensesOf(agent)) {
    if (sense.sense === "acd") continue;
    const known = kinds.get(sense.sense);
    if (known !== undefined && !(known.isStale && !sense.isStale)) continue;
    kinds.set(sense.sense, { ...sense, isDoubted: isDoubted(sense) });
  }
  return [...kinds.values()];
}
