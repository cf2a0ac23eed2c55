import { signal, type ReadonlySignal } from "@preact/signals";

import { isThing, text } from "../wire/reading";
import { address } from "../wire/socket";

/** Who is signed in. `teams` and `queues`: those in sight; `undefined`: all. */
export interface Me {
  readonly id: string;
  readonly name: string;
  readonly role: string;
  readonly teams: readonly string[] | undefined;
  readonly queues: readonly string[] | undefined;
  /** The agent that this person is when they take calls. */
  readonly agent: string | undefined;
  /** The acts this role may do at all. */
  readonly acts: ReadonlySet<string>;
}

const strings = (value: unknown): readonly string[] | undefined => (Array.isArray(value) ? value.filter((one) => typeof one === "string") : undefined);

const known = signal<Me | undefined>(undefined);
let isAsked = false;

/** Who is signed in here; `undefined` until the server said it, and where it does not know. Asked once, and again by `askWho`. */
export function who(): ReadonlySignal<Me | undefined> {
  if (!isAsked) void askWho();
  return known;
}

/** Whether this person's role may do it at all. */
export const may = (name: string): boolean => who().value?.acts.has(name) ?? false;

/** Asks (again): after signing in, or when an act says `signed-out`. */
export async function askWho(): Promise<Me | undefined> {
  isAsked = true;
  try {
    const [session, possible] = await Promise.all([told("api/v1/session"), told("api/v1/acts")]);
    known.value = meOf(session, possible);
  } catch {
    isAsked = false; // nobody answered: the next who() asks again
  }
  return known.peek();
}

/** Of the answers of the two; `undefined` when neither knows anybody. */
export function meOf(session: unknown, possible: unknown): Me | undefined {
  if (!isThing(session) && !isThing(possible)) return undefined;
  const me = isThing(session) ? session : {};
  const acts = isThing(possible) ? (strings(possible["acts"]) ?? []) : [];
  return {
    id: text(me["id"]),
    name: text(me["name"]) || text(me["id"]),
    role: text(me["role"]),
    teams: strings(me["teams"]),
    queues: strings(me["queues"]),
    agent: text(me["agent"]) || undefined,
    acts: new Set(acts),
  };
}

async function told(path: string): Promise<unknown> {
  const answer = await fetch(address(path), { cache: "no-store", signal: AbortSignal.timeout(4000) });
  return answer.ok ? ((await answer.json()) as unknown) : undefined;
}
