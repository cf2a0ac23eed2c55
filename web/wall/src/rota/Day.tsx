import { kindOf } from "../breaks/model";
import { minute } from "../format/moment";
import { percent } from "../format/percent";
import { Glyph, type GlyphName } from "../parts/Glyph";
import { stateOf } from "../states";
import type { Wall } from "../wall";
import { t } from "../words";
import { byNeed, GRAVE, type Shift, type Verdict } from "./facts";
import { instantOf } from "./days";
import { say, wordOf } from "./words";

const HOUR = 3600;
/** Before the first and after the last of the day, so that nothing touches the edge. */
const EDGE = HOUR / 2;
const MOST_HOURS = 30;
/** Hours of a day on which nobody works. */
const USUAL = [9, 18] as const;

interface Props {
  readonly wall: Wall;
  readonly shifts: readonly Shift[];
  readonly day: string;
  readonly nameOf: (agent: string) => string;
  readonly onOpen: (shift: Shift) => void;
}

/** A row a shift: who, what is wrong, the plan as a frame and what came of it in the frame. */
export function Day({ wall, shifts, day, nameOf, onOpen }: Props) {
  const midnight = instantOf(day, "00:00", wall.zone) ?? 0;
  const working = shifts.filter((shift) => shift.kind === "work");
  const begins = working.length === 0 ? [midnight + USUAL[0] * HOUR] : working.map((one) => one.begins);
  const ends = working.length === 0 ? [midnight + USUAL[1] * HOUR] : working.map((one) => one.ends);
  const first = Math.floor((Math.min(...begins) - EDGE) / HOUR) * HOUR;
  const last = Math.min(Math.ceil((Math.max(...ends) + EDGE) / HOUR) * HOUR, first + MOST_HOURS * HOUR);
  const place = (at: number) => (Math.min(Math.max(at, first), last) - first) / (last - first);
  const now = wall.second.value;
  const rows = [...shifts].sort(byNeed(nameOf));
  const step = last - first > 14 * HOUR ? 2 * HOUR : HOUR;
  const hours = Array.from({ length: Math.floor((last - first) / step) + 1 }, (_, n) => first + n * step);
  return (
    <div class="ro-table" role="table" aria-label={say("table")}>
      <div class="ro-row head" role="row">
        <span role="columnheader">{say("column.who")}</span>
        <span role="columnheader">{say("column.what")}</span>
        <span role="columnheader" class="ro-hours">
          {hours.slice(0, -1).map((at) => (
            <time key={at} style={{ insetInlineStart: `${place(at) * 100}%` }}>
              {minute(at, wall.zone)}
            </time>
          ))}
        </span>
        <span role="columnheader" class="end">
          {say("column.kept")}
        </span>
      </div>
      {rows.map((shift) => (
        <Row key={shift.id} shift={shift} wall={wall} name={nameOf(shift.agent)} place={place} hours={hours} now={now} onOpen={() => onOpen(shift)} />
      ))}
    </div>
  );
}

interface RowProps {
  readonly shift: Shift;
  readonly wall: Wall;
  readonly name: string;
  readonly place: (at: number) => number;
  readonly hours: readonly number[];
  readonly now: number | undefined;
  readonly onOpen: () => void;
}

function Row({ shift, wall, name, place, hours, now, onOpen }: RowProps) {
  const zone = wall.zone;
  const state = stateOf(wall.board.at("agents", shift.agent, "state").text || "unknown");
  const isNow = now !== undefined && shift.begins <= now && now < shift.ends && shift.kind === "work";
  const span = (from: number, to: number) => ({ insetInlineStart: `${place(from) * 100}%`, inlineSize: `${Math.max(0, place(to) - place(from)) * 100}%` });
  const until = shift.left ?? Math.min(now ?? shift.ends, shift.ends + 3 * HOUR);
  const isGrave = shift.what.some((one) => GRAVE.has(one) && shift.excuses[one] === undefined);
  return (
    <div class={`ro-row ${isGrave ? "grave" : ""} ${shift.kind === "work" ? "" : "off"}`} role="row" data-shift={shift.id} data-what={shift.what.join(" ")}>
      <span role="cell" class="ro-who">
        <button type="button" onClick={onOpen}>
          <bdi>{name}</bdi>
        </button>
        <small>
          {isNow && (
            <>
              <Glyph name={state} class={`s-${state}`} />
              {t(`state.${state}`)}
            </>
          )}
          {shift.seat !== "" && <bdi class="seat">{shift.seat}</bdi>}
          {shift.duty !== "" && <bdi class="duty">{shift.duty}</bdi>}
        </small>
      </span>
      <span role="cell" class="ro-what">
        <What shift={shift} zone={zone} />
      </span>
      <span role="cell" class="ro-line" aria-label={say("line", { from: minute(shift.begins, zone), to: minute(shift.ends, zone) })}>
        {hours.map((at) => (
          <i key={at} class="hour" style={{ insetInlineStart: `${place(at) * 100}%` }} />
        ))}
        <span class={`plan k-${shift.kind}`} style={span(shift.begins, shift.ends)}>
          {shift.kind !== "work" && <b>{wordOf("kind", shift.kind)}</b>}
        </span>
        {shift.kind === "work" && shift.came !== undefined && <span class={`was ${shift.left === undefined ? "on" : ""}`} style={span(shift.came, until)} />}
        {shift.breaks.map((one) => (
          <span key={one.begins} class="pause" style={span(one.begins, one.ends)} title={`${kindOf(wall.board, one.kind).name} ${minute(one.begins, zone)}–${minute(one.ends, zone)}`} />
        ))}
        {now !== undefined && <i class="now" style={{ insetInlineStart: `${place(now) * 100}%` }} />}
      </span>
      <span role="cell" class="ro-kept end">
        {shift.kind === "work" && (shift.kept === undefined ? <span class="none">–</span> : <b>{percent(shift.kept)}%</b>)}
      </span>
    </div>
  );
}

const MARK: Readonly<Record<Verdict, GlyphName>> = { absent: "breach", late: "warn", early: "warn", left_on: "warn", wrong_seat: "seat", undocked: "desk", not_early_enough: "clock" };

/** In words: beside the times of day of the other rows `21:51` would be one of them. */
function spanWords(seconds: number): string {
  const minutes = Math.max(1, Math.floor(seconds / 60));
  return minutes < 60 ? say("span.minutes", { m: minutes }) : say("span.hours", { h: Math.floor(minutes / 60), m: minutes % 60 });
}

/** The gravest in a word, with how much; the others as signs. An excuse makes it quiet. */
function What({ shift, zone }: { shift: Shift; zone: string }) {
  const [first, ...others] = shift.what;
  if (shift.kind !== "work") return <span class="quiet">{wordOf("kind", shift.kind)}</span>;
  if (first === undefined) {
    return shift.came === undefined ? (
      <span class="quiet">{say("what.awaited", { t: minute(shift.begins, zone) })}</span>
    ) : (
      <span class="good">
        <Glyph name="ok" />
        {shift.left === undefined ? say(shift.latest ? "what.latest" : "what.came", { t: minute(shift.came, zone) }) : say("what.done")}
      </span>
    );
  }
  const excuse = shift.excuses[first];
  const much = first === "late" ? shift.late : first === "early" ? shift.early : first === "left_on" ? shift.over : 0;
  return (
    <span class={excuse !== undefined ? "quiet" : first === "absent" ? "bad" : GRAVE.has(first) ? "near" : "mild"}>
      <Glyph name={MARK[first]} />
      {say(`what.${first}`)}
      {much > 0 && first !== "absent" && <b> {spanWords(much)}</b>}
      {others.map((one) => (
        <span key={one} class="more" title={say(`what.${one}`)}>
          <Glyph name={MARK[one]} />
          <span class="vh">{say(`what.${one}`)}</span>
        </span>
      ))}
      {excuse !== undefined && (
        <small>
          <bdi>{excuse}</bdi>
        </small>
      )}
    </span>
  );
}
