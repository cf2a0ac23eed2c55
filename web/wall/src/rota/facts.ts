/** The rota as the server tells it. */

import { isThing, list, number, text, type Thing } from "../wire/reading";

/** What was found about a shift, the gravest first. */
export const VERDICTS = ["absent", "late", "early", "left_on", "wrong_seat", "undocked", "not_early_enough"] as const;
export type Verdict = (typeof VERDICTS)[number];
/** Of these a lead must know; the others are for the sheet. */
export const GRAVE: ReadonlySet<Verdict> = new Set(["absent", "late", "left_on"]);

export interface PlannedBreak {
  readonly begins: number;
  readonly ends: number;
  readonly kind: string;
}
export interface Shift {
  readonly id: string;
  readonly agent: string;
  readonly team: string;
  readonly begins: number;
  readonly ends: number;
  readonly kind: string;
  readonly seat: string;
  readonly duty: string;
  readonly note: string;
  readonly breaks: readonly PlannedBreak[];
  readonly came: number | undefined;
  /** They may have come before that, when nobody was listening. */
  readonly latest: boolean;
  readonly left: number | undefined;
  readonly what: readonly Verdict[];
  /** Seconds that `late`, `early` and work beyond the end are about. */
  readonly late: number;
  readonly early: number;
  readonly over: number;
  /** Share of the plan that was kept; undefined when nobody knows. */
  readonly kept: number | undefined;
  /** By verdict, what somebody said to it. */
  readonly excuses: Readonly<Record<string, string>>;
}
export interface Change {
  readonly at: number;
  readonly what: string;
  readonly shifts: number;
  readonly agent: string;
  readonly note: string;
  readonly by: string;
}
export interface Rota {
  readonly shifts: readonly Shift[];
  readonly changes: readonly Change[];
  /** Days on which nobody need work, as ISO 8601. */
  readonly free: ReadonlySet<string>;
}

const isVerdict = (value: unknown): value is Verdict => VERDICTS.some((one) => one === value);

export function shiftIn(id: string, told: unknown): Shift | undefined {
  if (!isThing(told)) return undefined;
  const [begins, ends] = [number(told["begins"]), number(told["ends"])];
  if (begins === undefined || ends === undefined) return undefined;
  const judged = isThing(told["judged"]) ? told["judged"] : {};
  const adherence = isThing(told["adherence"]) ? told["adherence"] : {};
  const excuses = isThing(told["excuses"]) ? told["excuses"] : {};
  return {
    id,
    agent: text(told["agent"]),
    team: text(told["team"]),
    begins,
    ends,
    kind: text(told["kind"]) || "work",
    seat: text(told["seat"]),
    duty: text(told["duty"]),
    note: text(told["note"]),
    breaks: list(told["breaks"]).filter(isThing).map((one) => ({ begins: number(one["begins"]) ?? 0, ends: number(one["ends"]) ?? 0, kind: text(one["kind"]) })),
    came: number(told["came"]),
    latest: told["latest"] === true,
    left: number(told["left"]),
    what: VERDICTS.filter((one) => list(judged["what"]).filter(isVerdict).includes(one)),
    late: number(judged["late"]) ?? 0,
    early: number(judged["early"]) ?? 0,
    over: number(judged["over"]) ?? 0,
    kept: number(adherence["share"]),
    excuses: Object.fromEntries(Object.entries(excuses).map(([what, one]) => [what, isThing(one) ? text(one["note"]) : ""])),
  };
}

export function rotaIn(told: Thing): Rota {
  const shifts = isThing(told["shifts"]) ? told["shifts"] : {};
  return {
    shifts: Object.entries(shifts)
      .map(([id, one]) => shiftIn(id, one))
      .filter((one) => one !== undefined)
      .toSorted((a, b) => a.begins - b.begins || (a.id < b.id ? -1 : 1)),
    changes: list(told["changes"])
      .filter(isThing)
      .map((one) => ({
        at: number(one["at"]) ?? 0,
        what: text(one["what"]),
        shifts: number(one["shifts"]) ?? 0,
        agent: text(one["agent"]),
        note: text(one["note"]),
        by: isThing(one["by"]) ? text(one["by"]["name"]) || text(one["by"]["id"]) : "",
      })),
    free: new Set(list(told["free"]).map(text)),
  };
}

/** With what the day's sheet knows of them: how well the plan was kept. */
export function withSheet(rota: Rota, told: Thing): Rota {
  const kept = new Map(
    list(told["rows"])
      .filter(isThing)
      .map((row) => [text(row["shift_id"]), shiftIn(text(row["shift_id"]), row)?.kept]),
  );
  return { ...rota, shifts: rota.shifts.map((shift) => ({ ...shift, kept: kept.get(shift.id) ?? shift.kept })) };
}

/** Who comes first: whom a lead must look after, then by when they begin, then by name. */
export function byNeed(nameOf: (agent: string) => string): (a: Shift, b: Shift) => number {
  const rank = (shift: Shift) => (shift.what.some((one) => GRAVE.has(one) && shift.excuses[one] === undefined) ? 0 : shift.kind === "work" ? 1 : 2);
  return (a, b) => rank(a) - rank(b) || a.begins - b.begins || nameOf(a.agent).localeCompare(nameOf(b.agent));
}

/** How many there are of each, of those who are to work. */
export function countsOf(shifts: readonly Shift[], now: number): Readonly<Record<"planned" | "here" | "late" | "absent" | "left_on" | "off", number>> {
  const working = shifts.filter((shift) => shift.kind === "work");
  const has = (what: Verdict) => working.filter((shift) => shift.what.includes(what)).length;
  return {
    planned: working.filter((shift) => shift.begins <= now && now < shift.ends).length,
    here: working.filter((shift) => shift.begins <= now && now < shift.ends && shift.came !== undefined && shift.left === undefined).length,
    late: has("late"),
    absent: has("absent"),
    left_on: has("left_on"),
    off: shifts.length - working.length,
  };
}

export interface Preview {
  readonly counts: Readonly<Record<"added" | "changed" | "removed" | "overlaps", number>>;
  readonly shifts: number;
  readonly kept: number;
  readonly mistakes: readonly { readonly where: string; readonly what: string }[];
  readonly more: number;
}

export function previewIn(told: Thing): Preview {
  const counts = isThing(told["counts"]) ? told["counts"] : {};
  const of = (name: string) => number(counts[name]) ?? 0;
  return {
    counts: { added: of("added"), changed: of("changed"), removed: of("removed"), overlaps: of("overlaps") },
    shifts: number(told["shifts"]) ?? 0,
    kept: number(told["kept"]) ?? 0,
    mistakes: list(told["mistakes"]).filter(isThing).map((one) => ({ where: text(one["where"]), what: text(one["what"]) })),
    more: number(told["more_mistakes"]) ?? 0,
  };
}
