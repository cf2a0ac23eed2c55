import "../css/explain.css";
import "../css/person.css";

import { useRef } from "preact/hooks";

import { buttons, person } from "../ask";
import { nameOf } from "../names";
import { clock } from "../format/moment";
import { Glyph, type GlyphName } from "../parts/Glyph";
import { useDerived } from "../parts/hooks";
import { agoWords } from "../parts/Timer";
import { conflictKey, conflictsOf, type Sense, sensesOf } from "../senses";
import { stateOf } from "../states";
import type { Wall } from "../wall";
import type { Cell } from "../wire/cell";
import { type Key, t } from "../words";
import { DayLine } from "./Day";
import { useLooking } from "./looking";
import { Numbers, Shares } from "./Numbers";
import { said } from "./said";
import { useTrap } from "./trap";
import { type Key as Said, say } from "./words";

const KINDS = ["acd", "phone", "desk", "seat"] as const satisfies readonly GlyphName[];
const FAULTS = new Set(["edge_away", "source_down", "clock_off"]);

function close(): void {
  person.value = undefined;
}

/** Milliseconds from look to look at a day: each is on record, and the lanes move slowly. */
const EVERY = 30_000;

/** One person: what cannot both be true, how their day went, what each sense says, and the day's numbers. */
export function Person({ wall }: { wall: Wall }) {
  const asked = person.value;
  const id = asked?.id ?? "";
  const agent = wall.board.at("agents", id);
  const senses = useDerived(() => {
    const told = sensesOf(agent);
    return told.length > 0 ? told : alone(agent);
  }, [id]);
  const conflicts = useDerived(() => conflictsOf(agent), [id]);
  const dialog = useRef<HTMLElement>(null);
  const button = useRef(asked?.button);
  const looking = useLooking(`api/v1/people/${encodeURIComponent(id)}/day`, EVERY);
  const freshness = wall.freshnessOf(agent.at("source").text);
  const asOf = freshness.kind === "live" ? undefined : freshness.asOf;
  useTrap(dialog, close, () => (button.current?.isConnected ? button.current : buttons()[0]));
  const now = wall.second.value ?? 0;
  const state = stateOf(agent.at("state").text);
  const team = agent.at("team").text;
  const teamName = nameOf(wall.board.at("teams", team), team);
  const where = (
    [
      ...(teamName === team ? ([["person.team", "team"]] as const) : []),
      ["person.seat", "seat"],
      ["person.extension", "extension"],
    ] as const
  ).map(([key, field]) => [key, field, agent.at(field).text] as const);
  const sourceName = (source: string) => nameOf(wall.board.at("sources", source), source);
  return (
    <div class="explain person">
      <div class="veil scrim" onClick={close} />
      <section ref={dialog} class="panel" role="dialog" aria-modal="true" aria-labelledby="person-title" tabIndex={-1} data-person-panel={id}>
        <header class="why-head">
          <h1 id="person-title">
            <bdi>{nameOf(agent, id)}</bdi>
          </h1>
          <div class="x">
            <button type="button" class="btn ghost" aria-label={say("person.close")} onClick={close}>
              <Glyph name="lost" />
            </button>
          </div>
          <div class="sub">
            <p>
              <Glyph name={state} class={`st-${state}`} /> {t(`state.${state}` as Key)}
              {teamName !== team && (
                <>
                  {" · "}
                  <bdi>{teamName}</bdi>
                </>
              )}
              {where.map(([key, field, value]) => value !== "" && <span key={field}> · {say(key, { [field]: value })}</span>)}
              {freshness.kind !== "live" && <b class="asof"> · {t("stale.asOf", { t: asOf === undefined ? "–" : clock(asOf, wall.zone) })}</b>}
            </p>
          </div>
        </header>
        <div class="person-body">
          {conflicts.value.map((conflict) => (
            <p key={conflict.kind} class="why-alert doubt" role="alert">
              <Glyph name="conflict" class="m-breach" />
              <span>
                <b>{t(conflictKey(conflict.kind))}</b>
                <small>
                  {say("conflict.between", { sources: conflict.sources.map(sourceName).join(" ≠ ") })}
                  {conflict.since !== undefined && ` · ${agoWords(now - conflict.since)}`}
                </small>
              </span>
            </p>
          ))}
          <section>
            <h2>{say("day")}</h2>
            <DayLine wall={wall} looking={looking} />
          </section>
          <div class="halves">
            <section>
              <h2>{say("person.title")}</h2>
              {senses.value.length === 0 ? (
                <p class="none">{say("person.none")}</p>
              ) : (
                <table>
                  <thead>
                    <tr>
                      <th>{say("person.sense")}</th>
                      <th>{say("person.source")}</th>
                      <th>{say("person.says")}</th>
                      <th class="num">{say("person.for")}</th>
                    </tr>
                  </thead>
                  <tbody>
                    {senses.value.map((sense) => (
                      <Row key={`${sense.sense} ${sense.source} ${sense.says}`} sense={sense} now={now} source={sourceName(sense.source)} />
                    ))}
                  </tbody>
                </table>
              )}
              <p class="rule">{say("person.rule")}</p>
              <Shares wall={wall} agent={agent} />
            </section>
            <Numbers wall={wall} id={id} agent={agent} />
          </div>
        </div>
      </section>
    </div>
  );
}

/** Where one switch alone speaks of a person, the board says it once: as the state. */
function alone(agent: Cell): readonly Sense[] {
  const source = agent.at("source").text;
  if (source === "") return [];
  return [{ source, sense: "acd", says: agent.at("state").text, since: agent.at("since").number, isAgeUnknown: false, isStale: false, fault: "" }];
}

function Row({ sense, now, source }: { sense: Sense; now: number; source: string }) {
  const kind = KINDS.find((known) => known === sense.sense);
  const lasts = sense.since === undefined ? "–" : agoWords(now - sense.since);
  return (
    <tr class={sense.isStale ? "stale" : ""} data-sense={sense.sense}>
      <th scope="row">
        {kind !== undefined && <Glyph name={kind} />}
        {kind === undefined ? sense.sense : say(`sense.${kind}`)}
      </th>
      <td>
        <bdi>{source}</bdi>
      </td>
      <td>
        <b>{said(sense.says)}</b>
        {sense.isStale && <small>{say("sense.stale")}</small>}
        {sense.fault !== "" && <small>{say("sense.fault", { fault: FAULTS.has(sense.fault) ? say(`fault.${sense.fault}` as Said) : sense.fault })}</small>}
      </td>
      <td class="num">
        {sense.isStale ? "–" : lasts}
        {sense.isAgeUnknown && !sense.isStale && <small>{say("sense.unknownAge")}</small>}
      </td>
    </tr>
  );
}
