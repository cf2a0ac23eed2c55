import { useState } from "preact/hooks";

import { Dialog } from "../boards/Dialog";
import { Glyph } from "../parts/Glyph";
import type { Wall } from "../wall";
import { dayAfter, instantOf } from "./days";
import type { Preview } from "./facts";
import { base64, bring, type File64, preview, type Told } from "./requests";
import { many, say } from "./words";

const SHOWN = 12;
/** Days that a new file is taken to be of, unless somebody says otherwise. */
const USUAL = 7;

/** A file is looked at first: what it would change, and what is wrong in it. Then it is brought in, whole or not at all. */
export function Bring({ wall, day, onClose, onDone }: { wall: Wall; day: string; onClose: () => void; onDone: () => void }) {
  const [file, setFile] = useState<{ readonly name: string; readonly content: string }>();
  const [since, setSince] = useState(day);
  const [until, setUntil] = useState(dayAfter(day, USUAL - 1));
  const [clears, setClears] = useState(true);
  const [seen, setSeen] = useState<Told<Preview>>();
  const [isBusy, setBusy] = useState(false);
  const [isDone, setIsDone] = useState(false);
  const wanted = (of: { readonly name: string; readonly content: string }, from: string, to: string, does: boolean): File64 => ({
    content: of.content,
    format: /\.ics$/i.test(of.name) ? "ical" : "csv",
    since: instantOf(from, "00:00", wall.zone) ?? 0,
    until: instantOf(dayAfter(to, 1), "00:00", wall.zone) ?? 0,
    clears: does,
  });
  const look = async (of = file, from = since, to = until, does = clears) => {
    if (of === undefined || from === "" || to === "") return;
    setBusy(true);
    setSeen(await preview(wanted(of, from, to, does)));
    setBusy(false);
  };
  const choose = async (chosen: File | undefined) => {
    if (chosen === undefined) return;
    const read = { name: chosen.name, content: await base64(chosen) };
    setFile(read);
    await look(read);
  };
  const doIt = async () => {
    if (file === undefined) return;
    setBusy(true);
    const told = await bring(wanted(file, since, until, clears));
    setBusy(false);
    if (told.kind === "done") {
      setIsDone(true);
      onDone();
    } else setSeen(told);
  };
  const good = seen?.kind === "done" ? seen.told : undefined;
  const isClean = good !== undefined && good.mistakes.length === 0 && good.counts.overlaps === 0;
  const isSomething = good !== undefined && good.counts.added + good.counts.changed + good.counts.removed > 0;
  return (
    <Dialog
      title={say("bring")}
      onClose={onClose}
      isWide
      foot={
        isDone ? (
          <button type="button" class="act-button primary" onClick={onClose}>
            {say("close")}
          </button>
        ) : (
          <>
            <button type="button" class="act-button" onClick={onClose}>
              {say("cancel")}
            </button>
            <button type="button" class="act-button primary" data-do="import" aria-busy={isBusy} aria-disabled={!isClean || !isSomething} onClick={() => void (isClean && isSomething && !isBusy && doIt())}>
              {say("bring.do")}
            </button>
          </>
        )
      }
    >
      {isDone ? (
        <p class="ro-done" role="status">
          <Glyph name="ok" /> {many("bring.done", good?.shifts ?? 0)}
        </p>
      ) : (
        <>
          <p class="muted">{say("bring.how")}</p>
          <div class="ro-form">
            <label class="wide file">
              {say("bring.file")}
              <input type="file" accept=".csv,.txt,.ics,text/csv,text/calendar" onChange={(event) => void choose(event.currentTarget.files?.[0])} />
            </label>
            <label>
              {say("bring.since")}
              <input type="date" value={since} onInput={(event) => (setSince(event.currentTarget.value), void look(file, event.currentTarget.value))} />
            </label>
            <label>
              {say("bring.until")}
              <input type="date" value={until} min={since} onInput={(event) => (setUntil(event.currentTarget.value), void look(file, since, event.currentTarget.value))} />
            </label>
            <label class="wide check">
              <input type="checkbox" checked={clears} onChange={(event) => (setClears(event.currentTarget.checked), void look(file, since, until, event.currentTarget.checked))} />
              {say("bring.clears")}
            </label>
          </div>
          {seen !== undefined && seen.kind !== "done" && (
            <p class="ro-trouble" role="alert">
              <Glyph name="warn" />
              {seen.kind === "said" ? seen.detail : say(`why.${seen.kind}`)}
            </p>
          )}
          {good !== undefined && <Seen preview={good} />}
        </>
      )}
    </Dialog>
  );
}

function Seen({ preview: { counts, shifts, kept, mistakes, more } }: { preview: Preview }) {
  return (
    <section class="ro-seen" role="status">
      <ul class="ro-counts">
        <li>
          <b>{shifts}</b> {say("bring.shifts")}
        </li>
        <li>
          <b>{counts.added}</b> {say("bring.added")}
        </li>
        <li>
          <b>{counts.changed}</b> {say("bring.changed")}
        </li>
        <li>
          <b>{counts.removed}</b> {say("bring.removed")}
        </li>
        <li>
          <b>{kept}</b> {say("bring.kept")}
        </li>
        {counts.overlaps > 0 && (
          <li class="bad">
            <Glyph name="breach" />
            <b>{counts.overlaps}</b> {say("bring.overlaps")}
          </li>
        )}
      </ul>
      {mistakes.length > 0 && (
        <>
          <h2>{many("bring.mistakes", mistakes.length + more)}</h2>
          <ul class="ro-mistakes" lang="en">
            {mistakes.slice(0, SHOWN).map(({ where, what }) => (
              <li key={`${where} ${what}`}>
                <b>{where}</b> <bdi>{what}</bdi>
              </li>
            ))}
          </ul>
          {mistakes.length + more > SHOWN && <p class="muted">{many("bring.more", mistakes.length + more - SHOWN)}</p>}
        </>
      )}
    </section>
  );
}
