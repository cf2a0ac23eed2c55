import { Cell } from "../wire/cell";
import type { Json } from "../wire/messages";
import { lang } from "../words";

export interface Fault {
  readonly name: string;
  readonly key: string;
  readonly kind: string;
  readonly active: boolean;
  readonly until: number | undefined;
  readonly seconds: number;
  /** Whom it hit, by the ids of the floor; of what befalls callers the queue, empty for all of them. */
  readonly about: string;
  /** Instant on the floor's clock at which it began, where it says so. */
  readonly since: number | undefined;
  /** How much of it: times as many, or a share. */
  readonly size: number | undefined;
}

/** A queue that something can befall. */
export interface Place {
  readonly id: string;
  /** By language. */
  readonly titles: Cell;
}

/** One simulated thing that can be broken. */
export interface Thing {
  /** The server's own word for it; empty where there is only one and the server is older. */
  readonly id: string;
  readonly title: string;
  readonly product: string;
  /** What its floor was made of; empty where it has none of its own. */
  readonly scenario: string;
  readonly isUp: boolean;
  readonly faults: readonly Fault[];
  /** Of a switch, how its queues are; of anything else nothing. */
  readonly gauges: Cell;
  /** Of what befalls callers, where it may; of anything else nothing. */
  readonly queues: readonly Place[];
}

interface Table {
  readonly [key: string]: Json | undefined;
}
const isTable = (value: Json | undefined): value is { readonly [key: string]: Json } =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const text = (value: Json | undefined): string => (typeof value === "string" ? value : "");
const number = (value: Json | undefined): number | undefined => (typeof value === "number" ? value : undefined);

/** Everything the answer tells of, in its order. */
export function thingsOf(answer: Cell): readonly Thing[] {
  const listed = answer.at("products").list.filter(isTable).map(thing);
  const whole = answer.json;
  return listed.length > 0 || !isTable(whole) ? listed : [thing(whole)];
}

function thing(table: Table): Thing {
  const gauges = new Cell();
  if (isTable(table.gauges)) gauges.put(table.gauges);
  const titles: Table = isTable(table.title) ? table.title : {};
  const id = text(table.id);
  return {
    id,
    title: text(titles[lang.value]) || text(titles.en) || id,
    product: text(table.product),
    scenario: text(table.scenario),
    isUp: table.up !== false,
    faults: (Array.isArray(table.faults) ? (table.faults as readonly Json[]) : []).filter(isTable).flatMap(fault),
    gauges,
    queues: (Array.isArray(table.queues) ? (table.queues as readonly Json[]) : []).filter(isTable).map(place),
  };
}

function place(table: Table): Place {
  const titles = new Cell();
  if (isTable(table.title)) titles.put(table.title);
  return { id: text(table.id), titles };
}

function fault(table: Table): readonly Fault[] {
  if (typeof table.name !== "string") return [];
  return [
    {
      name: table.name,
      key: text(table.key),
      kind: text(table.kind),
      active: table.active === true,
      until: number(table.until),
      seconds: number(table.seconds) ?? 0,
      about: text(table.about),
      since: number(table.since),
      size: number(table.size),
    },
  ];
}
