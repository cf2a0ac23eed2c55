import { useEffect, useRef } from "preact/hooks";

import { clock } from "../format/moment";
import { Glyph, type GlyphName } from "../parts/Glyph";
import { nameOf } from "../names";
import { stateOf } from "../states";
import type { Wall } from "../wall";
import { type Key, t } from "../words";
import type { Card, Explanation, Person } from "./answer";
import type { Asking } from "./asking";
import { exact, plain, span } from "./figures";
import { groupName } from "./phrases";
import { named, say } from "./words";

interface Props {
  readonly asking: Asking;
  readonly answer: Explanation;
  readonly wall: Wall;
}

/** The contacts behind the number, group by group; for numbers about people, the people. */
export function Calls({ asking, answer, wall }: Props) {
  if (answer.people !== undefined) return <People answer={answer} people={answer.people} wall={wall} asking={asking} />;
  return (
    <section class="calls-section" data-part="calls">
      <h2>
        {say("calls")}
        {answer.contacts !== undefined && isMasked(asking.cards.value) && <small>{say("calls.masked")}</small>}
      </h2>
      <Groups asking={asking} answer={answer} />
      {answer.contacts === undefined ? <p class="none">{say("calls.hidden")}</p> : <Table asking={asking} answer={answer} wall={wall} />}
    </section>
  );
}

const isMasked = (cards: readonly Card[]): boolean => cards.some(({ caller }) => caller.includes("*"));

function Groups({ asking, answer }: Omit<Props, "wall">) {
  if (answer.groups.every(([, total]) => total === 0)) return <span />;
  const chosen = answer.contacts?.part;
  return (
    <div class="chips" role="group" aria-label={say("calls")}>
      {answer.groups.filter(([group, total]) => total > 0 || group === chosen).map(([group, total]) => (
        <button
          type="button"
          key={group}
          data-group={group}
          aria-pressed={group === chosen}
          disabled={answer.contacts === undefined}
          onClick={() => asking.choose(group)}
        >
          {groupName(group, answer)} {plain(total)}
        </button>
      ))}
    </div>
  );
}

/** Scrolled or under a pointer it stands still, so that no row slips away from who reads it. */
function useHold(asking: Asking, part: string | undefined) {
  const rows = useRef<HTMLDivElement>(null);
  useEffect(() => {
    rows.current?.scrollTo?.(0, 0);
    return () => {
      asking.hold("scroll", false);
      asking.hold("pointer", false);
    };
  }, [part]);
  return {
    ref: rows,
    onScroll: (event: { currentTarget: HTMLElement }) => asking.hold("scroll", event.currentTarget.scrollTop > 4),
    onPointerEnter: (event: PointerEvent) => event.pointerType === "mouse" && asking.hold("pointer", true),
    onPointerLeave: () => asking.hold("pointer", false),
  };
}

function Table({ asking, answer, wall }: Props) {
  const cards = asking.cards.value;
  const total = answer.contacts?.total ?? cards.length;
  const hold = useHold(asking, answer.contacts?.part);
  // A queue's own calls are all in that queue.
  const hasQueue = answer.scope.kind !== "queue";
  // What each adds to a mean says more than how long it waited.
  const hasValue = cards.some(({ value, wait }) => value !== undefined && value !== wait);
  if (cards.length === 0) return <p class="none">{say("calls.none")}</p>;
  return (
    <div class="rows" tabIndex={0} role="region" aria-label={say("calls")} {...hold}>
      <table>
        <thead>
          <tr>
            <th scope="col" class="c-queued">{say("col.queued")}</th>
            {hasQueue && <th scope="col" class="c-queue">{say("col.queue")}</th>}
            <th scope="col" class="num c-wait">
              {say(hasValue ? "col.value" : "col.wait")}
            </th>
            <th scope="col">{say("col.result")}</th>
            <th scope="col" class="c-caller">{say("col.caller")}</th>
            <th scope="col" class="c-agent">
              {say("col.agent")}
            </th>
          </tr>
        </thead>
        <tbody>
          {cards.map((card) => (
            <tr key={card.id}>
              <td>{clock(card.queued, wall.zone)}</td>
              {hasQueue && (
                <td>
                  <bdi class="cut">{nameOf(wall.board.at("queues", card.queue), card.queueName || card.queue)}</bdi>
                </td>
              )}
              <td class="num">{hasValue ? added(card, answer) : waited(card, answer)}</td>
              <td class="result">
                <Result card={card} answer={answer} />
              </td>
              <td dir="ltr">
                <bdi class="cut">{card.caller || "–"}</bdi>
              </td>
              <td>
                <bdi class="cut">{card.agent || "–"}</bdi>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {total > cards.length && (
        <p class="more">
          {asking.hasMore ? (
            <button type="button" class="btn" disabled={asking.isPaging.value} onClick={() => void asking.more()}>
              {asking.isPaging.value ? say("more.asking") : say("more", { n: plain(total - cards.length) })}
            </button>
          ) : (
            say("more", { n: plain(total - cards.length) })
          )}
        </p>
      )}
    </div>
  );
}

/** How long it waited; until now, where it still does. */
function waited({ wait, outcome, queued }: Card, { now, asOf }: Explanation): string {
  if (wait !== undefined) return span(wait);
  return outcome === "open" ? span((asOf ?? now) - queued) : "–";
}

function added({ value }: Card, { unit }: Explanation): string {
  if (value === undefined) return "–";
  return unit === "seconds" ? span(value) : plain(value);
}

const LOOKS: Readonly<Record<string, GlyphName>> = { open: "clock", answered: "busy", planned: "clock", dialled: "busy", connected: "busy", completed: "ok" };

/** What became of it, in the words of the bar above. */
function Result({ card, answer }: { card: Card; answer: Explanation }) {
  const names =
    answer.parts.find(({ part }) => part === card.part)?.names ??
    answer.leftOut.find(({ why }) => why === card.why || why === card.part)?.names ??
    answer.contacts?.names[card.part] ??
    {};
  const words = named(names, card.why || card.part || card.outcome);
  return (
    <div>
      <Glyph name={LOOKS[card.outcome] ?? "lost"} />
      <span class="cut" title={words}>
        {words}
      </span>
      {card.isInferred && (
        <span title={say("card.inferred")}>
          <Glyph name="info" class="mark-end" />
          <span class="vh">{say("card.inferred")}</span>
        </span>
      )}
      {card.isIncomplete && (
        <span title={say("card.incomplete")}>
          <Glyph name="slow" class="mark-end" />
          <span class="vh">{say("card.incomplete")}</span>
        </span>
      )}
    </div>
  );
}

/** What somebody adds to the number: a figure, or being in a state. */
function figure({ value, state }: Person, { unit }: Explanation): string {
  if (value === undefined) return state === "" ? "–" : t(`state.${stateOf(state)}` as Key);
  return unit === "seconds" ? span(value) : exact(value, unit);
}

function People({ asking, answer, people, wall }: Props & { people: readonly Person[] }) {
  const hold = useHold(asking, "people");
  const hasTimes = people.some(({ states }) => states.length > 0);
  return (
    <section class="calls-section" data-part="people">
      <h2>
        {say("people")}
        <small>{say("people.n", { n: people.length })}</small>
      </h2>
      <span />
      {people.length === 0 ? (
        <p class="none">{say("people.none")}</p>
      ) : (
        <div class="rows" tabIndex={0} role="region" aria-label={say("people")} {...hold}>
          <table>
            <thead>
              <tr>
                <th scope="col" class="c-person">
                  {say("col.agent")}
                </th>
                <th scope="col" class="num c-figure">
                  {named(answer.names, answer.metric)}
                </th>
                {hasTimes && <th scope="col">{say("col.states")}</th>}
              </tr>
            </thead>
            <tbody>
              {people.map((person) => (
                <tr key={person.agent}>
                  <td>
                    <bdi class="cut">{named(person.names, person.name) || nameOf(wall.board.at("agents", person.agent), person.agent)}</bdi>
                  </td>
                  <td class="num">{figure(person, answer)}</td>
                  {hasTimes && (
                    <td class="states">
                      {[...person.states]
                        .sort(([, a], [, b]) => b - a)
                        .map(([state, seconds]) => (
                          <span key={state} class="nb">
                            {t(`state.${stateOf(state)}` as Key)} <b>{span(seconds)}</b>{" "}
                          </span>
                        ))}
                    </td>
                  )}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
