import { useState } from "preact/hooks";

import { ActButton, ActProblem, useAct } from "../acts/Act";
import { may } from "../acts/who";
import { person } from "../ask";
import { useWall } from "../context";
import { keys } from "../desk/keys";
import { deskSpan } from "../desk/span";
import { minute } from "../format/moment";
import { percent } from "../format/percent";
import { nameOf } from "../names";
import { Glyph } from "../parts/Glyph";
import { useDerived } from "../parts/hooks";
import { ofRate, type Severity } from "../severity";
import type { Effect, OnQueue } from "./effects";
import { type Against, type Break, breaksOf, kindFor, kindOf, shiftOf, usedOf } from "./model";
import { Slots } from "./Slots";
import { fill, has, say } from "./words";

const minutes = (seconds: number): number => Math.max(1, Math.round(seconds / 60));

/** The name of a person, and a way to look at them. */
export function Who({ agent }: { agent: string }) {
  const { board } = useWall();
  const cell = board.at("agents", agent);
  const name = nameOf(cell, agent);
  if (!cell.isPresent) return <b class="bk-who"><bdi>{name}</bdi></b>; // prettier-ignore
  return (
    <button type="button" class="bk-who" aria-haspopup="dialog" onClick={(event) => (person.value = { id: agent, button: event.currentTarget })}>
      <bdi>{name}</bdi>
    </button>
  );
}

/** What kind of break, and how long. */
export function What({ item }: { item: Break }) {
  const { board } = useWall();
  const kind = kindOf(board, item.kind);
  return (
    <span class="bk-what">
      <bdi>{kind.name}</bdi> {say("minutes", { n: minutes(item.lasts) })}
    </span>
  );
}

function Waited({ item }: { item: Break }) {
  const wall = useWall();
  const words = useDerived(() => {
    const now = wall.second.value;
    return now === undefined ? "–" : deskSpan(now - (item.held ?? item.requested));
  }, [item.requested, item.held]);
  return <span class="bk-age">{fill(item.state === "postponed" ? "asked" : item.state === "held" ? "held" : "waited", { t: <b>{words}</b> })}</span>;
}

interface Props {
  readonly item: Break;
  readonly effect: Effect | undefined;
  /** The one that keys are about, shown whole; others are a line until they are opened. */
  readonly isWhole?: boolean;
  readonly hasKeys?: boolean;
}

/** One wish: who, what, since, and of what is held why; what granting it now would do; the next hour; and what can be decided. */
export function Wish({ item, effect, isWhole = false, hasKeys = false }: Props) {
  const [isOpen, setOpen] = useState(false);
  const wall = useWall();
  if (!isWhole && !isOpen)
    return (
      <li class="bk short" data-break={item.id}>
        <p class="hd">
          <Who agent={item.agent} />
          <What item={item} />
        </p>
        <span class="ends">
          {item.state === "postponed" ? <Promised item={item} /> : item.state === "held" ? <Waited item={item} /> : <Change effect={effect} />}
          <button type="button" class="al-button bk-more" aria-expanded="false" aria-label={`${say("look")}: ${nameOf(wall.board.at("agents", item.agent), item.agent)}`} onClick={() => setOpen(true)}>
            {say("look")}
          </button>
        </span>
      </li>
    );
  // What holds it is known at once; what would be against it now, when the effect is.
  const against = effect?.against ?? item.against;
  return (
    <li class={`bk ${item.state}`} data-break={item.id}>
      <p class="hd">
        <Who agent={item.agent} />
        <What item={item} />
        <Waited item={item} />
      </p>
      {item.note !== "" && <p class="note"><bdi>{item.note}</bdi></p> /* prettier-ignore */}
      {item.state === "postponed" && <p class="note"><Promised item={item} /></p> /* prettier-ignore */}
      {item.state === "held" && (
        <p class="note held">
          <Glyph name="warn" class="warn" />
          <span>{fill("held.why", { who: <bdi>{item.by}</bdi>, t: <b>{item.begins === undefined ? "–" : minute(item.begins, wall.zone)}</b> })}</span>
        </p>
      )}
      {item.state === "held" && against.length > 0 && <Obstacles against={against} />}
      <Costs item={item} effect={effect} />
      {effect !== undefined && effect.slots.length > 0 && <Slots item={item} effect={effect} />}
      {item.state !== "held" && against.length > 0 && <Obstacles against={against} />}
      <Decide item={item} effect={effect} hasKeys={hasKeys} />
    </li>
  );
}

function Promised({ item }: { item: Break }) {
  const wall = useWall();
  return <span class="bk-age">{fill("promised", { t: <b>{item.begins === undefined ? "–" : minute(item.begins, wall.zone)}</b> })}</span>;
}

const rate = (value: number | undefined, target: number | undefined): string => (value === undefined ? "–" : String(percent(value, target)));

/** `81 → 76%` of the queue that fares worst, with its mark. */
function Change({ effect }: { effect: Effect | undefined }) {
  const worst = effect?.worst;
  if (worst?.after.level === undefined) return null;
  const [, before] = worst.before.level ?? [];
  const [, after] = worst.after.level;
  const verdict = ofRate(after, worst.target);
  return (
    <b class={`bk-ch ${verdict}`}>
      <Mark verdict={verdict} />
      {rate(before, worst.target)} → {rate(after, worst.target)}%
    </b>
  );
}

function Mark({ verdict }: { verdict: Severity }) {
  if (verdict === "ok") return <Glyph name="ok" />;
  return verdict === "none" ? null : <Glyph name={verdict === "breach" ? "breach" : "warn"} class={verdict} />;
}

/** What it would cost: the level and the longest wait of the queue that fares worst, and what is left of the budget. */
function Costs({ item, effect }: { item: Break; effect: Effect | undefined }) {
  const { board, zone } = useWall();
  const kind = kindFor(board, item.agent, item.kind);
  const shift = shiftOf(board, item.agent);
  const used = useDerived(() => usedOf(board, item.agent, item.kind, breaksOf(board).find((one) => one.agent === item.agent && one.state === "running"), undefined), [item.agent, item.kind]);
  const worst = effect?.worst;
  return (
    <dl class="bk-cost">
      {worst?.after.level === undefined ? (
        <div class="none">
          <dt>{say("effect")}</dt>
          <dd>{say(effect === undefined ? "effect.asking" : reason(effect.why))}</dd>
        </div>
      ) : (
        <Levels worst={worst} />
      )}
      {kind.times !== undefined && (
        <div class="quota">
          <dt>{say(shift === undefined ? "quota.day" : "quota.shift")}</dt>
          <dd data-over={used.value.times >= kind.times}>
            {used.value.times}
            <small>/{kind.times}</small>
          </dd>
          {shift !== undefined && <dd class="band">{say("span", { from: minute(shift.begins, zone), to: minute(shift.ends, zone) })}</dd>}
        </div>
      )}
    </dl>
  );
}

function reason(why: string) {
  const key: string = `effect.${why}`;
  return has(key) ? key : "effect.unknown";
}

function Levels({ worst }: { worst: OnQueue }) {
  const { board } = useWall();
  const [, before] = worst.before.level ?? [];
  const [low, after, high] = worst.after.level ?? [0, 0, 0];
  const verdict = ofRate(after, worst.target);
  const [, waitBefore] = worst.before.longest ?? [];
  const [, waitAfter] = worst.after.longest ?? [];
  return (
    <>
      <div class={verdict}>
        <dt>
          <bdi>{nameOf(board.at("queues", worst.queue), worst.queue)}</bdi> {say("level", { n: worst.minutes })}
        </dt>
        <dd>
          <span>{rate(before, worst.target)}</span>
          <i aria-hidden="true">→</i>
          <span class="vh"> → </span>
          <b>{rate(after, worst.target)}%</b>
          {verdict !== "ok" && <Mark verdict={verdict} />}
        </dd>
        <dd class="band">{say("band", { low: rate(low, worst.target), high: rate(high, worst.target) })}</dd>
      </div>
      {waitAfter !== undefined && (
        <div>
          <dt>{say("longest")}</dt>
          <dd>
            <span>{waitBefore === undefined ? "–" : deskSpan(waitBefore)}</span>
            <i aria-hidden="true">→</i>
            <span class="vh"> → </span>
            <b>{deskSpan(waitAfter)}</b>
          </dd>
        </div>
      )}
    </>
  );
}

/** What is against it, in words: cap, minimum staff, budget. */
function Obstacles({ against }: { against: readonly Against[] }) {
  const wall = useWall();
  const { board } = wall;
  return (
    <ul class="bk-against">
      {against.map((one) => {
        const key: string = `against.${one.what}`;
        const isTime = one.what === "quota_seconds";
        const [have, limit] = isTime ? [minutes(one.have), minutes(one.limit)] : [one.have, one.limit];
        const of = one.begins === undefined || one.ends === undefined ? say("of.day") : say("of.shift", { from: minute(one.begins, wall.zone), to: minute(one.ends, wall.zone) });
        return (
          <li key={`${one.what} ${one.scope}`}>
            <Glyph name="warn" class="warn" />
            <span>{has(key) ? say(key, { have, limit, where: scopeName(board, one.scope), queue: nameOf(board.at("queues", one.queue), one.queue), of }) : one.what}</span>
          </li>
        );
      })}
    </ul>
  );
}

export function scopeName(board: Parameters<typeof nameOf>[0], key: string): string {
  if (key === "floor" || key === "") return say("floor");
  const [kind, id] = [key.slice(0, 4), key.slice(5)];
  return nameOf(board.at(kind === "team" ? "teams" : "lines", id), id);
}

const REASONS = ["peak", "minimum", "soon"] as const;

/** Offer the best time, grant now, refuse with a word. */
function Decide({ item, effect, hasKeys }: { item: Break; effect: Effect | undefined; hasKeys: boolean }) {
  const wall = useWall();
  const [isRefusing, setRefusing] = useState(false);
  const now = wall.second.value;
  const best = effect?.best;
  const isHeld = item.state === "held";
  const isLater = best !== undefined && now !== undefined && best.start > now + 150 && (item.state === "requested" || isHeld);
  const isAgainst = isHeld || (effect?.against.length ?? 0) > 0;
  const [grant, no] = [say(isHeld ? "held.go" : isAgainst ? "anyway" : "grant"), say(isHeld ? "take" : "refuse")];
  const who = nameOf(wall.board.at("agents", item.agent), item.agent);
  const target = effect?.worst?.target;
  const shown = hasKeys && keys.value;
  if (!may("break.grant")) return null;
  return (
    <>
      <div class="bk-do">
        {isLater && (
          <ActButton name="break.postpone" args={{ break_id: item.id, begins: best.start }} class="al-button rec" label={`${say("offer", { t: minute(best.start, wall.zone), n: rate(best.level, target) })}: ${who}`}>
            {say("offer", { t: minute(best.start, wall.zone), n: rate(best.level, target) })}
            {shown && <kbd aria-hidden="true" data-key="1" />}
          </ActButton>
        )}
        <ActButton name="break.grant" args={{ break_id: item.id, ...(isAgainst && { anyway: true }) }} class={`al-button grant ${isLater || isAgainst ? "" : "rec"}`} label={`${grant}: ${who}`}>
          {grant}
          {shown && <kbd aria-hidden="true" data-key="2" />}
        </ActButton>
        <button type="button" class="al-button no" data-refuse aria-expanded={isRefusing} aria-label={`${no}: ${who}`} onClick={() => setRefusing(!isRefusing)}>
          {no}
          {shown && <kbd aria-hidden="true" data-key="3" />}
        </button>
      </div>
      {isRefusing && <Refuse item={item} who={who} onDone={() => setRefusing(false)} />}
    </>
  );
}

/** Nobody is refused without a word, and from nobody is taken back what was granted. */
function Refuse({ item, who, onDone }: { item: Break; who: string; onDone: () => void }) {
  const [reason, setReason] = useState("");
  const [isAsked, setAsked] = useState(false);
  // What is held was granted once: that is taken back.
  const [act, word] = item.state === "held" ? (["break.withdraw", say("take")] as const) : (["break.refuse", say("refuse")] as const);
  const acting = useAct(onDone, `${word}: ${who}`);
  const isMissing = isAsked && reason.trim() === "";
  const send = (event: Event) => {
    event.preventDefault();
    setAsked(true);
    if (reason.trim() !== "") void acting.run(act, { break_id: item.id, reason: reason.trim() });
  };
  return (
    <form class="bk-why" onSubmit={send}>
      <fieldset>
        <legend>{say("why")}</legend>
        {REASONS.map((key) => (
          <button type="button" key={key} class="dk-chip" aria-pressed={reason === say(`why.${key}`)} onClick={() => setReason(say(`why.${key}`))}>
            {say(`why.${key}`)}
          </button>
        ))}
      </fieldset>
      <label>
        <span class="vh">{say("why")}</span>
        <input value={reason} maxLength={200} placeholder={say("why.own")} aria-invalid={isMissing} onInput={(event) => setReason(event.currentTarget.value)} />
      </label>
      {isMissing && <p class="need" role="alert">{say("why.need")}</p> /* prettier-ignore */}
      <div class="bk-do">
        <ActProblem problem={acting.problem} />
        <button type="button" class="al-button" onClick={onDone}>
          {say("cancel")}
        </button>
        <button type="submit" class="al-button rec" data-act={act} aria-busy={acting.isBusy}>
          {word}
        </button>
      </div>
    </form>
  );
}
