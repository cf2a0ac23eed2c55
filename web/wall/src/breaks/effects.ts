import { signal, type ReadonlySignal } from "@preact/signals";
import { useEffect } from "preact/hooks";

import type { Wall } from "../wall";
import { isThing, list, number, text } from "../wire/reading";
import { address } from "../wire/socket";
import { type Against, againstIn, breaksOf, isWaiting } from "./model";

/** Milliseconds: what a server worked out is good for five seconds, and what it says changes slowly. */
const EVERY = 10_000;

/** Low, middle, high; fractions, or seconds. */
export type Band = readonly [number, number, number];
export interface Side {
  readonly level: Band | undefined;
  readonly longest: Band | undefined;
  readonly why: string;
}
/** One queue, before and after, in so many minutes ahead. */
export interface OnQueue {
  readonly queue: string;
  readonly target: number | undefined;
  readonly minutes: number;
  readonly before: Side;
  readonly after: Side;
}
export interface Slot {
  readonly start: number;
  readonly level: number | undefined;
  readonly before: number | undefined;
}
export interface Effect {
  readonly worst: OnQueue | undefined;
  readonly queues: readonly OnQueue[];
  readonly isLeaving: boolean;
  readonly slots: readonly Slot[];
  readonly best: Slot | undefined;
  /** Why nothing can be said; empty when something can. */
  readonly why: string;
  readonly against: readonly Against[];
}
export interface Room {
  readonly many: number | undefined;
  readonly of: number;
}
export interface Effects {
  readonly breaks: ReadonlyMap<string, Effect>;
  readonly rooms: ReadonlyMap<string, Room>;
}

const band = (value: unknown): Band | undefined => {
  const [low, mid, high] = list(value).map(number);
  return low === undefined || mid === undefined || high === undefined ? undefined : [low, mid, high];
};

/** The span that the break itself takes, or the nearest longer one there is. */
function spanOf(seconds: number, told: unknown): string {
  const spans = (isThing(told) ? Object.keys(told) : []).map(Number).filter(Number.isFinite).sort((a, b) => a - b);
  return String(spans.find((minutes) => minutes * 60 >= seconds) ?? spans.at(-1) ?? 15);
}

function onQueue(told: Readonly<Record<string, unknown>>, seconds: number): OnQueue {
  const sides = ["before", "after"].map((name) => (isThing(told[name]) ? told[name] : {}));
  const span = spanOf(seconds, sides[1]?.["level"] ?? sides[0]?.["level"]);
  const [before, after] = sides.map((side): Side => ({
    level: isThing(side["level"]) ? band(side["level"][span]) : undefined,
    longest: isThing(side["longest"]) ? band(side["longest"][span]) : undefined,
    why: text(side["why"]),
  }));
  const nothing: Side = { level: undefined, longest: undefined, why: "" };
  return { queue: text(told["queue"]), target: number(told["target"]), minutes: Number(span), before: before ?? nothing, after: after ?? nothing };
}

export function effectIn(told: unknown): Effect | undefined {
  if (!isThing(told)) return undefined;
  const effect = isThing(told["effect"]) ? told["effect"] : {};
  const times = isThing(told["slots"]) ? told["slots"] : {};
  const queues = list(effect["queues"]).filter(isThing).map((one) => onQueue(one, number(effect["seconds"]) ?? 0));
  const slots = list(times["slots"]).filter(isThing).map((one) => ({ start: number(one["start"]) ?? 0, level: number(one["level"]), before: number(one["before"]) }));
  return {
    queues,
    worst: queues.find(({ queue }) => queue === text(effect["worst"])),
    isLeaving: effect["leaving"] === true,
    slots,
    best: slots.find(({ start }) => start === number(times["best"])),
    why: text(effect["why"]) || text(times["why"]),
    against: againstIn(told["against"]),
  };
}

export function effectsIn(document: unknown): Effects {
  const told = isThing(document) ? document : {};
  const breaks = new Map<string, Effect>();
  for (const [id, one] of Object.entries(isThing(told["breaks"]) ? told["breaks"] : {})) {
    const effect = effectIn(one);
    if (effect !== undefined) breaks.set(id, effect);
  }
  const rooms = new Map<string, Room>();
  for (const [key, one] of Object.entries(isThing(told["may_leave"]) ? told["may_leave"] : {})) if (isThing(one)) rooms.set(key, { many: number(one["many"]), of: number(one["of"]) ?? 0 });
  return { breaks, rooms };
}

const NOTHING: Effects = { breaks: new Map(), rooms: new Map() };
const known = signal<Effects>(NOTHING);
let users = 0;
let timer: ReturnType<typeof setTimeout> | undefined;
let isUnderWay = false;
let isForbidden = false;

async function look(): Promise<void> {
  if (isUnderWay || isForbidden) return;
  isUnderWay = true;
  clearTimeout(timer);
  try {
    const answer = await fetch(address("api/v1/breaks/effects"), { cache: "no-store", signal: AbortSignal.timeout(8000) });
    if (answer.ok) known.value = effectsIn((await answer.json()) as unknown);
    // Who decides on no breaks sees them without advice.
    else if (answer.status === 403 || answer.status === 404) isForbidden = true;
  } catch {
    // nobody answered: what was known is still shown, and the page says itself that it is old
  } finally {
    isUnderWay = false;
    if (users > 0) timer = setTimeout(() => void look(), EVERY);
  }
}

/** What granting each wish would do; asked for as long as somebody looks, and at once when another one waits. */
export function useEffects(wall: Wall): ReadonlySignal<Effects> {
  const waiting = breaksOf(wall.board).filter(isWaiting).map(({ id }) => id).join(" ");
  useEffect(() => {
    users++;
    return () => {
      users--;
      if (users === 0) clearTimeout(timer);
    };
  }, []);
  useEffect(() => void look(), [waiting]);
  return known;
}
