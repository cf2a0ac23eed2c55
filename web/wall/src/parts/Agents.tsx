import type { TileProps } from "../board/registry";
import { scopeOf } from "../board/scope";
import { useShow } from "../board/show";
import { useWall } from "../context";
import { nameOf } from "../names";
import { byState, gridIn, stateOf } from "../states";
import { text } from "../tiles/options";
import type { Wall } from "../wall";
import type { Cell } from "../wire/cell";
import { type Key, lang, t } from "../words";
import { briefKey, conflictKey, conflictsOf } from "../senses";
import { AskPerson } from "./Ask";
import { Empty } from "./Empty";
import { Glyph } from "./Glyph";
import { useDerived, useRoom } from "./hooks";
import { useMoves, useSettled } from "./moves";
import { Timer } from "./Timer";

/**
 * Who does what, the totals pinned above. Nobody is shamed on a wall: a tile tells a state and its age, and keeps
 * its colour however long that is.
 */
export function Agents({ tile, options }: TileProps) {
  const wall = useWall();
  const show = useShow();
  const scope = text(options, "scope");
  const agents = wall.board.at("agents");
  const order = useDerived(() => sorted(agents, among(wall, scope)), [scope]);
  const all = useSettled(order.value);
  const isLong = useDerived(() => lang.value === "en" || order.value.some((id) => breadth(nameOf(agents.at(id), id)) > ROOMY), [order]);
  const [ref, [width, height]] = useRoom();
  const isStacked = show?.isStacked.value === true;
  const grid = isStacked ? { size: "m" as const, columns: 2, rows: Math.ceil(all.length / 2) } : gridIn(all.length, isLong.value ? width / LONGER : width, height);
  const room = Math.max(1, grid.columns * grid.rows);
  const pages = Math.max(1, Math.ceil(all.length / room));
  const page = useDerived(() => (pages === 1 ? 0 : Math.floor(wall.uptime.value / DWELL) % pages), [pages]).value;
  const shown = all.slice(page * room, (page + 1) * room);
  const moves = useMoves(shown.join("\n"), "data-agent");
  return (
    <section class="agents" data-tile={tile.id} aria-label={t("agents")}>
      <div class="room" ref={ref}>
        {all.length === 0 ? (
          <div class="tile nobody">
            <Empty what={t("agents.none")} why={t("agents.noneWhy")} />
          </div>
        ) : (
          <ul ref={moves} class={`grid ${grid.size} ${isLong.value ? "long" : ""}`} style={{ "--columns": grid.columns, "--rows": grid.rows }}>
            {shown.map((id) => (
              <Agent key={id} id={id} agent={agents.at(id)} size={grid.size} />
            ))}
          </ul>
        )}
        {pages > 1 && (
          <span class="pages" role="img" aria-label={`${page + 1} / ${pages}`}>
            {Array.from({ length: pages }, (_, i) => (
              <i key={i} class={i === page ? "on" : ""} />
            ))}
          </span>
        )}
      </div>
    </section>
  );
}

/** How much wider a tile of long names and words has to be. */
const LONGER = 1.12;
/** Seconds a page of people stays. */
const DWELL = 12;

/** Whose people: all, or a team's. */
function among(wall: Wall, scope: string): ((agent: Cell) => boolean) | undefined {
  const place = scopeOf(wall, scope);
  return place.kind === "team" ? (agent) => agent.at("team").text === place.id : undefined;
}

/** Ems a name takes beside a glyph before it needs a line of its own. */
const ROOMY = 5;

/** Roughly: a Chinese character is one em wide, any other a bit over half of that. */
function breadth(name: string): number {
  let ems = 0;
  for (const character of name) ems += (character.codePointAt(0) ?? 0) >= 0x2e80 ? 1 : 0.57;
  return ems;
}

function sorted(agents: Cell, isAmong: ((agent: Cell) => boolean) | undefined): readonly string[] {
  return agents.keys
    .filter((id) => isAmong === undefined || isAmong(agents.at(id)))
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
