import { useWall } from "../context";
import { nameOf } from "../names";
import { byState, gridFor, stateOf } from "../states";
import type { Cell } from "../wire/cell";
import { type Key, lang, t } from "../words";
import { briefKey, conflictKey, conflictsOf } from "../senses";
import { AskPerson } from "./Ask";
import { Empty } from "./Empty";
import { Glyph } from "./Glyph";
import { useDerived } from "./hooks";
import { useMoves, useSettled } from "./moves";
import { Timer } from "./Timer";
import { Totals } from "./Totals";

/**
 * Who does what, the totals pinned above. Nobody is shamed on a wall: a tile tells a state and its age, and keeps
 * its colour however long that is.
 */
export function Agents() {
  const wall = useWall();
  const agents = wall.board.at("agents");
  const order = useDerived(() => sorted(agents), []);
  const all = useSettled(order.value);
  const tiles = useMoves(all.join("\n"), "data-agent");
  const isLong = useDerived(() => lang.value === "en" || order.value.some((id) => breadth(nameOf(agents.at(id), id)) > ROOMY), [order]);
  const grid = gridFor(all.length);
  const room = grid.columns * grid.rows;
  const shown = all.length > room ? all.slice(0, room - 1) : all;
  return (
    <section class="agents" data-tile="agents" aria-label={t("agents")}>
      <Totals people={all.length} />
      {all.length === 0 ? (
        <div class="tile nobody">
          <Empty what={t("agents.none")} why={t("agents.noneWhy")} />
        </div>
      ) : (
        <ul ref={tiles} class={`grid ${grid.size} ${isLong.value ? "long" : ""}`} style={{ "--columns": grid.columns, "--rows": grid.rows }}>
          {shown.map((id) => (
            <Agent key={id} id={id} agent={agents.at(id)} size={grid.size} />
          ))}
          {shown.length < all.length && <li class="agent rest">{t("agents.more", { n: all.length - shown.length })}</li>}
        </ul>
      )}
    </section>
  );
}

/** Ems a name takes beside a glyph before it needs a line of its own. */
const ROOMY = 5;

/** Roughly: a Chinese character is one em wide, any other a bit over half of that. */
function breadth(name: string): number {
  let ems = 0;
  for (const character of name) ems += (character.codePointAt(0) ?? 0) >= 0x2e80 ? 1 : 0.57;
  return ems;
}

function sorted(agents: Cell): readonly string[] {
  return agents.keys
    .map((id) => {
      const agent = agents.at(id);
      return { id, state: stateOf(agent.at("state").text), since: agent.at("contact_since").number ?? agent.at("since").number };
    })
    .sort(byState)
    .map(({ id }) => id);
}

function Agent({ id, agent, size }: { id: string; agent: Cell; size: string }) {
  const wall = useWall();
  const state = stateOf(agent.at("state").text);
  const freshness = wall.freshnessOf(agent.at("source").text);
  const reason = agent.at("reason").text;
  const conflicts = useDerived(() => conflictsOf(agent), [id]);
  const doubt = conflicts.value[0];
  const isShort = size === "s" || size === "xs" || size === "dot";
  // A state that another sense contradicts is not told as if it were true.
  const word = doubt === undefined ? t(`${isShort ? "short" : "state"}.${state}` as Key) : t(isShort ? "conflict.short" : "conflict.word");
  const why = doubt === undefined ? "" : t(conflictKey(doubt.kind));
  return (
    <li class={`agent is-${state} ${doubt === undefined ? "" : "doubt"} ${freshness.kind === "live" ? "" : "stale"}`} data-agent={id} title={why}>
      <AskPerson id={id} what={nameOf(agent, id)} />
      {doubt === undefined ? <Glyph name={state} class={`st-${state}`} /> : <Glyph name="conflict" class="m-breach" />}
      <b class="who">
        <bdi>{nameOf(agent, id)}</bdi>
      </b>
      <span class={size === "dot" ? "vh" : "what"}>{word}</span>
      {state !== "off" && size !== "dot" && (
        <span class="for">
          <Timer since={doubt?.since ?? agent.at("since").number} freshness={freshness} />
        </span>
      )}
      {size === "l" && why !== "" ? (
        <span class="why">{t(briefKey(doubt?.kind ?? ""))}</span>
      ) : (
        <span class="vh">{why}</span>
      )}
      {size === "l" && why === "" && saysMore(reason, state, word) && <bdi class="why">{reason}</bdi>}
    </li>
  );
}

/** Whether the PBX's own reason tells more than the state it was taken for. */
function saysMore(reason: string, ...told: readonly string[]): boolean {
  const said = reason.trim().toLowerCase();
  return said !== "" && !told.some((word) => word.toLowerCase() === said);
}
