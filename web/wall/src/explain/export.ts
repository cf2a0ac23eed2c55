import { clock } from "../format/moment";
import type { Asker } from "../wire/poll";
import { type Card, type Explanation, read } from "./answer";
import { csv } from "./csv";
import { groupName, writtenWindow } from "./phrases";
import { MOST, pathOf, type Question } from "./question";
import { named, say } from "./words";

type Row = readonly (string | number | undefined)[];

/** Every contact of every group, page by page, as this viewer may see them. Throws when the server stops answering. */
export async function contactsOf(question: Question, explanation: Explanation, asker: Asker, told: (n: number) => void): Promise<Map<string, Card[]>> {
  const found = new Map<string, Card[]>();
  const seen = new Set<string>();
  for (const [group] of explanation.groups) {
    const cards: Card[] = [];
    found.set(group, cards);
    for (let after: string | undefined, isFirst = true; isFirst || after !== undefined; isFirst = false) {
      const answer = await asker.ask(pathOf(question, { part: group, after, limit: MOST }));
      const page = answer.status === 200 ? read(answer.body)?.contacts : undefined;
      if (page === undefined) throw new Error(`the server answered ${answer.status}`);
      // A call that changes its group meanwhile stays where it was seen first.
      const fresh = page.cards.filter(({ id }) => !seen.has(id));
      for (const card of fresh) seen.add(card.id);
      cards.push(...fresh);
      told(seen.size);
      if (page.next === after) break;
      after = page.next;
    }
  }
  return found;
}

export function table(explanation: Explanation, found: ReadonlyMap<string, readonly Card[]>, zone: string): string {
  const words = new Map([...explanation.parts.map(({ part, names }) => [part, names] as const), ...explanation.leftOut.map(({ why, names }) => [why, names] as const), ...Object.entries(explanation.contacts?.names ?? {})]);
  const head = ["group", "result", "queued", "queue", "wait", "talk", "value", "outcome", "caller", "agent", "inferred", "incomplete", "source", "id"] as const;
  const rows: Row[] = [head.map((column) => say(`csv.${column}`))];
  for (const [group, cards] of found)
    for (const card of [...cards].sort((a, b) => a.queued - b.queued))
      rows.push([
        groupName(group, explanation),
        named(words.get(card.part) ?? words.get(card.why) ?? {}, card.part || card.why),
        stamp(card.queued, zone),
        card.queueName || card.queue,
        card.wait,
        card.talk,
        card.value,
        card.outcome,
        card.caller,
        card.agent,
        card.isInferred ? 1 : 0,
        card.isIncomplete ? 1 : 0,
        card.source,
        card.id,
      ]);
  return csv(rows);
}

/** `2026-11-20 10:24:09` on the floor's clock, which spreadsheets take for a time. */
export function stamp(instant: number, zone: string): string {
  const day = new Intl.DateTimeFormat("en-CA", { timeZone: known(zone), year: "numeric", month: "2-digit", day: "2-digit" });
  return `${day.format(instant * 1000)} ${clock(instant, zone)}`;
}

function known(zone: string): string {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: zone }).resolvedOptions().timeZone;
  } catch {
    return "UTC";
  }
}

/** `ccwall-service_level-floor-rolling30-20261120-102436.csv`, of letters that every file system takes. */
export function fileName({ metric, scope, window, now }: Explanation, zone: string): string {
  const when = stamp(now, zone).replace(/[-:]/g, "").replace(" ", "-");
  const pieces = [metric, scope.id || scope.kind, writtenWindow(window).replace(":", "")].map((piece) => piece.replace(/[^\p{L}\p{N}_]+/gu, "-").slice(0, 60));
  return `ccwall-${pieces.join("-")}-${when}.csv`;
}
