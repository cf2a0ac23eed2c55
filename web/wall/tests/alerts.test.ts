import { beforeEach, describe, expect, it } from "vitest";

import { ALL, byState, isWanted, kindOf, readWanted, writeWanted } from "../src/alerts/filter";
import { type Alert, alertIn, alertsOf, hasAlerts, isOfTeam } from "../src/alerts/model";
import { adviceIn } from "../src/alerts/moves";
import { keyOf, lifeOf } from "../src/alerts/page";
import { arrange, chosen, leftOf, wayOf, worstOf } from "../src/alerts/order";
import { ring } from "../src/alerts/ringing";
import { factOf, filled, markOf, ruleText, runningOf, scopeName, titleOf, valueWords, whereOf, whoOf } from "../src/alerts/say";
import { foldedWords, happenedWords, hintWords, metricName, quietWords, toldWords } from "../src/alerts/tell";
import { boundOf, changed, clockOf, fieldOf, mistakeAt, otherMistakes, spanOf, tested, testOf, textsOf } from "../src/alerts/words-of-rule";
import { loudness } from "../src/tiles/house-alerts";
import { Cell } from "../src/wire/cell";
import type { Json } from "../src/wire/messages";
import { lang } from "../src/words";

const NOW = 1_795_141_476;

function alert(id: string, told: Readonly<Record<string, Json>> = {}): Alert {
  const [rule = "", scope = ""] = id.split("@");
  const found = alertIn(id, { rule, scope, severity: "warn", state: "firing", since: NOW - 100, ...told });
  if (found === undefined) throw new Error(id);
  return found;
}

function board(parts: Readonly<Record<string, Json>> = {}): Cell {
  const cell = new Cell();
  cell.put({
    alert_rules: {
      late: { names: { en: "Late by {value} of {threshold}", "zh-CN": "超时" }, todo: { en: "Go to {agent}" }, unit: "seconds", metric: "agent.away", timer: true },
      level: { names: { en: "Level low" }, unit: "percent", metric: "service_level" },
    },
    agents: { a1: { name: "Zhou", seat: "A-07", team: "A" } },
    teams: { A: { name: "Qiming" } },
    queues: { "p/q": { name: "Enquiry", line: "in" } },
    lines: { in: { name: "Service" } },
    sources: { p: { name: "Main PBX" } },
    meetings: { m: { title: "Pre-shift" } },
    ...parts,
  });
  return cell;
}

beforeEach(() => {
  lang.value = "en";
});

describe("what the server says of an alert", () => {
  it("is read as it stands, and what has no value is absent", () => {
    const read = alert("late@agent:a1", { value: 40, next: { at: NOW + 9, roles: ["lead"] }, acked: { at: NOW, by: { id: "s", name: "Song", role: "lead" } }, told: [{ at: NOW, people: [{ id: "x" }, "Chen"], put: { mail: { ok: false, at: NOW, attempts: 3 } } }] });
    expect(read.next).toEqual({ at: NOW + 9, roles: ["lead"] });
    expect(read.acked?.by?.name).toBe("Song");
    expect(read.told[0]?.people).toEqual(["x", "Chen"]);
    expect(read.told[0]?.put).toEqual([{ channel: "mail", ok: false, at: NOW, attempts: 3, detail: "" }]);
    expect(read.threshold).toBeUndefined();
  });

  it("takes words that a newer server may use for the nearest that asks somebody", () => {
    expect(alert("x@floor", { state: "dreaming", severity: "purple" })).toMatchObject({ state: "firing", severity: "warn" });
    expect(alertIn("x", "nothing")).toBeUndefined();
  });

  it("is there when the board has the part, be it empty", () => {
    const empty = new Cell();
    expect(hasAlerts(empty)).toBe(false);
    empty.put({ alerts: {} });
    expect(hasAlerts(empty)).toBe(true);
    expect(alertsOf(board({ alerts: { "a@floor": { state: "firing", since: 1 } } })).map(({ id }) => id)).toEqual(["a@floor"]);
  });

  it("belongs to a team by itself, by its person, or by its queue; what is nobody's is everybody's", () => {
    const [people, queues] = [new Set(["a1"]), new Set(["p/q"])];
    const isOf = (told: Readonly<Record<string, Json>>) => isOfTeam(alert("r@floor", told), "A", people, queues);
    expect(isOf({ team: "B", agent: "a1" })).toBe(false);
    expect(isOf({ agent: "a1" })).toBe(true);
    expect(isOf({ agent: "a2" })).toBe(false);
    expect(isOf({ queue: "p/q" })).toBe(true);
    expect(isOf({})).toBe(true);
  });
});

describe("the order of the desk", () => {
  it("is by severity, then by what goes on soonest, then by age", () => {
    const all = [
      alert("a@floor", { since: NOW - 900 }),
      alert("b@floor", { severity: "breach" }),
      alert("c@floor", { next: { at: NOW + 60, roles: ["lead"] } }),
      alert("d@floor", { severity: "critical" }),
      alert("e@floor", { next: { at: NOW + 10, roles: ["lead"] } }),
    ];
    expect(arrange(all).open.map(({ alert: { rule } }) => rule).join("")).toBe("dbeca");
  });

  it("keeps what is in hand, what cannot be judged and what is to come apart", () => {
    const states = ["acknowledged", "snoozed", "no_data", "pending", "firing", "resolved"];
    const { open, unjudged, quiet, coming } = arrange(states.map((state) => alert(`${state}@floor`, { state })));
    expect([open, unjudged, coming].map((rows) => rows.map(({ alert: { rule } }) => rule))).toEqual([["firing"], ["no_data"], ["pending"]]);
    expect(quiet.map(({ alert: { rule } }) => rule)).toEqual(["acknowledged", "snoozed"].sort());
  });

  it("folds what another explains under it, through more than one step, and never loses one", () => {
    const all = [alert("pbx@source:p", { severity: "breach" }), alert("level@queue:p/q", { inhibited_by: "pbx@source:p" }), alert("late@agent:a1", { inhibited_by: "level@queue:p/q" })];
    const { open } = arrange(all);
    expect(open).toHaveLength(1);
    expect(open[0]?.folded.map(({ id }) => id).sort()).toEqual(["late@agent:a1", "level@queue:p/q"]);
    const [first] = open;
    expect(first && foldedWords(first.folded, first.alert)).toBe("2 more because of this");
    // What a lost source leaves unjudged is explained by nothing else than by the row it stands under.
    expect(foldedWords([alert("level@source:p", { state: "no_data" })], alert("late@source:p", { state: "no_data" }))).toBe("1 more because of this");
  });

  it("lets the first speak where the explanation is not in sight, and survives a ring", () => {
    const { open } = arrange(["x", "y", "z"].map((name) => alert(`${name}@floor`, { inhibited_by: "gone@source:p" })));
    expect(open.map(({ alert: { id }, folded }) => [id, folded.length])).toEqual([["x@floor", 2]]);
    const ringed = arrange([alert("x@floor", { inhibited_by: "y@floor" }), alert("y@floor", { inhibited_by: "x@floor" })]).open;
    expect(ringed.reduce((sum, { folded }) => sum + 1 + folded.length, 0)).toBeGreaterThan(0);
  });

  it("makes one row of all that a lost source leaves without a word", () => {
    const all = ["a", "b", "c"].map((rule) => alert(`${rule}@source:p`, { state: "no_data", source: "p" }));
    const { unjudged } = arrange([...all, alert("d@source:q", { state: "no_data", source: "q" })]);
    expect(unjudged.map(({ folded }) => folded.length)).toEqual([2, 0]);
  });

  it("gives keys to the one in focus, else to the first", () => {
    const { open } = arrange([alert("a@floor"), alert("b@floor", { severity: "breach" })]);
    expect(chosen(open, "a@floor")?.id).toBe("a@floor");
    expect(chosen(open, "elsewhere")?.id).toBe("b@floor");
    expect(chosen([], undefined)).toBeUndefined();
  });

  it("says how far it is to the next on the ladder", () => {
    const one = alert("a@floor", { fired: NOW - 80, told: [{ at: NOW - 60 }], next: { at: NOW + 20, roles: ["supervisor"] } });
    expect(wayOf(one, NOW)).toBeCloseTo(0.75);
    expect(wayOf(one, NOW + 500)).toBe(1);
    expect(leftOf(one, NOW)).toBe(20);
    expect(leftOf(one, NOW + 500)).toBe(0);
    expect(wayOf(alert("b@floor"), NOW)).toBeUndefined();
    expect(wayOf(one, undefined)).toBeUndefined();
  });

  it("finds the worst that is open on somebody, and nothing that is explained or not judged", () => {
    const all = [alert("a@agent:a1", { agent: "a1" }), alert("b@agent:a1", { agent: "a1", severity: "breach", state: "acknowledged" }), alert("c@agent:a1", { agent: "a1", severity: "critical", state: "no_data" })];
    expect(worstOf(all, ({ agent }) => agent === "a1")?.rule).toBe("b");
    expect(worstOf(all, ({ agent }) => agent === "a2")).toBeUndefined();
  });
});

describe("an alert in words", () => {
  it("names whom it is about, and where that is", () => {
    const floor = board();
    expect(whoOf(floor, alert("late@agent:a1", { agent: "a1" }))).toBe("Zhou");
    expect(whereOf(floor, alert("late@agent:a1", { agent: "a1" }))).toBe("A-07 · Qiming");
    expect(whoOf(floor, alert("level@queue:p/q", { queue: "p/q" }))).toBe("Enquiry");
    expect(whereOf(floor, alert("level@queue:p/q", { queue: "p/q" }))).toBe("Service");
    expect(whoOf(floor, alert("break_over@break:7f", { agent: "a1" }))).toBe("Zhou");
    expect(scopeName(floor, "staff:team:A")).toBe("Qiming");
    expect(scopeName(floor, "meeting:m")).toBe("Pre-shift");
    expect(whoOf(floor, alert("x@floor"))).toBe("The floor");
    expect(whoOf(floor, alert("x@recording"))).toBe("Journal");
    const desk = board({ cases: { k1: { kind: "complaint" } }, faults: { f1: { seat: "A-12" } } });
    expect(whoOf(desk, alert("case_due@case:k1"))).toBe("A complaint");
    expect(whoOf(desk, alert("case_due@case:gone"))).toBe("gone");
    expect(whoOf(desk, alert("fault@fault:f1"))).toBe("A-12");
  });

  it("fills a rule's own words, falls back to another language, and says nothing about a number that nobody knows", () => {
    const floor = board();
    const late = alert("late@agent:a1", { agent: "a1", value: 95, threshold: 60 });
    expect(titleOf(floor, late)).toBe("Late by 1:35 of 1:00");
    expect(ruleText(floor, late, "todo")).toBe("Go to Zhou");
    expect(titleOf(floor, alert("late@agent:a1", { agent: "a1", state: "no_data" }))).toBe("agent.away");
    lang.value = "zh-TW";
    expect(titleOf(floor, alert("level@queue:p/q"))).toBe("Level low");
    expect(filled("{unknown} stays", floor, late)).toBe("{unknown} stays");
    expect(titleOf(floor, alert("nobody_knows@floor"))).toBe("nobody_knows");
  });

  it("writes values by their unit, a rate never over its threshold", () => {
    expect(valueWords(0.797, "percent", 0.8)).toBe("79%");
    expect(valueWords(65, "seconds")).toBe("1:05");
    expect(valueWords(-600, "seconds")).toBe("−10:00");
    expect(valueWords(3.04, "count")).toBe("3");
    expect(valueWords(undefined, "count")).toBe("–");
    expect(factOf(board(), alert("level@queue:p/q", { value: 0.797, threshold: 0.8 }))).toBe("79%, limit 80%");
  });

  it("says the number as it is now while it lasts, and as it was when it fired where the board has no such number", () => {
    const rules = {
      level: { names: { en: "Level low" }, unit: "percent", metric: "service_level", window: "rolling 15" },
      many: { names: { en: "{value} wait" }, unit: "count", metric: "waiting", window: "now" },
      each: { names: { en: "Too many" }, unit: "count", metric: "waiting", window: "now", per: "ready" },
      ahead: { names: { en: "Ahead" }, unit: "percent", metric: "forecast_15", window: "now" },
    };
    const floor = board({ alert_rules: rules, queues: { "p/q": { waiting: 7, ready: 2, service_level: 0.99, rolling: { 15: { service_level: 0.61 } } } }, floor: { waiting: 12 } });
    const at = (rule: string, told: Readonly<Record<string, Json>> = {}) => alert(`${rule}@queue:p/q`, { value: 0.7, threshold: 0.8, ...told });
    expect(factOf(floor, at("level"))).toBe("61%, limit 80%");
    expect(factOf(floor, at("level", { ended: NOW, state: "resolved" }))).toBe("70%, limit 80%");
    expect(titleOf(floor, at("many", { value: 5 }))).toBe("7 wait");
    expect(titleOf(floor, alert("many@floor", { value: 5 }))).toBe("12 wait");
    expect(factOf(floor, at("each", { value: 3, threshold: 2 }))).toBe("3.5, limit 2");
    expect(factOf(floor, at("ahead"))).toBe("70%, limit 80%");
    expect(factOf(floor, alert("level@queue:gone", { value: 0.7, threshold: 0.8 }))).toBe("70%, limit 80%");
  });

  it("counts a timer on from its limit, and stands still where nobody knows", () => {
    const floor = board();
    expect(runningOf(floor, alert("late@agent:a1", { since: NOW - 12, threshold: 60 }), NOW)).toBe("1:12");
    expect(runningOf(floor, alert("late@agent:a1", { since: NOW - 12, threshold: -900 }), NOW)).toBe("in 14:48");
    // It got worse: another limit, and the same time.
    expect(runningOf(floor, alert("late@agent:a1", { since: NOW - 12, from: NOW - 72, threshold: 180 }), NOW)).toBe("1:12");
    expect(factOf(floor, alert("late@agent:a1", { value: 3, threshold: 0 }))).toBe("");
    expect(factOf(floor, alert("late@agent:a1", { value: 61, threshold: 60 }))).toBe("limit 1:00");
    expect(runningOf(floor, alert("level@queue:p/q", { since: NOW - 12, threshold: 0.8 }), NOW)).toBe("0:12");
    expect(runningOf(floor, alert("level@queue:p/q", { state: "no_data", no_data_since: NOW - 75 }), NOW)).toBe("1:15");
    expect(runningOf(floor, alert("level@queue:p/q", { state: "resolved", ended: NOW - 40 }), NOW)).toBe("1:00");
  });

  it("marks what cannot be judged as trouble of the data, never as red", () => {
    expect(markOf(alert("a@floor", { state: "no_data", severity: "critical" }))).toEqual({ glyph: "unplug", look: "" });
    expect(markOf(alert("a@floor", { severity: "critical" })).look).toBe("m-breach");
    expect(loudness(alert("a@floor", { state: "no_data", severity: "critical" }))).toBe("none");
    expect(loudness(alert("a@floor", { severity: "critical" }))).toBe("breach");
    expect(loudness(alert("a@floor", { severity: "info" }))).toBe("none");
  });

  it("tells who did what, who was told and who was not there", () => {
    const by = { id: "s", name: "Song Jia", role: "lead" };
    expect(happenedWords("acknowledged", by, "on it")).toBe("acknowledged by Song Jia: on it");
    expect(happenedWords("danced", undefined, "")).toBe("danced");
    const told = alert("a@floor", { told: [{ at: NOW, roles: ["supervisor"], people: ["Chen"], skipped: ["Wu"], channels: ["mail"] }] }).told[0];
    expect(told && toldWords(told)).toBe("Chen · mail · not there: Wu");
    expect(hintWords(["volume", "new_code"])).toBe("more calls than usual, new_code");
    expect(quietWords(alert("a@floor", { state: "snoozed", snooze: { until: NOW, reason: "later", by } }), "Asia/Shanghai")).toBe("quiet until 10:24, Song Jia: later");
    expect(metricName("agent.away")).toBe("Agent: away");
    expect(metricName("service_level")).toBe("Service level");
    expect(metricName("brand_new")).toBe("brand_new");
  });
});

describe("the list's filters", () => {
  it("narrow by severity, state, whose it is and every word", () => {
    const floor = board();
    const one = alert("late@agent:a1", { agent: "a1", severity: "breach" });
    expect(isWanted(one, ALL, floor)).toBe(true);
    expect(isWanted(one, { ...ALL, levels: ["warn"] }, floor)).toBe(false);
    expect(isWanted(one, { ...ALL, states: ["firing"], kind: "agent", text: "ZHOU a-07" }, floor)).toBe(true);
    expect(isWanted(one, { ...ALL, text: "zhou b-07" }, floor)).toBe(false);
    expect(kindOf(alert("x@source:p"))).toBe("source");
    expect(kindOf(alert("x@floor"))).toBe("floor");
  });

  it("stand in the address and come back from it", () => {
    const wanted = { levels: ["breach", "warn"] as const, states: ["firing"] as const, kind: "queue" as const, text: "咨询" };
    expect(readWanted(writeWanted(wanted, new URLSearchParams("lang=en")))).toEqual(wanted);
    expect(readWanted(new URLSearchParams("severity=nonsense&of=moon"))).toEqual(ALL);
    expect(writeWanted(ALL, new URLSearchParams("lang=en&q=x")).toString()).toBe("lang=en");
  });

  it("put what asks somebody first, and of what is over the latest", () => {
    const all = [alert("old@floor", { state: "resolved", ended: NOW - 90 }), alert("new@floor", { state: "resolved", ended: NOW - 9 }), alert("ask@floor"), alert("held@floor", { state: "acknowledged" })];
    expect(all.sort(byState).map(({ rule }) => rule)).toEqual(["ask", "held", "new", "old"]);
  });
});

describe("the bell", () => {
  const one = alert("a@floor", { fired: NOW, severity: "breach" });
  it("is silent about what was there, rings once for what is new, and again when it fires again", () => {
    const first = ring(null, [one], 0);
    expect(first?.tone).toBeUndefined();
    expect(ring(first?.rung ?? null, [one], 1)).toBeUndefined();
    const two = ring(first?.rung ?? null, [one, alert("b@floor", { fired: NOW })], 20);
    expect(two?.tone).toBe("soft");
    expect(ring(two?.rung ?? null, [alert("a@floor", { fired: NOW + 60, severity: "breach" })], 40)?.tone).toBe("breach");
  });

  it("waits ten seconds between two sounds, and then tells what came meanwhile", () => {
    const start = ring(null, [], 0)?.rung ?? null;
    const rung = ring(start, [one], 5)?.rung ?? null;
    const both = [one, alert("b@floor", { fired: NOW, severity: "breach" })];
    expect(ring(rung, both, 9)).toBeUndefined();
    expect(ring(rung, both, 16)?.tone).toBe("breach");
    expect(ring(start, [alert("n@floor", { fired: NOW, severity: "info" })], 5)?.tone).toBeUndefined();
  });
});

describe("advice", () => {
  const move = (agent: string, more: object = {}) => ({ agent, from_queue: "cb", to_queue: "enq", ready: true, joins: false, from_before: [0.5, 0.63, 0.7], from_after: [0.5, 0.62, 0.7], to_before: [0.7, 0.79, 0.8], to_after: [0.7, 0.82, 0.9], ...more });
  it("puts single moves together: before the first of them, after the last", () => {
    const [one, ...rest] = adviceIn({ moves: [move("a"), move("b", { to_before: [0.7, 0.82, 0.9], to_after: [0.8, 0.85, 0.9] })] });
    expect(rest).toEqual([]);
    expect(one?.people.map(({ agent }) => agent)).toEqual(["a", "b"]);
    expect([one?.toBefore?.mid, one?.toAfter?.mid]).toEqual([0.79, 0.85]);
    expect(one?.people[0]?.args).toEqual({ agent: "a", from_queue: "cb", to_queue: "enq" });
  });
  it("is none where nothing can be read", () => {
    expect(adviceIn(undefined)).toEqual([]);
    expect(adviceIn({ moves: [{ agent: "a" }, 7] })).toEqual([]);
  });
});

describe("one that came more than once", () => {
  it("is told apart by when it fired, and found again by its address", () => {
    const first = alert("wait@queue:p/q 7", { fired: 12.5, ended: 20 });
    expect(lifeOf(keyOf(first))).toEqual(["wait@queue:p/q 7", 12.5]);
    expect(lifeOf(keyOf({ ...first, ended: undefined }))).toEqual(["wait@queue:p/q 7", undefined]);
    expect(keyOf({ ...first, fired: 30 })).not.toBe(keyOf(first));
  });
});

describe("a rule's words", () => {
  it("stand in fields as people write them, and go back as the rule has them", () => {
    expect(fieldOf("90s", "seconds")).toBe("1:30");
    expect(fieldOf(0.825, "percent")).toBe("82.5");
    expect(fieldOf("target.service_level", "percent")).toBe("target.service_level");
    for (const [field, unit, word] of [["1:30", "seconds", "90s"], ["90", "seconds", "90s"], ["10m", "seconds", "600s"], ["1:00:00", "seconds", "3600s"], ["−15:00", "seconds", "-900s"], ["80", "percent", 0.8], ["80 %", "percent", 0.8], ["7", "count", 7], ["soon", "count", "soon"], ["target.service_level", "percent", "target.service_level"]] as const)
      expect([field, boundOf(field, unit)]).toEqual([field, word]);
    expect(boundOf(" ", "count")).toBeUndefined();
    expect(clockOf("1.5m")).toBe("1:30");
    expect(clockOf("whenever")).toBe("whenever");
    expect(spanOf("whenever")).toBe("whenever");
  });

  it("have exactly one condition, and nothing where nothing was written", () => {
    const words = { id: "r", at_least: 4, for: "30s" };
    expect(testOf(words)).toBe("at_least");
    expect(tested(words, "outside", [0.7, 0.8])).toEqual({ id: "r", for: "30s", outside: [0.7, 0.8] });
    expect(changed(words, "for", undefined)).toEqual({ id: "r", at_least: 4 });
    expect(changed(words, "days", [])).toEqual(words);
    expect(changed(words, "severity", "breach")).toEqual({ ...words, severity: "breach" });
    expect(textsOf("one for all")).toEqual({ "zh-CN": "one for all", "zh-TW": "one for all", en: "one for all" });
  });

  it("have their mistakes at their field, and the rest above", () => {
    const mistakes = [{ where: "name.en", what: "too long" }, { where: "names", what: "other" }, { where: "per", what: "unknown" }, { where: "", what: "broken" }];
    expect(mistakeAt(mistakes, "name")).toBe("too long");
    expect(mistakeAt(mistakes, "for")).toBe("");
    expect(otherMistakes(mistakes, new Set(["name", "names"]))).toEqual(["per: unknown", "broken"]);
  });
});
