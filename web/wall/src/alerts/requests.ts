import { ask, mistakesOf, type Mistake } from "../boards/requests";
import { isThing, list, number, strings, text } from "../wire/reading";
import { type Alert, alertIn } from "./model";

const BASE = "api/v1";

/** What the server says of one alert beside what the board has. */
export interface Whole {
  readonly alert: Alert | undefined;
  /** Instant and value, around it; a value that nobody knew is a gap. */
  readonly curve: readonly (readonly [at: number, value: number | undefined])[];
  /** What the curve is of, where that is not the alert's own number; the limit is drawn where it is one of that. */
  readonly curveOf: { readonly metric: string; readonly unit: string; readonly limit: number | undefined } | undefined;
  /** What its number is now; it fired with `alert.value`. */
  readonly now: number | undefined;
}

/** Those of today that are over, by id and instant: the same one may have come more than once. Throws when nobody answers. */
export async function past(): Promise<readonly Alert[]> {
  const [status, body] = await ask(`${BASE}/alerts?state=today&limit=1000`);
  if (status !== 200) return [];
  const told = body["alerts"];
  const each = isThing(told) ? Object.entries(told) : list(told).map((one) => [isThing(one) ? text(one["id"]) || text(one["alert"]) : "", one] as const);
  return each.map(([id, one]) => alertIn(id, one)).filter((alert) => alert !== undefined);
}

/** Throws when nobody answers. */
export async function whole(id: string, fired?: number): Promise<Whole | undefined> {
  const [status, body] = await ask(`${BASE}/alerts/${encodeURIComponent(id)}${fired === undefined ? "" : `?fired=${fired}`}`);
  if (status !== 200) return undefined;
  const told = body["curve"];
  const curve = isThing(body["curve"]) ? list(body["curve"]["points"]) : list(body["curve"]);
  return {
    alert: alertIn(id, body["alert"] ?? body),
    curve: curve.flatMap((point) => {
      const [at, value] = list(point);
      return typeof at === "number" ? [[at, number(value)] as const] : [];
    }),
    curveOf: isThing(told) && text(told["metric"]) !== "" ? { metric: text(told["metric"]), unit: text(told["unit"]), limit: number(told["threshold"]) } : undefined,
    now: number(body["now"]),
  };
}

/** A rule as it is written: the same words as in TOML. */
export type Words = Readonly<Record<string, unknown>>;
export type Origin = "shipped" | "configured" | "own";
export interface Rule {
  readonly id: string;
  readonly origin: Origin;
  /** It is not as it came: there is something to go back to. */
  readonly isChanged: boolean;
  readonly words: Words;
}
export interface Metric {
  readonly unit: string;
  readonly scopes: readonly string[];
  readonly isTimer: boolean;
  readonly isWindowed: boolean;
}
export interface Rules {
  readonly rules: readonly Rule[];
  readonly metrics: Readonly<Record<string, Metric>>;
  readonly mayEdit: boolean;
}
/** What a rule would say now of one of its subjects. */
export interface Would {
  readonly scope: string;
  readonly state: string;
  readonly value: number | undefined;
  readonly threshold: number | undefined;
}
export type Answer<T> = { readonly kind: "done"; readonly told: T } | { readonly kind: "mistakes"; readonly mistakes: readonly Mistake[] } | { readonly kind: "told"; readonly detail: string } | { readonly kind: "refused" | "away" };

const ORIGINS: readonly Origin[] = ["shipped", "configured", "own"];
const thing = (value: unknown): Words => (isThing(value) ? value : {});

function ruleIn(told: unknown): Rule | undefined {
  if (!isThing(told)) return undefined;
  const words = isThing(told["words"]) ? told["words"] : told;
  const id = text(told["id"]) || text(words["id"]);
  return id === "" ? undefined : { id, origin: ORIGINS.find((one) => one === told["origin"]) ?? "own", isChanged: told["changed"] === true, words };
}

/** Throws when nobody answers; undefined where they are not for who asks, or where this server has none. */
export async function rules(): Promise<Rules | undefined> {
  const [status, body] = await ask(`${BASE}/alert-rules`);
  if (status !== 200) return undefined;
  const metrics = Object.entries(thing(body["metrics"])).map(([name, told]) => {
    const { unit, scopes, timer, windowed } = thing(told);
    return [name, { unit: text(unit), scopes: strings(scopes), isTimer: timer === true, isWindowed: windowed === true }] as const;
  });
  return { rules: list(body["rules"]).map(ruleIn).filter((rule) => rule !== undefined), metrics: Object.fromEntries(metrics), mayEdit: body["may_edit"] === true };
}

const at = (id: string): string => `${BASE}/alert-rules/${encodeURIComponent(id)}`;

async function answered<T>(asked: Promise<readonly [number, Words]>, read: (body: Words) => T): Promise<Answer<T>> {
  try {
    const [status, body] = await asked;
    if (status >= 200 && status < 300) return { kind: "done", told: read(body) };
    if (status === 401 || status === 403) return { kind: "refused" };
    if (status === 422) return { kind: "mistakes", mistakes: mistakesOf(body).map(({ where, what }) => ({ where: where.replace(/^(body\.)?(words\.?)?/, ""), what })) };
    return typeof body["detail"] === "string" ? { kind: "told", detail: body["detail"] } : { kind: "away" };
  } catch {
    return { kind: "away" };
  }
}

export const saveRule = (id: string, words: Words): Promise<Answer<undefined>> => answered(ask(at(id), "PUT", { words }), () => undefined);
/** Of a rule of one's own: gone; of another: as it came. */
export const undoRule = (id: string): Promise<Answer<undefined>> => answered(ask(at(id), "DELETE"), () => undefined);
export const tryRule = (id: string, words: Words): Promise<Answer<readonly Would[]>> =>
  answered(ask(`${at(id)}/try`, "POST", { words }), (body) =>
    list(body["would"])
      .filter(isThing)
      .map((one) => ({ scope: text(one["scope"]), state: text(one["state"]), value: number(one["value"]), threshold: number(one["threshold"]) })),
  );

/** A way out of the house, as a page may see it: no address, no secret. Instants are of the machine's clock. */
export interface Channel {
  readonly name: string;
  readonly type: string;
  readonly language: string;
  readonly severities: readonly string[];
  readonly state: string;
  readonly since: number | undefined;
  readonly detail: string;
  readonly waiting: number;
  readonly sent: number;
  readonly failed: number;
}
export interface Attempt {
  readonly at: number;
  readonly took: number;
  readonly outcome: string;
  readonly said: string;
}
export interface Entry {
  readonly key: string;
  readonly channel: string;
  readonly state: string;
  readonly title: Readonly<Record<string, string>>;
  readonly severity: string;
  readonly put: number;
  readonly nextTry: number | undefined;
  readonly done: number | undefined;
  readonly said: string;
  readonly isMaybeTwice: boolean;
  readonly tries: readonly Attempt[];
}
export interface Deliveries {
  readonly channels: readonly Channel[];
  readonly entries: readonly Entry[];
  /** Why what is told is not on the disk; empty when it is. */
  readonly problem: string;
  readonly mayTest: boolean;
}

/** Throws when nobody answers; undefined where they are not for who asks. */
export async function deliveries(): Promise<Deliveries | undefined> {
  const [status, body] = await ask(`${BASE}/deliveries`);
  if (status !== 200) return undefined;
  return { channels: list(body["channels"]).filter(isThing).map(channelIn), entries: list(body["entries"]).filter(isThing).map(entryIn), problem: text(body["problem"]), mayTest: body["may_test"] === true };
}

const channelIn = (told: Words): Channel => ({
  name: text(told["name"]),
  type: text(told["type"]),
  language: text(told["language"]),
  severities: strings(told["severities"]),
  state: text(told["state"]),
  since: number(told["since"]),
  detail: text(told["detail"]),
  waiting: number(told["waiting"]) ?? 0,
  sent: number(told["sent"]) ?? 0,
  failed: number(told["failed"]) ?? 0,
});

const entryIn = (told: Words): Entry => ({
  key: text(told["key"]),
  channel: text(told["channel"]),
  state: text(told["state"]),
  title: Object.fromEntries(Object.entries(thing(told["title"])).filter((pair): pair is [string, string] => typeof pair[1] === "string")),
  severity: text(told["severity"]),
  put: number(told["put"]) ?? 0,
  nextTry: number(told["next_try"]),
  done: number(told["done"]),
  said: text(told["said"]),
  isMaybeTwice: told["maybe_twice"] === true,
  tries: list(told["tries"])
    .filter(isThing)
    .map((one) => ({ at: number(one["at"]) ?? 0, took: number(one["took"]) ?? 0, outcome: text(one["outcome"]), said: text(one["said"]) })),
});

/** What the far end said to a test, and whether it took it. */
export const testChannel = (name: string): Promise<Answer<{ readonly outcome: string; readonly said: string }>> =>
  answered(ask(`${BASE}/channels/${encodeURIComponent(name)}/test`, "POST", {}), (body) => ({ outcome: text(body["outcome"]), said: text(body["said"]) }));
