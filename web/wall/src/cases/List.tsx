import { useMemo, useRef } from "preact/hooks";

import { Glyph } from "../parts/Glyph";
import { useDerived } from "../parts/hooks";
import type { Wall } from "../wall";
import { answerTimer, type Case, dueTimer, lookOf } from "./facts";
import { Left, Level, when } from "./marks";
import { namesOf } from "./names";
import { say, wordOf } from "./words";

interface Props {
  readonly wall: Wall;
  readonly cases: readonly Case[];
  readonly isClosed: boolean;
  /** The id of who looks. */
  readonly me: string;
  readonly onOpen: (one: Case) => void;
}

const OUT = { ArrowDown: 1, ArrowUp: -1 } as const;

/** A row a case, in the order in which something is promised; the arrows go from one to the next, Enter opens it. */
export function List({ wall, cases, isClosed, me, onOpen }: Props) {
  const table = useRef<HTMLDivElement>(null);
  const moved = (event: KeyboardEvent) => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    const rows = [...(table.current?.querySelectorAll<HTMLElement>(".cs-title") ?? [])];
    const next = rows[rows.findIndex((row) => row === document.activeElement) + OUT[event.key]];
    if (next === undefined) return;
    event.preventDefault();
    next.focus();
  };
  return (
    <div ref={table} class={`cs-table ${isClosed ? "closed" : ""}`} role="table" aria-label={say(isClosed ? "state.closed" : "state.open")} onKeyDown={moved}>
      <div class="cs-row head" role="row">
        <span role="columnheader">{say("column.level")}</span>
        <span role="columnheader">{say("column.case")}</span>
        <span role="columnheader">{say(isClosed ? "column.closed" : "column.answer")}</span>
        <span role="columnheader">{say("column.due")}</span>
        <span role="columnheader">{say(isClosed ? "column.outcome" : "column.owner")}</span>
      </div>
      {cases.map((one) => (
        <Row key={one.id} wall={wall} one={one} me={me} onOpen={() => onOpen(one)} />
      ))}
    </div>
  );
}

export const titleOf = (one: Case): string => one.title || say("untitled", { kind: wordOf("kind", one.kind) });

function Row({ wall, one, me, onOpen }: { wall: Wall; one: Case; me: string; onOpen: () => void }) {
  const isClosed = one.closed !== undefined;
  const look = useDerived(() => (isClosed ? "" : lookOf(one, wall.second.value ?? 0)), [one]).value;
  const names = namesOf(wall);
  return (
    <div class={`cs-row ${look}`} role="row" data-case={one.id} data-look={look}>
      <span role="cell">
        <Level level={one.level} />
      </span>
      <span role="cell" class="cs-what">
        <button type="button" class="cs-title" onClick={onOpen}>
          <bdi>{titleOf(one)}</bdi>
        </button>
        <small>
          <span>{wordOf("kind", one.kind)}</span>
          {one.agent !== "" && <bdi>{names.agent(one.agent)}</bdi>}
          {one.queue !== "" && <bdi>{names.queue(one.queue)}</bdi>}
          {one.number !== "" && <bdi class="number">{one.number}</bdi>}
        </small>
      </span>
      <span role="cell" class="cs-time" data-label={say(isClosed ? "column.closed" : "column.answer")}>
        {one.closed !== undefined ? <time>{when(one.closed, wall.zone)}</time> : <Answered one={one} zone={wall.zone} />}
      </span>
      <span role="cell" class="cs-time" data-label={say("column.due")}>
        <time>{when(one.due, wall.zone)}</time>
        {!isClosed && <Due one={one} />}
        {one.closed !== undefined && one.closed > one.due && <Due one={one} />}
      </span>
      <span role="cell" class="cs-owner" data-label={say(isClosed ? "column.outcome" : "column.owner")}>
        {isClosed ? wordOf("outcome", one.outcome) : one.owner === "" ? <span class="none">{say("owner.none")}</span> : one.owner === me ? <b>{say("owner.me")}</b> : <bdi>{one.ownerName}</bdi>}
      </span>
    </div>
  );
}

function Due({ one }: { one: Case }) {
  const timer = useMemo(() => (now: number) => dueTimer(one, now), [one]);
  return <Left timer={timer} />;
}

/** Until when somebody must have answered first, or when somebody did. */
export function Answered({ one, zone }: { one: Case; zone: string }) {
  const { answerDue } = one;
  const timer = useMemo(() => (now: number) => answerTimer(one, now) ?? dueTimer(one, now), [one]);
  if (one.answered !== undefined) {
    const isLate = answerDue !== undefined && one.answered > answerDue;
    return (
      <>
        <time>{when(one.answered, zone)}</time>
        <span class="cs-left">
          <Glyph name={isLate ? "breach" : "ok"} class={isLate ? "m-breach" : ""} />
          {say(isLate ? "answer.late" : "answer.done")}
        </span>
      </>
    );
  }
  if (answerDue === undefined) return <span class="none">{say("answer.none")}</span>;
  return (
    <>
      <time>{when(answerDue, zone)}</time>
      {one.closed === undefined && <Left timer={timer} />}
    </>
  );
}
