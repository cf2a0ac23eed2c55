import { person } from "../ask";
import { useWall } from "../context";
import { deskSpan } from "../desk/span";
import { useLooking } from "../explain/looking";
import { Unsaid } from "../explain/Unsaid";
import { clock, minute } from "../format/moment";
import { percent, targetPercent } from "../format/percent";
import { nameOf } from "../names";
import { Ask } from "../parts/Ask";
import { Glyph } from "../parts/Glyph";
import { useDerived } from "../parts/hooks";
import { ofLimit, ofRate, type Severity } from "../severity";
import { timeOf } from "../stale";
import { STATES, stateOf } from "../states";
import type { Wall } from "../wall";
import type { Cell } from "../wire/cell";
import { pageAddress } from "../wire/socket";
import { type Key, t } from "../words";
import { Sheet } from "./Sheet";
import { isMasked, read } from "./waiting";
import { many, say } from "./words";

/** Milliseconds from look to look at who waits. */
const EVERY = 2000;
const MOST = 100;

/** One queue: how it is now, who waits, its numbers, who serves it. */
export function Queue({ wall, id }: { wall: Wall; id: string }) {
  const queue = wall.board.at("queues", id);
  const source = queue.at("source").text;
  const freshness = wall.freshnessOf(source);
  const line = queue.at("line").text;
  const sub = (
    <p>
      {say("queue")} · <bdi>{nameOf(wall.board.at("sources", source), source)}</bdi>
      {line !== "" && (
        <>
          {" · "}
          <bdi>{nameOf(wall.board.at("lines", line), line)}</bdi>
        </>
      )}
      {freshness.kind !== "live" && <b class="asof"> · {t("stale.asOf", { t: freshness.asOf === undefined ? "–" : clock(freshness.asOf, wall.zone) })}</b>}
    </p>
  );
  const now = timeOf(freshness, wall.second.value);
  return (
    <Sheet title={nameOf(queue, id)} sub={sub} kind="queue" isOld={freshness.kind !== "live"}>
      <Now id={id} queue={queue} now={now} />
      <div class="halves">
        <Callers id={id} queue={queue} now={now} />
        <Numbers wall={wall} id={id} queue={queue} />
      </div>
      <People wall={wall} id={id} now={now} />
    </Sheet>
  );
}

/** Only trouble has a colour. */
const loud = (severity: Severity): string => (severity === "warn" || severity === "breach" ? severity : "");

/** Five figures of this moment; each can be asked why. */
function Now({ id, queue, now }: { id: string; queue: Cell; now: number | undefined }) {
  const since = queue.at("longest_since").number;
  const waited = since === undefined || now === undefined ? undefined : now - since;
  const limits = queue.at("target");
  const gap = queue.at("outlook", "gap").number;
  const whole = gap === undefined ? undefined : Math.floor(gap + 1e-6);
  const figures = [
    ["waiting", "waiting", String(queue.at("waiting").number ?? 0), ofLimit(queue.at("waiting").number, limits.at("waiting").number)],
    ["longest", "longest_since", waited === undefined ? "–" : deskSpan(waited), ofLimit(waited, limits.at("longest_wait").number)],
    ["ready", "ready", String(queue.at("ready").number ?? 0), "none"],
    ["talking", "talking", String(queue.at("talking").number ?? 0), "none"],
    ["gap", "gap", whole === undefined ? "–" : say(whole < 0 ? "gap.short" : whole > 0 ? "gap.over" : "gap.even", { n: Math.abs(whole) }), whole !== undefined && whole < 0 ? "warn" : "none"],
  ] as const;
  return (
    <dl class="now">
      {figures.map(([key, metric, figure, severity]) => (
        <div key={key} class={loud(severity)}>
          <dt>{say(`now.${key}`)}</dt>
          <dd>
            {(severity === "warn" || severity === "breach") && <Glyph name={severity} class={`m-${severity}`} />}
            {figure}
          </dd>
          <Ask metric={metric} scope={`queue:${id}`} what={say(`now.${key}`)} />
        </div>
      ))}
    </dl>
  );
}

function Callers({ id, queue, now }: { id: string; queue: Cell; now: number | undefined }) {
  const looking = useLooking(`api/v1/contacts?${new URLSearchParams({ queue: id, outcome: "open", limit: String(MOST) })}`, EVERY);
  const limit = queue.at("target", "longest_wait").number;
  const state = looking.state.value;
  const all = useDerived(() => read(looking.answer.value), [looking]).value;
  const hasMore = looking.answer.value?.["next"] !== undefined;
  return (
    <section class={`callers ${state === "old" ? "old" : ""}`}>
      <h2>
        {say("waiting")} {state === "fresh" && <small>{many("waiting.n", all.length)}</small>}
      </h2>
      {state === "refused" ? (
        <Unsaid looking={looking} {...(looking.status.value === 403 && { title: say("waiting.hidden") })} />
      ) : state === "asking" ? (
        <p class="none">…</p>
      ) : all.length === 0 ? (
        <p class="none">{say("waiting.none")}</p>
      ) : (
        <table>
          <thead>
            <tr>
              <th>{say("col.caller")}</th>
              <th>{say("col.since")}</th>
              <th class="num">{say("col.wait")}</th>
            </tr>
          </thead>
          <tbody>
            {all.map((one) => (
              <Caller key={one.id} one={one} now={now} limit={limit} />
            ))}
          </tbody>
        </table>
      )}
      {hasMore && <p class="hint">{say("waiting.more", { n: MOST })}</p>}
      {state !== "refused" && (
        <p class="hint">
          {isMasked(all) ? say("waiting.masked") : say("waiting.recorded")}
          {limit !== undefined && ` · ${say("limit", { t: deskSpan(limit) })}`}
        </p>
      )}
    </section>
  );
}

function Caller({ one, now, limit }: { one: ReturnType<typeof read>[number]; now: number | undefined; limit: number | undefined }) {
  const wall = useWall();
  const waited = now === undefined ? undefined : Math.max(0, now - one.queued);
  const severity = ofLimit(waited, limit);
  const bad = severity === "warn" || severity === "breach" ? severity : "";
  return (
    <tr class={bad} data-waiting={one.id}>
      <td>
        <bdi dir="ltr">{one.caller || say("unknownCaller")}</bdi>
        {one.agent !== "" && <small>{say("offered.to", { agent: one.agent })}</small>}
      </td>
      <td>
        {minute(one.queued, wall.zone)}
      </td>
      <td class="num">
        {bad !== "" && <Glyph name={bad} class={`m-${bad}`} />} <b>{waited === undefined ? "–" : deskSpan(waited)}</b>
        {limit !== undefined && waited !== undefined && (
          <span class="meter" aria-hidden="true">
            <i style={{ inlineSize: `${Math.min(100, (waited / limit) * 100)}%` }} />
          </span>
        )}
      </td>
    </tr>
  );
}

const RATES = new Set(["service_level", "answer_rate", "connect_rate"]);
const SPANS = new Set(["asa", "aht", "longest_wait"]);
const INBOUND = ["service_level", "answer_rate", "offered", "answered", "abandoned", "asa", "aht", "longest_wait"] as const;
const OUTBOUND = ["connect_rate", "dialled", "connected", "aht"] as const;
type Metric = (typeof INBOUND)[number] | (typeof OUTBOUND)[number];

function Numbers({ wall, id, queue }: { wall: Wall; id: string; queue: Cell }) {
  const line = wall.board.at("lines", queue.at("line").text);
  const metrics: readonly Metric[] = line.at("direction").text === "out" ? OUTBOUND : INBOUND;
  const targetOf = (metric: Metric) => queue.at("target", metric).number ?? line.at("target", metric).number;
  return (
    <section>
      <h2>{say("numbers")}</h2>
      <table class="figures">
        <thead>
          <tr>
            <th />
            <th class="num">{say("today")}</th>
            <th class="num">{say("interval")}</th>
          </tr>
        </thead>
        <tbody>
          {metrics.map((metric) => (
            <tr key={metric}>
              <th scope="row">
                {say(`m.${metric}`)}
                {RATES.has(metric) && targetOf(metric) !== undefined && <small> {say("target", { n: targetPercent(targetOf(metric) as number) })}</small>}
              </th>
              {(["today", "interval"] as const).map((window) => {
                const cell = window === "today" ? queue : queue.at("interval");
                const value = cell.at(metric).number;
                const severity = RATES.has(metric) ? ofRate(value, targetOf(metric)) : "none";
                return (
                  <td key={window} class={`num ${loud(severity)}`}>
                    <b>{figure(metric, value, targetOf(metric))}</b>
                    <Ask metric={metric} scope={`queue:${id}`} window={window} what={`${say(`m.${metric}`)} ${say(window)}`} />
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function figure(metric: Metric, value: number | undefined, target: number | undefined): string {
  if (RATES.has(metric)) return value === undefined ? "–" : `${percent(value, target)}%`;
  if (SPANS.has(metric)) return value === undefined ? "–" : deskSpan(value);
  return String(value ?? 0);
}

const RANK = new Map<string, number>(STATES.map((state, i) => [state, i]));

/** Who serves the queue, by state, then who has been so for longest. */
function People({ wall, id, now }: { wall: Wall; id: string; now: number | undefined }) {
  const agents = wall.board.at("agents");
  const ids = useDerived(
    () =>
      agents.keys
        .filter((agent) => agents.at(agent, "queues").list.includes(id))
        .map((agent) => ({ agent, rank: RANK.get(stateOf(agents.at(agent, "state").text)) ?? 99, since: agents.at(agent, "since").number ?? 0 }))
        .sort((a, b) => a.rank - b.rank || a.since - b.since || (a.agent < b.agent ? -1 : 1))
        .map(({ agent }) => agent),
    [id],
  ).value;
  return (
    <section>
      <h2>
        {say("agents")} <small>{ids.length}</small>{" "}
        <small>
          <a href={`${pageAddress("team")}${pageAddress("team").includes("?") ? "&" : "?"}${new URLSearchParams({ queue: id })}`}>{say("team.link")}</a>
        </small>
      </h2>
      {ids.length === 0 ? (
        <p class="none">{say("agents.none")}</p>
      ) : (
        <ul class="serving">
          {ids.map((agent) => (
            <Serving key={agent} id={agent} agent={agents.at(agent)} queue={id} now={now} />
          ))}
        </ul>
      )}
    </section>
  );
}

function Serving({ id, agent, queue, now }: { id: string; agent: Cell; queue: string; now: number | undefined }) {
  const state = stateOf(agent.at("state").text);
  const since = agent.at("since").number;
  const isPaused = agent.at("not_ready_in").list.includes(queue);
  const isDoubtful = agent.at("conflicts").list.length > 0;
  const word = isDoubtful ? t("conflict.short") : t(`short.${state}` as Key);
  return (
    <li class={isPaused ? "paused" : ""}>
      <button type="button" aria-haspopup="dialog" title={isPaused ? say("agents.paused") : undefined} onClick={(event) => (person.value = { id, button: event.currentTarget })}>
        <Glyph name={isDoubtful ? "conflict" : state} class={isDoubtful ? "m-breach" : `st-${state}`} />
        <bdi>{nameOf(agent, id)}</bdi>
        <small>
          {word} {since === undefined || now === undefined || state === "off" ? "" : deskSpan(now - since)}
        </small>
      </button>
    </li>
  );
}
