import { useState } from "preact/hooks";

import { ActButton } from "../acts/Act";
import { may } from "../acts/who";
import { minute } from "../format/moment";
import { Glyph } from "../parts/Glyph";
import type { Wall } from "../wall";
import { briefly } from "./Agenda";
import type { Meeting } from "./agenda";
import { instantOf, isoTime } from "./days";
import { say, wordOf } from "./words";

const REPEATS = ["", "daily", "workdays", "weekly"] as const;

/** The meetings of today, and how one more is planned. */
export function Meetings({ wall, day, isToday, agendas, onAgenda }: { wall: Wall; day: string; isToday: boolean; agendas: readonly Meeting[]; onAgenda: (id: string) => void }) {
  const [isOpen, setOpen] = useState(false);
  const all = wall.board.at("meetings");
  const now = wall.second.value ?? 0;
  const of = (id: string) => ({ id, title: all.at(id, "title").text, begins: all.at(id, "begins").number ?? 0, lasts: all.at(id, "lasts").number ?? 0, text: all.at(id, "text").text });
  const meetings = all.keys.map(of).toSorted((a, b) => a.begins - b.begins);
  return (
    <section class="ro-card" aria-labelledby="ro-meetings">
      <header>
        <h2 id="ro-meetings">{say("meetings")}</h2>
        {may("meeting.plan") && !isOpen && (
          <button type="button" class="dk-act" data-do="meeting" onClick={() => setOpen(true)}>
            {say("meetings.add")}
          </button>
        )}
      </header>
      {isOpen && <Plan wall={wall} day={day} onDone={() => setOpen(false)} />}
      {isToday && meetings.length === 0 && !isOpen && <p class="quiet">{say("meetings.none")}</p>}
      {!isToday && <p class="quiet">{say("meetings.today")}</p>}
      {isToday && (
        <ul>
          {meetings.map((one) => (
            <li key={one.id} class={one.begins + one.lasts < now ? "over" : one.begins <= now ? "on" : ""}>
              <Glyph name="clock" />
              <time>
                {minute(one.begins, wall.zone)}–{minute(one.begins + one.lasts, wall.zone)}
              </time>
              <span>
                <bdi>{one.title}</bdi>
                {one.text !== "" && (
                  <small>
                    <bdi>{one.text}</bdi>
                  </small>
                )}
                {agendas
                  .find((agenda) => agenda.id === one.id)
                  ?.sections.slice(0, 1)
                  .map((first) => (
                    <small key={first.team}>{briefly(first, wall.zone)}</small>
                  ))}
              </span>
              {agendas.some((agenda) => agenda.id === one.id) && (
                <button type="button" class="act-button" data-do="agenda" aria-label={say("agenda.of", { title: one.title })} onClick={() => onAgenda(one.id)}>
                  {say("agenda")}
                </button>
              )}
              <ActButton name="meeting.cancel" args={{ meeting_id: one.id, begins: one.begins }} class="quiet" label={say("meetings.cancel.of", { title: one.title })}>
                {say("meetings.cancel")}
              </ActButton>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Plan({ wall, day, onDone }: { wall: Wall; day: string; onDone: () => void }) {
  const [title, setTitle] = useState("");
  const [time, setTime] = useState(isoTime((wall.second.value ?? 0) + 3600, wall.zone).replace(/\d\d$/, "00"));
  const [minutes, setMinutes] = useState(15);
  const [repeats, setRepeats] = useState<(typeof REPEATS)[number]>("");
  const mine = (wall.board.at("teams").keys).filter((id) => id !== "");
  const [team, setTeam] = useState("");
  const args = { title, begins: instantOf(day, time, wall.zone), lasts: minutes * 60, repeats, teams: team === "" ? [] : [team] };
  return (
    <form class="ro-form" onSubmit={(event) => event.preventDefault()}>
      <label>
        {say("meetings.title")}
        <input value={title} maxLength={80} required onInput={(event) => setTitle(event.currentTarget.value)} />
      </label>
      <label>
        {say("meetings.begins")}
        <input type="time" value={time} onInput={(event) => setTime(event.currentTarget.value)} />
      </label>
      <label>
        {say("meetings.minutes")}
        <input type="number" min={1} max={720} value={minutes} onInput={(event) => setMinutes(event.currentTarget.valueAsNumber || 1)} />
      </label>
      <label>
        {say("meetings.repeats")}
        <select value={repeats} onChange={(event) => setRepeats(REPEATS.find((one) => one === event.currentTarget.value) ?? "")}>
          {REPEATS.map((one) => (
            <option key={one} value={one}>
              {wordOf("repeats", one === "" ? "never" : one)}
            </option>
          ))}
        </select>
      </label>
      <label>
        {say("team")}
        <select value={team} onChange={(event) => setTeam(event.currentTarget.value)}>
          <option value="">{say("team.all")}</option>
          {mine.map((one) => (
            <option key={one} value={one}>
              {one}
            </option>
          ))}
        </select>
      </label>
      <footer>
        <button type="button" class="act-button quiet" onClick={onDone}>
          {say("cancel")}
        </button>
        <ActButton name="meeting.plan" args={args} class="primary" disabled={title.trim() === ""} onDone={onDone}>
          {say("meetings.plan")}
        </ActButton>
      </footer>
    </form>
  );
}
