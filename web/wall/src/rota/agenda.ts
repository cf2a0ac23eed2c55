/** The meetings of today and their agendas, as the server tells them: the figures of the last business day it watched. */

import { isThing, list, number, numbers, text, texts, type Thing } from "../wire/reading";

const thing = (value: unknown): Thing => (isThing(value) ? value : {});

/** By the board's names; what there is none of is absent. */
export type Figures = Readonly<Record<string, number>>;
export interface Formula {
  readonly level: string;
  readonly threshold: number | undefined;
  readonly short: number | undefined;
}
export interface Incident {
  readonly kind: string;
  readonly began: number;
  readonly ended: number | undefined;
  readonly texts: Readonly<Record<string, string>>;
  readonly effect: Figures;
}
export interface Best {
  readonly agent: string;
  readonly what: "answered" | "satisfaction";
  readonly value: number;
  readonly of: number;
}
export interface QueueDay {
  readonly id: string;
  readonly names: Readonly<Record<string, string>>;
  readonly name: string;
  readonly numbers: Figures;
  readonly target: Figures;
}
/** One team's day, or the floor's (`team` empty); `none` says why there is none, and then nothing else is known but `since`. */
export interface Section {
  readonly team: string;
  readonly none: string;
  readonly since: number | undefined;
  readonly from: number;
  readonly isYesterday: boolean;
  readonly outages: readonly (readonly [number, number])[];
  readonly numbers: Figures;
  readonly target: Figures;
  readonly formula: Formula;
  readonly worst: Figures | undefined;
  readonly attendance: Figures | undefined;
  readonly complaints: Figures | undefined;
  readonly promises: Figures | undefined;
  readonly persons: number;
  readonly goal: number;
  readonly reached: number;
  readonly best: readonly Best[];
  readonly incidents: readonly Incident[];
  readonly queues: readonly QueueDay[];
}
export interface Meeting {
  readonly id: string;
  readonly title: string;
  readonly begins: number;
  readonly lasts: number;
  readonly teams: readonly string[];
  readonly text: string;
  readonly edited: number;
  readonly by: string;
  readonly mayNote: boolean;
  readonly sections: readonly Section[];
}

export const meetingsIn = (body: Thing): readonly Meeting[] => list(body["meetings"]).filter(isThing).map(meeting);

function meeting(told: Thing): Meeting {
  const by = thing(told["by"]);
  return {
    id: text(told["id"]),
    title: text(told["title"]),
    begins: number(told["begins"]) ?? 0,
    lasts: number(told["lasts"]) ?? 0,
    teams: list(told["teams"]).map(text),
    text: text(told["text"]),
    edited: number(told["edited"]) ?? 0,
    by: text(by["name"]) || text(by["id"]),
    mayNote: told["may_note"] === true,
    sections: list(told["sections"]).filter(isThing).map(section),
  };
}

function section(told: Thing): Section {
  const formula = thing(told["formula"]);
  const figures = (name: string) => (isThing(told[name]) ? numbers(told[name]) : undefined);
  const scope = text(told["scope"]);
  return {
    team: scope.startsWith("team:") ? scope.slice(5) : "",
    none: text(told["none"]),
    since: number(told["since"]),
    from: number(told["from"]) ?? 0,
    isYesterday: told["yesterday"] === true,
    outages: list(told["outages"]).map((span) => [number(list(span)[0]) ?? 0, number(list(span)[1]) ?? 0] as const),
    numbers: numbers(told["numbers"]),
    target: numbers(told["target"]),
    formula: { level: text(formula["service_level"]), threshold: number(formula["threshold"]), short: number(formula["short"]) },
    worst: figures("worst"),
    attendance: figures("attendance"),
    complaints: figures("complaints"),
    promises: figures("promises"),
    persons: number(told["persons"]) ?? 0,
    goal: number(told["goal"]) ?? 0,
    reached: number(told["reached"]) ?? 0,
    best: list(told["best"]).filter(isThing).map(best),
    incidents: list(told["incidents"]).filter(isThing).map(incident),
    queues: list(told["queues"]).filter(isThing).map(queue),
  };
}

const best = (told: Thing): Best => ({ agent: text(told["agent"]), what: told["what"] === "satisfaction" ? "satisfaction" : "answered", value: number(told["value"]) ?? 0, of: number(told["of"]) ?? 0 });
const incident = (told: Thing): Incident => ({ kind: text(told["kind"]), began: number(told["began"]) ?? 0, ended: number(told["ended"]), texts: texts(told["texts"]), effect: numbers(told["effect"]) });
const queue = (told: Thing): QueueDay => ({ id: text(told["queue"]), name: text(told["name"]), names: texts(told["names"]), numbers: numbers(told["numbers"]), target: numbers(told["target"]) });

/** How well a figure did: `bad` on the wrong side of its target, nothing where it has none. */
export function verdict(value: number | undefined, target: number | undefined, isLess: boolean): "good" | "bad" | "" {
  if (value === undefined || target === undefined) return "";
  return (isLess ? value <= target : value >= target) ? "good" : "bad";
}
