import { useState } from "preact/hooks";

import { exactSpan } from "../format/duration";
import { clock } from "../format/moment";
import { percent } from "../format/percent";
import { useDerived } from "../parts/hooks";
import type { Desk } from "../pages/desk";
import { pageAddress, tell } from "../wire/socket";
import { lang } from "../words";
import { useKeys } from "./keys";
import type { Fault, Place, Thing } from "./things";
import { has, say } from "./words";

interface Props {
  readonly desk: Desk;
  readonly thing: Thing;
  readonly hasWall: boolean;
}

/** What befalls those who call, in every queue or in one: begun and ended by the same press. */
export function Callers({ desk, thing, hasWall }: Props) {
  const [queue, setQueue] = useState("");
  const [said, setSaid] = useState("");
  const place = thing.queues.find(({ id }) => id === queue)?.id ?? "";
  const press = async (fault: Fault) => setSaid(await toggled(desk, thing, fault, place));
  useKeys(thing.faults.map((fault) => [fault.key, () => void press(fault)] as const));
  return (
    <section class="faults callers" aria-labelledby="callers" data-card="callers">
      <div class="f-head">
        <h2 id="callers">{say("title")}</h2>
        {hasWall && (
          <nav class="links">
            <a href={pageAddress("duty")}>{say("duty")}</a>
          </nav>
        )}
      </div>
      <Places places={thing.queues} chosen={place} onChoose={setQueue} />
      <ul>
        {thing.faults.map((fault) => (
          <li key={fault.name}>
            <Switch fault={fault} places={thing.queues} desk={desk} onPress={() => void press(fault)} />
          </li>
        ))}
      </ul>
      <p class="said" role="status">
        {said}
      </p>
    </section>
  );
}

const titleOf = ({ id, titles }: Place): string => titles.at(lang.value).text || titles.at("en").text || titles.at("").text || id;
const called = (id: string, places: readonly Place[]): string => {
  const place = places.find((one) => one.id === id);
  return place === undefined ? id || say("all") : titleOf(place);
};
/** A newer server may have one that has no words of ours. */
const nameOf = ({ name, size }: Fault): string => (has(name) ? say(name, { n: size ?? "" }) : name);

function Places({ places, chosen, onChoose }: { places: readonly Place[]; chosen: string; onChoose: (id: string) => void }) {
  const choices = [["", say("all")] as const, ...places.map((place) => [place.id, titleOf(place)] as const)];
  return (
    <fieldset class="spans">
      <legend>{say("which")}</legend>
      {choices.map(([id, title]) => (
        <label key={id} class={chosen === id ? "chosen" : ""} data-queue={id}>
          <input type="radio" name="queue" value={id} checked={chosen === id} onChange={() => onChoose(id)} />
          <bdi>{title}</bdi>
        </label>
      ))}
    </fieldset>
  );
}

function Switch({ fault, places, desk, onPress }: { fault: Fault; places: readonly Place[]; desk: Desk; onPress: () => void }) {
  const { until, since, size, key, active } = fault;
  const left = useDerived(() => {
    const now = desk.now;
    return now === undefined || until === undefined ? "" : say("left", { t: exactSpan(Math.max(0, Math.ceil(until - now))) });
  }, [until]);
  const expected = `${fault.name}.expect`;
  const n = fault.name === "drop_lines" ? `${percent(size ?? 0)}%` : (size ?? "");
  return (
    <button type="button" class={`fault ${active ? "active" : ""}`} data-fault={fault.name} aria-pressed={active} onClick={onPress}>
      <span class="name">
        <b>{nameOf(fault)}</b>
        {active && <span class="left">{left}</span>}
        {key !== "" && <kbd>{key}</kbd>}
      </span>
      {active && (
        <b class="who">
          <bdi>{called(fault.about, places)}</bdi>
          {since !== undefined && <span>{say("since", { t: clock(since, desk.zone.value) })}</span>}
        </b>
      )}
      <span class="expect">{active ? say("stop") : has(expected) ? say(expected, { n }) : ""}</span>
    </button>
  );
}

/** Begins it, or ends what goes on; what to say about how that went. */
async function toggled(desk: Desk, thing: Thing, fault: Fault, queue: string): Promise<string> {
  const wish = { name: fault.name, product: thing.id, ...(fault.active ? { stop: true } : queue === "" ? {} : { queue }) };
  try {
    const answer = await tell("api/practice/faults", wish);
    desk.poll.ask();
    if (answer.status >= 300) {
      const detail = (answer.body as { detail?: unknown } | undefined)?.detail;
      return say("failed", { why: typeof detail === "string" ? detail : String(answer.status) });
    }
    const name = nameOf(fault);
    return fault.active ? say("ended", { name }) : say("began", { name, queue: called(queue, thing.queues) });
  } catch {
    return say("failed", { why: say("away") });
  }
}
