import { type Signal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";

import { person } from "../ask";
import { useWall } from "../context";
import { said } from "../explain/said";
import { exactSpan } from "../format/duration";
import { nameOf } from "../names";
import { Glyph, type GlyphName } from "../parts/Glyph";
import { useDerived, useKeydown } from "../parts/hooks";
import { agoWords, Timer } from "../parts/Timer";
import { conflictKey, conflictsOf, type Sense, sensesOf } from "../senses";
import { type Key, t } from "../words";
import type { Fact } from "./facts";
import type { Floor } from "./floor";
import { cellOf, type PlanSeat } from "./plan";
import { troubleWords } from "./Side";
import { TroubleMark } from "./Seat";
import { troubleOf } from "./facts";
import type { View } from "./view";
import { say } from "./words";

const KINDS = ["acd", "phone", "desk", "seat"] as const satisfies readonly GlyphName[];
const AWAY = 14;

/** Beside the chosen seat: who it is, and what every sense says. */
export function Popover({ floor, seat, view, chosen }: { floor: Floor; seat: PlanSeat; view: View; chosen: Signal<string | undefined> }) {
  const card = useRef<HTMLElement>(null);
  const look = view.now.value;
  const isNarrow = view.room.w < 600;
  const close = (focus = true) => {
    chosen.value = undefined;
    if (focus) document.querySelector<HTMLElement>(`[data-seat="${CSS.escape(seat.id)}"]`)?.focus({ preventScroll: true });
  };
  useLayoutEffect(() => {
    const element = card.current;
    if (element === null || isNarrow) return;
    const cell = cellOf(seat);
    const [left, top] = [cell.x * look.z + look.x, cell.y * look.z + look.y];
    const [right, height] = [left + cell.w * look.z, cell.h * look.z];
    const { w, h } = view.room;
    const [wide, tall] = [element.offsetWidth, element.offsetHeight];
    const x = right + AWAY + wide <= w ? right + AWAY : left - AWAY - wide >= 0 ? left - AWAY - wide : Math.max(8, w - wide - 8);
    const y = Math.min(Math.max(8, top + height / 2 - tall / 2), Math.max(8, h - tall - 8));
    element.style.transform = `translate(${Math.round(x)}px, ${Math.round(y)}px)`;
  });
  useKeydown((event) => {
    if (event.key === "Escape" && person.peek() === undefined) close();
  });
  const fact = floor.fact(seat.id).value;
  return (
    <section ref={card} class={`s-pop ${isNarrow ? "sheet" : ""}`} data-over aria-labelledby="s-pop-title">
      <Who seat={seat} fact={fact} />
      <button type="button" class="s-x" aria-label={say("pop.close")} onClick={() => close()}>
        <Glyph name="lost" />
      </button>
      <What fact={fact} />
      {fact.agent !== "" && <Said agent={fact.agent} />}
      {fact.agent !== "" && (
        <div class="s-row">
          <button type="button" class="s-btn main" aria-haspopup="dialog" onClick={(event) => (person.value = { id: fact.agent, button: event.currentTarget })}>
            {say("pop.details")}
          </button>
        </div>
      )}
    </section>
  );
}

function Who({ seat, fact }: { seat: PlanSeat; fact: Fact }) {
  const wall = useWall();
  const agent = wall.board.at("agents", fact.agent);
  const team = fact.agent === "" ? "" : agent.at("team").text;
  return (
    <h2 id="s-pop-title">
      <bdi>{fact.agent === "" ? seat.id : nameOf(agent, fact.agent)}</bdi>
      <small>
        {fact.agent === "" ? say("seat.free") : <bdi>{seat.id}</bdi>}
        {team !== "" && <bdi> {nameOf(wall.board.at("teams", team), team)}</bdi>}
      </small>
    </h2>
  );
}

function What({ fact }: { fact: Fact }) {
  const wall = useWall();
  const agent = wall.board.at("agents", fact.agent);
  const limit = agent.at("limit").number;
  const trouble = troubleOf(fact);
  const conflicts = useDerived(() => conflictsOf(agent), [fact.agent]);
  const isConflict = trouble === "doubt";
  return (
    <>
      {fact.agent !== "" && (
        <p class="s-state">
          <Glyph name={fact.state} class={`st-${fact.state}`} />
          <b>{t(`state.${fact.state}` as Key)}</b>
          <b class="s-for">{fact.state !== "off" && <Timer since={agent.at("since").number} freshness={fact.freshness} />}</b>
          {limit !== undefined && <small>{say("pop.limit", { limit: exactSpan(limit) })}</small>}
        </p>
      )}
      {isConflict
        ? conflicts.value.map((conflict) => (
            <p key={conflict.kind} class="s-verdict t-doubt">
              <TroubleMark trouble="doubt" />
              <b>{t(conflictKey(conflict.kind))}</b>
            </p>
          ))
        : trouble !== undefined && (
            <p class={`s-verdict t-${trouble}`}>
              <TroubleMark trouble={trouble} />
              <b>{troubleWords(wall, fact, trouble)}</b>
            </p>
          )}
      {fact.agent === "" && trouble === undefined && <p class="s-none">{say("pop.free")}</p>}
    </>
  );
}

function Said({ agent }: { agent: string }) {
  const wall = useWall();
  const cell = wall.board.at("agents", agent);
  const senses = useDerived(() => sensesOf(cell), [agent]);
  const accused = useDerived(() => new Set(conflictsOf(cell).flatMap((conflict) => conflict.sources.slice(1))), [agent]);
  if (senses.value.length === 0) return <p class="s-none">{say("pop.senses")}</p>;
  return (
    <table>
      <tbody>
        {senses.value.map((sense) => (
          <Row key={`${sense.source} ${sense.sense}`} sense={sense} isBad={accused.value.has(sense.source)} />
        ))}
      </tbody>
    </table>
  );
}

function Row({ sense, isBad }: { sense: Sense; isBad: boolean }) {
  const wall = useWall();
  const kind = KINDS.find((known) => known === sense.sense);
  const age = useDerived(() => (sense.since === undefined || sense.isStale ? "–" : agoWords((wall.second.value ?? 0) - sense.since)), [sense.since, sense.isStale]);
  return (
    <tr class={sense.isStale ? "old" : ""}>
      <th scope="row">
        {kind !== undefined && <Glyph name={kind} />} <bdi>{nameOf(wall.board.at("sources", sense.source), sense.source)}</bdi>
      </th>
      <td class={isBad ? "bad" : ""}>
        <b>{said(sense.says)}</b>
        {sense.fault !== "" && <small> {say("seat.fault")}</small>}
      </td>
      <td class="num">{age}</td>
    </tr>
  );
}
