import type { Cell } from "../wire/cell";

/** What the floor itself knows of a queue, and what the wall shows; `undefined` where the wall shows nothing. */
export interface Pair {
  readonly truth: number;
  readonly wall: number | undefined;
}
export interface Line {
  readonly queue: string;
  /** The wall's own key, where it knows the queue. */
  readonly key: string | undefined;
  readonly waiting: Pair;
  readonly talking: Pair;
}

/** `moving`: different, as any two clocks are for a moment. `admits`: the wall says that it is old. */
export type Verdict = "none" | "equal" | "moving" | "admits" | "differs";

/** Real milliseconds after which a difference nobody admits is a fault. */
const GRACE = 5000;

/** `source`: what the wall calls the product that these gauges are of; another one's queue of that name is another. */
export function lines(gauges: Cell, queues: Cell, source = ""): readonly Line[] {
  return [...gauges.keys].sort().map((queue) => {
    const key = keyOf(queue, queues, source);
    const shown = key === undefined ? undefined : queues.at(key);
    const pair = (number: string): Pair => ({ truth: gauges.at(queue, number).number ?? 0, wall: shown?.at(number).number });
    return { queue, key, waiting: pair("waiting"), talking: pair("talking") };
  });
}

/** The simulated product knows its queues by bare names, the wall by `source/name` or whatever its configuration says. */
function keyOf(queue: string, queues: Cell, source: string): string | undefined {
  const keys = queues.keys.filter((key) => {
    const of = queues.at(key, "source").text;
    return source === "" || of === "" || of === source;
  });
  return (
    keys.find((key) => key === queue) ??
    keys.find((key) => key.endsWith(`/${queue}`)) ??
    keys.find((key) => queues.at(key, "name").text === queue)
  );
}

const isSame = ({ truth, wall }: Pair): boolean => truth === (wall ?? 0);
export const isEqual = (line: Line): boolean => isSame(line.waiting) && isSame(line.talking);

/** Since when each thing has been as it is: equal, or not. */
export class Agreement {
  readonly #since = new Map<string, readonly [boolean, number]>();

  /** Notes how it is at this monotonic instant; gives since when. */
  note(key: string, equal: boolean, now: number): number {
    const before = this.#since.get(key);
    if (before?.[0] === equal) return before[1];
    this.#since.set(key, [equal, now]);
    return now;
  }
}

export function verdict(equal: boolean, lasted: number, isOld: boolean): Verdict {
  if (isOld) return "admits"; // equal by chance, perhaps; nobody can know
  if (equal) return "equal";
  return lasted < GRACE ? "moving" : "differs";
}
