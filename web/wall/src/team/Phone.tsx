import { signal } from "@preact/signals";
import type { ComponentChildren, VNode } from "preact";

import { AdvicePanel } from "../alerts/Advice";
import { useLiveAlerts } from "../alerts/live";
import { AlertsPanel } from "../alerts/Panel";
import { BellSign, CupSign, HelpSign, HomeSign, MapSign } from "../alerts/signs";
import { breaksOf, isWaiting } from "../breaks/model";
import { BreakPanel } from "../breaks/Panel";
import { useWall } from "../context";
import { deskSpan } from "../desk/span";
import { callsOf } from "../duty/facts";
import { HelpPanel, IncidentStrip, PatrolPanel } from "../duty/panels";
import { percent } from "../format/percent";
import { Glyph } from "../parts/Glyph";
import { useDerived } from "../parts/hooks";
import { ofLimit, ofRate, type Severity } from "../severity";
import { timeOf } from "../stale";
import { t } from "../words";
import { useTeam } from "./context";
import { say } from "./words";

const TABS = ["duty", "alerts", "breaks", "seats", "help"] as const;
type Tab = (typeof TABS)[number];
const SIGNS: Readonly<Record<Tab, () => VNode>> = { duty: HomeSign, alerts: BellSign, breaks: CupSign, seats: MapSign, help: HelpSign };

const asked = new URLSearchParams(location.search).get("tab");
export const tab = signal<Tab>(TABS.find((one) => one === asked) ?? "duty");

/** Goes there, and keeps it in the address, so that a reload stays where the thumb was. */
export function go(to: Tab): void {
  tab.value = to;
  const url = new URL(location.href);
  if (to === "duty") url.searchParams.delete("tab");
  else url.searchParams.set("tab", to);
  history.replaceState(null, "", url);
  scrollTo({ top: 0 });
}

/** The lead's page in one hand: one thing at a time, what is urgent on top, where to go under the thumb. */
export function Phone({ seats }: { seats: ComponentChildren }) {
  const page = useTeam();
  const wall = useWall();
  const team = () => page.choice.value.team;
  const chosen = page.choice.value.team;
  const hasCalls = useDerived(() => callsOf(wall.board).some(({ state }) => state !== "ended"), []);
  const hasWishes = useDerived(() => breaksOf(wall.board, page.choice.value.team).some(isWaiting), []);
  return (
    <>
      <div class="ph-body" data-tab={tab.value}>
        {tab.value === "duty" && (
          <>
            <Figures />
            <IncidentStrip />
            <AlertsPanel team={team} />
            <AdvicePanel />
            {hasCalls.value && <HelpPanel />}
            {hasWishes.value && <BreakPanel team={team} most={2} />}
          </>
        )}
        {tab.value === "alerts" && <AlertsPanel team={team} />}
        {tab.value === "breaks" && <BreakPanel team={team} most={20} />}
        {tab.value === "seats" && seats}
        {tab.value === "help" && <HelpPanel />}
      </div>
      <div class="ph-foot">
        {tab.value === "duty" && <PatrolPanel {...(chosen !== "" && { team: chosen })} />}
        <Tabs team={team} />
      </div>
    </>
  );
}

/** What the lead of a team is asked for on the way: its level, who waits, how long, who is free. */
function Figures() {
  const wall = useWall();
  const page = useTeam();
  const { board } = wall;
  const figures = useDerived(() => {
    const { team } = page.choice.value;
    const served = new Set(page.people.all.value.filter((row) => row.team === team).flatMap(({ queues }) => queues));
    const queues = board.at("queues").keys.filter((id) => team === "" || served.has(id)).map((id) => board.at("queues", id));
    const place = team === "" ? board.at("floor") : board.at("teams", team);
    const fresh = queues.map((queue) => wall.freshnessOf(queue.at("source").text));
    // Of a source that is lost nothing grows any more, and nothing is red.
    const isOld = fresh.length === 0 ? wall.floorFreshness.value.kind === "stale" : fresh.some(({ kind }) => kind !== "live");
    const limits = queues.map((queue) => queue.at("target", "longest_wait").number).filter((limit) => limit !== undefined);
    const waits = queues.flatMap((queue, n) => {
      const [since, now] = [queue.at("longest_since").number, timeOf(fresh[n] ?? wall.floorFreshness.value, wall.second.value)];
      return since === undefined || now === undefined ? [] : [now - since];
    });
    const longest = waits.length === 0 ? undefined : Math.max(...waits);
    const [level, target] = [place.at("service_level").number, place.at("target", "service_level").number];
    return JSON.stringify({
      level: level === undefined ? "–" : String(percent(level, target)),
      isOld,
      onLevel: isOld ? "none" : ofRate(level, target),
      waiting: queues.reduce((sum, queue) => sum + (queue.at("waiting").number ?? 0), 0),
      longest: longest === undefined ? "–" : deskSpan(longest),
      onLongest: isOld ? "none" : ofLimit(longest, limits.length === 0 ? undefined : Math.min(...limits)),
    });
  }, []);
  const { isOld, level, onLevel, waiting, longest, onLongest } = JSON.parse(figures.value) as { isOld: boolean; level: string; onLevel: Severity; waiting: number; longest: string; onLongest: Severity };
  const { states, staffed } = page.counts.value;
  return (
    <dl class={`ph-k ${isOld ? "stale" : ""}`} aria-label={say("kpi")}>
      <Figure word={say("kpi.level")} value={level} unit={level === "–" ? "" : "%"} severity={onLevel} />
      <Figure word={say("kpi.waiting")} value={String(waiting)} />
      <Figure word={say("kpi.longest")} value={longest} severity={onLongest} />
      <Figure word={say("kpi.ready")} value={String(states.get("ready") ?? 0)} unit={`/${staffed}`} />
    </dl>
  );
}

function Figure({ word, value, unit = "", severity = "none" }: { word: string; value: string; unit?: string; severity?: Severity }) {
  const bad = severity === "warn" || severity === "breach" ? severity : "";
  return (
    <div class={bad}>
      <dt>{word}</dt>
      <dd>
        <b>{value}</b>
        {unit !== "" && <small>{unit}</small>}
        {bad !== "" && <Glyph name={bad} class={`m-${bad}`} />}
        {bad !== "" && <span class="vh">{t(`severity.${bad}`)}</span>}
      </dd>
    </div>
  );
}

function Tabs({ team }: { team: () => string }) {
  const wall = useWall();
  const { desk } = useLiveAlerts(wall, team);
  const badges: Readonly<Partial<Record<Tab, number>>> = {
    alerts: desk.value.open.length,
    breaks: breaksOf(wall.board, team()).filter(isWaiting).length,
    help: callsOf(wall.board).filter(({ state }) => state === "open").length,
  };
  return (
    <nav class="ph-tabs" aria-label={say("tabs")}>
      {TABS.map((one) => {
        const Sign = SIGNS[one];
        const n = badges[one] ?? 0;
        const word = say(`tab.${one}`);
        return (
          <button type="button" key={one} aria-current={tab.value === one ? "page" : undefined} aria-label={n > 0 ? say("tab.n", { tab: word, n }) : undefined} data-go={one} onClick={() => go(one)}>
            <Sign />
            <span>{word}</span>
            {n > 0 && (
              <i class={one === "alerts" ? "bad" : ""} aria-hidden="true">
                {n > 99 ? "99+" : n}
              </i>
            )}
          </button>
        );
      })}
    </nav>
  );
}
