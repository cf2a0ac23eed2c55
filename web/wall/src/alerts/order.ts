import { type Alert, type Level, SEVERITIES, type State } from "./model";

/** One row: an alert, and those that it explains. */
export interface Row {
  readonly alert: Alert;
  readonly folded: readonly Alert[];
}
/** What is to be done first: what asks somebody, what nobody can judge, what somebody looks after, what is not so far yet. */
export interface Desk {
  readonly open: readonly Row[];
  readonly unjudged: readonly Row[];
  readonly quiet: readonly Row[];
  readonly coming: readonly Row[];
}

const RANK = new Map<Level, number>(SEVERITIES.map((level, i) => [level, i]));
const LATE = Number.MAX_VALUE;

export const rankOf = (level: Level): number => RANK.get(level) ?? SEVERITIES.length;

/** The worst first, then what goes to the next one soonest, then what lasts longest. */
export function worstFirst(a: Alert, b: Alert): number {
  return rankOf(a.severity) - rankOf(b.severity) || (a.next?.at ?? LATE) - (b.next?.at ?? LATE) || a.since - b.since || (a.id < b.id ? -1 : 1);
}

/** By what comes next: a snooze that ends soon is nearer than one for the whole morning. */
const soonestFirst = (a: Alert, b: Alert): number => (a.snooze?.until ?? LATE) - (b.snooze?.until ?? LATE) || worstFirst(a, b);

/**
 * Puts alerts where they belong. What another one explains stands under it, wherever that one is; where the explanation
 * is not among them (it is over, or not for these eyes) the first of its kind carries the others.
 */
export function arrange(alerts: readonly Alert[]): Desk {
  const known = new Map(alerts.map((alert) => [alert.id, alert]));
  const rootOf = (alert: Alert): Alert => {
    const seen = new Set<string>();
    let root = alert;
    while (root.inhibitedBy !== "" && !seen.has(root.id)) {
      seen.add(root.id);
      const above = known.get(root.inhibitedBy);
      if (above === undefined) break;
      // In a ring nobody explains anybody: one of them, always the same, speaks for all.
      if (seen.has(above.id)) return known.get([...seen].sort()[0] ?? "") ?? root;
      root = above;
    }
    return root;
  };
  const folded = new Map<string, Alert[]>();
  const heads = new Map<string, Alert>();
  for (const alert of [...alerts].sort(worstFirst)) {
    const root = rootOf(alert);
    // An explanation that cannot be seen: its first child speaks for all of them.
    const head = root.inhibitedBy !== "" && !known.has(root.inhibitedBy) ? (heads.get(root.inhibitedBy) ?? root) : root;
    if (root.inhibitedBy !== "" && !heads.has(root.inhibitedBy)) heads.set(root.inhibitedBy, root);
    if (head.id === alert.id) continue;
    folded.set(head.id, [...(folded.get(head.id) ?? []), alert]);
  }
  const children = new Set([...folded.values()].flat().map(({ id }) => id));
  const rows = (states: readonly State[], by = worstFirst): readonly Row[] =>
    alerts
      .filter((alert) => states.includes(alert.state) && !children.has(alert.id))
      .sort(by)
      .map((alert) => ({ alert, folded: folded.get(alert.id) ?? [] }));
  return { open: rows(["firing"]), unjudged: bySource(rows(["no_data"])), quiet: rows(["acknowledged", "snoozed"], soonestFirst), coming: rows(["pending"]) };
}

/** A source that is away leaves many rules without a word: they are one thing to look at. */
function bySource(rows: readonly Row[]): readonly Row[] {
  const heads = new Map<string, Row>();
  for (const row of rows) {
    const key = row.alert.source === "" ? `\n${row.alert.id}` : row.alert.source;
    const head = heads.get(key);
    heads.set(key, head === undefined ? row : { ...head, folded: [...head.folded, row.alert, ...row.folded] });
  }
  return [...heads.values()];
}

/** How far an alert is on its way to the next step of the ladder: 0 told, 1 there; undefined where there is none. */
export function wayOf({ next, told, fired, since }: Alert, now: number | undefined): number | undefined {
  if (next === undefined || now === undefined) return undefined;
  const from = Math.max(...told.map(({ at }) => at), fired ?? since);
  if (next.at <= from) return 1;
  return Math.min(1, Math.max(0, (now - from) / (next.at - from)));
}

/** Seconds that are left before it goes on; never less than none. */
export const leftOf = ({ next }: Alert, now: number | undefined): number | undefined => (next === undefined || now === undefined ? undefined : Math.max(0, next.at - now));

/** The one that a key is about: that in focus, else the first that asks somebody. */
export const chosen = (open: readonly Row[], focused: string | undefined): Alert | undefined => (open.find(({ alert }) => alert.id === focused) ?? open[0])?.alert;

/** The worst that is open on something: an agent's tile, a queue's card. */
export function worstOf(alerts: readonly Alert[], is: (alert: Alert) => boolean): Alert | undefined {
  return alerts.filter((alert) => (alert.state === "firing" || alert.state === "acknowledged") && alert.inhibitedBy === "" && is(alert)).sort(worstFirst)[0];
}
