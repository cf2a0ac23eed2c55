import { useLayoutEffect, useRef } from "preact/hooks";

import { person } from "../ask";
import { exactSpan } from "../format/duration";
import { clock } from "../format/moment";
import { deskSpan } from "../desk/span";
import { nameOf } from "../names";
import { Glyph, glyph } from "../parts/Glyph";
import { useDerived } from "../parts/hooks";
import { briefKey, conflictKey, conflictsOf } from "../senses";
import { ofLimit } from "../severity";
import { stateOf } from "../states";
import type { Cell } from "../wire/cell";
import { type Key, t } from "../words";
import { useTeam } from "./context";
import { DayBar } from "./DayBar";
import { ahtOf, doneOf, targetOf } from "./facts";
import { Senses } from "./Senses";
import { say } from "./words";

export interface Spot {
  readonly id: string;
  /** Rem from the top of the list, and the column. */
  readonly top: number;
  readonly column: number;
  /** Which of how many, for who hears the list. */
  readonly nth: number;
  readonly of: number;
  /** Changes when tiles go somewhere because of the order, not of the room. */
  readonly round: number;
}

/** What every look of a person says: read from their own cells, so that nobody else's change disturbs it. */
export function useFigures(id: string) {
  const page = useTeam();
  const board = page.wall.board;
  const agent = board.at("agents", id);
  const source = agent.at("source").text;
  const state = stateOf(agent.at("state").text);
  const since = agent.at("since").number;
  const limit = state === "off" ? undefined : agent.at("limit").number;
  const freshness = page.freshnessOf(source).value;
  const conflicts = useDerived(() => conflictsOf(agent), [id]).value;
  const doubt = conflicts[0];
  const now = page.nowOf(source);
  const timer = useDerived(() => (since === undefined || now.value === undefined ? "–" : deskSpan(now.value - since)), [since, source]);
  const severity = useDerived(() => (since === undefined || now.value === undefined ? "none" : ofLimit(now.value - since, limit)), [since, limit, source]);
  const isLive = freshness.kind === "live";
  // As words, so that another one's alert does not draw this tile anew.
  const told = useDerived(() => JSON.stringify(page.alertOf(id) ?? { look: "", title: "" }), [id]);
  const alert = JSON.parse(told.value) as { readonly look: "" | "warn" | "breach"; readonly title: string };
  const own: "" | "warn" | "breach" = severity.value === "breach" || severity.value === "warn" ? severity.value : "";
  const look = own === "breach" || alert.look === "" ? own : alert.look;
  return { page, agent, alert, own, state, since, limit, freshness, isLive, doubt, now, timer, source, severity: look, name: nameOf(agent, id), reason: agent.at("reason").text };
}
export type Figures = ReturnType<typeof useFigures>;

/** The state in words; one that another sense contradicts is not told as if it were true. */
export const stateWord = ({ state }: Figures): string => t(`state.${state}` as Key);

/** What is wrong, for who hears the tile. */
export function trouble({ doubt, severity, alert }: Figures): string {
  const words = [alert.title === "" ? "" : say("alert.on", { what: alert.title }), doubt === undefined ? "" : `${t("conflict.word")}: ${t(conflictKey(doubt.kind))}`, severity === "" ? "" : t(`severity.${severity}`)];
  return words.filter((word) => word !== "").join(", ");
}

/** What lies over the whole tile: opens the person, and is where the keyboard stands. */
export function Open({ id, figures }: { id: string; figures: Figures }) {
  const { page } = figures;
  const isStop = useDerived(() => page.focus.value === id, [id]);
  const wrong = trouble(figures);
  return (
    <button
      type="button"
      class="tg-open"
      tabIndex={isStop.value ? 0 : -1}
      aria-haspopup="dialog"
      aria-label={`${say("open", { name: figures.name, state: stateWord(figures) })}${wrong === "" ? "" : `, ${wrong}`}`}
      data-person={id}
      onFocus={() => (page.focus.value = id)}
      onClick={(event) => (person.value = { id, button: event.currentTarget })}
    />
  );
}

/** Where a tile lies; one that changed place goes there in a moment, so that the eye can follow. */
export function usePlace({ top, column, round }: Spot) {
  const ref = useRef<HTMLLIElement>(null);
  const before = useRef({ top, column, round });
  useLayoutEffect(() => {
    const old = before.current;
    before.current = { top, column, round };
    const element = ref.current;
    if (element === null || old.round === round || (old.top === top && old.column === column)) return;
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) return;
    const list = element.parentElement as HTMLElement;
    const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
    const step = element.offsetWidth + (Number.parseFloat(getComputedStyle(list).columnGap) || 0);
    const turn = getComputedStyle(list).direction === "rtl" ? -1 : 1;
    element.animate([{ translate: `${(old.column - column) * step * turn}px ${(old.top - top) * rem}px` }, { translate: "none" }], { duration: 240, easing: "cubic-bezier(.2, 0, 0, 1)" });
  }, [top, column, round]);
  return { ref, style: { insetBlockStart: `${top}rem`, insetInlineStart: column === 0 ? "0" : `calc(${column} * var(--step))` } };
}

/** A fresh breach draws its edge in; one that was there when the tile came into sight does not. */
function useFresh(severity: string): boolean {
  const before = useRef(severity);
  const fresh = useRef(false);
  if (before.current !== severity) fresh.current = severity === "breach";
  before.current = severity;
  return fresh.current;
}

export function looks(figures: Figures, isFresh: boolean): string {
  const { state, doubt, severity, isLive } = figures;
  return `is-${state} ${doubt === undefined ? severity : `breach doubt ${severity === "breach" ? "over" : ""}`} ${isLive ? "" : "stale"} ${isFresh ? "fresh" : ""}`;
}

/** A person as the lead wants to know them: what they do, how long of how long, what the devices say, how their day was. */
export function Tile(spot: Spot) {
  const { id } = spot;
  const figures = useFigures(id);
  const { ref, style } = usePlace(spot);
  const { agent, alert, state, limit, doubt, severity, isLive, reason } = figures;
  const isFresh = useFresh(doubt === undefined ? severity : "breach");
  const word = stateWord(figures);
  const seat = agent.at("seat").text;
  const isOff = state === "off" && doubt === undefined;
  const { board } = figures.page.wall;
  return (
    <li ref={ref} class={`tg-tile ${looks(figures, isFresh)}`} style={style} data-agent={id} aria-setsize={spot.of} aria-posinset={spot.nth + 1}>
      <Open id={id} figures={figures} />
      <p class="tg-1">
        <b dir="auto">{figures.name}</b>
        <Badges agent={agent} board={board} name={figures.name} />
      </p>
      <p class="tg-2">
        {glyph(state, `st-${state}`)}
        <span class="word">{word}</span>
        {saysMore(reason, state, word) && <bdi class="why">{reason}</bdi>}
        {seat !== "" && <bdi class="seat">{seat}</bdi>}
      </p>
      <p class="tg-3">
        <b>{isOff ? "–" : figures.timer}</b>
        {limit !== undefined && <small>{`/ ${exactSpan(limit)}`}</small>}
        {verdict(figures)}
      </p>
      <Limit figures={figures} />
      <div class="tg-4">
        {doubt === undefined && alert.title !== "" ? (
          <span class="flag" title={alert.title}>
            {glyph(alert.look === "" ? "info" : alert.look, alert.look === "" ? "" : `m-${alert.look}`)}
            <b dir="auto">{alert.title}</b>
          </span>
        ) : doubt === undefined ? (
          <Numbers agent={agent} />
        ) : (
          <span class="flag" title={t(conflictKey(doubt.kind))}>
            {glyph("conflict", "m-breach")}
            <b>{t(briefKey(doubt.kind))}</b> <Since since={doubt.since} figures={figures} />
          </span>
        )}
        <Senses agent={agent} />
      </div>
      {isLive ? (
        <p class="tg-day">
          <DayBar agent={agent} now={figures.now} />
          <Done agent={agent} board={board} />
        </p>
      ) : (
        <AsOf figures={figures} />
      )}
    </li>
  );
}

function verdict({ doubt, own: severity }: Figures) {
  if (severity === "" && doubt === undefined) return null;
  const [name, word] = severity === "" ? (["conflict", t("conflict.short")] as const) : ([severity, t(`severity.${severity}`)] as const);
  return (
    <span class="mk">
      {glyph(name, `m-${name === "conflict" ? "breach" : name}`)}
      {word}
    </span>
  );
}

/** The timer as a line that reaches the right end at the limit. */
export function Limit({ figures: { since, limit, now, source, own: severity } }: { figures: Figures }) {
  const width = useDerived(() => {
    if (since === undefined || limit === undefined || now.value === undefined) return "inline-size: 0";
    // In whole percents: what nobody could see is not drawn anew each second.
    return `inline-size: ${Math.min(100, Math.max(0, Math.floor(((now.value - since) / limit) * 100)))}%`;
  }, [since, limit, source]);
  return (
    <span class={`tg-lim ${limit === undefined ? "none" : severity}`} aria-hidden="true">
      <i style={width} />
    </span>
  );
}

function Since({ since, figures: { now, source } }: { since: number | undefined; figures: Figures }) {
  const span = useDerived(() => (since === undefined || now.value === undefined ? "" : deskSpan(now.value - since)), [since, source]);
  return <>{span}</>;
}

export function Numbers({ agent }: { agent: Cell }) {
  const aht = ahtOf(agent);
  return (
    <span class="txt">
      {`${say("aht")} `}
      <b>{aht === undefined ? "–" : deskSpan(aht)}</b>
      {` ${say("missed")} `}
      <b>{agent.at("missed").number ?? 0}</b>
    </span>
  );
}

/** Calls of today against the day's target. */
export function Done({ agent, board }: { agent: Cell; board: Cell }) {
  const [done, target] = [doneOf(agent), targetOf(board, agent.at("team").text)];
  return (
    <span class="of">
      <b>{done}</b>
      {target !== undefined && `/${target}`}
    </span>
  );
}

function AsOf({ figures: { freshness, page } }: { figures: Figures }) {
  const at = freshness.kind === "live" ? undefined : freshness.asOf;
  return (
    <p class="tg-day asof">
      <Glyph name="clock" />
      {at !== undefined && t("stale.asOf", { t: clock(at, page.wall.zone) })}
    </p>
  );
}

/** Roughly, in ems: a Chinese character is one wide, any other a bit over half of that. */
function breadth(text: string): number {
  let ems = 0;
  for (const character of text) ems += (character.codePointAt(0) ?? 0) >= 0x2e80 ? 1 : 0.58;
  return ems;
}

/** Ems of its text that a badge's frame takes, the widest badge, and what tells that there are more. */
const FRAME = 1.3;
const WIDEST = 9;
const MORE = 2.8;
/** Ems of a badge's text that fit beside each other in the narrowest tile, and how much larger a name is written. */
const ROOM = 18.4;
const LARGER = 1.36;

/** The queues they serve, as many as have room beside `name`; those that do not get calls to them at present are struck out. */
export function Badges({ agent, board, name = "", room = ROOM }: { agent: Cell; board: Cell; name?: string; room?: number }) {
  const queues = agent.at("queues").list.filter((one) => typeof one === "string");
  const paused = new Set(agent.at("not_ready_in").list);
  const isPartly = paused.size > 0 && paused.size < queues.length;
  const labels = queues.map((queue) => [queue, nameOf(board.at("queues", queue), queue)] as const);
  let left = room - breadth(name) * LARGER;
  const fitting = labels.filter(([, label], i) => (left -= Math.min(WIDEST, breadth(label)) + FRAME) >= (i === labels.length - 1 ? 0 : MORE)).length;
  const shown = labels.slice(0, fitting);
  return (
    <span class="bd" title={shown.length < labels.length ? labels.map(([, label]) => label).join(" · ") : undefined}>
      {shown.map(([queue, label]) => (
        <i key={queue} dir="auto" class={isPartly && paused.has(queue) ? "off" : ""}>
          {label}
        </i>
      ))}
      {shown.length < labels.length && <i>{shown.length === 0 ? labels.length : `+${labels.length - shown.length}`}</i>}
    </span>
  );
}

/** Whether the PBX's own reason tells more than the state it was taken for. */
export function saysMore(reason: string, ...told: readonly string[]): boolean {
  const said = reason.trim().toLowerCase();
  return said !== "" && !told.some((word) => word.toLowerCase() === said);
}
