import { useState } from "preact/hooks";

import { ActButton, ActProblem, useAct } from "../acts/Act";
import { Left } from "../breaks/Away";
import { ofWhat } from "../breaks/Budget";
import { howOf } from "../breaks/History";
import { type Against, type Break, breaksOf, courseOf, hasBreaks, isWaiting, type Kind, kindFor, kindOf, kindsOf, usedOf } from "../breaks/model";
import { scopeName } from "../breaks/Wish";
import { useWall } from "../context";
import { deskSpan } from "../desk/span";
import { minute } from "../format/moment";
import { nameOf } from "../names";
import { Glyph } from "../parts/Glyph";
import { useDerived } from "../parts/hooks";
import { stateOf } from "../states";
import { fill, has, say } from "./words";

/** Seconds for which an answer stays in sight once it is given. */
const ANSWER = 900;

const minutes = (seconds: number): number => Math.max(1, Math.round(seconds / 60));

/** My breaks: the one that goes on, the one I wait for, and what I may ask for. */
export function OwnBreaks({ agent }: { agent: string }) {
  const wall = useWall();
  const { board } = wall;
  const own = useDerived(() => breaksOf(board).filter((one) => one.agent === agent), [agent]);
  if (!hasBreaks(board)) return null;
  const running = own.value.find(({ state }) => state === "running");
  const granted = own.value.find(({ state }) => state === "granted");
  const waiting = own.value.find(isWaiting);
  return (
    <section class="dk-panel me-breaks" aria-labelledby="me-breaks">
      <header class="h">
        <h2 id="me-breaks">{say("breaks")}</h2>
      </header>
      {running !== undefined && <Running item={running} />}
      {granted !== undefined && <Granted item={granted} />}
      {waiting !== undefined && (waiting.state === "held" ? <Held item={waiting} /> : <Waiting item={waiting} />)}
      <Answered items={own.value} />
      {granted === undefined && waiting === undefined && <Choice agent={agent} running={running} />}
      <Budget agent={agent} running={running} />
    </section>
  );
}

/** The time that is left, in large; from 80 % on with a warning, over it in words. */
function Running({ item }: { item: Break }) {
  const wall = useWall();
  const kind = kindOf(wall.board, item.kind);
  const course = useDerived(() => courseOf(item, wall.second.value), [item]);
  const look = course.value === "near" ? "warn" : course.value === "" ? "" : "breach";
  const share = useDerived(() => (item.began === undefined || wall.second.value === undefined ? 0 : Math.min(100, Math.round(((wall.second.value - item.began) / item.lasts) * 100))), [item]);
  return (
    <div class={`me-break bk ${look}`} data-break={item.id} data-course={course.value} role="group" aria-label={kind.name}>
      <p class="hd">
        <Glyph name={stateOf(kind.state)} class="rest" />
        <b>
          <bdi>{kind.name}</bdi>
        </b>
        <span class="bk-age">{item.due !== undefined && say("due", { t: minute(item.due, wall.zone) })}</span>
      </p>
      <p class="big">
        <Left item={item} />
        <span>{say(look === "breach" ? "over" : "left")}</span>
      </p>
      <i class="trk" aria-hidden="true">
        <i style={`inline-size: ${share.value}%`} />
      </i>
      {look !== "" && (
        <p class={`me-say ${look}`} role="alert">
          <Glyph name={look === "warn" ? "warn" : "breach"} class={look} />
          {say(course.value === "near" ? "near.why" : course.value === "late" ? "late.why" : "over.why")}
        </p>
      )}
      {item.called !== undefined && (
        <p class="me-say" role="alert">
          <Glyph name="ringing" />
          <span>
            {fill("called", { who: <bdi>{item.caller}</bdi>, t: minute(item.called, wall.zone) })} {item.note !== "" && <bdi>{item.note}</bdi>}
          </span>
        </p>
      )}
    </div>
  );
}

function Granted({ item }: { item: Break }) {
  const wall = useWall();
  const kind = kindOf(wall.board, item.kind);
  const isLater = useDerived(() => item.begins !== undefined && wall.second.value !== undefined && item.begins > wall.second.value, [item]);
  const failed = item.errands.find(({ state }) => state === "refused" || state === "unknown");
  return (
    <div class="me-break bk granted" data-break={item.id} role="status">
      <p class="hd">
        <Glyph name="ok" />
        <b>{isLater.value && item.begins !== undefined ? say("granted.at", { kind: kind.name, t: minute(item.begins, wall.zone) }) : say("granted", { kind: kind.name, n: minutes(item.lasts) })}</b>
      </p>
      <p class="su">
        {item.by === "" ? say("granted.rule") : fill("granted.by", { who: <bdi>{item.by}</bdi> })}
        {item.expires !== undefined && <> · {say("expires", { t: minute(item.expires, wall.zone) })}</>}
      </p>
      {(item.errands.length === 0 || failed !== undefined) && !isLater.value && <p class="su">{say("pause.self")}</p>}
      <ActButton name="break.withdraw" args={{ break_id: item.id }}>
        {say("withdraw.granted")}
      </ActButton>
    </div>
  );
}

function Waiting({ item }: { item: Break }) {
  const wall = useWall();
  const kind = kindOf(wall.board, item.kind);
  const waited = useDerived(() => (wall.second.value === undefined ? "–" : deskSpan(wall.second.value - item.requested)), [item.requested]);
  return (
    <div class="me-break bk" data-break={item.id} role="status">
      <p class="hd">
        <Glyph name={stateOf(kind.state)} class="rest" />
        <b>
          {item.state === "postponed" && item.begins !== undefined
            ? say("promised", { kind: kind.name, t: minute(item.begins, wall.zone) })
            : say("waiting", { kind: kind.name, n: minutes(item.lasts) })}
        </b>
        <span class="bk-age">{waited}</span>
      </p>
      {item.state === "postponed" && (
        <p class="su">
          {fill("promised.by", { who: <bdi>{item.by}</bdi> })} {item.reason !== "" && <bdi>{item.reason}</bdi>}
        </p>
      )}
      <ActButton name="break.withdraw" args={{ break_id: item.id }}>
        {say("withdraw")}
      </ActButton>
    </div>
  );
}

/** Its time has come, and the floor has no room for it: why, and that nothing is to be done but wait. */
function Held({ item }: { item: Break }) {
  const wall = useWall();
  const kind = kindOf(wall.board, item.kind);
  return (
    <div class="me-break bk warn held" data-break={item.id} role="status">
      <p class="hd">
        <Glyph name="warn" class="warn" />
        <b>{say("held", { kind: kind.name, t: item.begins === undefined ? "–" : minute(item.begins, wall.zone) })}</b>
      </p>
      <p class="su">
        {item.against.map((one) => (
          <span key={`${one.what} ${one.scope}`}>{whyHeld(wall.board, one)} </span>
        ))}
        {say("held.then")}
      </p>
      <ActButton name="break.withdraw" args={{ break_id: item.id }}>
        {say("withdraw.granted")}
      </ActButton>
    </div>
  );
}

/** The cap by its name; numbers that change with everybody who comes and goes are the lead's. */
function whyHeld(board: Parameters<typeof kindOf>[0], { what, scope, limit, queue }: Against): string {
  const key: string = `held.${what}`;
  return has(key) ? say(key, { where: scopeName(board, scope), limit, queue: nameOf(board.at("queues", queue), queue) }) : what;
}

/** The last word on a wish that came to nothing, and what to do now. */
function Answered({ items }: { items: readonly Break[] }) {
  const wall = useWall();
  const isUnused = (one: Break): boolean => one.state === "ended" && one.how === "unused";
  const last = items.filter((one) => one.state === "refused" || (one.state === "withdrawn" && one.reason !== "") || (isUnused(one) && one === items.at(-1))).at(-1);
  const isFresh = useDerived(() => last?.ended !== undefined && (wall.second.value ?? 0) - last.ended < ANSWER, [last]);
  if (last === undefined || !isFresh.value) return null;
  if (isUnused(last))
    return (
      <p class="me-say" role="status" data-answer="unused">
        <Glyph name="warn" class="warn" />
        <span>
          {say("unused", { kind: kindOf(wall.board, last.kind).name, t: last.ended === undefined ? "–" : minute(last.ended, wall.zone) })} {last.errands.length === 0 && say("unused.unsent")}
        </span>
      </p>
    );
  return (
    <p class="me-say" role="status" data-answer={last.state}>
      <Glyph name="warn" class="warn" />
      <span>
        <bdi>{kindOf(wall.board, last.kind).name}</bdi>: <bdi>{howOf(last)}</bdi> {last.by !== "" && <bdi>({last.by})</bdi>}
      </span>
    </p>
  );
}

/** What I have of each kind, and used of it, in my shift; or today, where no shift of mine is known. */
function Budget({ agent, running }: { agent: string; running: Break | undefined }) {
  const wall = useWall();
  const { board } = wall;
  const kinds = kindsOf(board).map(({ id }) => kindFor(board, agent, id)).filter(({ times, seconds }) => times !== undefined || seconds !== undefined);
  // To the minute: nobody reads seconds of a budget.
  const now = useDerived(() => (wall.second.value === undefined ? undefined : Math.floor(wall.second.value / 60) * 60), []);
  if (kinds.length === 0) return null;
  return (
    <div class="me-budget" role="group" aria-labelledby="me-budget">
      <h3 id="me-budget">{say("used", { of: ofWhat(wall, agent) })}</h3>
      <dl>
        {kinds.map((kind) => {
          const used = usedOf(board, agent, kind.id, running, now.value);
          const isOver = (kind.times !== undefined && used.times > kind.times) || (kind.seconds !== undefined && used.seconds > kind.seconds);
          return (
            <div key={kind.id} class={isOver ? "over" : ""} data-budget={kind.id}>
              <dt>
                <bdi>{kind.name}</bdi>
              </dt>
              {kind.times !== undefined && <dd>{say("used.times", { n: used.times, of: kind.times })}</dd>}
              {kind.seconds !== undefined && <dd>{say("used.minutes", { n: Math.round(used.seconds / 60), of: Math.round(kind.seconds / 60) })}</dd>}
            </div>
          );
        })}
      </dl>
    </div>
  );
}

/** What there is to ask for, and what is left of it. */
function Choice({ agent, running }: { agent: string; running: Break | undefined }) {
  const { board } = useWall();
  const kinds = kindsOf(board).filter(({ id, counts }) => counts && id !== "away" && id !== running?.kind);
  const others = kindsOf(board).filter(({ counts }) => !counts);
  const [note, setNote] = useState("");
  const acting = useAct(() => setNote(""));
  const isOff = board.at("agents", agent, "state").text === "off";
  if (isOff) return <p class="bk-calm">{say("off")}</p>;
  const ask = (kind: Kind) => void acting.run("break.request", { kind: kind.id, ...(note.trim() !== "" && { note: note.trim() }) });
  const button = ({ id }: Kind) => {
    const kind = kindFor(board, agent, id);
    const used = usedOf(board, agent, kind.id, running, undefined);
    const left = kind.times === undefined ? undefined : Math.max(0, kind.times - used.times);
    return (
      <li key={kind.id}>
        <button type="button" class={`me-kind ${left === 0 ? "none" : ""}`} data-kind={kind.id} aria-busy={acting.isBusy} onClick={() => ask(kind)}>
          <Glyph name={stateOf(kind.state)} class="rest" />
          <b>
            <bdi>{kind.name}</bdi>
          </b>
          <span>{say("minutes", { n: minutes(kind.lasts) })}</span>
          {left !== undefined && <small>{say("left.times", { n: left, of: kind.times ?? 0 })}</small>}
          {kind.seconds !== undefined && <small>{say("left.minutes", { n: Math.max(0, Math.round((kind.seconds - used.seconds) / 60)) })}</small>}
        </button>
      </li>
    );
  };
  return (
    <div class="me-ask">
      <h3>{say("ask")}</h3>
      <ul>{kinds.map(button)}</ul>
      {others.length > 0 && (
        <details>
          <summary>{say("others")}</summary>
          <ul>{others.map(button)}</ul>
        </details>
      )}
      <label>
        <span>{say("note")}</span>
        <input value={note} maxLength={200} placeholder={say("note.hint")} onInput={(event) => setNote(event.currentTarget.value)} />
      </label>
      <ActProblem problem={acting.problem} />
    </div>
  );
}
