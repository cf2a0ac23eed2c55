import { ofLimit, type Severity } from "../severity";
import { STATES } from "../states";
import type { Choice, Sort } from "./choice";
import { fold, type Row } from "./people";

/** Server time of a source: now, or where it stopped. */
export type TimeOf = (source: string) => number | undefined;

const RANK = new Map<string, number>(STATES.map((state, i) => [state, i]));

export function severityOf(row: Row, now: number | undefined): Severity {
  // Whoever signed out is nobody's trouble, however long ago.
  if (row.since === undefined || now === undefined || row.limit === undefined || row.state === "off") return "none";
  return ofLimit(now - row.since, row.limit);
}

/** Whether somebody should look: over or near a limit, or sources that contradict each other. */
export function needsAttention(row: Row, now: number | undefined): boolean {
  const severity = severityOf(row, now);
  return row.isDoubtful || severity === "warn" || severity === "breach";
}

type Compare = (a: Row, b: Row) => number;

const LAST = Number.MAX_SAFE_INTEGER;
const byId: Compare = (a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
/** Who has been so for longest first. */
const byAge: Compare = (a, b) => (a.since ?? LAST) - (b.since ?? LAST);
const byRank: Compare = (a, b) => (RANK.get(a.state) ?? LAST) - (RANK.get(b.state) ?? LAST);
/** What is left of the limit, the least first; it shrinks for all alike, so that nobody overtakes by waiting. */
const byRest: Compare = (a, b) => due(a) - due(b);
const due = (row: Row): number => (row.since ?? LAST) + (row.limit ?? 0);

/**
 * Worst first: over the limit, in doubt, near the limit, then by state; within each of them whoever is furthest over,
 * nearest, or longest there.
 */
function byWorst(timeOf: TimeOf): Compare {
  const known = new Map<string, number>();
  const place = (row: Row): number => {
    let at = known.get(row.id);
    if (at !== undefined) return at;
    const severity = severityOf(row, timeOf(row.source));
    at = severity === "breach" ? 0 : row.isDoubtful ? 1 : severity === "warn" ? 2 : 3;
    known.set(row.id, at);
    return at;
  };
  const within: readonly Compare[] = [byRest, (a, b) => (a.doubt ?? LAST) - (b.doubt ?? LAST), byRest, (a, b) => byRank(a, b) || byAge(a, b)];
  return (a, b) => place(a) - place(b) || (within[place(a)] as Compare)(a, b) || byId(a, b);
}

export function compareBy(sort: Sort, timeOf: TimeOf, lang: string): Compare {
  switch (sort) {
    case "name": {
      const names = new Intl.Collator(lang, { numeric: true });
      return (a, b) => names.compare(a.name, b.name) || byId(a, b);
    }
    case "state":
      return (a, b) => byRank(a, b) || byAge(a, b) || byId(a, b);
    case "time":
      return (a, b) => byAge(a, b) || byId(a, b);
    case "worst":
      return byWorst(timeOf);
  }
}

/** Whether a row is in what was chosen; `states` and the search are judged only where asked for. */
export function isIn(row: Row, choice: Choice, timeOf: TimeOf): boolean {
  return (
    isInScope(row, choice) &&
    (choice.states.length === 0 || choice.states.includes(row.state) || (choice.states.includes("doubt") && row.isDoubtful)) &&
    (!choice.attention || needsAttention(row, timeOf(row.source))) &&
    finds(row, choice.search)
  );
}

/** Whether a row is counted by the totals: they stay the same whichever of them is looked at. */
export const isInScope = (row: Row, choice: Pick<Choice, "team" | "queue">): boolean =>
  (choice.team === "" || row.team === choice.team) && (choice.queue === "" || row.queues.includes(choice.queue));

/** Every word of the search stands somewhere in what is known of the person. */
export function finds(row: Row, search: string): boolean {
  const words = fold(search).split(/\s+/u).filter((word) => word !== "");
  return words.every((word) => row.hay.includes(word));
}

export interface Group {
  readonly team: string;
  readonly ids: readonly string[];
}

/** The chosen rows in order; one group, or one for each team, by name. */
export function arrange(rows: readonly Row[], choice: Choice, timeOf: TimeOf, lang: string): readonly Group[] {
  const chosen = rows.filter((row) => isIn(row, choice, timeOf)).sort(compareBy(choice.sort, timeOf, lang));
  if (!choice.grouped) return [{ team: "", ids: chosen.map(({ id }) => id) }];
  const teams = new Map<string, string[]>();
  for (const row of chosen) {
    const ids = teams.get(row.team);
    if (ids === undefined) teams.set(row.team, [row.id]);
    else ids.push(row.id);
  }
  const names = new Intl.Collator(lang, { numeric: true });
  // Whoever is in no team comes last.
  return [...teams].map(([team, ids]) => ({ team, ids })).sort((a, b) => Number(a.team === "") - Number(b.team === "") || names.compare(a.team, b.team));
}

/**
 * The order to show next. Whoever left is gone at once; while the list is `held` nothing else moves. A `pinned` one (it
 * has the focus) keeps its place among the others of its group.
 */
export function settle(shown: readonly Group[], wanted: readonly Group[], isHeld: boolean, pinned: string | undefined, here: ReadonlySet<string>): readonly Group[] {
  const left = shown.some(({ ids }) => ids.some((id) => !here.has(id)));
  if (isHeld) return left ? shown.map(({ team, ids }) => ({ team, ids: ids.filter((id) => here.has(id)) })).filter(({ ids }) => ids.length > 0) : shown;
  const next = pinned === undefined ? wanted : wanted.map((group) => pin(group, shown, pinned));
  return isSame(shown, next) ? shown : next;
}

function pin(group: Group, shown: readonly Group[], pinned: string): Group {
  const before = shown.find(({ team }) => team === group.team)?.ids.indexOf(pinned) ?? -1;
  if (before < 0 || !group.ids.includes(pinned)) return group;
  const ids = group.ids.filter((id) => id !== pinned);
  ids.splice(Math.min(before, ids.length), 0, pinned);
  return { team: group.team, ids };
}

export const isSame = (a: readonly Group[], b: readonly Group[]): boolean =>
  a.length === b.length && a.every(({ team, ids }, i) => team === b[i]?.team && ids.length === b[i].ids.length && ids.every((id, k) => id === b[i]?.ids[k]));

/** How many would change their place, come or go if the list were not held. */
export function waitingToMove(shown: readonly Group[], wanted: readonly Group[]): number {
  const flat = (groups: readonly Group[]) => groups.flatMap(({ team, ids }) => ids.map((id) => `${team}\n${id}`));
  const [now, then] = [flat(shown), flat(wanted)];
  const places = new Map(now.map((key, i) => [key, i]));
  const moved = then.filter((key, i) => places.get(key) !== i).length;
  return Math.max(moved, now.length - then.length);
}
