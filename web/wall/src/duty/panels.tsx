import "../css/acts.css";
import "../css/duty.css";

import { act } from "../acts/act";
import { ActButton, ActProblem, useAct, ZoneProvider } from "../acts/Act";
import { may, who } from "../acts/who";
import { useWall } from "../context";
import { keys, useKey } from "../desk/keys";
import { minute } from "../format/moment";
import { Glyph } from "../parts/Glyph";
import { useDerived } from "../parts/hooks";
import { kindWords } from "../incident/words";
import { nameOf } from "../names";
import { pageAddress } from "../wire/socket";
import type { Wall } from "../wall";
import { lang } from "../words";
import { type Call, callsOf, helpLimit, type Incident, incidentsOf, inHour, isOpen, type Round, roundsOf } from "./facts";
import { say } from "./words";

/** `4:07`; hours as minutes, because a timer of the desk is about minutes. */
export function span(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  return whole >= 36_000 ? `${Math.floor(whole / 3600)} h` : `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

/** What somebody of the floor is called. */
export const agentName = (wall: Wall, id: string): string => nameOf(wall.board.at("agents", id), id);
export const teamName = (wall: Wall, id: string): string => (id === "" ? say("patrol.all") : nameOf(wall.board.at("teams", id), id));

/** Seconds since an instant, by the server's clock. */
export function useAge(since: number): number {
  const wall = useWall();
  return useDerived(() => Math.max(0, Math.floor((wall.second.value ?? since) - since)), [since]).value;
}

const severityOf = (age: number, limit: number): "" | "warn" | "breach" => (age >= limit ? "breach" : age >= limit * 0.8 ? "warn" : "");

/** Who waits for a lead: the longest first, one press to go there. `H` joins the first. */
export function HelpPanel({ hasKeys = true }: { hasKeys?: boolean }) {
  const wall = useWall();
  const calls = useDerived(() => callsOf(wall.board).filter(({ state }) => state !== "ended"), []).value;
  const waiting = calls.filter(({ state }) => state === "open");
  useKey("h", hasKeys && may("help.take"), () => {
    const [first] = waiting;
    if (first !== undefined) void act("help.take", { help: first.id });
  });
  return (
    <ZoneProvider value={wall.zone}>
      <section class="dk-panel du-help" aria-labelledby="du-help" data-panel="help">
        <div class="h">
          <h2 id="du-help">{say("help")}</h2>
          {calls.length > 0 && <span class="n">{calls.length}</span>}
          {calls.length === 0 && <span class="all">{say("help.none")}</span>}
        </div>
        {calls.length > 0 && (
          <ul>
            {calls.map((call) => (
              <HelpRow key={call.id} call={call} hasKey={hasKeys && call.id === waiting[0]?.id} />
            ))}
          </ul>
        )}
      </section>
    </ZoneProvider>
  );
}

function HelpRow({ call, hasKey }: { call: Call; hasKey: boolean }) {
  const wall = useWall();
  const limit = helpLimit(wall.board);
  const age = useAge(call.asked);
  const look = call.state === "open" ? severityOf(age, limit) : "";
  const name = agentName(wall, call.agent);
  const me = who().value?.id;
  const first = call.taken[0];
  return (
    <li class={`du-row ${look}`} data-help={call.id} data-state={call.state}>
      {look !== "" && <Glyph name={look === "breach" ? "breach" : "warn"} class={`m-${look}`} />}
      <b class="who">
        <bdi>{name}</bdi>
      </b>
      <span class="about">
        {call.seat !== "" && <bdi>{call.seat}</bdi>} {call.topic !== "" ? <bdi>{call.topic}</bdi> : call.via === "button" && say("help.button")}
        {first !== undefined && <span class="there"> {say("help.there", { name: first.by })}</span>}
      </span>
      {call.state === "open" && (
        <span class="timer">
          {look !== "" && <span class="vh">{say(look === "breach" ? "over" : "near")}</span>}
          <b>{span(age)}</b>/{span(limit)}
        </span>
      )}
      {call.state === "open" ? (
        <ActButton name="help.take" args={{ help: call.id }} class="join">
          {say("help.join")}
          <span class="vh"> {name}</span>
          {hasKey && keys.value && <kbd aria-hidden="true" data-key="H" />}
        </ActButton>
      ) : (
        <>
          {call.taken.every(({ by }) => by !== who().value?.name) && me !== undefined && (
            <ActButton name="help.take" args={{ help: call.id, join: true }} class="quiet">
              {say("help.also")}
            </ActButton>
          )}
          <ActButton name="help.end" args={{ help: call.id }}>
            {say("help.done")}
          </ActButton>
        </>
      )}
    </li>
  );
}

/** Patrols of one's own team (of the floor, for who leads all of it): how many this hour, when the next is due, one press. `P` presses. */
export function PatrolPanel({ hasKeys = true, team }: { hasKeys?: boolean; team?: string }) {
  const wall = useWall();
  const mine = who().value?.teams;
  const round = useDerived((): Round => mineOf(roundsOf(wall.board), team ?? mine?.[0]), [team, mine?.[0]]).value;
  const acting = useAct();
  const press = (): void => void acting.run("patrol.make", { team: round.team });
  useKey("p", hasKeys && may("patrol.make"), press);
  return (
    <ZoneProvider value={wall.zone}>
      <section class="dk-panel du-patrol" aria-labelledby="du-patrol" data-panel="patrol">
        <h2 id="du-patrol">{say("patrol")}</h2>
        <Due round={round} />
        {may("patrol.make") && (
          <button type="button" class="act-button" data-act="patrol.make" aria-busy={acting.isBusy} aria-disabled={acting.isBusy} onClick={press}>
            {say("patrol.press")}
            {hasKeys && keys.value && <kbd aria-hidden="true" data-key="P" />}
          </button>
        )}
        <ActProblem problem={acting.problem} />
      </section>
    </ZoneProvider>
  );
}

function mineOf(rounds: readonly Round[], team: string | undefined): Round {
  const found = rounds.find((one) => one.team === (team ?? ""));
  if (found !== undefined) return found;
  // Who leads everybody made a patrol wherever one was made.
  const made = team === undefined ? rounds.flatMap((one) => one.made).toSorted((a, b) => a.at - b.at) : [];
  const last = made.at(-1);
  return { team: team ?? "", every: 900, made, next: last === undefined ? undefined : last.at + 900 };
}

/** Four dots for four an hour, and how long until the next. */
export function Due({ round }: { round: Round }) {
  const wall = useWall();
  const n = useDerived(() => Math.min(4, inHour(round, wall.second.value ?? 0)), [round]).value;
  const left = useDerived(() => (round.next === undefined ? undefined : round.next - (wall.second.value ?? round.next)), [round]).value;
  const isOver = left !== undefined && left < 0;
  const words = left === undefined ? say("patrol.never") : say(isOver ? "patrol.overdue" : "patrol.next", { n, t: span(Math.abs(left)) });
  return (
    <span class={`du-due ${isOver ? "warn" : ""}`}>
      <span class="dots" aria-hidden="true">
        {Array.from({ length: 4 }, (_, i) => (
          <i key={i} class={i < n ? "on" : ""} />
        ))}
      </span>
      {isOver && <Glyph name="warn" class="m-warn" />}
      <span>{words}</span>
    </span>
  );
}

/** What goes on on the whole floor, or may: one line each. Nothing where nothing does. */
export function IncidentStrip() {
  const wall = useWall();
  const open = useDerived(() => incidentsOf(wall.board).filter(isOpen), []).value;
  if (open.length === 0) return null;
  return (
    <ZoneProvider value={wall.zone}>
      <section class="du-strip" aria-label={say("incidents")} data-panel="incidents">
        {open.map((one) => (
          <p key={one.id} class={one.state} data-incident={one.id}>
            <Glyph name={one.state === "confirmed" ? "breach" : "warn"} class={one.state === "confirmed" ? "m-breach" : "m-warn"} />
            <b>{kindWords(one.kind)}</b>
            <span class="why">
              {say(one.state === "confirmed" ? "incident.state.confirmed" : "incident.state.proposed")} {minute(one.began, wall.zone)} <Why incident={one} />
            </span>
            <a class="act-button" href={`${pageAddress("duty")}#incident-${one.id}`}>
              {say("incident.review")}
            </a>
          </p>
        ))}
      </section>
    </ZoneProvider>
  );
}

/** By which figures a detector came to it, or what somebody wrote. */
export function Why({ incident }: { incident: Incident }) {
  const { kind, evidence, text } = incident;
  if (text !== "") return <bdi>{text}</bdi>;
  if (evidence["minutes"] === undefined || (kind !== "surge" && kind !== "drops")) return null;
  return <span>{say(`incident.${kind}.why`, figures(evidence))}</span>;
}

const figures = (evidence: Readonly<Record<string, number>>): Record<string, string> =>
  Object.fromEntries(Object.entries(evidence).map(([name, value]) => [name, new Intl.NumberFormat(lang.value, { maximumFractionDigits: 1 }).format(value)]));
