import { useId, useState } from "preact/hooks";

import type { BoardDocument, BoardEntry } from "../board/model";
import { address as toAddress, pageAddress } from "../wire/socket";
import { LANGUAGES, lang } from "../words";
import { Dialog } from "./Dialog";
import { type BoardShelf, nameOf } from "./shelf";
import { say } from "./words";

interface Props {
  readonly shelf: BoardShelf;
  readonly onClose: () => void;
}

const edit = (id: string): string => {
  const url = new URL(pageAddress("edit"));
  url.searchParams.set("board", id);
  return url.href;
};

/** A board made of another one, or of nothing. */
export function New({ shelf, from, onClose }: Props & { from: string | undefined }) {
  const list = shelf.list.value;
  const [source, setSource] = useState(from ?? "");
  const original = list?.boards.find(({ id }) => id === source);
  const [name, setName] = useState(from === undefined || original === undefined ? "" : say("copyOf", { name: nameOf(original) }));
  const [isBusy, setBusy] = useState(false);
  const id = useId();
  const make = async (event: SubmitEvent) => {
    event.preventDefault();
    const words = name.trim() || (original === undefined ? say("new.name") : say("copyOf", { name: nameOf(original) }));
    setBusy(true);
    const made = await shelf.create(words, source || undefined);
    setBusy(false);
    if (made === undefined) return onClose();
    location.assign(edit(made));
  };
  return (
    <Dialog title={say(from === undefined ? "new.title" : "copy.title")} onClose={onClose}>
      <form class="bd-form" id={id} onSubmit={(event) => void make(event)}>
        <label class="bd-label">
          <span>{say("new.called")}</span>
          <input value={name} maxLength={80} autofocus placeholder={say("new.name")} onInput={(event) => setName(event.currentTarget.value)} />
        </label>
        {from === undefined && (
          <fieldset class="bd-from">
            <legend>{say("new.from")}</legend>
            <label>
              <input type="radio" name="from" checked={source === ""} onChange={() => setSource("")} />
              <b>{say("new.nothing")}</b>
              <span>{say("new.nothing.note")}</span>
            </label>
            {list?.boards.map((entry) => (
              <label key={entry.id}>
                <input type="radio" name="from" checked={source === entry.id} onChange={() => setSource(entry.id)} />
                <b>
                  <bdi>{nameOf(entry)}</bdi>
                </b>
                <span>{entry.preset ? say("new.preset") : say("new.own")}</span>
              </label>
            ))}
          </fieldset>
        )}
        <footer>
          <button type="button" class="ed-btn" onClick={onClose}>
            {say("cancel")}
          </button>
          <button type="submit" class="ed-btn main" disabled={isBusy}>
            {say("new.make")}
          </button>
        </footer>
      </form>
    </Dialog>
  );
}

export function Rename({ shelf, entry, onClose }: Props & { entry: BoardEntry }) {
  const [names, setNames] = useState<BoardDocument["name"]>(entry.name);
  const save = async (event: SubmitEvent) => {
    event.preventDefault();
    const told = Object.fromEntries(Object.entries(names).filter(([, name]) => name.trim() !== ""));
    await shelf.rename(entry.id, told);
    onClose();
  };
  return (
    <Dialog title={say("rename.title")} onClose={onClose}>
      <form class="bd-form" onSubmit={(event) => void save(event)}>
        {LANGUAGES.map(([code, tongue]) => (
          <label key={code} class="bd-label">
            <span lang={code}>{tongue}</span>
            <input lang={code} value={names[code] ?? ""} maxLength={80} onInput={(event) => setNames({ ...names, [code]: event.currentTarget.value })} />
          </label>
        ))}
        <footer>
          <button type="button" class="ed-btn" onClick={onClose}>
            {say("cancel")}
          </button>
          <button type="submit" class="ed-btn main">
            {say("rename.save")}
          </button>
        </footer>
      </form>
    </Dialog>
  );
}

export function Delete({ shelf, entry, onClose }: Props & { entry: BoardEntry }) {
  const name = nameOf(entry);
  const key = entry.preset ? "reset" : "delete";
  return (
    <Dialog
      title={say(`${key}.title`, { name })}
      onClose={onClose}
      foot={
        <>
          <button type="button" class="ed-btn" onClick={onClose}>
            {say("cancel")}
          </button>
          <button type="button" class="ed-btn main" onClick={() => (void shelf.delete(entry.id, name), onClose())}>
            {say(key)}
          </button>
        </>
      }
    >
      <p>{say(`${key}.says`)}</p>
    </Dialog>
  );
}

/** A file whose board is here already: over it, or beside it? */
export function Import({ shelf, board, onClose }: Props & { board: BoardDocument }) {
  const [isBusy, setBusy] = useState(false);
  const here = shelf.list.value?.boards.find(({ id }) => id === board.id);
  const name = typeof board.name === "object" && board.name !== null ? nameOf({ id: String(board.id), name: board.name }) : String(board.id);
  const run = async (asked: () => Promise<string | undefined>) => {
    setBusy(true);
    await asked();
    onClose();
  };
  return (
    <Dialog
      title={say("import.title")}
      onClose={onClose}
      foot={
        <>
          <button type="button" class="ed-btn" onClick={onClose}>
            {say("cancel")}
          </button>
          {here !== undefined && (
            <button type="button" class="ed-btn" disabled={isBusy} onClick={() => void run(() => shelf.import(board, here.version))}>
              {say("import.over")}
            </button>
          )}
          <button type="button" class="ed-btn main" disabled={isBusy} onClick={() => void run(() => (here === undefined ? shelf.import(board, undefined) : shelf.importCopy(board)))}>
            {say(here === undefined ? "import.new" : "import.copy")}
          </button>
        </>
      }
    >
      <p>{say("import.says", { name: name.slice(0, 80) })}</p>
      {here !== undefined && <p class="muted">{say("import.here", { name: nameOf(here) })}</p>}
    </Dialog>
  );
}

const THEMES = ["dark", "light", "hc"] as const;

/** The address of a screen that shows this board, as it is wanted there. */
export function Links({ entry, onClose }: { entry: BoardEntry; onClose: () => void }) {
  const [theme, setTheme] = useState("");
  const [tongue, setTongue] = useState("");
  const [isKiosk, setKiosk] = useState(true);
  const [told, setTold] = useState("");
  const url = toAddress("./");
  url.searchParams.set("board", entry.id);
  if (isKiosk) url.searchParams.set("kiosk", "1");
  if (theme !== "") url.searchParams.set("theme", theme);
  if (tongue !== "") url.searchParams.set("lang", tongue);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(url.href);
      setTold(say("links.copied"));
    } catch {
      setTold(say("links.byHand"));
    }
  };
  return (
    <Dialog title={say("links.title", { name: nameOf(entry) })} onClose={onClose}>
      <div class="bd-form">
        <label class="bd-check">
          <input type="checkbox" checked={isKiosk} onChange={(event) => setKiosk(event.currentTarget.checked)} />
          <span>{say("links.kiosk")}</span>
        </label>
        <label class="bd-label">
          <span>{say("links.theme")}</span>
          <select value={theme} onChange={(event) => setTheme(event.currentTarget.value)}>
            <option value="">{say("links.asBoard")}</option>
            {THEMES.map((one) => (
              <option key={one} value={one}>
                {say(`theme.${one}`)}
              </option>
            ))}
          </select>
        </label>
        <label class="bd-label">
          <span>{say("links.lang")}</span>
          <select value={tongue} onChange={(event) => setTongue(event.currentTarget.value)}>
            <option value="">{say("links.asBoard")}</option>
            {LANGUAGES.map(([code, own]) => (
              <option key={code} value={code} lang={code}>
                {own}
              </option>
            ))}
          </select>
        </label>
        <label class="bd-label">
          <span>{say("links.address")}</span>
          <input class="bd-url" readOnly dir="ltr" value={url.href} onFocus={(event) => event.currentTarget.select()} lang={lang.value} />
        </label>
        <p class="muted">{say("links.note")}</p>
        <footer>
          <span role="status">{told}</span>
          <a class="ed-btn" href={url.href} target="_blank" rel="noopener">
            {say("links.open")}
          </a>
          <button type="button" class="ed-btn main" onClick={() => void copy()}>
            {say("links.copy")}
          </button>
        </footer>
      </div>
    </Dialog>
  );
}
