import { useState } from "preact/hooks";

import { ActButton, useAct } from "../acts/Act";
import { may, who } from "../acts/who";
import { useWall } from "../context";
import { minute } from "../format/moment";
import { useDerived } from "../parts/hooks";
import { lang } from "../words";
import { announcementsOf, type Fault, faultsOf, type Note, notesOf, thanksOf } from "./facts";
import { Choice, Fold, Form, None, type Texts, TextField, TextsField, written } from "./Fields";
import { useAgents } from "./HelpLog";
import { agentName, span, teamName, useAge } from "./panels";
import { texted } from "./texts";
import { say, wordOf } from "./words";

/** What one lead leaves to the next. */
export function Handover() {
  const wall = useWall();
  const notes = useDerived(() => notesOf(wall.board), []).value;
  const [text, setText] = useState("");
  const acting = useAct(() => setText(""));
  return (
    <section class="dk-panel" aria-labelledby="du-handover" data-panel="handover">
      <div class="h">
        <h2 id="du-handover">{say("handover")}</h2>
      </div>
      {notes.length === 0 && <None>{say("handover.none")}</None>}
      {notes.map((note) => (
        <NoteOf key={note.id} note={note} />
      ))}
      {may("handover.note") && (
        <Fold title={say("handover.write")}>
          <Form acting={acting} does="handover.note" label={say("handover.add")} onGo={() => void acting.run("handover.note", { text, team: who().value?.teams?.[0] ?? "" })}>
            <TextField label={say("handover.write")} isWide isLong value={text} max={400} onInput={setText} />
          </Form>
        </Fold>
      )}
    </section>
  );
}

function NoteOf({ note }: { note: Note }) {
  const wall = useWall();
  const me = who().value?.id;
  const isUnread = note.mustRead && note.read.every(({ id }) => id !== me);
  return (
    <article class={`du-note ${isUnread ? "unread" : ""}`} data-note={note.id}>
      <p>
        <bdi>{note.text}</bdi>
      </p>
      <footer>
        <bdi>{say("handover.by", { name: note.by, t: minute(note.at, wall.zone) })}</bdi>
        {note.team !== "" && <bdi>{teamName(wall, note.team)}</bdi>}
        {note.read.length > 0 && <bdi>{say("handover.readby", { names: note.read.map(({ name }) => name).join(", ") })}</bdi>}
        {isUnread && (
          <ActButton name="handover.read" args={{ handover: note.id }}>
            {say("handover.read")}
          </ActButton>
        )}
      </footer>
    </article>
  );
}

export function Announcements() {
  const wall = useWall();
  const all = useDerived(() => announcementsOf(wall.board, wall.second.value ?? 0), []).value;
  const [texts, setTexts] = useState<Texts>({});
  const [hours, setHours] = useState("4");
  const [isImportant, setImportant] = useState(false);
  const [isMissing, setMissing] = useState(false);
  const acting = useAct(() => setTexts({}));
  const go = () => {
    const said = written(texts);
    setMissing(Object.keys(said).length === 0);
    if (Object.keys(said).length === 0) return;
    const until = (wall.second.value ?? 0) + Math.max(0.25, Number(hours) || 4) * 3600;
    void acting.run("announcement.post", { texts: said, until, weight: isImportant ? "important" : "normal" });
  };
  return (
    <section class="dk-panel" aria-labelledby="du-announcements" data-panel="announcements">
      <div class="h">
        <h2 id="du-announcements">{say("announcements")}</h2>
      </div>
      {all.length === 0 && <None>{say("announcements.none")}</None>}
      {all.map((one) => (
        <article key={one.id} class="du-note" data-announcement={one.id}>
          <p>
            <bdi>{texted(one.texts, lang.value)}</bdi>
          </p>
          <footer>
            <bdi>{one.by}</bdi>
            <span>{say("until", { t: minute(one.until, wall.zone) })}</span>
            {one.isImportant && <b>{say("announcement.important")}</b>}
            <ActButton name="announcement.withdraw" args={{ announcement: one.id }} class="quiet">
              {say("withdraw")}
            </ActButton>
          </footer>
        </article>
      ))}
      {may("announcement.post") && (
        <Fold title={say("announcement.post")}>
          <Form acting={acting} does="announcement.post" label={say("announcement.post")} onGo={go} extra={isMissing && <span role="alert">{say("announcement.needed")}</span>}>
            <TextsField label={(language) => say("announcement.words", { lang: language })} value={texts} max={160} onInput={setTexts} />
            <TextField label={say("announcement.hours")} type="number" value={hours} max={3} onInput={setHours} />
            <label class="check">
              <input type="checkbox" checked={isImportant} onChange={(event) => setImportant(event.currentTarget.checked)} />
              {say("announcement.important")}
            </label>
          </Form>
        </Fold>
      )}
    </section>
  );
}

export function Recognition() {
  const wall = useWall();
  const all = useDerived(() => thanksOf(wall.board, wall.second.value ?? 0), []).value;
  const agents = useAgents();
  const [agent, setAgent] = useState("");
  const [text, setText] = useState("");
  const acting = useAct(() => setText(""));
  return (
    <section class="dk-panel" aria-labelledby="du-thanks" data-panel="thanks">
      <div class="h">
        <h2 id="du-thanks">{say("thanks")}</h2>
      </div>
      {all.length === 0 && <None>{say("thanks.none")}</None>}
      {all.map((one) => (
        <article key={one.id} class="du-note" data-thanks={one.id}>
          <p>
            <b>
              <bdi>{one.agent === "" ? teamName(wall, one.team) : agentName(wall, one.agent)}</bdi>
            </b>{" "}
            <bdi>{one.text}</bdi>
          </p>
          <footer>
            <bdi>{one.by}</bdi>
            <span>{say("until", { t: minute(one.until, wall.zone) })}</span>
            <ActButton name="thanks.withdraw" args={{ thanks: one.id }} class="quiet">
              {say("withdraw")}
            </ActButton>
          </footer>
        </article>
      ))}
      {may("thanks.give") && (
        <Fold title={say("thanks.give")}>
          <Form acting={acting} does="thanks.give" label={say("thanks.give")} onGo={() => void acting.run("thanks.give", { agent, text })}>
            <Choice label={say("thanks.to")} value={agent} among={[["", say("choose")], ...agents]} onChange={setAgent} />
            <TextField label={say("thanks.text")} value={text} onInput={setText} />
          </Form>
        </Fold>
      )}
    </section>
  );
}

const THINGS = ["headset", "phone", "computer", "network", "seat", "other"] as const;

export function Faults() {
  const wall = useWall();
  const all = useDerived(() => faultsOf(wall.board), []).value;
  const [what, setWhat] = useState<string>("headset");
  const [seat, setSeat] = useState("");
  const [note, setNote] = useState("");
  const acting = useAct(() => (setSeat(""), setNote("")));
  return (
    <section class="dk-panel" aria-labelledby="du-faults" data-panel="faults">
      <div class="h">
        <h2 id="du-faults">{say("faults")}</h2>
        {all.length > 0 && <span class="n">{all.length}</span>}
      </div>
      {all.length === 0 && <None>{say("faults.none")}</None>}
      {all.map((one) => (
        <FaultRow key={one.id} fault={one} />
      ))}
      {may("fault.report") && (
        <Fold title={say("fault.report")}>
          <Form acting={acting} does="fault.report" label={say("fault.report")} onGo={() => void acting.run("fault.report", { fault: what, seat, note })}>
            <Choice label={say("fault.what")} value={what} among={THINGS.map((one) => [one, wordOf("fault.of", one)])} onChange={setWhat} />
            <TextField label={say("fault.seat")} value={seat} max={80} onInput={setSeat} />
            <TextField label={say("fault.note")} isWide value={note} onInput={setNote} />
          </Form>
        </Fold>
      )}
    </section>
  );
}

function FaultRow({ fault }: { fault: Fault }) {
  const wall = useWall();
  const age = useAge(fault.since);
  return (
    <div class="du-row" data-fault={fault.id} data-state={fault.state}>
      <b class="who">
        <bdi>{wordOf("fault.of", fault.fault)}</bdi>
      </b>
      <span class="about">
        {fault.seat !== "" && <bdi>{fault.seat}</bdi>} {fault.agent !== "" && <bdi>{agentName(wall, fault.agent)}</bdi>} <bdi>{fault.note || fault.device}</bdi>{" "}
        {fault.by === "" && say("fault.auto")} {fault.takenBy !== "" && <span class="there">{say("fault.taken", { name: fault.takenBy })}</span>}
      </span>
      <span class="timer">
        <b>{span(age)}</b>
      </span>
      {fault.state === "open" && (
        <ActButton name="fault.take" args={{ fault: fault.id }}>
          {say("fault.take")}
        </ActButton>
      )}
      <ActButton name="fault.close" args={{ fault: fault.id }} class={fault.state === "open" ? "quiet" : ""}>
        {say("fault.close")}
      </ActButton>
    </div>
  );
}
