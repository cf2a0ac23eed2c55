import type { Json } from "../wire/messages";
import type { Tree } from "./looking";

/** A stretch of one lane; without an end it lasts. */
export interface Span {
  readonly from: number;
  readonly to: number;
  readonly lasts: boolean;
  /** A state, `in` or `out` of a call, what a device says, or a kind of contradiction. */
  readonly says: string;
  /** The switch's reason, or a call's queue. */
  readonly more: string;
}
export interface Lane {
  readonly kind: "state" | "calls" | "sense" | "conflicts";
  /** Of a sense: which, and of which source and device. */
  readonly sense: string;
  readonly source: string;
  readonly device: string;
  readonly spans: readonly Span[];
}
/** One person's day as `GET /api/v1/people/{id}/day` tells it. Instants in epoch seconds. */
export interface Day {
  readonly from: number;
  readonly to: number;
  readonly lanes: readonly Lane[];
  /** The server left out the earliest: there were too many. */
  readonly isLimited: boolean;
}

/** More than anybody's day has, and less than would stop a browser. */
const MOST = 5000;
const LANES = 24;

const isTree = (value: Json | undefined): value is Tree => typeof value === "object" && value !== null && !Array.isArray(value);
const trees = (value: Json | undefined): readonly Tree[] => (Array.isArray(value) ? value.filter(isTree).slice(-MOST) : []);
const text = (value: Json | undefined): string => (typeof value === "string" ? value : "");
const number = (value: Json | undefined): number | undefined => (typeof value === "number" && Number.isFinite(value) ? value : undefined);

/** The day in an answer; undefined where it is none. What is told wrongly is left out. */
export function read(answer: Tree | undefined): Day | undefined {
  const [from, to] = [number(answer?.["from"]), number(answer?.["to"])];
  if (answer === undefined || from === undefined || to === undefined || to <= from) return undefined;
  const spans = (value: Json | undefined, says: string, more: string): readonly Span[] =>
    trees(value).flatMap((told) => {
      const [start, end] = [number(told["from"]), number(told["to"])];
      if (start === undefined || start >= to || (end ?? to) <= from) return [];
      return [{ from: Math.max(from, start), to: Math.min(to, end ?? to), lasts: end === undefined, says: text(told[says]), more: text(told[more]) }];
    });
  const lane = (kind: Lane["kind"], inside: readonly Span[]): Lane => ({ kind, sense: "", source: "", device: "", spans: inside });
  const conflicts = spans(answer["conflicts"], "kind", "");
  const senses = trees(answer["senses"]).map((told) => ({
    kind: "sense" as const,
    sense: text(told["sense"]),
    source: text(told["source"]),
    device: text(told["device"]),
    spans: spans(told["spans"], "says", ""),
  }));
  return {
    from,
    to,
    isLimited: answer["limited"] === true,
    lanes: [
      lane("state", spans(answer["spells"], "state", "reason")),
      lane("calls", spans(answer["calls"], "direction", "queue")),
      ...senses.slice(0, LANES),
      ...(conflicts.length > 0 ? [lane("conflicts", conflicts)] : []),
    ],
  };
}

/** What a lane says at an instant; of two that meet there, the later. */
export const at = (lane: Lane, instant: number): Span | undefined => lane.spans.findLast((span) => span.from <= instant && (instant < span.to || span.lasts));

/** Every instant at which something changes, in order, each once. */
export function edges({ from, to, lanes }: Day): readonly number[] {
  const all = lanes.flatMap(({ spans }) => spans.flatMap((span) => (span.lasts ? [span.from] : [span.from, span.to])));
  return [...new Set([from, ...all, to])].filter((edge) => edge >= from && edge <= to).sort((a, b) => a - b);
}

const STEPS = [300, 600, 900, 1800, 3600, 7200, 10_800, 21_600];

/** Round instants to write on the axis, at most `most`; `offset`: seconds the site's local time is ahead of UTC. */
export function hours({ from, to }: Day, most: number, offset: number): readonly number[] {
  const step = STEPS.find((one) => (to - from) / one <= most) ?? 43_200;
  const first = Math.ceil((from + offset) / step) * step - offset;
  const all: number[] = [];
  for (let tick = first; tick <= to; tick += step) all.push(tick);
  return all;
}
