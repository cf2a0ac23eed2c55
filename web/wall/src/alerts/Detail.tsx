import { type ReadonlySignal, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";

import { ActButton } from "../acts/Act";
import { may } from "../acts/who";
import { useWall } from "../context";
import { clock, minute } from "../format/moment";
import { CurveDrawing } from "../parts/Curve";
import { Glyph } from "../parts/Glyph";
import { useDerived } from "../parts/hooks";
import { trendSeries } from "../tiles/day";
import { useCanvas } from "../tiles/fit";
import { Item, Subject } from "./Item";
import type { Alert, Told } from "./model";
import { lifeOf, opened } from "./page";
import { type Whole, whole } from "./requests";
import { factOf, isOfLevel, limitWords, markOf, ruleText, runs, runningOf, splitScope, titleOf, unitOf, valueWords, whereOf } from "./say";
import { happenedWords, hintWords, levelWord, metricName, quietWords, toldWords } from "./tell";
import { has, say } from "./words";

const AGAIN = 10_000;

/** One alert whole: what it is, why it probably is, what to do, and all that happened to it. */
export function Detail({ all }: { all: ReadonlySignal<readonly Alert[]> }) {
  const wall = useWall();
  const key = opened.value;
  const [id, fired] = lifeOf(key);
  const told = useSignal<Whole | undefined>(undefined);
  const live = fired === undefined ? all.value.find((alert) => alert.id === id) : undefined;
  const stamp = `${live?.state ?? ""} ${live?.history.length ?? 0} ${live?.told.length ?? 0}`;
  useEffect(() => {
    told.value = undefined;
  }, [key]);
  useEffect(() => {
    if (id === "") return undefined;
    let isOver = false;
    const look = () => void whole(id, fired).then((found) => void (!isOver && found !== undefined && (told.value = found)), () => undefined);
    look();
    const timer = setInterval(look, AGAIN);
    return () => ((isOver = true), clearInterval(timer));
  }, [key, stamp]);
  const alert = live ?? told.value?.alert;
  if (id === "") return <p class="ap-detail none">{say("detail.none")}</p>;
  if (alert === undefined)
    return (
      <section class="ap-detail none" aria-label={say("detail")}>
        <Back />
        <p>{say("detail.gone")}</p>
      </section>
    );
  // The board keeps the last of it, the server all.
  const full = told.value?.alert;
  const history = full !== undefined && full.history.length > alert.history.length ? full.history : alert.history;
  const tellings = named(full !== undefined && full.told.length > alert.told.length ? full.told : alert.told, full?.told ?? []);
  return (
    <section class={`ap-detail ${alert.state === "no_data" ? "nodata" : ""}`} aria-labelledby="ap-detail" data-detail={id}>
      <Back />
      <Head alert={alert} now={told.value?.now} />
      {alert.state === "firing" ? (
        <ul class="ap-acts">
          <Item row={{ alert, folded: [] }} isFirst />
        </ul>
      ) : (
        <Quieted alert={alert} />
      )}
      <Around alert={alert} curve={told.value?.curve ?? []} of={told.value?.curveOf} />
      <Why alert={alert} />
      <Todo alert={alert} />
      <div class="ap-two">
        <section>
          <h3>{say("detail.history")}</h3>
          <ol class="ap-times">
            {[...history].reverse().map(({ at, what, by, note }) => (
              <li key={`${at} ${what}`}>
                <time>{clock(at, wall.zone)}</time>
                <bdi>{happenedWords(what, by, note)}</bdi>
              </li>
            ))}
          </ol>
        </section>
        <section>
          <h3>{say("detail.told")}</h3>
          {tellings.length === 0 && <p class="muted">{say("detail.untold")}</p>}
          <ol class="ap-times">
            {[...tellings].reverse().map((one) => (
              <li key={`${one.key} ${one.at}`}>
                <time>{clock(one.at, wall.zone)}</time>
                <div>
                  <bdi>
                    {has(`kind.${one.kind}`) ? say(`kind.${one.kind}` as never) : one.kind}
                    {say("list.colon")}
                    {toldWords(one)}
                  </bdi>
                  {one.put.map((put) => (
                    <p key={put.channel} class={`put ${put.ok ? "ok" : "bad"}`}>
                      <Glyph name={put.ok ? "ok" : "lost"} />
                      <bdi>{say(put.ok ? "put.ok" : "put.failed", { channel: put.channel, n: put.attempts, t: clock(put.at, wall.zone) })}</bdi>
                      {put.detail !== "" && <bdi class="muted">{put.detail}</bdi>}
                    </p>
                  ))}
                </div>
              </li>
            ))}
          </ol>
        </section>
      </div>
    </section>
  );
}

/** Tellings with the people's names, where the server has said them; the board knows log-ins only. */
const named = (tellings: readonly Told[], known: readonly Told[]): readonly Told[] => {
  const people = new Map(known.map((one) => [one.key, one]));
  return tellings.map((one) => ({ ...one, people: people.get(one.key)?.people ?? one.people, skipped: people.get(one.key)?.skipped ?? one.skipped }));
};

/** On a phone the list is another page. */
function Back() {
  return (
    <button type="button" class="al-button ap-back" onClick={() => (opened.value = "")}>
      {say("detail.back")}
    </button>
  );
}

function Head({ alert, now }: { alert: Alert; now: number | undefined }) {
  const wall = useWall();
  const { board, zone } = wall;
  const { glyph, look } = markOf(alert);
  const unit = unitOf(board, alert.rule);
  const isTimer = runs(board, alert);
  const isOpen = alert.ended === undefined && alert.state !== "no_data";
  const running = useDerived(() => (isTimer ? runningOf(board, alert, wall.second.value) : ""), [alert, isTimer]);
  // From when it fired; what has not is counted from its beginning.
  const lasts = useDerived(() => runningOf(board, alert.state === "no_data" ? alert : { ...alert, since: alert.fired ?? alert.since, threshold: undefined }, wall.second.value), [alert]);
  const where = whereOf(board, alert);
  const written = (value: number | undefined) => (value === undefined ? "" : valueWords(value, unit, alert.threshold));
  const worst = written(alert.worst);
  const isLevel = isOfLevel(board, alert);
  const figures = [
    ["figure.now", isOpen && !isLevel ? running.value || written(now) : ""],
    ["figure.threshold", isLevel || (isTimer && (alert.threshold ?? 0) <= 0) ? "" : limitWords(alert.threshold, unit)],
    ["figure.value", isTimer || isLevel ? "" : written(alert.value)],
    ["figure.worst", isLevel || worst === written(alert.value) ? "" : worst],
    ["figure.since", minute(alert.since, zone)],
    ["figure.lasts", lasts.value],
  ] as const;
  return (
    <header class="ap-head">
      <h2 id="ap-detail">
        <Glyph name={glyph} class={alert.state === "firing" ? look : ""} />
        <bdi>{titleOf(board, alert)}</bdi>
        <em>{alert.state === "firing" ? levelWord(alert.severity) : say(`state.${alert.state}`)}</em>
      </h2>
      <p class="su">
        <Subject alert={alert} />
        {where !== "" && <bdi>{where}</bdi>}
        <span class="muted">{factOf(board, alert)}</span>
      </p>
      <dl>
        {figures
          .filter(([, value]) => value !== "")
          .map(([key, value]) => (
            <div key={key}>
              <dt>{say(key)}</dt>
              <dd>{value}</dd>
            </div>
          ))}
      </dl>
    </header>
  );
}

/** What somebody has in hand, or nobody can judge: what can still be done about it. */
function Quieted({ alert }: { alert: Alert }) {
  const wall = useWall();
  if (alert.state === "no_data") return <p class="ap-state">{say("nodata.long")}</p>;
  if (alert.state === "pending" && alert.lasts !== undefined) return <p class="ap-state">{say("pending.until", { t: clock(alert.since + alert.lasts, wall.zone) })}</p>;
  if (alert.state !== "acknowledged" && alert.state !== "snoozed") return null;
  const note = alert.acked?.note ?? "";
  return (
    <p class="ap-state">
      <bdi>{quietWords(alert, wall.zone)}</bdi>
      {note !== "" && <bdi class="muted">{note}</bdi>}
      <span class="ac">
        {alert.state === "snoozed" && (
          <ActButton name="alert.unsnooze" args={{ alert: alert.id }} class="al-button">
            {say("snooze.end")}
          </ActButton>
        )}
        {may("alert.escalate") && (
          <ActButton name="alert.escalate" args={{ alert: alert.id }} class="al-button">
            {say("escalate")}
          </ActButton>
        )}
      </span>
    </p>
  );
}

/** The number around it: what the server kept, else the last two hours of the board. */
function Around({ alert, curve, of }: { alert: Alert; curve: Whole["curve"]; of: Whole["curveOf"] }) {
  const wall = useWall();
  const { board, zone } = wall;
  const [ref, canvas] = useCanvas(alert.id);
  const unit = of?.unit ?? unitOf(board, alert.rule);
  const metric = of?.metric ?? board.at("alert_rules", alert.rule, "metric").text;
  const [kind, id] = splitScope(alert.scope);
  const branch = ({ queue: "queues", line: "lines", team: "teams", site: "sites" } as Readonly<Record<string, string>>)[kind];
  // The board's last two hours say nothing of one that is over.
  const trend = branch === undefined || alert.ended !== undefined ? undefined : trendSeries(board.at(branch, id, "trend"), metric);
  const first = curve[0]?.[0];
  const step = curve.length > 1 && first !== undefined ? ((curve.at(-1)?.[0] ?? first) - first) / (curve.length - 1) : 60;
  const points = curve.length > 1 ? curve.map(([at, level]) => (level === undefined ? { start: at } : { start: at, level })) : (trend?.points ?? []);
  if (!points.some(({ level }) => level !== undefined)) return null;
  const title = say("detail.curve", { what: metricName(metric) });
  return (
    <section>
      <h3>{title}</h3>
      <div class="ap-curve" ref={ref}>
        {canvas.width > 0 && canvas.height > 0 && (
          <CurveDrawing
            {...canvas}
            id="around"
            label={title}
            zone={zone}
            begin={points[0]?.start ?? 0}
            length={curve.length > 1 ? step : (trend?.length ?? 300)}
            fewest={curve.length > 1 ? points.length : (trend?.fewest ?? 24)}
            points={points}
            unit={unit === "percent" ? "share" : unit === "seconds" ? "seconds" : "count"}
            target={of === undefined ? alert.threshold : of.limit}
            now={wall.second.peek()}
            beforeWord=""
            gaps={alert.state === "no_data" && alert.away !== undefined ? [[alert.away, 0]] : []}
            until={undefined}
          />
        )}
      </div>
    </section>
  );
}

/** Why it probably is so, and what that rests on. */
function Why({ alert }: { alert: Alert }) {
  if (alert.hints.length === 0) return null;
  const { figures } = alert;
  const told = (
    [
      ["volume", { now: round(figures["rate"]), usual: round(figures["rate_yesterday"] ?? figures["rate_hour"]) }],
      ["handle_time", { now: span(figures["aht"]), usual: span(figures["aht_day"]) }],
      ["staffing", { now: round(figures["capacity"]), usual: round(figures["need"]) }],
    ] as const
  ).filter(([hint, { now, usual }]) => alert.hints.includes(hint) && now !== "" && usual !== "");
  return (
    <section>
      <h3>{say("detail.why")}</h3>
      <p>{hintWords(alert.hints)}</p>
      {told.length > 0 && (
        <ul class="ap-why">
          {told.map(([hint, values]) => (
            <li key={hint}>{say(`why.${hint}`, values)}</li>
          ))}
        </ul>
      )}
    </section>
  );
}

const round = (n: number | undefined): string => (n === undefined ? "" : String(Math.round(n * 10) / 10));
const span = (seconds: number | undefined): string => (seconds === undefined ? "" : valueWords(seconds, "seconds"));

function Todo({ alert }: { alert: Alert }) {
  const { board } = useWall();
  const todo = ruleText(board, alert, "todo");
  if (todo === "") return null;
  return (
    <section class="ap-todo">
      <h3>{say("detail.todo")}</h3>
      {todo.split("\n").map((line, i) => (
        <p key={i}>
          <bdi>{line}</bdi>
        </p>
      ))}
    </section>
  );
}

