import { useState } from "preact/hooks";

import { ActButton, ActProblem, useAct } from "../acts/Act";
import { may } from "../acts/who";
import { person, place } from "../ask";
import { useWall } from "../context";
import { keys } from "../desk/keys";
import { deskSpan } from "../desk/span";
import { Glyph } from "../parts/Glyph";
import { useDerived } from "../parts/hooks";
import { pageAddress } from "../wire/socket";
import type { Alert } from "./model";
import { leftOf, type Row, wayOf } from "./order";
import { factOf, markOf, runningOf, titleOf, whereOf, whoOf } from "./say";
import { foldedWords, hintWords, levelWord, quietWords, rolesWords } from "./tell";
import { SnoozeSign, UpSign } from "./signs";
import { fill, many, say } from "./words";

/** Where one alert is looked at whole. */
export const alertAddress = (id: string): string => {
  const url = new URL(pageAddress("alerts"));
  url.searchParams.set("alert", id);
  return url.href;
};

interface Props {
  readonly row: Row;
  /** The one that keys are about, and that may spend the page's one filled button. */
  readonly isFirst?: boolean;
}

/** One alert that asks somebody: the fact, how long, who and where, when it goes on, and what can be done. */
export function Item({ row, isFirst = false }: Props) {
  const wall = useWall();
  const { alert } = row;
  const [isSnoozing, setSnoozing] = useState(false);
  const { glyph, look } = markOf(alert);
  const isUnjudged = alert.state === "no_data";
  const running = useDerived(() => runningOf(wall.board, alert, wall.second.value), [alert]);
  const title = isUnjudged && row.folded.length > 0 ? many("unjudged", row.folded.length + 1) : titleOf(wall.board, alert);
  const isAlone = alert.state === "firing" && !isUnjudged;
  return (
    <li class={`al ${isUnjudged ? "nodata" : alert.severity} ${isFirst ? "first" : ""}`} data-alert={alert.id}>
      <Glyph name={glyph} class={look} />
      <a class="ti" href={alertAddress(alert.id)} data-open={alert.id}>
        {!isUnjudged && <span class="vh">{levelWord(alert.severity)}: </span>}
        <bdi>{title}</bdi>
      </a>
      <b class="age" aria-label={say("since", { t: running.value })}>
        {running}
      </b>
      <About alert={alert} />
      {row.folded.length > 0 && <Folded row={row} />}
      {isAlone && (
        <div class="es">
          <Way alert={alert} />
          <Buttons alert={alert} isFirst={isFirst} isSnoozing={isSnoozing} onSnooze={() => setSnoozing(!isSnoozing)} />
        </div>
      )}
      {isAlone && isSnoozing && <Snooze alert={alert} onDone={() => setSnoozing(false)} />}
    </li>
  );
}

/** Whom it is about, where they sit, what the number is, and what it may come from. */
function About({ alert }: { alert: Alert }) {
  const { board } = useWall();
  const fact = factOf(board, alert);
  const where = whereOf(board, alert);
  const hints = hintWords(alert.hints);
  const source = alert.source === "" ? "" : board.at("sources", alert.source).isPresent ? whoOf(board, { ...alert, agent: "", queue: "", scope: `source:${alert.source}` }) : alert.source;
  return (
    <p class="su">
      <Subject alert={alert} />
      {where !== "" && <bdi class="where">{where}</bdi>}
      {alert.state === "no_data" ? (
        <span class="why">{source === "" ? say("nodata.any") : say("nodata", { who: source })}</span>
      ) : (
        fact !== "" && <span class="fact">{fact}</span>
      )}
      {hints !== "" && alert.state !== "no_data" && <span class="hint">{say("because", { why: hints })}</span>}
    </p>
  );
}

/** The name, and a way to look at who or what bears it. */
export function Subject({ alert }: { alert: Alert }) {
  const { board } = useWall();
  const name = whoOf(board, alert);
  const [kind, id] = alert.agent !== "" ? (["agent", alert.agent] as const) : alert.queue !== "" ? (["queue", alert.queue] as const) : (["", ""] as const);
  const isKnown = kind === "agent" ? board.at("agents", id).isPresent : kind === "queue" && board.at("queues", id).isPresent;
  if (!isKnown)
    return (
      <b>
        <bdi>{name}</bdi>
      </b>
    );
  const open = (button: HTMLElement) => (kind === "agent" ? (person.value = { id, button }) : (place.value = { kind: "queue", id, button }));
  return (
    <button type="button" class="name" aria-haspopup="dialog" title={say("agent.of", { who: name })} onClick={(event) => open(event.currentTarget)}>
      <bdi>{name}</bdi>
    </button>
  );
}

/** How far it is to the next one on the ladder: a bar that reaches its end when it goes, and who that is. */
function Way({ alert }: { alert: Alert }) {
  const wall = useWall();
  const way = useDerived(() => {
    const share = wayOf(alert, wall.second.value);
    // In whole percents: what nobody could see is not drawn anew each second.
    return share === undefined ? undefined : Math.floor(share * 100);
  }, [alert]);
  const left = useDerived(() => {
    const seconds = leftOf(alert, wall.second.value);
    return seconds === undefined ? "" : seconds === 0 ? "0" : deskSpan(seconds);
  }, [alert]);
  if (alert.next === undefined) return alert.told.length > 0 ? <p class="to">{say("goes.none")}</p> : null;
  const who = rolesWords(alert.next.roles);
  return (
    <>
      <i class="trk" aria-hidden="true">
        <i style={`inline-size: ${way.value ?? 0}%`} />
      </i>
      <p class="to" data-next={alert.next.at}>
        {left.value === "0" ? say("goes.now", { who }) : fill("goes", { who, t: <b>{left.value}</b> })}
      </p>
    </>
  );
}

function Buttons({ alert, isFirst, isSnoozing, onSnooze }: { alert: Alert; isFirst: boolean; isSnoozing: boolean; onSnooze: () => void }) {
  const { board } = useWall();
  const of = { what: titleOf(board, alert), who: whoOf(board, alert) };
  const args = { alert: alert.id };
  const hasKeys = isFirst && keys.value;
  return (
    <div class="ac">
      {may("alert.snooze") && (
        <button type="button" class="al-button" aria-expanded={isSnoozing} aria-label={say("snooze.of", of)} title={say("snooze")} data-snooze onClick={onSnooze}>
          <SnoozeSign />
        </button>
      )}
      {alert.next !== undefined && (
        <ActButton name="alert.escalate" args={args} class="al-button" label={say("escalate.of", of)}>
          <UpSign />
          {hasKeys && <kbd aria-hidden="true" data-key="E" />}
        </ActButton>
      )}
      <ActButton name="alert.acknowledge" args={args} class={`al-button ack ${isFirst ? "primary" : ""}`} label={say("ack.of", of)}>
        {say("ack")}
        {hasKeys && <kbd aria-hidden="true" data-key="A" />}
      </ActButton>
    </div>
  );
}

const MINUTES = [5, 15, 30, 60] as const;

/** Quiet for a while, and why: the reason is what the next lead reads. */
function Snooze({ alert, onDone }: { alert: Alert; onDone: () => void }) {
  const [minutes, setMinutes] = useState<number>(15);
  const [reason, setReason] = useState("");
  const [isAsked, setAsked] = useState(false);
  const { board } = useWall();
  const acting = useAct(onDone, say("snooze.of", { what: titleOf(board, alert), who: whoOf(board, alert) }));
  const send = (event: Event) => {
    event.preventDefault();
    if (reason.trim() === "") return setAsked(true);
    void acting.run("alert.snooze", { alert: alert.id, lasts: minutes * 60, reason: reason.trim() });
  };
  return (
    <form class="sn" onSubmit={send}>
      <fieldset>
        <legend>{say("snooze.for")}</legend>
        {MINUTES.map((n) => (
          <button type="button" key={n} class="al-button" aria-pressed={n === minutes} onClick={() => setMinutes(n)}>
            {say("snooze.minutes", { n })}
          </button>
        ))}
      </fieldset>
      <label>
        <span>{say("snooze.reason")}</span>
        <input value={reason} maxLength={200} placeholder={say("snooze.hint")} aria-invalid={isAsked && reason.trim() === ""} onInput={(event) => setReason(event.currentTarget.value)} ref={focused} />
      </label>
      {isAsked && reason.trim() === "" && <p class="need">{say("snooze.need")}</p>}
      <div class="ac">
        <ActProblem problem={acting.problem} />
        <button type="button" class="al-button" onClick={onDone}>
          {say("cancel")}
        </button>
        <button type="submit" class="al-button rec" aria-busy={acting.isBusy}>
          {say("snooze.do")}
        </button>
      </div>
    </form>
  );
}

const focused = (field: HTMLInputElement | null): void => {
  if (field !== null && field.dataset["seen"] === undefined) {
    field.dataset["seen"] = "1";
    field.focus();
  }
};

/** What this one explains: those need nobody of their own. */
function Folded({ row }: { row: Row }) {
  const { board } = useWall();
  return (
    <details class="fo">
      <summary>{foldedWords(row.folded, row.alert)}</summary>
      <ul>
        {row.folded.map((alert) => (
          <li key={alert.id}>
            <a href={alertAddress(alert.id)}>
              <bdi>{titleOf(board, alert)}</bdi> · <bdi>{whoOf(board, alert)}</bdi>
            </a>
          </li>
        ))}
      </ul>
    </details>
  );
}

/** One that somebody has in hand: a line. */
export function Quiet({ row }: { row: Row }) {
  const wall = useWall();
  const { alert } = row;
  const { glyph } = markOf(alert);
  const running = useDerived(() => runningOf(wall.board, alert, wall.second.value), [alert]);
  return (
    <li class="al quiet" data-alert={alert.id}>
      <Glyph name={glyph} />
      <a class="ti" href={alertAddress(alert.id)}>
        <bdi>{titleOf(wall.board, alert)}</bdi>
      </a>
      <b class="age">{running}</b>
      <p class="su">
        <b>
          <bdi>{whoOf(wall.board, alert)}</bdi>
        </b>
        <span class="why">
          <bdi>{quietWords(alert, wall.zone)}</bdi>
        </span>
        {alert.state === "snoozed" && (
          <ActButton name="alert.unsnooze" args={{ alert: alert.id }} class="al-button">
            {say("snooze.end")}
          </ActButton>
        )}
      </p>
      {row.folded.length > 0 && <Folded row={row} />}
    </li>
  );
}
