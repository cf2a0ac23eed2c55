import { useState } from "preact/hooks";

import { ActButton } from "../acts/Act";
import { may } from "../acts/who";
import { useWall } from "../context";
import { minute } from "../format/moment";
import { percent } from "../format/percent";
import type { Effect, Slot } from "./effects";
import type { Break } from "./model";
import { say } from "./words";

/** Below this everything is as bad: the bars begin there, so that the differences that matter can be seen. */
const FLOOR = 0.4;
const height = (level: number): number => Math.max(0.04, (Math.min(1, level) - FLOOR) / (1 - FLOOR));

/** The service level with the break at each time of the next hour, against the dashed target; one of them can be offered. */
export function Slots({ item, effect }: { item: Break; effect: Effect }) {
  const wall = useWall();
  const [chosen, setChosen] = useState<number>();
  const { slots, best } = effect;
  const target = effect.worst?.target;
  const first = slots[0];
  const last = slots.at(-1);
  if (first === undefined || last === undefined || slots.every(({ level }) => level === undefined)) return null;
  const at = (slot: Slot) => minute(slot.start, wall.zone);
  const of = (slot: Slot) => (slot.level === undefined ? "–" : `${percent(slot.level, target)}%`);
  const picked = slots.find(({ start }) => start === chosen);
  const told = best === undefined ? "" : say("slots.best", { t: at(best), n: of(best) });
  const place = best === undefined ? 0 : slots.indexOf(best) / Math.max(1, slots.length - 1);
  return (
    <figure class="bk-slots">
      <figcaption>{say("slots")}</figcaption>
      <div class="bars" role="img" aria-label={`${say("slots")}. ${told}`}>
        {target !== undefined && target > FLOOR && (
          <i class="target" style={`inset-block-end: ${height(target) * 100}%`}>
            <b>{Math.round(target * 100)}</b>
          </i>
        )}
        {slots.map((slot) => {
          const isGood = target === undefined || (slot.level ?? 0) >= target;
          return <i key={slot.start} class={`bar ${slot === best ? "best" : ""} ${isGood ? "good" : ""}`} style={`block-size: ${height(slot.level ?? 0) * 100}%`} />;
        })}
      </div>
      <p class="axis" aria-hidden="true">
        <span>{place < 0.2 && best !== undefined ? "" : say("now")}</span>
        {best !== undefined && <b style={`inset-inline-start: ${place * 100}%`} class={place < 0.2 ? "first" : place > 0.8 ? "last" : ""}>{say("best", { t: at(best) })}</b> /* prettier-ignore */}
        <span>{place > 0.8 ? "" : at(last)}</span>
      </p>
      {may("break.postpone") && (
        <p class="pick">
          <label class="dk-choice">
            <span class="vh">{say("later")}</span>
            <select value={chosen === undefined ? "" : String(chosen)} onChange={(event) => setChosen(event.currentTarget.value === "" ? undefined : Number(event.currentTarget.value))}>
              <option value="">{say("later")}</option>
              {slots.slice(1).map((slot) => (
                <option key={slot.start} value={String(slot.start)}>
                  {at(slot)} · {of(slot)}
                </option>
              ))}
            </select>
          </label>
          {picked !== undefined && (
            <ActButton name="break.postpone" args={{ break_id: item.id, begins: picked.start }} class="al-button">
              {say("later.do", { t: at(picked) })}
            </ActButton>
          )}
        </p>
      )}
    </figure>
  );
}
