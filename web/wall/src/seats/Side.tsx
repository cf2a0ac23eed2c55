import type { Signal } from "@preact/signals";

import { AsOf } from "../board/Frame";
import { useWall } from "../context";
import { exactSpan } from "../format/duration";
import { nameOf } from "../names";
import { Glyph } from "../parts/Glyph";
import { useDerived } from "../parts/hooks";
import { Timer } from "../parts/Timer";
import { briefKey, conflictKey } from "../senses";
import { STATES } from "../states";
import type { Wall } from "../wall";
import { type Key, t } from "../words";
import type { Fact, Trouble } from "./facts";
import type { Attention, Floor } from "./floor";
import { TroubleMark } from "./Seat";
import { many, say } from "./words";

const MOST = 60;

/** Beside the plan: how many are in each state, which is the legend too, and whom to look at. */
export function Side({ floor, choose, chosen }: { floor: Floor; choose: (seat: string) => void; chosen: Signal<string | undefined> }) {
  const all = floor.attention.value;
  return (
    <aside class="s-side">
      <Totals floor={floor} />
      <section class="s-attention" aria-labelledby="s-attention">
        <h2 id="s-attention">
          {say("attention")}
          <small>{all.length}</small>
        </h2>
        {all.length === 0 ? (
          <p class="s-none">{say("attention.none")}</p>
        ) : (
          <ol class="s-flags">
            {all.slice(0, MOST).map((one) => (
              <Flag key={one.seat} one={one} isChosen={chosen.value === one.seat} choose={choose} />
            ))}
          </ol>
        )}
        {all.length > MOST && <p class="s-none">{say("attention.more", { n: all.length - MOST })}</p>}
        <Missing floor={floor} />
      </section>
    </aside>
  );
}

function Totals({ floor }: { floor: Floor }) {
  const wall = useWall();
  const { counts, doubts, people, present } = floor.totals.value;
  const freshness = wall.floorFreshness.value;
  const shown = STATES.filter((state) => state !== "busy" || (counts.get(state) ?? 0) > 0);
  return (
    <section class={`s-totals ${freshness.kind === "live" ? "" : "stale"}`} aria-labelledby="s-totals">
      <h2 id="s-totals">
        {say("totals")}
        {freshness.kind === "live" ? <small>{say("totals.sum", { n: people })}</small> : <AsOf freshness={freshness} />}
      </h2>
      <p class="s-sum">
        {say("present")}
        <b>
          {present}
          <small>/{people}</small>
        </b>
      </p>
      <ul>
        <li class={doubts === 0 ? "zero" : "doubt"}>
          <Glyph name="conflict" class="m-breach" />
          <span>{say("doubt")}</span>
          <b>{doubts}</b>
        </li>
        {shown.map((state) => (
          <li key={state} class={counts.get(state) === 0 ? "zero" : ""}>
            <Glyph name={state} class={`st-${state}`} />
            <span>{t(`state.${state}` as Key)}</span>
            <b>{counts.get(state)}</b>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Flag({ one, isChosen, choose }: { one: Attention; isChosen: boolean; choose: (seat: string) => void }) {
  const wall = useWall();
  const { seat, fact, trouble } = one;
  const name = useDerived(() => (fact.agent === "" ? "" : nameOf(wall.board.at("agents", fact.agent), fact.agent)), [fact.agent]);
  return (
    <li>
      <button type="button" class={`t-${trouble} ${fact.freshness.kind === "live" ? "" : "old"}`} aria-pressed={isChosen} onClick={() => choose(seat)}>
        <TroubleMark trouble={trouble} />
        <span class="s-who">
          <bdi>{seat}</bdi> {name.value !== "" && <bdi>{name}</bdi>}
        </span>
        <b class="s-for">{trouble !== "sensor" && <Timer since={fact.since} freshness={fact.freshness} />}</b>
        <small>{troubleWords(wall, fact, trouble)}</small>
      </button>
    </li>
  );
}

/** What is wrong at a seat, in a few words. */
export function troubleWords(wall: Wall, fact: Fact, trouble: Trouble): string {
  switch (trouble) {
    case "doubt":
      return t(conflictKey(fact.doubt)) || t(briefKey(fact.doubt));
    case "breach":
    case "warn":
      return say(`why.${trouble}`, { state: t(`state.${fact.state}` as Key), limit: exactSpan(wall.board.at("agents", fact.agent, "limit").number ?? 0) });
    case "fault":
      return fact.fault === "" ? say("why.faulty") : fact.fault === "disconnected" ? say("why.fault", { fault: say("near.disconnected") }) : say("why.fault", { fault: fact.fault });
    case "guest":
      return say("why.guest");
    case "sensor":
      return say("why.sensor");
  }
}

const LISTED = 6;

function Missing({ floor }: { floor: Floor }) {
  const { off, seatless } = floor.missing.value;
  if (off.length === 0 && seatless === 0) return null;
  return (
    <p class="s-missing">
      {off.length > 0 && <span>{many("missing.seats", off.length, { list: off.slice(0, LISTED).join(" ") + (off.length > LISTED ? " …" : "") })}</span>}
      {seatless > 0 && <span>{many("missing.seatless", seatless)}</span>}
    </p>
  );
}
