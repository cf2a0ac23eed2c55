import { signal, type ReadonlySignal } from "@preact/signals";

import { choose, LANGUAGES } from "../words";
import { ask, isThing, strings, text, type Thing } from "./ask";

/** Who is signed in here, for the menu and the door; what acts they may do is in acts/who. */
export interface Myself {
  readonly id: string;
  readonly name: string;
  readonly role: string;
  readonly teams: readonly string[] | undefined;
  /** Whether it has a password that can be changed. */
  readonly isAccount: boolean;
  readonly mustChange: boolean;
  readonly language: string;
  readonly may: ReadonlySet<string>;
}
/** Somebody of the demo whom anybody at its machine may be. */
export interface Persona {
  readonly id: string;
  readonly name: string;
  readonly role: string;
}
/** What is offered to who is not signed in. */
export interface Way {
  readonly hasAccounts: boolean;
  readonly isFirst: boolean;
  readonly isProblem: boolean;
  readonly personas: readonly Persona[];
}

const known = signal<Myself | undefined>(undefined);
const ways = signal<Way | undefined>(undefined);
let isAsked = false;

/** `undefined` until the server said it, and where nobody is signed in. */
export function myself(): ReadonlySignal<Myself | undefined> {
  if (!isAsked) {
    isAsked = true;
    void askMyself();
    void askWay();
  }
  return known;
}
export const way = (): ReadonlySignal<Way | undefined> => ways;

export async function askMyself(): Promise<Myself | undefined> {
  const told = await ask("api/v1/session");
  if (told.status !== 0) known.value = told.isDone ? myselfOf(told.body) : undefined;
  return known.peek();
}

export async function askWay(): Promise<Way | undefined> {
  const told = await ask("api/v1/door");
  if (told.isDone) ways.value = wayOf(told.body);
  return told.isDone ? ways.peek() : undefined;
}

/** Somebody came in: their language, where this browser has none of its own. */
export function entered(body: Thing): Myself {
  const me = myselfOf(body);
  known.value = me;
  const wanted = LANGUAGES.find(([code]) => code === me.language)?.[0];
  if (wanted !== undefined && !hasChosen()) choose(wanted);
  return me;
}

function hasChosen(): boolean {
  try {
    return localStorage.getItem("ccwall.lang") !== null || new URLSearchParams(location.search).has("lang");
  } catch {
    return true;
  }
}

export function myselfOf(body: Thing): Myself {
  const may = isThing(body["may"]) ? body["may"] : {};
  return {
    id: text(body["id"]),
    name: text(body["name"]) || text(body["id"]),
    role: text(body["role"]),
    teams: strings(body["teams"]),
    isAccount: body["account"] === true,
    mustChange: body["must_change"] === true,
    language: text(body["language"]),
    may: new Set(Object.keys(may).filter((what) => may[what] === true)),
  };
}

function wayOf(body: Thing): Way {
  const personas = Array.isArray(body["personas"]) ? body["personas"].filter(isThing) : [];
  return {
    hasAccounts: body["accounts"] === true,
    isFirst: body["first"] === true,
    isProblem: body["problem"] === true,
    personas: personas.map((one) => ({ id: text(one["id"]), name: text(one["name"]), role: text(one["role"]) })),
  };
}
