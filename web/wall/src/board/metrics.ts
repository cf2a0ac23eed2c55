import { ofLimit, ofRate, type Severity } from "../severity";
import type { Cell } from "../wire/cell";

/** What a number is, and so how it is written: a fraction, how many, seconds, an instant since when, heads, a signed number. */
export type MetricKind = "percent" | "count" | "span" | "since" | "people" | "number";

export interface Metric {
  readonly kind: MetricKind;
  /** Its path under a place's numbers (`Numbers` of web/README.md). */
  readonly path: readonly string[];
  /** The key of its target under `target`. */
  readonly target?: string;
  /** Whether more is good, less is, or neither. */
  readonly better: "up" | "down" | "neither";
  /** Counted over a window; others are of now. */
  readonly isCounted: boolean;
  /** Its key under `trend`. */
  readonly trend?: string;
  /** What the server is asked when somebody asks why; absent where it has no answer. */
  readonly asked?: string;
}

const rate = (key: string, better: Metric["better"] = "up", rest: Partial<Metric> = {}): Metric => ({ kind: "percent", path: [key], better, isCounted: true, asked: key, ...rest });
const counted = (key: string, better: Metric["better"] = "neither", rest: Partial<Metric> = {}): Metric => ({ kind: "count", path: [key], better, isCounted: true, asked: key, ...rest });
const span = (key: string): Metric => ({ kind: "span", path: [key], better: "down", isCounted: true, asked: key });
const heads = (key: string, rest: Partial<Metric> = {}): Metric => ({ kind: "people", path: [key], better: "neither", isCounted: false, asked: key, ...rest });

/** Every number a tile may show, by its id; its words are `metric.<id>` and `metric.short.<id>` of the tiles' catalogue. */
export const METRICS = {
  service_level: rate("service_level", "up", { target: "service_level", trend: "service_level" }),
  answer_rate: rate("answer_rate", "up", { target: "answer_rate", trend: "answer_rate" }),
  waiting: { kind: "count", path: ["waiting"], target: "waiting", better: "down", isCounted: false, trend: "waiting", asked: "waiting" },
  longest: { kind: "since", path: ["longest_since"], target: "longest_wait", better: "down", isCounted: false, trend: "longest", asked: "longest_since" },
  ready: heads("ready", { trend: "ready" }),
  talking: { kind: "count", path: ["talking"], better: "neither", isCounted: false, asked: "talking" },
  staffed: heads("staffed"),
  busy: heads("busy"),
  wrap: heads("wrap"),
  not_ready: heads("not_ready"),
  gap: { kind: "number", path: ["outlook", "gap"], better: "up", isCounted: false, asked: "gap" },
  ewt: { kind: "span", path: ["outlook", "ewt"], better: "down", isCounted: false, asked: "ewt" },
  abandon_rate: rate("abandon_rate", "down"),
  pickup_rate: rate("pickup_rate"),
  transfer_rate: rate("transfer_rate", "down"),
  repeat_rate: rate("repeat_rate", "down"),
  satisfaction: rate("satisfaction", "up", { target: "satisfaction" }),
  connect_rate: rate("connect_rate", "up", { target: "connect_rate" }),
  completion_rate: rate("completion_rate", "up", { target: "completion_rate" }),
  occupancy: { kind: "percent", path: ["people", "occupancy"], better: "neither", isCounted: false, asked: "occupancy" },
  offered: counted("offered", "neither", { trend: "offered" }),
  answered: counted("answered", "up"),
  abandoned: counted("abandoned", "down"),
  handled: counted("handled", "up"),
  missed: counted("missed", "down"),
  callbacks: counted("callbacks"),
  flowed_out: counted("flowed_out"),
  dialled: counted("dialled", "up"),
  connected: counted("connected", "up"),
  completed: counted("completed", "up"),
  asa: span("asa"),
  aht: span("aht"),
  talk_time: span("talk_time"),
  hold_time: span("hold_time"),
  wrap_time: span("wrap_time"),
  longest_wait: span("longest_wait"),
} as const satisfies Record<string, Metric>;

export type MetricId = keyof typeof METRICS;
export const METRIC_IDS = Object.keys(METRICS) as readonly MetricId[];

/** A newer board may name a number that this release does not know. */
export const metricOf = (id: string): Metric | undefined => (Object.hasOwn(METRICS, id) ? METRICS[id as MetricId] : undefined);

/** Where the number of a window is, under a place's numbers: `today`, `interval`, or minutes. */
export function windowOf(numbers: Cell, metric: Metric, window: string): Cell {
  if (!metric.isCounted || window === "today" || window === "") return numbers;
  return window === "interval" ? numbers.at("interval") : numbers.at("rolling", window);
}

/** The number as the board has it: a fraction, a count, seconds, or the instant it began. */
export const valueOf = (numbers: Cell, metric: Metric, window: string): number | undefined => windowOf(numbers, metric, window).at(...metric.path).number;

/** What it should be: what the tile says, else what the configuration does. Fractions for percents, seconds for spans. */
export function targetOf(numbers: Cell, metric: Metric, own: number | undefined): number | undefined {
  if (own !== undefined) return metric.kind === "percent" ? own / 100 : own;
  return metric.target === undefined ? undefined : numbers.at("target", metric.target).number;
}

/** What a value, in its own unit (an instant already made a length), is against its target. */
export function judge(metric: Metric, value: number | undefined, target: number | undefined): Severity {
  if (metric.better === "down") return ofLimit(value, target);
  if (metric.kind === "percent") return ofRate(value, target);
  if (metric.better === "neither" || value === undefined || target === undefined) return "none";
  return value >= target ? "ok" : value < 0.8 * target ? "breach" : "warn";
}
