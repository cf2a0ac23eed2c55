import { useMemo, useState } from "preact/hooks";

import { ActButton, ActProblem, useAct } from "../acts/Act";
import { may, who } from "../acts/who";
import { Dialog } from "../boards/Dialog";
import { Glyph } from "../parts/Glyph";
import type { Wall } from "../wall";
import { instantOf, isoDay, isoTime } from "../rota/days";
import { type Case, dueTimer, levelsFor, LEVELS, type Note, OUTCOMES } from "./facts";
import { Answered, titleOf } from "./List";
import { Left, Level, when } from "./marks";
import { namesOf } from "./names";
import { useCase } from "./register";
import { say, wordOf } from "./words";

interface Props {
  readonly wall: Wall;
  readonly id: string;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

/** One case: what was promised, who did what, and what may be done now. */
export function Sheet({ wall, id, onClose, onDone }: Props) {
  const asked = useCase(wall, id);
  const one = asked.told;
  const done = () => {
    asked.again();
    onDone();
  };
  return (
    <Dialog title={one === undefined ? say("title") : <bdi>{titleOf(one)}</bdi>} onClose={onClose} isWide foot={one === undefined || one.closed !== undefined || !may("case.change") ? undefined : <Foot one={one} onDone={done} />}>
      {asked.trouble !== "" && (
        <p class="cs-trouble" role="alert">
          <Glyph name="unplug" />
          {asked.trouble}
        </p>
      )}
      {one === undefined ? asked.trouble === "" && <p role="status">{say("loading")}</p> : <Whole wall={wall} one={one} onDone={done} />}
    </Dialog>
  );
}

function Whole({ wall, one, onDone }: { wall: Wall; one: Case; onDone: () => void }) {
  const isOpen = one.closed === undefined;
  return (
    <div class="cs-case" data-case={one.id} data-state={isOpen ? "open" : "closed"}>
      <Facts wall={wall} one={one} />
      <section>
        <h2>{say("text")}</h2>
        {one.text === "" ? (
          <p class="quiet">{say("text.none")}</p>
        ) : (
          <p class="cs-text">
            <bdi>{one.text}</bdi>
          </p>
        )}
      </section>
      {may("case.note") && <Say one={one} onDone={onDone} />}
      {isOpen && may("case.change") && <Change wall={wall} one={one} onDone={onDone} />}
      <section>
        <h2>{say("history")}</h2>
        <ol class="cs-history">
          {one.notes.toReversed().map((note, n) => (
            <Deed key={`${note.at} ${n}`} note={note} zone={wall.zone} />
          ))}
        </ol>
      </section>
    </div>
  );
}

function Facts({ wall, one }: { wall: Wall; one: Case }) {
  const me = who().value?.id ?? "";
  const names = namesOf(wall);
  const timer = useMemo(() => (now: number) => dueTimer(one, now), [one]);
  const rows: readonly (readonly [string, string])[] = [
    [say("kind"), [wordOf("kind", one.kind), one.promise === "" ? "" : wordOf("promise", one.promise)].filter((words) => words !== "").join(" · ")],
    [say("queue"), names.queue(one.queue)],
    [say("agent"), names.agent(one.agent)],
    [say("number"), one.number],
    [say("opened"), say("opened.by", { by: one.by || say("house"), t: when(one.opened, wall.zone) })],
    [say("id"), one.id],
  ];
  return (
    <dl class="cs-facts">
      <div>
        <dt>{say("level")}</dt>
        <dd>
          <Level level={one.level} />
        </dd>
      </div>
      <div>
        <dt>{say("column.answer")}</dt>
        <dd class="cs-time">
          <Answered one={one} zone={wall.zone} />
        </dd>
      </div>
      <div>
        <dt>{say("column.due")}</dt>
        <dd class="cs-time">
          <time>{when(one.due, wall.zone)}</time>
          {one.closed === undefined && <Left timer={timer} />}
        </dd>
      </div>
      <div>
        <dt>{say("column.owner")}</dt>
        <dd data-owner={one.owner}>{one.owner === "" ? say("owner.none") : one.owner === me ? say("owner.me") : <bdi>{one.ownerName}</bdi>}</dd>
      </div>
      {one.closed !== undefined && (
        <div>
          <dt>{say("outcome")}</dt>
          <dd>
            {wordOf("outcome", one.outcome)} <small>{when(one.closed, wall.zone)}</small>
          </dd>
        </div>
      )}
      {rows.map(
        ([name, value]) =>
          value !== "" && (
            <div key={name} class="small">
              <dt>{name}</dt>
              <dd>
                <bdi>{value}</bdi>
              </dd>
            </div>
          ),
      )}
    </dl>
  );
}

/** One text for both: it went to the customer, or it is for us. */
function Say({ one, onDone }: { one: Case; onDone: () => void }) {
  const [text, setText] = useState("");
  const done = () => {
    setText("");
    onDone();
  };
  const isOpen = one.closed === undefined;
  return (
    <section class="cs-say">
      <label>
        {say("words")}
        <textarea name="note" rows={2} value={text} maxLength={1000} placeholder={say("words.hint")} onInput={(event) => setText(event.currentTarget.value)} />
      </label>
      <p>
        {isOpen && (
          <ActButton name="case.answer" args={{ case: one.id, note: text }} class={one.answered === undefined && one.owner !== "" ? "primary" : ""} onDone={done}>
            {say(one.answered === undefined ? "do.answer" : "do.answer.again")}
          </ActButton>
        )}
        <ActButton name="case.note" args={{ case: one.id, note: text }} disabled={text.trim() === ""} onDone={done}>
          {say("do.note")}
        </ActButton>
      </p>
    </section>
  );
}

function Change({ wall, one, onDone }: { wall: Wall; one: Case; onDone: () => void }) {
  const zone = wall.zone;
  const [level, setLevel] = useState(one.level);
  const [day, setDay] = useState(isoDay(one.due, zone));
  const [time, setTime] = useState(isoTime(one.due, zone));
  const acting = useAct(onDone);
  const role = who().value?.role ?? "";
  const due = instantOf(day, time, zone);
  // The day and time as they are shown have no seconds: what was not touched stays as it was, to the second.
  const isMoved = due !== undefined && (day !== isoDay(one.due, zone) || time !== isoTime(one.due, zone));
  const args = { case: one.id, ...(level === one.level ? {} : { level }), ...(isMoved ? { due } : {}) };
  const isOther = level !== one.level || isMoved;
  const next = LEVELS.find((each) => each > one.level);
  return (
    <details class="cs-change">
      <summary>{say("do.change")}</summary>
      <form class="cs-form" onSubmit={(event) => (event.preventDefault(), void (isOther && acting.run("case.change", args)))}>
        <label class="wide">
          {say("level")}
          <select name="level" value={level} onChange={(event) => setLevel(Number(event.currentTarget.value))}>
            {levelsFor(role, one.level).map((each) => (
              <option key={each} value={each}>
                {say(`level.${each as (typeof LEVELS)[number]}`)}
              </option>
            ))}
          </select>
        </label>
        <label>
          {say("due.day")}
          <input name="day" type="date" value={day} onInput={(event) => setDay(event.currentTarget.value)} />
        </label>
        <label>
          {say("due.time")}
          <input name="time" type="time" value={time} onInput={(event) => setTime(event.currentTarget.value)} />
        </label>
        <p class="wide go">
          <ActProblem problem={acting.problem} />
          {next !== undefined && (
            <ActButton name="case.change" args={{ case: one.id, level: next }} onDone={() => (setLevel(next), onDone())}>
              {say("do.raise", { level: say(`level.short.${next}`) })}
            </ActButton>
          )}
          <button type="submit" class="act-button" data-do="change" aria-busy={acting.isBusy} aria-disabled={!isOther || acting.isBusy}>
            {say("save")}
          </button>
        </p>
      </form>
    </details>
  );
}

/** Whose it is, and the end of it: asked once more, because a closed case is not changed any more. */
function Foot({ one, onDone }: { one: Case; onDone: () => void }) {
  const [isClosing, setClosing] = useState(false);
  const [outcome, setOutcome] = useState<(typeof OUTCOMES)[number]>("solved");
  const [note, setNote] = useState("");
  const me = who().value?.id ?? "";
  const isLacking = outcome !== "solved" && note.trim() === "";
  if (isClosing) {
    return (
      <div class="cs-closing">
        <p>{say("do.close.ask")}</p>
        <label>
          {say("outcome")}
          <select name="outcome" value={outcome} onChange={(event) => setOutcome(OUTCOMES.find((each) => each === event.currentTarget.value) ?? "solved")}>
            {OUTCOMES.map((each) => (
              <option key={each} value={each}>
                {say(`outcome.${each}`)}
              </option>
            ))}
          </select>
        </label>
        <label class="grow">
          {say("outcome.note")}
          <input name="why" value={note} maxLength={1000} placeholder={isLacking ? say("outcome.needed") : ""} onInput={(event) => setNote(event.currentTarget.value)} />
        </label>
        <button type="button" class="act-button" onClick={() => setClosing(false)}>
          {say("cancel")}
        </button>
        <ActButton name="case.close" args={{ case: one.id, outcome, note }} class="primary" disabled={isLacking} onDone={onDone}>
          {say("do.close.sure")}
        </ActButton>
      </div>
    );
  }
  return (
    <>
      {one.owner === me && me !== "" ? (
        <ActButton name="case.change" args={{ case: one.id, owner: "" }} class="quiet" onDone={onDone}>
          {say("do.free")}
        </ActButton>
      ) : (
        <ActButton name="case.change" args={{ case: one.id, mine: true }} class={one.owner === "" ? "primary" : ""} onDone={onDone}>
          {say("do.take")}
        </ActButton>
      )}
      {may("case.close") && (
        <button type="button" class="act-button" data-do="close" onClick={() => setClosing(true)}>
          {say("do.close")}
        </button>
      )}
    </>
  );
}

/** What came of one deed, in words. */
function saysOf(note: Note, zone: string): string {
  return note.what
    .map((what) => {
      if (what === "level") return say("did.level", { level: wordOf("level", note.level ?? "") });
      if (what === "due") return say("did.due", { t: note.due === undefined ? "" : when(note.due, zone) });
      if (what === "owner") return note.owner === "" ? say("did.freed") : note.owner === note.byId ? say("did.taken") : say("did.given", { owner: note.owner });
      return wordOf("did", what);
    })
    .join(" · ");
}

function Deed({ note, zone }: { note: Note; zone: string }) {
  return (
    <li>
      <time>{when(note.at, zone)}</time>
      <span>
        <bdi class="by">{note.by || say("house")}</bdi> {saysOf(note, zone)}
        {note.text !== "" && (
          <q>
            <bdi>{note.text}</bdi>
          </q>
        )}
      </span>
    </li>
  );
}
