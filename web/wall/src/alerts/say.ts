import { deskSpan } from "../desk/span";
import { percent, targetPercent } from "../format/percent";
import { nameOf } from "../names";
import type { GlyphName } from "../parts/Glyph";
import { metricWord } from "../tiles/reading";
import { tiles } from "../tiles/words";
import type { Cell } from "../wire/cell";
import { lang } from "../words";
import type { Alert } from "./model";
import { has, say } from "./words";

export type Unit = "percent" | "seconds" | "count" | "people" | "ratio" | "none";

/** What a rule is about, as the board tells it. */
export const unitOf = (board: Cell, rule: string): Unit => (board.at("alert_rules", rule, "unit").text || "none") as Unit;

/** A value by its unit: `79%`, `0:48`, `12`; a rate is never rounded over its threshold. */
export function valueWords(value: number | undefined, unit: Unit, threshold?: number): string {
  if (value === undefined) return "–";
  switch (unit) {
    case "percent":
      return `${percent(value, threshold)}%`;
    case "seconds":
      return spanWords(value);
    case "count":
    case "people":
      return String(Math.round(value * 10) / 10).replace("-", "−");
    default:
      return String(Math.round(value * 100) / 100).replace("-", "−");
  }
}

/** A span; before an instant with its minus: a meeting in a quarter of an hour is at `−15:00`. */
const spanWords = (seconds: number): string => (seconds <= -1 ? `−${deskSpan(-seconds)}` : deskSpan(seconds));

/** A threshold as it was set. */
export function limitWords(value: number | undefined, unit: Unit): string {
  if (value === undefined) return "";
  return unit === "percent" ? `${targetPercent(value)}%` : valueWords(value, unit);
}

/** Splits `queue:pbx1/consult`; what has no kind is the floor. */
export function splitScope(scope: string): readonly [kind: string, id: string] {
  const at = scope.indexOf(":");
  return at < 0 ? [scope, ""] : [scope.slice(0, at), scope.slice(at + 1)];
}

const BRANCH: Readonly<Record<string, string>> = { queue: "queues", line: "lines", team: "teams", site: "sites", agent: "agents", quota: "agents", patrol: "teams", source: "sources" };

/** What a scope is called on this floor: `咨询`, `Zhou Mingyuan`; empty of the floor and of what has no name of its own. */
export function scopeName(board: Cell, scope: string): string {
  const [kind, id] = splitScope(scope);
  // `staff:team:north` is of the team.
  if (kind === "staff") return scopeName(board, id);
  if (kind === "meeting") return board.at("meetings", id, "title").text;
  const branch = BRANCH[kind];
  return branch === undefined || id === "" ? "" : nameOf(board.at(branch, id), id);
}

/** Whom or what an alert is about. */
export function whoOf(board: Cell, alert: Alert): string {
  const own = scopeName(board, alert.scope);
  if (own !== "") return own;
  if (alert.agent !== "") return nameOf(board.at("agents", alert.agent), alert.agent);
  if (alert.queue !== "") return nameOf(board.at("queues", alert.queue), alert.queue);
  if (alert.team !== "") return nameOf(board.at("teams", alert.team), alert.team);
  const [kind, id] = splitScope(alert.scope);
  if (kind === "fault") return board.at("faults", id, "seat").text || id;
  if (kind === "case") return has(`case.${board.at("cases", id, "kind").text}`) ? say(`case.${board.at("cases", id, "kind").text}` as never) : id;
  return tiles.t(alert.scope.startsWith("recording") ? "house.recording" : "house.floor");
}

/** Where that is: a person's seat and team, a queue's line. */
export function whereOf(board: Cell, alert: Alert): string {
  if (alert.agent !== "") {
    const agent = board.at("agents", alert.agent);
    const team = agent.at("team").text;
    return [agent.at("seat").text, team === "" ? "" : nameOf(board.at("teams", team), team)].filter((word) => word !== "").join(" · ");
  }
  const line = alert.queue === "" ? "" : board.at("queues", alert.queue, "line").text;
  return line === "" ? "" : nameOf(board.at("lines", line), line);
}

const NUMBERED: Readonly<Record<string, readonly string[]>> = { floor: ["floor"], queue: ["queues"], line: ["lines"], team: ["teams"], site: ["sites"] };

/** The number as the board has it now, while it lasts; what the board does not show by that name is as it was when it fired. */
export function valueOf(board: Cell, alert: Alert): number | undefined {
  const rule = board.at("alert_rules", alert.rule);
  const [kind, id] = splitScope(alert.scope);
  const branch = NUMBERED[kind];
  if (branch === undefined || alert.value === undefined || alert.ended !== undefined || alert.state === "no_data") return alert.value;
  const window = rule.at("window").text;
  const subject = id === "" ? board.at(...branch) : board.at(...branch, id);
  const numbers = window.startsWith("rolling ") ? subject.at("rolling", window.slice(8)) : window === "interval" ? subject.at("interval") : subject;
  const [value, per] = [numbers.at(rule.at("metric").text).number, rule.at("per").text];
  if (value === undefined || per === "") return value ?? alert.value;
  const by = numbers.at(per).number ?? 0;
  return by > 0 ? value / by : alert.value;
}

/** A text of a rule in the chosen language, else in any; its placeholders filled in. */
export function ruleText(board: Cell, alert: Alert, part: "names" | "todo"): string {
  const texts = board.at("alert_rules", alert.rule, part);
  const found = texts.at(lang.value).text || texts.at("en").text || texts.keys.map((key) => texts.at(key).text).find((one) => one !== "") || "";
  return filled(found, board, alert);
}

/** Puts values, limits and names into `{value}`, `{threshold}`, `{queue}`, … of a rule's own words. */
export function filled(text: string, board: Cell, alert: Alert): string {
  if (!text.includes("{")) return text;
  const unit = unitOf(board, alert.rule);
  const named = (branch: string, id: string) => (id === "" ? "" : nameOf(board.at(branch, id), id));
  const values: Readonly<Record<string, string>> = {
    value: valueWords(valueOf(board, alert), unit, alert.threshold),
    worst: valueWords(alert.worst, unit, alert.threshold),
    threshold: limitWords(alert.threshold, unit),
    limit: limitWords(alert.threshold, unit),
    scope: whoOf(board, alert),
    name: whoOf(board, alert),
    agent: named("agents", alert.agent),
    queue: named("queues", alert.queue),
    team: named("teams", alert.team),
    source: named("sources", alert.source),
  };
  return text.replace(/\{(\w+)\}/g, (whole, key: string) => values[key] ?? whole).trim();
}

/** The fact in a few words: the rule's own name, else its metric, else its key. */
export function titleOf(board: Cell, alert: Alert): string {
  const told = ruleText(board, alert, "names");
  const isNumbered = /\{(value|worst)\}/.test(board.at("alert_rules", alert.rule, "names", lang.value).text);
  if (told !== "" && !(isNumbered && alert.value === undefined)) return told;
  // A sentence about a number that nobody knows any more would be a sentence about nothing.
  const metric = board.at("alert_rules", alert.rule, "metric").text;
  return metric === "" ? alert.rule : metricWord(metric);
}

/** Of a level the rule's own name says all. */
export const isOfLevel = (board: Cell, alert: Alert): boolean => board.at("alert_rules", alert.rule, "metric").text === "case.level";

/** `79% < 80%`: what it is, and what it should be. Empty where the rule has no number. */
export function factOf(board: Cell, alert: Alert): string {
  const unit = unitOf(board, alert.rule);
  // A timer that counts from an instant has no limit to tell of.
  if (runs(board, alert)) return (alert.threshold ?? 0) <= 0 ? "" : tiles.t("house.limit", { limit: limitWords(alert.threshold, unit) });
  if (alert.value === undefined || isOfLevel(board, alert)) return "";
  const value = valueWords(valueOf(board, alert), unit, alert.threshold);
  return alert.threshold === undefined ? value : tiles.t("house.fact", { value, limit: limitWords(alert.threshold, unit) });
}

/** Whether the value is a time that grows by itself: it can be counted on the page. */
export const runs = (board: Cell, alert: Alert): boolean => board.at("alert_rules", alert.rule, "timer").leaf === true && alert.threshold !== undefined && alert.state !== "no_data";

/** What stands at the right: how long it is so; of a timer the timer itself. */
export function runningOf(board: Cell, alert: Alert, now: number | undefined): string {
  if (now === undefined) return "–";
  if (alert.state === "no_data") return alert.away === undefined ? "–" : deskSpan(now - alert.away);
  const lasts = (alert.ended ?? now) - (runs(board, alert) ? (alert.from ?? alert.since - (alert.threshold ?? 0)) : alert.since);
  return lasts <= -1 ? tiles.t("house.in", { t: deskSpan(-lasts) }) : deskSpan(lasts);
}

/** The mark of a severity, or of data that are away: those are framed and never red. */
export function markOf(alert: Alert): { readonly glyph: GlyphName; readonly look: string } {
  if (alert.state === "no_data") return { glyph: "unplug", look: "" };
  if (alert.state === "resolved") return { glyph: "ok", look: "" };
  if (alert.severity === "warn") return { glyph: "warn", look: "m-warn" };
  return alert.severity === "info" ? { glyph: "info", look: "" } : { glyph: "breach", look: "m-breach" };
}
