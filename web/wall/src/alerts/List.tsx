import { type ReadonlySignal, useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";

import { who } from "../acts/who";
import { useWall } from "../context";
import { deskSpan } from "../desk/span";
import { minute } from "../format/moment";
import { Glyph } from "../parts/Glyph";
import { useDerived } from "../parts/hooks";
import { ALL, byState, isWanted, KINDS } from "./filter";
import { type Alert, SEVERITIES, STATES } from "./model";
import { keyOf, opened, view, wanted } from "./page";
import { past } from "./requests";
import { factOf, markOf, runningOf, titleOf, whoOf } from "./say";
import { levelWord, quietWords, rolesWords } from "./tell";
import { many, say } from "./words";

const AGAIN = 15_000;
/** As css/alerts-page.css has it: the list and one of it fit beside each other. */
const WIDE = "(min-width: 78.01em)";
/** Rows before the rest is a number: a day can have many, and nobody reads a thousand. */
const MOST = 200;

/** Those of the board, and of today those that are over, narrowed down to what somebody wants. */
export function AlertList({ all }: { all: ReadonlySignal<readonly Alert[]> }) {
  const wall = useWall();
  const over = useSignal<readonly Alert[]>([]);
  const isToday = view.value === "today";
  useEffect(() => {
    if (!isToday) return undefined;
    const look = () => void past().then((found) => (over.value = found), () => undefined); // what came last stands until somebody answers
    look();
    const timer = setInterval(look, AGAIN);
    return () => clearInterval(timer);
  }, [isToday]);
  const now = all.value;
  const open = new Set(now.map(({ id }) => id));
  const every = isToday ? [...now, ...over.value.filter((alert) => alert.ended !== undefined || !open.has(alert.id))] : now;
  const shown = every.filter((alert) => isWanted(alert, wanted.value, wall.board)).sort(byState);
  const first = shown[0] === undefined ? undefined : keyOf(shown[0]);
  const role = who().value?.role;
  const byItself = useRef("");
  useEffect(() => {
    // What opened by itself before it was known whose list this is need not be in it.
    const isStrange = opened.peek() === byItself.current && !shown.some((alert) => keyOf(alert) === opened.peek());
    // Where there is room beside the list it is not left empty; in a hand the list comes first.
    if (first !== undefined && (opened.peek() === "" || isStrange) && matchMedia(WIDE).matches) opened.value = byItself.current = first;
  }, [view.value, first === undefined, role]);
  return (
    <section class="ap-list" aria-label={say("list")}>
      <Filters every={every} />
      <p class="ap-count" role="status">
        {many("count", shown.length)}
      </p>
      {shown.length === 0 ? (
        <p class="ap-none">{every.length === 0 ? say(isToday ? "today.none" : "none") : say("filter.none")}</p>
      ) : (
        <ul>
          {shown.slice(0, MOST).map((alert) => (
            <Line key={`${alert.id} ${alert.ended ?? ""}`} alert={alert} />
          ))}
        </ul>
      )}
      {shown.length > MOST && <p class="ap-none">{many("more", shown.length - MOST)}</p>}
    </section>
  );
}

function Filters({ every }: { every: readonly Alert[] }) {
  const { levels, states, kind } = wanted.value;
  const toggle = <T,>(list: readonly T[], one: T): readonly T[] => (list.includes(one) ? list.filter((other) => other !== one) : [...list, one]);
  const n = (is: (alert: Alert) => boolean) => every.filter(is).length;
  const isNarrow = levels.length + states.length > 0 || kind !== "" || wanted.value.text !== "";
  return (
    <div class="ap-filters">
      <div role="group" aria-label={say("filter.level")}>
        {SEVERITIES.filter((level) => levels.includes(level) || n(({ severity }) => severity === level) > 0).map((level) => (
          <button type="button" key={level} class="dk-chip" aria-pressed={levels.includes(level)} data-level={level} onClick={() => (wanted.value = { ...wanted.value, levels: toggle(levels, level) })}>
            {levelWord(level)} <b>{n(({ severity }) => severity === level)}</b>
          </button>
        ))}
      </div>
      <div role="group" aria-label={say("filter.state")}>
        {STATES.filter((one) => states.includes(one) || n(({ state }) => state === one) > 0).map((state) => (
          <button type="button" key={state} class="dk-chip" aria-pressed={states.includes(state)} data-state={state} onClick={() => (wanted.value = { ...wanted.value, states: toggle(states, state) })}>
            {say(`state.${state}`)} <b>{n((alert) => alert.state === state)}</b>
          </button>
        ))}
        <label class={`dk-choice ${kind === "" ? "" : "on"}`}>
          <span class="vh">{say("filter.of")}</span>
          <select value={kind} onChange={(event) => (wanted.value = { ...wanted.value, kind: KINDS.find((one) => one === event.currentTarget.value) ?? "" })}>
            <option value="">{say("filter.any")}</option>
            {KINDS.map((one) => (
              <option key={one} value={one}>
                {say(`of.${one}`)}
              </option>
            ))}
          </select>
        </label>
        {isNarrow && (
          <button type="button" class="dk-chip clear" onClick={() => (wanted.value = ALL)}>
            {say("filter.clear")}
          </button>
        )}
      </div>
    </div>
  );
}

function Line({ alert }: { alert: Alert }) {
  const wall = useWall();
  const { glyph, look } = markOf(alert);
  const key = keyOf(alert);
  const isOpen = opened.value === key;
  const running = useDerived(() => runningOf(wall.board, alert, wall.second.value), [alert]);
  const isOver = alert.ended !== undefined;
  return (
    <li class={`ap-line ${alert.state === "no_data" ? "nodata" : alert.state === "firing" ? alert.severity : "calm"}`}>
      <button type="button" aria-current={isOpen ? "true" : undefined} data-line={alert.id} onClick={() => (opened.value = isOpen ? "" : key)}>
        <Glyph name={glyph} class={alert.state === "firing" ? look : ""} />
        <span class="what">
          <b>
            <bdi>{titleOf(wall.board, alert)}</bdi>
          </b>
          <span>
            <bdi>{whoOf(wall.board, alert)}</bdi>
            <i>{factOf(wall.board, alert)}</i>
          </span>
        </span>
        <span class="how">
          <b>{isOver && alert.ended !== undefined ? deskSpan(alert.ended - (alert.fired ?? alert.since)) : running}</b>
          <span>{standing(alert, wall.zone)}</span>
        </span>
      </button>
    </li>
  );
}

/** Where it stands, in a few words. */
function standing(alert: Alert, zone: string): string {
  if (alert.ended !== undefined) return say("over.at", { t: minute(alert.ended, zone) });
  if (alert.inhibitedBy !== "") return say("did.inhibited");
  if (alert.state === "acknowledged" || alert.state === "snoozed") return quietWords(alert, zone);
  if (alert.state === "firing" && alert.next !== undefined) return say("next.at", { who: rolesWords(alert.next.roles), t: minute(alert.next.at, zone) });
  return say(`state.${alert.state}`);
}
