import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";

import { ActButton } from "../acts/Act";
import { Dialog } from "../boards/Dialog";
import { deskSpan } from "../desk/span";
import { texted } from "../duty/texts";
import { count } from "../format/count";
import { date, minute } from "../format/moment";
import { percent, targetPercent } from "../format/percent";
import { kindWords } from "../incident/words";
import { Glyph } from "../parts/Glyph";
import type { Wall } from "../wall";
import { type Key, lang, t } from "../words";
import { type Figures, type Meeting, type QueueDay, type Section, verdict } from "./agenda";
import { many, say } from "./words";

const MOST_TEXT = 2000;
const MOST_SPANS = 4;
type NameOf = (agent: string) => string;

interface Props {
  readonly wall: Wall;
  readonly meeting: Meeting;
  readonly nameOf: NameOf;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

/** What is said at the meeting: the lead's own words, and what the last day was like, to be read aloud or printed. */
export function Agenda({ wall, meeting, nameOf, onClose, onDone }: Props) {
  const [draft, setDraft] = useState<string>();
  const zone = wall.zone;
  const foot = (
    <button type="button" class="act-button primary" data-do="print" onClick={() => window.print()}>
      {say("agenda.print")}
    </button>
  );
  const title = (
    <>
      <bdi>{meeting.title}</bdi>
      <small class="ag-when">
        {date(meeting.begins, zone, lang.value)} {minute(meeting.begins, zone)}–{minute(meeting.begins + meeting.lasts, zone)} ·{" "}
        {meeting.teams.length === 0
          ? say("team.all")
          : meeting.teams.map((one, n) => (
              <span key={one}>
                {n > 0 && "· "}
                <bdi>{one}</bdi>
              </span>
            ))}
      </small>
    </>
  );
  return (
    <Dialog title={title} onClose={onClose} foot={foot} isWide>
      <section class="ag-words">
        <header>
          <h2>{say("agenda.words")}</h2>
          {meeting.by !== "" && (
            <small>
              <bdi>{meeting.by}</bdi> {date(meeting.edited, zone, lang.value)} {minute(meeting.edited, zone)}
            </small>
          )}
          {meeting.mayNote && draft === undefined && (
            <button type="button" class="dk-act" data-do="note" onClick={() => setDraft(meeting.text)}>
              {say("agenda.edit")}
            </button>
          )}
        </header>
        {draft === undefined ? (
          <p class={meeting.text === "" ? "quiet" : ""}>{meeting.text === "" ? say("agenda.words.none") : <bdi>{meeting.text}</bdi>}</p>
        ) : (
          <div class="ag-edit">
            <textarea aria-label={say("agenda.words")} rows={4} maxLength={MOST_TEXT} value={draft} onInput={(event) => setDraft(event.currentTarget.value)} />
            <button type="button" class="act-button quiet" onClick={() => setDraft(undefined)}>
              {say("cancel")}
            </button>
            <ActButton
              name="meeting.note"
              args={{ meeting_id: meeting.id, text: draft }}
              class="primary"
              onDone={() => {
                setDraft(undefined);
                onDone();
              }}
            >
              {say("agenda.keep")}
            </ActButton>
          </div>
        )}
      </section>
      {meeting.sections.map((one) => (
        <Day key={one.team} zone={zone} told={one} nameOf={nameOf} />
      ))}
      {meeting.sections.length === 0 && <p class="quiet">{say("agenda.nobody")}</p>}
    </Dialog>
  );
}

/** Why there are no figures: never zeros. */
export function noneWords(told: Section, zone: string): string {
  if (told.none === "began") return told.since === undefined ? say("agenda.none") : say("agenda.none.began", { at: minute(told.since, zone) });
  return say("agenda.none.nothing");
}

export const dayWords = (told: Section, zone: string): string => (told.isYesterday ? say("agenda.yesterday", { day: date(told.from, zone, lang.value) }) : date(told.from, zone, lang.value));

function Day({ zone, told, nameOf }: { zone: string; told: Section; nameOf: NameOf }) {
  const whose = told.team === "" ? say("agenda.floor") : <bdi>{told.team}</bdi>;
  if (told.none !== "")
    return (
      <section class="ag-day">
        <header>
          <h2>{whose}</h2>
        </header>
        <p class="ag-none">
          <Glyph name="unplug" />
          {noneWords(told, zone)}
        </p>
      </section>
    );
  return (
    <section class="ag-day">
      <header>
        <h2>
          {whose} · {dayWords(told, zone)}
        </h2>
      </header>
      <Doubts told={told} zone={zone} />
      <Numbers told={told} />
      <p class="ag-how">{howWords(told)}</p>
      <Points told={told} zone={zone} nameOf={nameOf} />
      {told.queues.length > 1 && <Queues queues={told.queues} />}
    </section>
  );
}

function Doubts({ told, zone }: { told: Section; zone: string }) {
  const spans = told.outages.slice(0, MOST_SPANS).map(([from, to]) => `${minute(from, zone)}–${minute(to, zone)}`);
  const more = told.outages.length - spans.length;
  if (spans.length === 0 && told.since === undefined) return null;
  return (
    <p class="ag-doubt">
      <Glyph name="unplug" />
      <span>
        {told.since !== undefined && `${say("agenda.since", { at: minute(told.since, zone) })} `}
        {spans.length > 0 && say("agenda.incomplete", { spans: spans.join(", ") })}
        {more > 0 && ` ${many("agenda.incomplete.more", more)}`}
      </span>
    </p>
  );
}

/** The figures that everybody asks for first, each beside what it should have been. */
function Numbers({ told }: { told: Section }) {
  const { numbers: n, target, attendance } = told;
  const rate = (name: string) => (n[name] === undefined ? undefined : `${percent(n[name], target[name])}%`);
  const aim = (name: string) => (target[name] === undefined ? "" : say("agenda.target", { n: `${targetPercent(target[name])}%` }));
  const span = (value: number | undefined) => (value === undefined ? undefined : deskSpan(value));
  const kept = attendance?.["adherence"];
  return (
    <dl class="ag-numbers">
      <One name="level" value={rate("service_level")} aim={aim("service_level")} mark={verdict(n["service_level"], target["service_level"], false)} />
      <One name="rate" value={rate("answer_rate")} aim={aim("answer_rate")} mark={verdict(n["answer_rate"], target["answer_rate"], false)} />
      <One name="offered" value={count(n["offered"] ?? 0, lang.value)} />
      <One name="answered" value={count(n["answered"] ?? 0, lang.value)} />
      <One name="abandoned" value={count(n["abandoned_total"] ?? 0, lang.value)} aim={(n["short"] ?? 0) > 0 ? say("agenda.short", { n: count(n["short"] ?? 0, lang.value) }) : ""} />
      {(n["lost"] ?? 0) > 0 && <One name="lost" value={count(n["lost"] ?? 0, lang.value)} />}
      <One name="asa" value={span(n["asa"])} />
      <One name="longest" value={span(n["longest_wait"])} aim={target["longest_wait"] === undefined ? "" : say("agenda.limit", { n: deskSpan(target["longest_wait"]) })} mark={verdict(n["longest_wait"], target["longest_wait"], true)} />
      <One name="aht" value={span(n["aht"])} />
      {kept !== undefined && <One name="adherence" value={`${percent(kept)}%`} />}
      {(n["ratings"] ?? 0) > 0 && <One name="satisfaction" value={rate("satisfaction")} aim={aim("satisfaction")} mark={verdict(n["satisfaction"], target["satisfaction"], false)} />}
    </dl>
  );
}

type Name = "level" | "rate" | "offered" | "answered" | "abandoned" | "lost" | "asa" | "longest" | "aht" | "adherence" | "satisfaction";

function One({ name, value, aim = "", mark = "" }: { name: Name; value: string | undefined; aim?: string; mark?: "good" | "bad" | "" }) {
  return (
    <div class={mark} data-n={name}>
      <dt>{say(`agenda.n.${name}`)}</dt>
      <dd>
        <b>{value ?? "–"}</b>
        {mark === "bad" && (
          <>
            <Glyph name="breach" />
            <span class="vh">{say("agenda.missed")}</span>
          </>
        )}
      </dd>
      {aim !== "" && <dd class="aim">{aim}</dd>}
    </div>
  );
}

/** How the service level was counted, and how many people it was. */
function howWords({ formula, persons, goal, reached }: Section): string {
  const parts: string[] = [];
  if (formula.level !== "") {
    const variant = t(`variant.${formula.level}` as Key);
    parts.push(formula.threshold === undefined ? say("agenda.how.mixed", { variant }) : say("agenda.how", { variant, n: formula.threshold, short: formula.short ?? 0 }));
  }
  if (persons > 0) parts.push(many("agenda.persons", persons));
  if (reached > 0 && goal > 0) parts.push(say("agenda.goal", { n: reached, goal }));
  return parts.join(" · ");
}

function Points({ told, zone, nameOf }: { told: Section; zone: string; nameOf: NameOf }) {
  const { worst, attendance, complaints, promises, incidents, best } = told;
  const points: ComponentChildren[] = [];
  if (worst !== undefined) {
    const [start = 0, length = 0] = [worst["start"], worst["length"]];
    points.push(<Point name="worst">{say("agenda.worst.is", { from: minute(start, zone), to: minute(start + length, zone), level: `${percent(worst["level"] ?? 0, told.target["service_level"])}%`, n: count(worst["offered"] ?? 0, lang.value) })}</Point>);
  }
  if (attendance !== undefined) points.push(<Point name="attendance">{attended(attendance)}</Point>);
  for (const [name, cases] of [["complaints", complaints], ["promises", promises]] as const)
    if (cases !== undefined)
      points.push(
        <Point name={name}>
          {say("agenda.cases", { open: cases["open"] ?? 0, overdue: cases["overdue"] ?? 0, opened: cases["opened"] ?? 0, closed: cases["closed"] ?? 0 })}
        </Point>,
      );
  for (const one of incidents) {
    const words = texted(one.texts, lang.value) || kindWords(one.kind);
    const effect = [one.effect["abandoned"] === undefined ? "" : say("agenda.effect.abandoned", { n: one.effect["abandoned"] }), one.effect["service_level"] === undefined ? "" : say("agenda.effect.level", { n: `${percent(one.effect["service_level"])}%` })].filter((part) => part !== "");
    points.push(
      <Point name="incident">
        {minute(one.began, zone)}–{one.ended === undefined ? say("agenda.went-on") : minute(one.ended, zone)} <bdi>{words}</bdi>
        {one.ended !== undefined && ` (${deskSpan(one.ended - one.began)})`}
        {effect.length > 0 && <small>{effect.join(" · ")}</small>}
      </Point>,
    );
  }
  if (best.length > 0)
    points.push(
      <Point name="best">
        {best.map((one, n) => (
          <span key={`${one.agent} ${one.what}`}>
            {n > 0 && " · "}
            <bdi>{nameOf(one.agent)}</bdi> {one.what === "answered" ? many("agenda.best.answered", one.value) : say("agenda.best.satisfaction", { n: `${percent(one.value)}%`, of: one.of })}
          </span>
        ))}
      </Point>,
    );
  if (points.length === 0) return null;
  return <dl class="ag-points">{points}</dl>;
}

function Point({ name, children }: { name: "worst" | "attendance" | "complaints" | "promises" | "incident" | "best"; children: ComponentChildren }) {
  return (
    <div data-p={name}>
      <dt>{say(`agenda.p.${name}`)}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function attended(told: Figures): string {
  const n = (name: string) => told[name] ?? 0;
  const parts = [many("agenda.a.planned", n("planned")), say("agenda.a.late", { n: n("late") }), say("agenda.a.absent", { n: n("absent") })];
  if (n("early") > 0) parts.push(say("agenda.a.early", { n: n("early") }));
  if (n("unknown") > 0) parts.push(say("agenda.a.unknown", { n: n("unknown") }));
  return parts.join(" · ");
}

function Queues({ queues }: { queues: readonly QueueDay[] }) {
  const cell = (value: number | undefined, words: (n: number) => string) => (value === undefined ? "–" : words(value));
  return (
    <div class="ag-queues">
      <table>
        <thead>
          <tr>
            <th scope="col">{say("agenda.queue")}</th>
            <th scope="col">{say("agenda.n.level")}</th>
            <th scope="col">{say("agenda.n.offered")}</th>
            <th scope="col">{say("agenda.n.answered")}</th>
            <th scope="col">{say("agenda.n.abandoned")}</th>
            <th scope="col">{say("agenda.n.longest")}</th>
          </tr>
        </thead>
        <tbody>
          {queues.map((one) => (
            <tr key={one.id}>
              <th scope="row">
                <bdi>{one.names[lang.value] ?? (one.name || one.id)}</bdi>
              </th>
              <td class={verdict(one.numbers["service_level"], one.target["service_level"], false)}>{cell(one.numbers["service_level"], (n) => `${percent(n, one.target["service_level"])}%`)}</td>
              <td>{count(one.numbers["offered"] ?? 0, lang.value)}</td>
              <td>{count(one.numbers["answered"] ?? 0, lang.value)}</td>
              <td>{count(one.numbers["abandoned_total"] ?? 0, lang.value)}</td>
              <td>{cell(one.numbers["longest_wait"], deskSpan)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** One line of a meeting's first figures, for the list. */
export function briefly(told: Section, zone: string): string {
  if (told.none !== "") return noneWords(told, zone);
  const { numbers: n, target } = told;
  const level = n["service_level"] === undefined ? "–" : `${percent(n["service_level"], target["service_level"])}%`;
  const rate = n["answer_rate"] === undefined ? "–" : `${percent(n["answer_rate"], target["answer_rate"])}%`;
  return `${dayWords(told, zone)}: ${say("agenda.n.level")} ${level} · ${say("agenda.n.rate")} ${rate} · ${say("agenda.n.offered")} ${count(n["offered"] ?? 0, lang.value)}`;
}
