import { useWall } from "../context";
import { ALWAYS, STATES, type State } from "../states";
import { type Key, lang, t } from "../words";
import { Ask } from "./Ask";
import { AsOf } from "./Hero";
import { Glyph } from "./Glyph";
import { useSteps } from "./hooks";

/** How many people are in each state; pinned, and always in the same places. */
export function Totals({ people }: { people: number }) {
  const wall = useWall();
  const counts = wall.board.at("floor", "agents");
  const of = (state: State) => counts.at(state).number ?? 0;
  const shown = STATES.filter((state) => ALWAYS.has(state) || of(state) > 0);
  const doubts = wall.board.at("floor", "conflicts").number ?? 0;
  const freshness = wall.floorFreshness.value;
  const steps = useSteps(5, `${shown.map((s) => `${s}${of(s)}`).join()}${lang.value}${people}${doubts}${freshness.kind}`);
  return (
    <ul class={`totals tile ${freshness.kind === "live" ? "" : "stale"}`} ref={steps as never}>
      <li class="sum">
        <Ask metric="staffed" what={t("agents")} />
        <span class="word">{t("agents")}</span>
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
