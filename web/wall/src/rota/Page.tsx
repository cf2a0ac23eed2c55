import { computed, effect, signal } from "@preact/signals";
import { useEffect, useMemo, useState } from "preact/hooks";

import { may } from "../acts/who";
import { DeskPage } from "../desk/Page";
import { date } from "../format/moment";
import { nameOf } from "../names";
import { Glyph } from "../parts/Glyph";
import { useDerived } from "../parts/hooks";
import type { Wall } from "../wall";
import { lang, t } from "../words";
import { Agenda } from "./Agenda";
import { Bring } from "./Bring";
import { Changes } from "./Changes";
import { Day } from "./Day";
import { dayAfter, instantOf, isoDay } from "./days";
import { countsOf, type Rota, type Shift } from "./facts";
import { Meetings } from "./Meetings";
import { rotaOf, type Told } from "./requests";
import { type Draft, ShiftSheet } from "./ShiftSheet";
import { useAgendas } from "./live";
import { say } from "./words";

/** How often the rota is asked for again, seconds; what the house sees of people comes at once. */
const EVERY = 15;

/** Who is to work, who came, and what is to be changed about it: one day at a time. */
export function Page({ wall }: { wall: Wall }) {
  return (
    <DeskPage wall={wall} current="rota" stem="ro" title={say("title")}>
      <Whole wall={wall} />
    </DeskPage>
  );
}

type Open = { readonly kind: "none" | "bring" } | { readonly kind: "agenda"; readonly id: string } | { readonly kind: "shift"; readonly draft: Draft };

function Whole({ wall }: { wall: Wall }) {
  const today = useDerived(() => isoDay(wall.second.value ?? 0, wall.zone), []);
  const [offset, setOffset] = useState(0);
  const [team, setTeam] = useState("");
  const [open, setOpen] = useState<Open>({ kind: "none" });
  const day = dayAfter(today.value, offset);
  const told = useRota(wall, day, offset === 0);
  const meetings = useAgendas(wall);
  const named = (agent: string) => nameOf(wall.board.at("agents", agent), agent);
  const close = () => setOpen({ kind: "none" });
  const fresh = (agent = ""): Draft => ({ id: "", agent, begins: instantOf(day, "09:00", wall.zone) ?? 0, ends: instantOf(day, "18:00", wall.zone) ?? 0, kind: "work", seat: "", duty: "", note: "", breaks: [], shift: undefined });
  const rota = told.rota;
  const agenda = open.kind === "agenda" ? meetings.all.find((one) => one.id === open.id) : undefined;
  const shown = rota === undefined ? [] : rota.shifts.filter((shift) => team === "" || shift.team === team);
  const teams = rota === undefined ? [] : [...new Set(rota.shifts.map((shift) => shift.team).filter((one) => one !== ""))].sort();
  return (
    <>
      <header class="ro-head">
        <div class="ro-day" role="group" aria-label={say("day")}>
          <button type="button" class="dk-icon" aria-label={say("day.before")} onClick={() => setOffset(offset - 1)}>
            <span aria-hidden="true">‹</span>
          </button>
          <b aria-live="polite">{date((instantOf(day, "12:00", wall.zone) ?? 0), wall.zone, lang.value)}</b>
          <button type="button" class="dk-icon" aria-label={say("day.after")} onClick={() => setOffset(offset + 1)}>
            <span aria-hidden="true">›</span>
          </button>
          {offset !== 0 && (
            <button type="button" class="dk-chip" onClick={() => setOffset(0)}>
              {say("day.today")}
            </button>
          )}
          {rota?.free.has(day) && <span class="ro-free">{say("day.free")}</span>}
        </div>
        {teams.length > 1 && (
          <label class={`dk-choice ${team === "" ? "" : "on"}`}>
            <span class="vh">{say("team")}</span>
            <select value={team} onChange={(event) => setTeam(event.currentTarget.value)}>
              <option value="">{say("team.all")}</option>
              {teams.map((one) => (
                <option key={one} value={one}>
                  {one}
                </option>
              ))}
            </select>
          </label>
        )}
        {rota !== undefined && <Counts wall={wall} shifts={shown} isToday={offset === 0} />}
        <div class="ro-do">
          {may("shift.set") && (
            <button type="button" class="act-button" data-do="add" onClick={() => setOpen({ kind: "shift", draft: fresh() })}>
              {say("add")}
            </button>
          )}
          {may("shift.set") && (
            <button type="button" class="act-button" data-do="bring" onClick={() => setOpen({ kind: "bring" })}>
              {say("bring")}
            </button>
          )}
        </div>
      </header>
      {told.trouble !== "" && (
        <p class="ro-trouble" role="alert">
          <Glyph name="unplug" />
          {told.trouble}
        </p>
      )}
      {rota === undefined ? (
        told.trouble === "" && (
          <p class="ro-none" role="status">
            {t("loading")}
          </p>
        )
      ) : shown.length === 0 ? (
        <section class="ro-none">
          <h2>{say("none")}</h2>
          <p>{say("none.why")}</p>
        </section>
      ) : (
        <Day wall={wall} shifts={shown} day={day} nameOf={named} onOpen={(shift) => setOpen({ kind: "shift", draft: draftOf(shift) })} />
      )}
      <div class="ro-below">
        <Meetings wall={wall} day={day} isToday={offset === 0} agendas={meetings.all} onAgenda={(id) => setOpen({ kind: "agenda", id })} />
        {rota !== undefined && <Changes changes={rota.changes} zone={wall.zone} nameOf={named} />}
      </div>
      {agenda !== undefined && <Agenda wall={wall} meeting={agenda} nameOf={named} onClose={close} onDone={meetings.again} />}
      {open.kind === "bring" && <Bring wall={wall} day={day} onClose={close} onDone={told.again} />}
      {open.kind === "shift" && <ShiftSheet wall={wall} draft={open.draft} others={rota?.shifts ?? []} nameOf={named} onClose={close} onDone={told.again} />}
    </>
  );
}

const draftOf = (shift: Shift): Draft => ({ ...shift, shift });

/** In figures what the day is like: who is there of those planned, and whom somebody must look after. */
function Counts({ wall, shifts, isToday }: { wall: Wall; shifts: readonly Shift[]; isToday: boolean }) {
  const now = wall.second.value ?? 0;
  const { planned, here, late, absent, left_on, off } = countsOf(shifts, now);
  return (
    <ul class="ro-counts" aria-label={say("counts")}>
      {isToday && (
        <li>
          <b>{here}</b>
          <span>/{planned}</span> {say("counts.here")}
        </li>
      )}
      {(
        [
          ["late", late],
          ["absent", absent],
          ["left_on", left_on],
        ] as const
      ).map(
        ([what, n]) =>
          n > 0 && (
            <li key={what} class={what === "absent" ? "bad" : "near"}>
              <Glyph name={what === "absent" ? "breach" : "warn"} />
              <b>{n}</b> {say(`what.${what}`)}
            </li>
          ),
      )}
      {off > 0 && (
        <li>
          <b>{off}</b> {say("counts.off")}
        </li>
      )}
    </ul>
  );
}

interface Asked {
  readonly rota: Rota | undefined;
  readonly trouble: string;
  again(): void;
}

/** The rota of a day: asked for now, whenever the house sees somebody come or go, and now and then. */
function useRota(wall: Wall, day: string, isToday: boolean): Asked {
  const wish = useMemo(() => signal({ day, isToday, n: 0 }), []);
  useEffect(() => {
    if (wish.peek().day !== day || wish.peek().isToday !== isToday) wish.value = { day, isToday, n: wish.peek().n + 1 };
  }, [day, isToday]);
  const answer = useMemo(() => signal<{ readonly day: string; readonly told: Told<Rota> } | undefined>(undefined), []);
  const seen = useMemo(() => computed(() => JSON.stringify(wall.board.at("rota").json ?? null)), []);
  const due = useMemo(() => computed(() => Math.floor((wall.uptime.value || 0) / EVERY)), []);
  useEffect(() => {
    let last = 0;
    return effect(() => {
      const { day: wanted, isToday: now } = wish.value;
      void seen.value;
      void due.value;
      const since = instantOf(wanted, "00:00", wall.zone);
      const until = instantOf(dayAfter(wanted, 1), "00:00", wall.zone);
      if (since === undefined || until === undefined) return;
      const mine = ++last;
      void rotaOf(since, until, now).then((told) => {
        if (mine === last) answer.value = { day: wanted, told };
      });
    });
  }, []);
  const got = answer.value?.day === day ? answer.value.told : undefined;
  const kept = useMemo(() => ({ day: "", rota: undefined as Rota | undefined }), []);
  if (got?.kind === "done") [kept.day, kept.rota] = [day, got.told];
  const trouble = got === undefined || got.kind === "done" ? "" : got.kind === "said" ? got.detail : say(`why.${got.kind}`);
  return { rota: kept.day === day ? kept.rota : undefined, trouble, again: () => (wish.value = { ...wish.peek(), n: wish.peek().n + 1 }) };
}
