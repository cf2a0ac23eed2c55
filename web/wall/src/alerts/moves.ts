import { isThing, list, number, text } from "../wire/reading";

/** A level with the span in which it lies 8 times in 10; fractions. */
export interface Level {
  readonly mid: number;
  readonly low: number | undefined;
  readonly high: number | undefined;
}
/** One person who could help elsewhere. */
export interface Hand {
  readonly agent: string;
  readonly isReady: boolean;
  /** They do not serve the queue yet and are added to it; else they are taken out of the other. */
  readonly joins: boolean;
  readonly args: Readonly<Record<string, unknown>>;
}
/** People of one queue who would serve another: the levels are with all of them moved, and all advice before this one. */
export interface Advice {
  readonly key: string;
  readonly from: string;
  readonly to: string;
  readonly people: readonly Hand[];
  readonly fromBefore: Level | undefined;
  readonly fromAfter: Level | undefined;
  readonly toBefore: Level | undefined;
  readonly toAfter: Level | undefined;
}

function levelIn(value: unknown): Level | undefined {
  if (typeof value === "number") return { mid: value, low: undefined, high: undefined };
  if (Array.isArray(value)) {
    const [low, mid, high] = value.map(number);
    return mid === undefined ? undefined : { mid, low, high };
  }
  if (!isThing(value)) return undefined;
  const mid = number(value["mid"]) ?? number(value["value"]) ?? number(value["likely"]);
  return mid === undefined ? undefined : { mid, low: number(value["low"]), high: number(value["high"]) };
}

/** Single moves as the server tells them, put together by where they lead; the best first, as they came. */
export function adviceIn(document: unknown): readonly Advice[] {
  if (!isThing(document)) return [];
  const found = new Map<string, Advice>();
  for (const told of list(document["moves"])) {
    if (!isThing(told)) continue;
    const agent = text(told["agent"]);
    const [from, to] = [text(told["from"]) || text(told["from_queue"]), text(told["to"]) || text(told["to_queue"])];
    if (agent === "" || from === "" || to === "") continue;
    const key = `${from}\n${to}`;
    const before = found.get(key);
    const own = told["arguments"];
    const hand: Hand = { agent, isReady: told["ready"] === true, joins: told["joins"] === true, args: isThing(own) ? own : { agent, from_queue: from, to_queue: to } };
    found.set(key, {
      key,
      from,
      to,
      people: [...(before?.people ?? []), hand],
      fromBefore: before?.fromBefore ?? levelIn(told["from_before"]),
      fromAfter: levelIn(told["from_after"]) ?? before?.fromAfter,
      toBefore: before?.toBefore ?? levelIn(told["to_before"]),
      toAfter: levelIn(told["to_after"]) ?? before?.toAfter,
    });
  }
  return [...found.values()];
}
