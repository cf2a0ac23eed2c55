import { useWall } from "../context";
import { Glyph } from "../parts/Glyph";
import { useSteps } from "../parts/hooks";
import { ALWAYS, STATES } from "../states";
import { type Key, lang, t } from "../words";
import { useTeam } from "./context";
import { say } from "./words";

/** How many people are in each state, always in the same places; each of them filters the list. */
export function Totals() {
  const page = useTeam();
  const wall = useWall();
  const { people, staffed, doubts, states } = page.counts.value;
  const chosen = page.choice.value.states;
  const shown = STATES.filter((state) => ALWAYS.has(state) || states.has(state) || chosen.includes(state));
  const isOld = wall.floorFreshness.value.kind === "stale";
  const steps = useSteps(2, `${shown.join()}${lang.value}${people}`);
  const one = (key: string, n: number, glyph: "conflict" | (typeof STATES)[number], word: string, short: string, kind: string) => (
    <li key={key} class={`${n === 0 ? "zero" : ""} ${kind}`}>
      <button type="button" data-state={key} aria-pressed={chosen.includes(key)} title={say("state.show", { state: word, n })} onClick={() => page.toggle(key)}>
        <span class="n">
          <Glyph name={glyph} class={glyph === "conflict" ? (n > 0 ? "m-breach" : "") : `st-${glyph}`} />
          <b>{n}</b>
        </span>
        <span class="word long">{word}</span>
        <span class="word short">{short}</span>
      </button>
    </li>
  );
  return (
    <ul class={`tg-totals ${isOld ? "stale" : ""}`} aria-label={say("totals")} ref={steps as never}>
      <li class="sum">
        <button
          type="button"
          data-metric="staffed"
          data-scope={page.choice.value.team === "" ? "floor" : `team:${page.choice.value.team}`}
          aria-pressed={chosen.length === 0}
          title={say("staffed.show", { n: staffed, all: people })}
          onClick={() => page.choose({ states: [], attention: false })}
        >
          <span class="n">
            <b>{staffed}</b>
            <small>/{people}</small>
          </span>
          <span class="word">{say("staffed")}</span>
        </button>
      </li>
      {one("doubt", doubts, "conflict", t("conflict.word"), t("conflict.short"), doubts > 0 ? "bad" : "")}
      {shown.map((state) => one(state, states.get(state) ?? 0, state, t(`state.${state}` as Key), t(`short.${state}` as Key), ""))}
    </ul>
  );
}
