import type { TileProps } from "../board/registry";
import { AsOf } from "../board/Frame";
import { scopeOf } from "../board/scope";
import { useWall } from "../context";
import { ALWAYS, STATES, type State, stateOf } from "../states";
import { type Key, lang, t } from "../words";
import { Ask } from "./Ask";
import { Glyph } from "./Glyph";
import { text } from "../tiles/options";
import type { Wall } from "../wall";
import { useDerived, useSteps } from "./hooks";

/** How many people are in each state; pinned, and always in the same places. */
export function Totals({ tile, options }: TileProps) {
  const wall = useWall();
  const scope = text(options, "scope");
  const place = scopeOf(wall, scope);
  const counted = useDerived(() => countsOf(wall, scope), [scope]).value;
  const of = (state: State) => counted.get(state) ?? 0;
  const people = [...counted.values()].reduce((sum, n) => sum + n, 0);
  const shown = STATES.filter((state) => ALWAYS.has(state) || of(state) > 0);
  const doubts = place.kind === "floor" ? (wall.board.at("floor", "conflicts").number ?? 0) : 0;
  const freshness = place.freshness;
  const steps = useSteps(5, `${shown.map((s) => `${s}${of(s)}`).join()}${lang.value}${people}${doubts}${freshness.kind}`);
  return (
    <ul class={`totals tile ${freshness.kind === "live" ? "" : "stale"}`} ref={steps as never} data-tile={tile.id} aria-label={place.name || t("agents")}>
      <li class="sum">
        <Ask metric="staffed" scope={place.scope} what={place.name || t("agents")} />
        <bdi class="word">{place.name || t("agents")}</bdi>
        <b>{people}</b>
      </li>
      {shown.map((state) => (
        <li key={state} class={of(state) === 0 ? "zero" : ""} data-state={state}>
          <Glyph name={state} class={`st-${state}`} />
          <span class="word long">{t(`state.${state}` as Key)}</span>
          <span class="word short" aria-hidden="true">
            {t(`short.${state}` as Key)}
          </span>
          <b>{of(state)}</b>
        </li>
      ))}
      {doubts > 0 && (
        <li data-state="conflict">
          <Glyph name="conflict" class="m-breach" />
          <span class="word">{t("conflict.short")}</span>
          <b>{doubts}</b>
        </li>
      )}
      {freshness.kind !== "live" && (
        <li class="end">
          <AsOf freshness={freshness} />
        </li>
      )}
    </ul>
  );
}

/** How many of a place are in each state: the floor's as the server counts them, a team's from its people. */
export function countsOf(wall: Wall, scope: string): ReadonlyMap<State, number> {
  const place = scopeOf(wall, scope);
  const counts = new Map<State, number>();
  if (place.kind === "floor") {
    const told = wall.board.at("floor", "agents");
    for (const state of STATES) if (told.at(state).number) counts.set(state, told.at(state).number ?? 0);
    return counts;
  }
  const agents = wall.board.at("agents");
  for (const key of agents.keys) {
    if (agents.at(key, "team").text !== place.id) continue;
    const state = stateOf(agents.at(key, "state").text);
    counts.set(state, (counts.get(state) ?? 0) + 1);
  }
  return counts;
}
