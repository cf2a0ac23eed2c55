import { who } from "../acts/who";
import { alertsOf } from "../alerts/model";
import { factOf, markOf, runningOf, titleOf } from "../alerts/say";
import { useWall } from "../context";
import { DeskPage } from "../desk/Page";
import { deskSpan } from "../desk/span";
import { exactSpan } from "../format/duration";
import { clock } from "../format/moment";
import { nameOf } from "../names";
import { Glyph } from "../parts/Glyph";
import { useDerived } from "../parts/hooks";
import { ofLimit } from "../severity";
import { type Freshness, timeOf } from "../stale";
import { stateOf } from "../states";
import { ahtOf, doneOf, targetOf } from "../team/facts";
import type { Wall } from "../wall";
import { t } from "../words";
import { OwnBreaks } from "./Breaks";
import { OwnHelp } from "./Help";
import { OwnPlan } from "./Plan";
import { say } from "./words";

/** The page of somebody who takes calls: how I stand, my numbers, my breaks, and help. */
export function Me({ wall }: { wall: Wall }) {
  const me = who().value;
  const agent = me?.agent ?? "";
  const title = <b><bdi>{agent === "" ? say("title") : nameOf(wall.board.at("agents", agent), me?.name ?? agent)}</bdi></b>; // prettier-ignore
  return (
    <DeskPage wall={wall} current="me" stem="me" title={say("title")} bar={{ title }}>
      {me === undefined ? (
        <p class="me-none" role="status">
          {t("loading")}
        </p>
      ) : agent === "" ? (
        <p class="me-none" role="status">
          {say("nobody")}
        </p>
      ) : (
        <>
          <div class="me-left">
            <State agent={agent} />
            <Numbers agent={agent} />
            <OwnPlan agent={agent} />
          </div>
          <div class="me-right">
            <OwnBreaks agent={agent} />
            <OwnHelp agent={agent} />
            <OwnAlerts agent={agent} />
          </div>
        </>
      )}
    </DeskPage>
  );
}

/** What the floor thinks I do, and for how long. */
function State({ agent }: { agent: string }) {
  const wall = useWall();
  const cell = wall.board.at("agents", agent);
  const state = stateOf(cell.at("state").text || "off");
  const since = cell.at("contact_since").number ?? cell.at("since").number;
  const limit = cell.at("limit").number;
  const source = cell.at("source").text;
  const fresh = useDerived(() => wall.freshnessOf(source), [source]);
  const lasted = useDerived(() => {
    const now = timeOf(fresh.value, wall.second.value);
    return since === undefined || now === undefined ? undefined : Math.max(0, now - since);
  }, [since, source]);
  // Of a source that is lost nothing grows any more, and nothing is red.
  const look = useDerived(() => {
    const level = ofLimit(lasted.value, limit);
    return fresh.value.kind !== "live" ? "stale" : level === "warn" || level === "breach" ? level : "";
  }, [limit, source]);
  const reason = cell.at("reason").text;
  return (
    <section class={`dk-panel me-state ${look.value}`} aria-labelledby="me-state" data-state={state}>
      <h2 id="me-state" class="vh">
        {say("state")}
      </h2>
      <AsOf freshness={fresh.value} />
      <p class="what">
        <Glyph name={state} class={`st-${state}`} />
        <b>{t(`state.${state}`)}</b>
        {reason !== "" && <bdi>{reason}</bdi>}
      </p>
      {state !== "off" && state !== "unknown" && (
        <p class="time">
          <b>{lasted.value === undefined ? "–" : deskSpan(lasted.value)}</b>
          {limit !== undefined && <small>/ {exactSpan(limit)}</small>}
        </p>
      )}
    </section>
  );
}

function AsOf({ freshness }: { freshness: Freshness }) {
  const { zone } = useWall();
  if (freshness.kind === "live") return null;
  return <span class="all asof">{t("stale.asOf", { t: freshness.asOf === undefined ? "–" : clock(freshness.asOf, zone) })}</span>;
}

function Numbers({ agent }: { agent: string }) {
  const wall = useWall();
  const { board } = wall;
  const cell = board.at("agents", agent);
  const source = cell.at("source").text;
  const fresh = useDerived(() => wall.freshnessOf(source), [source]).value;
  const facts = useDerived(() => {
    const [done, target, aht] = [doneOf(cell), targetOf(board, cell.at("team").text), ahtOf(cell)];
    return JSON.stringify([done, target ?? null, aht === undefined ? null : Math.round(aht), cell.at("missed").number ?? 0, cell.at("longest_talk").number ?? null]);
  }, [agent]);
  const [done, target, aht, missed, longest] = JSON.parse(facts.value) as readonly [number, number | null, number | null, number, number | null];
  const share = target === null || target <= 0 ? 0 : Math.min(1, done / target);
  return (
    <section class={`dk-panel me-numbers ${fresh.kind === "live" ? "" : "stale"}`} aria-labelledby="me-numbers">
      <header class="h">
        <h2 id="me-numbers">{say("numbers")}</h2>
        <AsOf freshness={fresh} />
      </header>
      <div class="goal">
        <span>{say("answered")}</span>
        <b>
          {done}
          {target !== null && <small>/{target}</small>}
        </b>
        <i class="trk" aria-hidden="true">
          <i style={`inline-size: ${Math.round(share * 100)}%`} />
        </i>
        {target !== null && <span class="to">{done >= target ? say("goal.met") : say("goal.left", { n: target - done })}</span>}
      </div>
      <dl>
        <div>
          <dt>{say("aht")}</dt>
          <dd>{aht === null ? "–" : deskSpan(aht)}</dd>
        </div>
        <div>
          <dt>{say("longest")}</dt>
          <dd>{longest === null ? "–" : deskSpan(longest)}</dd>
        </div>
        <div>
          <dt>{say("missed")}</dt>
          <dd>{missed}</dd>
        </div>
      </dl>
    </section>
  );
}

function OwnAlerts({ agent }: { agent: string }) {
  const wall = useWall();
  const { board } = wall;
  const alerts = useDerived(() => alertsOf(board).filter((one) => one.agent === agent && (one.state === "firing" || one.state === "acknowledged")), [agent]);
  const running = useDerived(() => alerts.value.map((one) => runningOf(board, one, wall.second.value)), [agent]);
  if (alerts.value.length === 0) return null;
  return (
    <section class="dk-panel me-alerts" aria-labelledby="me-alerts">
      <header class="h">
        <h2 id="me-alerts">{say("alerts")}</h2>
        <span class="n">{alerts.value.length}</span>
      </header>
      <ul class="bk-list">
        {alerts.value.map((alert, i) => {
          const { glyph, look } = markOf(alert);
          return (
            <li key={alert.id} class="bk short">
              <p class="hd">
                <Glyph name={glyph} class={look} />
                <b>
                  <bdi>{titleOf(board, alert)}</bdi>
                </b>
                <span class="bk-what">{factOf(board, alert)}</span>
              </p>
              <b>{running.value[i]}</b>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
