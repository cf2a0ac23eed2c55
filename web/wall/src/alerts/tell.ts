import { minute } from "../format/moment";
import { metricWord } from "../tiles/reading";
import { tiles } from "../tiles/words";
import type { Alert, Level, Told, Who } from "./model";
import { has, many, say } from "./words";

/** What a number is called: as on a tile, else by a name of its own, else by its key. */
export const metricName = (id: string): string => (tiles.has(`metric.${id}`) ? metricWord(id) : has(`m.${id}`) ? say(`m.${id}` as never) : id);

const ROLES: ReadonlySet<string> = new Set(["manager", "operations", "supervisor", "lead", "quality", "complaints", "agent", "display"]);
export const roleWord = (role: string): string => (ROLES.has(role) ? say(`role.${role}` as never) : role);
export const rolesWords = (roles: readonly string[]): string => roles.map(roleWord).join(say("list.and"));
export const byWords = (by: Who | undefined): string => (by === undefined ? say("by.house") : by.name || by.id);

export const hintWords = (hints: readonly string[]): string => hints.map((hint) => (has(`hint.${hint}`) ? say(`hint.${hint}` as never) : hint)).join(say("list.and"));
export const levelWord = (level: Level): string => say(`level.${level}`);

/** Who has it in hand, or until when nobody is told: one line. */
export function quietWords(alert: Alert, zone: string): string {
  if (alert.state === "snoozed" && alert.snooze !== undefined)
    return say("snoozed", { t: minute(alert.snooze.until, zone), by: byWords(alert.snooze.by), why: alert.snooze.reason });
  if (alert.acked === undefined) return say("state.acknowledged");
  return say("acked", { t: minute(alert.acked.at, zone), by: byWords(alert.acked.by) });
}

/** "3 more because of this"; where the explanation is not the one they stand under, its key says which. */
export const foldedWords = (folded: readonly Alert[], head: Alert): string => {
  const why = folded.find(({ inhibitedBy }) => inhibitedBy !== "" && inhibitedBy !== head.id && !folded.some(({ id }) => id === inhibitedBy))?.inhibitedBy;
  return why === undefined ? many("folded.here", folded.length) : many("folded", folded.length, { why });
};

/** What happened, in a sentence without the time. */
export function happenedWords(what: string, by: Who | undefined, note: string): string {
  const key = `did.${what.replace(/^alert\./, "")}`;
  const did = has(key) ? say(key as never) : what;
  return [by === undefined ? did : say("did.by", { did, by: byWords(by) }), note].filter((part) => part !== "").join(say("list.colon"));
}

/** Who was told: people, else roles; and by which channels. */
export function toldWords({ people, roles, channels, skipped }: Told): string {
  const who = people.length > 0 ? people.join(say("list.and")) : rolesWords(roles);
  return [who, channels.join(say("list.and")), skipped.length === 0 ? "" : say("told.skipped", { who: skipped.join(say("list.and")) })].filter((part) => part !== "").join(" · ");
}
