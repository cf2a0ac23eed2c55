import { useWall } from "../context";
import { Glyph } from "../parts/Glyph";
import { useDerived, useSteps } from "../parts/hooks";
import { ALWAYS, type State, STATES } from "../states";
import { type Key, lang, t } from "../words";
import { useTeam } from "./context";
import { say } from "./words";

/** How many people are in each state, always in the same places; each of them filters the list. */
export function Totals() {
  const page = useTeam();
  const wall = useWall();
  const chosen = page.choice.value.states;
  // As words: numbers change with every message, which states are shown hardly ever.
  const there = useDerived(() => [...page.counts.value.states.keys()].sort().join(), []).value.split(",");
  const people = useDerived(() => page.counts.value.people, []).value;
  const shown = STATES.filter((state) => ALWAYS.has(state) || there.includes(state) || chosen.includes(state));
  const isOld = useDerived(() => wall.floorFreshness.value.kind === "stale", []).value;
  const steps = useSteps(2, `${shown.join()}${lang.value}${people}`);
  return (
    <ul class={`tg-totals ${isOld ? "stale" : ""}`} aria-label={say("totals")} ref={steps as never}>
      <Staffed />
      <Total of="doubt" isChosen={chosen.includes("doubt")} />
      {shown.map((state) => (
        <Total key={state} of={state} isChosen={chosen.includes(state)} />
      ))}
    </ul>
  );
}

function Staffed() {
  const page = useTeam();
  const choice = page.choice.value;
  const people = useDerived(() => page.counts.value.people, []).value;
  const staffed = useDerived(() => page.counts.value.staffed, []).value;
  return (
    <li class="sum">
      <button
        type="button"
        data-metric="staffed"
        data-scope={choice.team === "" ? "floor" : `team:${choice.team}`}
        aria-pressed={choice.states.length === 0}
        title={say("staffed.show", { n: staffed, all: people })}
        onClick={() => page.choose({ states: [], attention: false })}
      >
        <span class="n">
          <b>{staffed}</b>
          <small>{`/${people}`}</small>
        </span>
        <span class="word">{say("staffed")}</span>
      </button>
    </li>
  );
}

/** One state's number, or that of those in doubt; drawn anew only when this one changed. */
function Total({ of: what, isChosen }: { of: State | "doubt"; isChosen: boolean }) {
  const page = useTeam();
  const isDoubt = what === "doubt";
  const n = useDerived(() => (what === "doubt" ? page.counts.value.doubts : (page.counts.value.states.get(what) ?? 0)), [what]).value;
  const word = isDoubt ? t("conflict.word") : t(`state.${what}` as Key);
  return (
    <li class={`${n === 0 ? "zero" : ""} ${isDoubt && n > 0 ? "bad" : ""}`}>
      <button type="button" data-state={what} aria-pressed={isChosen} title={say("state.show", { state: word, n })} onClick={() => page.toggle(what)}>
        <span class="n">
          <Glyph name={isDoubt ? "conflict" : what} class={isDoubt ? (n > 0 ? "m-breach" : "") : `st-${what}`} />
          <b>{n}</b>
        </span>
        <span class="word long">{word}</span>
        <span class="word short">{isDoubt ? t("conflict.short") : t(`short.${what}` as Key)}</span>
      </button>
    </li>
  );
}
