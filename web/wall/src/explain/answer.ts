import type { Json } from "../wire/messages";
import { type Lang, LANGUAGES } from "../words";

/** What `GET /api/v1/explain` answers, as web/README.md has it; what is absent there is absent here. */

export type Names = Readonly<Partial<Record<Lang, string>>>;
export type Unit = "share" | "seconds" | "count" | "people" | "calls";

export interface Term {
  readonly term: string;
  readonly sign: 1 | -1;
  readonly value: number;
  readonly names: Names;
}
export interface Sum {
  readonly value: number;
  readonly terms: readonly Term[];
}
export interface Part {
  readonly part: string;
  readonly value: number;
  readonly hit: boolean;
  readonly names: Names;
}
export interface Card {
  readonly id: string;
  readonly part: string;
  readonly source: string;
  readonly queue: string;
  readonly queueName: string;
  readonly queued: number;
  readonly outcome: string;
  readonly caller: string;
  readonly agent: string;
  readonly why: string;
  readonly isInferred: boolean;
  readonly isIncomplete: boolean;
  readonly wait?: number;
  readonly talk?: number;
  readonly value?: number;
}
export interface Contacts {
  readonly part: string;
  readonly total: number;
  /** Of the cards' parts and reasons. */
  readonly names: Readonly<Record<string, Names>>;
  readonly cards: readonly Card[];
  readonly next?: string;
}
export interface LeftOut {
  readonly why: string;
  readonly value: number;
  readonly names: Names;
}
export interface Other {
  readonly variant: string;
  readonly names: Names;
  /** What it is called where there is little room. */
  readonly shortNames: Names;
  readonly isShown: boolean;
  readonly value?: number;
  readonly threshold?: number;
  readonly short?: number;
}
export interface Person {
  readonly agent: string;
  readonly name: string;
  readonly names: Names;
  /** What somebody who is counted does now; empty where times are counted. */
  readonly state: string;
  readonly states: readonly (readonly [state: string, seconds: number])[];
  readonly value?: number;
}
export interface Declared {
  readonly source: string;
  readonly queue: string;
  readonly at?: number;
  readonly figures: readonly (readonly [name: string, theirs: number, ours: number | undefined, of: string])[];
  readonly why: readonly string[];
}
export interface Source {
  readonly source: string;
  readonly state: string;
  readonly age?: number;
  readonly asOf?: number;
  readonly heard?: number;
}
export interface Window {
  readonly kind: string;
  readonly start: number;
  readonly end: number;
  readonly isOpen: boolean;
  readonly minutes?: number;
}
/** What an estimate rests on: counts and seconds by name, and whom and what the forecast counts in. */
export interface Basis {
  readonly inputs: Readonly<Record<string, number>>;
  /** Service level by minutes ahead. */
  readonly forecast: readonly (readonly [minutes: number, low: number, middle: number, high: number])[];
  /** People counted on in the mean, by minutes ahead. */
  readonly heads: readonly (readonly [minutes: number, people: number])[];
  /** Other queues its people answer for too; one out of sight has no id. */
  readonly beside: readonly { readonly queue: string; readonly part: number; readonly load: number; readonly names: Names }[];
}
export interface Explanation {
  readonly metric: string;
  readonly names: Names;
  readonly unit: Unit;
  readonly scope: { readonly kind: string; readonly id: string; readonly name: string; readonly names: Names };
  readonly window: Window;
  readonly basis: string;
  readonly now: number;
  readonly formula: { readonly symbols: string; readonly words: Names };
  readonly isMixed: boolean;
  readonly parts: readonly Part[];
  readonly groups: readonly (readonly [group: string, total: number])[];
  readonly leftOut: readonly LeftOut[];
  readonly others: readonly Other[];
  readonly people: readonly Person[] | undefined;
  readonly rests?: Basis;
  readonly declared: readonly Declared[];
  readonly sources: readonly Source[];
  readonly gaps: readonly (readonly [source: string, from: number, to: number])[];
  readonly inferred: number;
  readonly unseen: number;
  readonly forgotten: number;
  readonly isRevised: boolean;
  /** Whether the contacts, counted one by one, give the same; undefined when nobody counted. */
  readonly isChecked: boolean | undefined;
  readonly asOf?: number;
  readonly value?: number;
  /** Since when it grows; the value is its age. */
  readonly since?: number;
  /** What the contacts give, where that is something else. */
  readonly recounted?: number;
  /** Why an estimate has no number: `too_little_data`, `nobody`. */
  readonly tooLittle?: string;
  readonly target?: number;
  readonly verdict?: string;
  readonly variant?: string;
  readonly threshold?: number;
  readonly short?: number;
  readonly numerator?: Sum;
  readonly denominator?: Sum;
  readonly margin?: { readonly calls: number; readonly isAbove: boolean };
  readonly contacts?: Contacts;
  readonly incomplete?: readonly [from: number, to: number];
}

/** The order in which the groups of contacts are offered; others follow as they come. */
const GROUPS = ["miss", "hit", "out"];

type Tree = { readonly [key: string]: Json };

/** The answer in `body`; undefined when it is none. A newer server may say more than we read. */
export function read(body: Json | undefined): Explanation | undefined {
  if (!isTree(body)) return undefined;
  const { metric, scope, window } = body;
  const now = number(body.now);
  if (typeof metric !== "string" || !isTree(scope) || !isTree(window) || now === undefined) return undefined;
  const formula = isTree(body.formula) ? body.formula : {};
  return {
    metric,
    names: names(body.names),
    unit: unit(body.unit),
    scope: { kind: text(scope.kind), id: text(scope.id), name: text(scope.name), names: names(scope.names) },
    window: {
      kind: text(window.kind),
      start: number(window.start) ?? now,
      end: number(window.end) ?? now,
      isOpen: window.open !== false,
      ...some("minutes", number(window.minutes)),
    },
    basis: text(body.basis),
    now,
    formula: { symbols: text(formula.symbols), words: names(formula.words) },
    isMixed: body.mixed === true,
    parts: trees(body.parts).map((part) => ({
      part: text(part.part),
      value: number(part.value) ?? 0,
      hit: part.hit === true,
      names: names(part.names),
    })),
    groups: groups(body.groups),
    leftOut: trees(body.left_out).map((left) => ({ why: text(left.why), value: number(left.value) ?? 0, names: names(left.names) })),
    others: trees(body.others).map(other),
    people: Array.isArray(body.people) ? trees(body.people).map(person) : undefined,
    declared: trees(body.declared).map(declared),
    sources: trees(body.sources).map((source) => ({
      source: text(source.source),
      state: text(source.state),
      ...some("age", number(source.age)),
      ...some("asOf", number(source.as_of)),
      ...some("heard", number(source.heard)),
    })),
    gaps: lists(body.gaps).map(([source, from, to]) => [text(source), number(from) ?? 0, number(to) ?? 0] as const),
    inferred: number(body.inferred) ?? 0,
    unseen: number(body.unseen) ?? 0,
    forgotten: number(body.forgotten) ?? 0,
    isRevised: body.revised === true,
    isChecked: typeof body.checked === "boolean" ? body.checked : undefined,
    ...some("asOf", number(body.as_of)),
    ...some("value", number(body.value)),
    ...some("tooLittle", word(body.too_little)),
    ...some("since", number(body.since)),
    ...some("recounted", number(body.recounted)),
    ...some("target", number(body.target)),
    ...some("verdict", word(body.verdict)),
    ...some("variant", word(body.variant)),
    ...some("threshold", number(body.threshold)),
    ...some("short", number(body.short)),
    ...some("numerator", sum(body.numerator)),
    ...some("denominator", sum(body.denominator)),
    ...some("margin", margin(body.margin)),
    ...some("contacts", contacts(body.contacts)),
    ...some("rests", rests(body)),
    ...some("incomplete", stretch(body.incomplete)),
  };
}

const UNITS: readonly Unit[] = ["share", "seconds", "count", "people", "calls"];
const unit = (value: Json | undefined): Unit => UNITS.find((known) => known === value) ?? "count";

function sum(value: Json | undefined): Sum | undefined {
  if (!isTree(value)) return undefined;
  return {
    value: number(value.value) ?? 0,
    terms: trees(value.terms).map((term) => ({
      term: text(term.term),
      sign: term.sign === -1 ? -1 : 1,
      value: number(term.value) ?? 0,
      names: names(term.names),
    })),
  };
}

function margin(value: Json | undefined): Explanation["margin"] {
  const calls = isTree(value) ? number(value.calls) : undefined;
  return calls === undefined ? undefined : { calls, isAbove: isTree(value) && value.side !== "below" };
}

function contacts(value: Json | undefined): Contacts | undefined {
  if (!isTree(value)) return undefined;
  const cards = trees(value.cards).map(card);
  const known = isTree(value.names) ? Object.fromEntries(Object.entries(value.names).map(([part, of]) => [part, names(of)])) : {};
  return { part: text(value.part), total: number(value.total) ?? cards.length, names: known, cards, ...some("next", word(value.next)) };
}

function card(value: Tree): Card {
  return {
    id: text(value.id),
    part: text(value.part),
    source: text(value.source),
    queue: text(value.queue),
    queueName: text(value.queue_name),
    queued: number(value.queued) ?? 0,
    outcome: text(value.outcome),
    caller: text(value.caller),
    agent: text(value.agent_name) || text(value.agent),
    why: text(value.why),
    isInferred: value.inferred === true,
    isIncomplete: value.incomplete === true,
    ...some("wait", number(value.wait)),
    ...some("talk", number(value.talk)),
    ...some("value", number(value.value)),
  };
}

function rests(body: Tree): Basis | undefined {
  if (!isTree(body.inputs)) return undefined;
  const forecast = isTree(body.forecast) ? Object.entries(body.forecast) : [];
  const minutes = ([one]: readonly [number, ...number[]], [other]: readonly [number, ...number[]]) => one - other;
  return {
    inputs: Object.fromEntries(numbers(body.inputs)),
    forecast: forecast.flatMap(([ahead, band]) => {
      const [low, middle, high] = Array.isArray(band) ? (band as readonly Json[]).map(number) : [];
      return low === undefined || middle === undefined || high === undefined ? [] : [[Number(ahead), low, middle, high] as const];
    }).sort(minutes),
    heads: numbers(body.heads).map(([ahead, people]) => [Number(ahead), people] as const).sort(minutes),
    beside: trees(body.beside).map((one) => ({ queue: text(one.queue), part: number(one.part) ?? 0, load: number(one.load) ?? 0, names: names(one.names) })),
  };
}

function other(value: Tree): Other {
  return {
    variant: text(value.variant),
    names: names(value.names),
    shortNames: names(value.short_names),
    isShown: value.shown === true,
    ...some("value", number(value.value)),
    ...some("threshold", number(value.threshold)),
    ...some("short", number(value.short)),
  };
}

function person(value: Tree): Person {
  return { agent: text(value.agent), name: text(value.name), names: names(value.names), state: text(value.state), states: numbers(value.states), ...some("value", number(value.value)) };
}

function declared(value: Tree): Declared {
  const ours = isTree(value.ours) ? value.ours : {};
  return {
    source: text(value.source),
    queue: text(value.queue),
    ...some("at", number(value.at)),
    figures: numbers(value.figures).map(([name, theirs]) => {
      const own = Object.hasOwn(ours, name) ? ours[name] : undefined;
      return [name, theirs, isTree(own) ? number(own.value) : number(own), isTree(own) ? sides(own) : ""] as const;
    }),
    why: lists(value.why === undefined ? [] : [value.why]).flat().filter((code) => typeof code === "string"),
  };
}

/** `13 ÷ 16`: what our figure beside theirs is made of. */
function sides(own: Tree): string {
  const of = (...keys: readonly string[]) => keys.reduce((sum, key) => sum + (number(own[key]) ?? 0), 0);
  const whole = of("answered", "abandoned");
  return whole > 0 ? `${of("within", "abandoned_within")} ÷ ${whole}` : "";
}

function groups(value: Json | undefined): Explanation["groups"] {
  const rank = (group: string) => (GROUPS.includes(group) ? GROUPS.indexOf(group) : GROUPS.length);
  return [...numbers(value)].sort(([a], [b]) => rank(a) - rank(b));
}

function stretch(value: Json | undefined): readonly [number, number] | undefined {
  if (!Array.isArray(value)) return undefined;
  const [from, to] = value as readonly Json[];
  return typeof from === "number" ? [from, number(to) ?? 0] : undefined;
}

const isTree = (value: Json | undefined): value is Tree => typeof value === "object" && value !== null && !Array.isArray(value);
const text = (value: Json | undefined): string => (typeof value === "string" ? value : "");
const word = (value: Json | undefined): string | undefined => (typeof value === "string" && value !== "" ? value : undefined);
const number = (value: Json | undefined): number | undefined => (typeof value === "number" && Number.isFinite(value) ? value : undefined);
const trees = (value: Json | undefined): readonly Tree[] => (Array.isArray(value) ? (value as readonly Json[]).filter(isTree) : []);
const lists = (value: Json | undefined): readonly (readonly Json[])[] =>
  Array.isArray(value) ? (value as readonly Json[]).filter((item): item is readonly Json[] => Array.isArray(item)) : [];
const numbers = (value: Json | undefined): readonly (readonly [string, number])[] =>
  isTree(value) ? Object.entries(value).filter((pair): pair is [string, number] => number(pair[1]) !== undefined) : [];

function names(value: Json | undefined): Names {
  if (!isTree(value)) return {};
  return Object.fromEntries(LANGUAGES.map(([lang]) => [lang, text(value[lang])]).filter(([, name]) => name !== ""));
}

/** `{[key]: value}`, or nothing where there is no value. */
function some<K extends string, V>(key: K, value: V | undefined): { readonly [key in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { readonly [key in K]?: V });
}
