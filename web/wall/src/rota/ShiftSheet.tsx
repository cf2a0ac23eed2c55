import { useState } from "preact/hooks";

import { ActButton, ActProblem, useAct } from "../acts/Act";
import { may } from "../acts/who";
import { Dialog } from "../boards/Dialog";
import { kindOf } from "../breaks/model";
import { minute } from "../format/moment";
import { Glyph } from "../parts/Glyph";
import type { Wall } from "../wall";
import { dayAfter, instantOf, isoDay, isoTime, movedTo } from "./days";
import type { PlannedBreak, Shift } from "./facts";
import { say, wordOf } from "./words";

const KINDS = ["work", "leave", "sick", "training", "off"] as const;
const MOST_BREAKS = 12;

/** What is to be set; `shift` is the one that is changed, undefined for a new one. */
export interface Draft {
  readonly id: string;
  readonly agent: string;
  readonly begins: number;
  readonly ends: number;
  readonly kind: string;
  readonly seat: string;
  readonly duty: string;
  readonly note: string;
  readonly breaks: readonly PlannedBreak[];
  readonly shift: Shift | undefined;
}

interface Props {
  readonly wall: Wall;
  readonly draft: Draft;
  readonly others: readonly Shift[];
  readonly nameOf: (agent: string) => string;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

/** One shift: what came of it, and everything that may be changed about it. */
export function ShiftSheet({ wall, draft, others, nameOf, onClose, onDone }: Props) {
  const zone = wall.zone;
  const [told, setTold] = useState(draft);
  const [day, setDay] = useState(isoDay(draft.begins, zone));
  const done = () => {
    onDone();
    onClose();
  };
  const acting = useAct(done);
  const put = (more: Partial<Draft>) => setTold({ ...told, ...more });
  const begins = movedTo(told.begins, day, zone);
  const inside = (at: number, isLater: (there: number) => boolean) => {
    const there = movedTo(at, day, zone);
    return isLater(there) ? there : movedTo(at, dayAfter(day, 1), zone);
  };
  const ends = inside(told.ends, (there) => there > begins);
  const breaks = told.kind === "work" ? told.breaks.map((one) => ({ begins: inside(one.begins, (there) => there >= begins), ends: inside(one.ends, (there) => there > begins), kind: one.kind })) : [];
  const args = { agent: told.agent, begins, ends, kind: told.kind, seat: told.seat, duty: told.duty, note: told.note, breaks, ...(told.id === "" ? {} : { shift_id: told.id }) };
  const isNew = draft.shift === undefined;
  const kinds = [...wall.board.at("break_desk", "kinds").keys];
  const people = [...wall.board.at("agents").keys].map((id) => [id, nameOf(id)] as const).sort((a, b) => a[1].localeCompare(b[1]));
  const time = (value: number, to: (at: number) => void) => (
    <input type="time" value={isoTime(value, zone)} onInput={(event) => to(instantOf(isoDay(value, zone), event.currentTarget.value, zone) ?? value)} />
  );
  return (
    <Dialog
      title={isNew ? say("sheet.new") : <bdi>{nameOf(draft.agent)}</bdi>}
      onClose={onClose}
      foot={
        <>
          {!isNew && <Remove id={draft.id} onDone={done} />}
          <span class="ro-gap" />
          <ActProblem problem={acting.problem} />
          <button type="button" class="act-button" onClick={onClose}>
            {say("cancel")}
          </button>
          {may("shift.set") && (
            <button type="button" class="act-button primary" aria-busy={acting.isBusy} aria-disabled={told.agent === ""} data-act="shift.set" onClick={() => void (told.agent === "" || acting.run("shift.set", args))}>
              {say("save")}
            </button>
          )}
        </>
      }
    >
      {draft.shift !== undefined && <Came shift={draft.shift} zone={zone} onDone={done} />}
      <div class="ro-form">
        {isNew && (
          <label class="wide">
            {say("column.who")}
            <select value={told.agent} onChange={(event) => put({ agent: event.currentTarget.value })}>
              <option value="">{say("sheet.choose")}</option>
              {people.map(([id, name]) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </select>
          </label>
        )}
        <label>
          {say("sheet.kind")}
          <select value={told.kind} onChange={(event) => put({ kind: event.currentTarget.value })}>
            {KINDS.map((kind) => (
              <option key={kind} value={kind}>
                {wordOf("kind", kind)}
              </option>
            ))}
          </select>
        </label>
        <label>
          {say("day")}
          <input type="date" value={day} onInput={(event) => event.currentTarget.value !== "" && setDay(event.currentTarget.value)} />
        </label>
        <label>
          {say("sheet.begins")}
          {time(told.begins, (at) => put({ begins: at }))}
        </label>
        <label>
          {say("sheet.ends")}
          {time(told.ends, (at) => put({ ends: at }))}
        </label>
        <label>
          {say("sheet.seat")}
          <input value={told.seat} maxLength={64} onInput={(event) => put({ seat: event.currentTarget.value })} />
        </label>
        <label>
          {say("sheet.duty")}
          <input value={told.duty} maxLength={64} onInput={(event) => put({ duty: event.currentTarget.value })} />
        </label>
        <label class="wide">
          {say("sheet.note")}
          <input value={told.note} maxLength={200} onInput={(event) => put({ note: event.currentTarget.value })} />
        </label>
      </div>
      {told.kind === "work" && (
        <fieldset class="ro-breaks">
          <legend>{say("sheet.breaks")}</legend>
          {told.breaks.map((one, n) => {
            const change = (more: Partial<PlannedBreak>) => put({ breaks: told.breaks.map((other, m) => (m === n ? { ...one, ...more } : other)) });
            return (
              <div key={n}>
                <select aria-label={say("sheet.break.kind")} value={one.kind} onChange={(event) => change({ kind: event.currentTarget.value })}>
                  {[...new Set([...kinds, one.kind])].map((kind) => (
                    <option key={kind} value={kind}>
                      {kindOf(wall.board, kind).name}
                    </option>
                  ))}
                </select>
                <label>
                  <span class="vh">{say("sheet.begins")}</span>
                  {time(one.begins, (at) => change({ begins: at }))}
                </label>
                –
                <label>
                  <span class="vh">{say("sheet.ends")}</span>
                  {time(one.ends, (at) => change({ ends: at }))}
                </label>
                <button type="button" class="dk-icon" aria-label={say("sheet.break.remove")} onClick={() => put({ breaks: told.breaks.filter((_, m) => m !== n) })}>
                  <Glyph name="lost" />
                </button>
              </div>
            );
          })}
          {told.breaks.length < MOST_BREAKS && (
            <button type="button" class="dk-chip" onClick={() => put({ breaks: [...told.breaks, { begins: (begins + ends) / 2, ends: (begins + ends) / 2 + 1800, kind: kinds[0] ?? "meal" }] })}>
              {say("sheet.break.add")}
            </button>
          )}
        </fieldset>
      )}
      {draft.shift !== undefined && may("shift.swap") && <Swap shift={draft.shift} others={others} zone={zone} nameOf={nameOf} onDone={done} />}
    </Dialog>
  );
}

/** When they came and left, and what is found about it, each with what somebody said to it. */
function Came({ shift, zone, onDone }: { shift: Shift; zone: string; onDone: () => void }) {
  if (shift.kind !== "work") return null;
  const at = (instant: number | undefined) => (instant === undefined ? "–" : minute(instant, zone));
  return (
    <section class="ro-came">
      <dl>
        <div>
          <dt>{say("sheet.planned")}</dt>
          <dd>
            {at(shift.begins)}–{at(shift.ends)}
          </dd>
        </div>
        <div>
          <dt>{say("sheet.came")}</dt>
          <dd>{shift.latest && shift.came !== undefined ? say("what.latest", { t: at(shift.came) }) : at(shift.came)}</dd>
        </div>
        <div>
          <dt>{say("sheet.left")}</dt>
          <dd>{at(shift.left)}</dd>
        </div>
      </dl>
      {shift.what.filter((one) => one !== "undocked" && one !== "not_early_enough").map((one) => <Excuse key={one} shift={shift} what={one} onDone={onDone} />)}
    </section>
  );
}

function Excuse({ shift, what, onDone }: { shift: Shift; what: string; onDone: () => void }) {
  const known = shift.excuses[what];
  const [note, setNote] = useState(known ?? "");
  return (
    <div class="ro-excuse">
      <b>{wordOf("what", what)}</b>
      {may("attendance.excuse") ? (
        <>
          <input value={note} maxLength={200} placeholder={say("sheet.excuse")} aria-label={say("sheet.excuse.of", { what: wordOf("what", what) })} onInput={(event) => setNote(event.currentTarget.value)} />
          <ActButton name="attendance.excuse" args={{ shift_id: shift.id, what, note }} disabled={note.trim() === "" || note === known} onDone={onDone}>
            {say("sheet.excuse.save")}
          </ActButton>
        </>
      ) : (
        <bdi>{known ?? ""}</bdi>
      )}
    </div>
  );
}

/** With somebody else's shift of the day. */
function Swap({ shift, others, zone, nameOf, onDone }: { shift: Shift; others: readonly Shift[]; zone: string; nameOf: (agent: string) => string; onDone: () => void }) {
  const [other, setOther] = useState("");
  const possible = others.filter((one) => one.agent !== shift.agent && one.kind === "work");
  if (possible.length === 0) return null;
  return (
    <div class="ro-swap">
      <label>
        {say("sheet.swap")}
        <select value={other} onChange={(event) => setOther(event.currentTarget.value)}>
          <option value="">{say("sheet.swap.choose")}</option>
          {possible.map((one) => (
            <option key={one.id} value={one.id}>
              {`${nameOf(one.agent)} ${minute(one.begins, zone)}–${minute(one.ends, zone)}`}
            </option>
          ))}
        </select>
      </label>
      <ActButton name="shift.swap" args={{ first: shift.id, second: other }} disabled={other === ""} onDone={onDone}>
        {say("sheet.swap.do")}
      </ActButton>
    </div>
  );
}

/** Asked once more: what is planned is gone for good. */
function Remove({ id, onDone }: { id: string; onDone: () => void }) {
  const [isSure, setSure] = useState(false);
  if (!may("shift.remove")) return null;
  return isSure ? (
    <ActButton name="shift.remove" args={{ shift_id: id }} onDone={onDone}>
      {say("sheet.remove.sure")}
    </ActButton>
  ) : (
    <button type="button" class="act-button quiet" onClick={() => setSure(true)}>
      {say("sheet.remove")}
    </button>
  );
}

