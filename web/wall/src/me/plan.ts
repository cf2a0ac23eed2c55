import { shiftIn, type Shift } from "../rota/facts";
import type { Cell } from "../wire/cell";
import { isThing, number, text } from "../wire/reading";

/** Seconds ahead of which a shift that has not begun is spoken of. */
const AHEAD = 24 * 3600;
/** Seconds between work and a training that are one shift, as the server has it for breaks. */
const ABUTS = 60;
const FREE: ReadonlySet<string> = new Set(["leave", "sick", "off"]);

/** What stands in somebody's day, instants in epoch seconds. `word`: of a break, its kind; of a meeting, its title. */
export interface Item {
  readonly what: "break" | "training" | "meeting";
  readonly id: string;
  readonly word: string;
  readonly begins: number;
  readonly ends: number;
}
/** What is planned for one person and is not over. */
export interface Plan {
  /** The shift that goes on, or the next within a day. */
  readonly shift: { readonly begins: number; readonly ends: number } | undefined;
  /** Breaks and trainings of that shift, and the meetings of today that concern them: the first first. */
  readonly items: readonly Item[];
  /** Whether anything is known of their rota, if only yesterday's: where there is none, no shift is no news. */
  readonly hasRota: boolean;
}

export function planOf(board: Cell, agent: string, now: number): Plan {
  const all = things(board.at("rota"))
    .map(([id, told]) => shiftIn(id, told))
    .filter((one) => one !== undefined)
    .filter((one) => one.agent === agent);
  const own = all
    .filter(({ kind, begins, ends }) => !FREE.has(kind) && now < ends && begins < now + AHEAD)
    .toSorted((a, b) => a.begins - b.begins || (a.id < b.id ? -1 : 1));
  const pieces = joined(own);
  const items = [
    ...pieces.flatMap(({ id, breaks }) => breaks.map(({ kind, begins, ends }): Item => ({ what: "break", id: `${id} ${begins}`, word: kind, begins, ends }))),
    ...pieces.filter(({ kind }) => kind === "training").map(({ id, kind, begins, ends }): Item => ({ what: "training", id, word: kind, begins, ends })),
    ...things(board.at("meetings")).map(([id, told]): Item => {
      const begins = number(told["begins"]) ?? 0;
      return { what: "meeting", id, word: text(told["title"]), begins, ends: begins + (number(told["lasts"]) ?? 0) };
    }),
  ];
  const [first, last] = [pieces[0], pieces.at(-1)];
  return {
    shift: first === undefined || last === undefined ? undefined : { begins: first.begins, ends: last.ends },
    items: items.filter(({ ends }) => now < ends).toSorted((a, b) => a.begins - b.begins || (a.id < b.id ? -1 : 1)),
    hasRota: all.length > 0,
  };
}

/** The first, and what follows it at once where one of the two is a training: nobody goes home between them. */
function joined(shifts: readonly Shift[]): readonly Shift[] {
  const apart = shifts.findIndex((shift, n) => {
    const before = shifts[n - 1];
    return before !== undefined && !(Math.abs(shift.begins - before.ends) <= ABUTS && (shift.kind === "training" || before.kind === "training"));
  });
  return apart === -1 ? shifts : shifts.slice(0, apart);
}

function things(cell: Cell): readonly (readonly [string, Readonly<Record<string, unknown>>])[] {
  const told = cell.json;
  return Object.entries(isThing(told) ? told : {}).flatMap(([id, one]) => (isThing(one) ? [[id, one] as const] : []));
}
