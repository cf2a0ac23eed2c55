import { effect, signal } from "@preact/signals";
import { useEffect, useMemo, useState } from "preact/hooks";

import type { BoardDocument, BoardEntry } from "../board/model";
import { useWall, WallProvider } from "../context";
import { Bar } from "../desk/Bar";
import { when } from "../editor/when";
import { Answer } from "../parts/Ask";
import { Door } from "../parts/Door";
import { Glyph, Sprite } from "../parts/Glyph";
import { useTitle } from "../truth/title";
import type { Wall } from "../wall";
import { pageAddress } from "../wire/socket";
import { Delete, Import, Links, New, Rename } from "./Dialogs";
import { download, read } from "./file";
import { boardOf } from "./requests";
import { BoardShelf, nameOf } from "./shelf";
import { Thumb } from "./Thumb";
import { many, say } from "./words";

type Open = { readonly what: "new"; readonly from?: string } | { readonly what: "rename" | "delete" | "links"; readonly entry: BoardEntry } | { readonly what: "import"; readonly board: BoardDocument };

const address = (path: string, id: string): string => {
  const url = new URL(pageAddress(path));
  url.searchParams.set("board", id);
  return url.href;
};

export function Boards({ wall }: { wall: Wall }) {
  return (
    <WallProvider value={wall}>
      <Sprite />
      {wall.live.link.value === "refused" ? <Door onEnter={() => wall.live.connect()} /> : <List />}
      <Answer wall={wall} hasKeys={false} />
    </WallProvider>
  );
}

const AGAIN = 5000;

function List() {
  const wall = useWall();
  const shelf = useMemo(() => new BoardShelf(), []);
  const query = useMemo(() => signal(""), []);
  const [open, setOpen] = useState<Open>();
  useTitle(wall, say("title"));
  useEffect(() => {
    void shelf.ask();
    const timer = setInterval(() => shelf.state.peek() === "away" && void shelf.ask(), AGAIN);
    let seen: number | undefined;
    const stop = effect(() => {
      const changes = wall.store.boards.value;
      if (seen !== undefined && changes !== undefined && changes !== seen) void shelf.ask();
      seen = changes ?? seen;
    });
    return () => {
      clearInterval(timer);
      stop();
    };
  }, [shelf]);
  const list = shelf.list.value;
  const mayEdit = list?.mayEdit === true;
  const take = async (file: File | undefined) => {
    if (file === undefined) return;
    const found = await read(file);
    if (found.kind !== "object") return shelf.say(say(`file.${found.kind}`));
    // Whatever it is, the server says what is wrong with it.
    setOpen({ what: "import", board: found.value as BoardDocument });
  };
  const wanted = query.value.trim().toLowerCase();
  const shown = (list?.boards ?? []).filter((entry) => `${nameOf(entry)} ${entry.id}`.toLowerCase().includes(wanted));
  return (
    <>
      <div class="dk-page bd-page" data-page="boards">
        <Bar current="boards" title={<b>{say("title")}</b>} query={query} placeholder={say("search")} />
        <main class="bd-main">
          <header class="bd-head">
            <h1>{list === undefined ? say("title") : many("count", list.boards.length)}</h1>
            <span class="sp" />
            {mayEdit && (
              <>
                <label class="ed-btn file">
                  {say("import")}
                  <input type="file" accept=".json,application/json" onChange={(event) => (void take(event.currentTarget.files?.[0]), (event.currentTarget.value = ""))} />
                </label>
                <button type="button" class="ed-btn main" onClick={() => setOpen({ what: "new" })}>
                  {say("new")}
                </button>
              </>
            )}
          </header>
          <News shelf={shelf} />
          {list !== undefined && !list.mayEdit && (
            <p class="bd-note">
              <Glyph name="info" />
              {say("readOnly")}
            </p>
          )}
          {list?.isKept === false && (
            <p class="bd-note">
              <Glyph name="warn" class="m-warn" />
              {say("notKept")}
            </p>
          )}
          {shelf.state.value !== "fresh" && (
            <p class="bd-note" role="status">
              {say(`state.${shelf.state.value}`)}
            </p>
          )}
          <ul class="bd-list">
            {shown.map((entry) => (
              <Card key={entry.id} entry={entry} isStandard={entry.id === list?.standard} mayEdit={mayEdit} onOpen={setOpen} shelf={shelf} />
            ))}
          </ul>
          {list !== undefined && shown.length === 0 && <p class="bd-note">{say("none", { typed: query.value.slice(0, 40) })}</p>}
        </main>
      </div>
      {open !== undefined && <Opened open={open} shelf={shelf} onClose={() => setOpen(undefined)} />}
    </>
  );
}

function Opened({ open, shelf, onClose }: { open: Open; shelf: BoardShelf; onClose: () => void }) {
  switch (open.what) {
    case "new":
      return <New shelf={shelf} from={open.from} onClose={onClose} />;
    case "rename":
      return <Rename shelf={shelf} entry={open.entry} onClose={onClose} />;
    case "delete":
      return <Delete shelf={shelf} entry={open.entry} onClose={onClose} />;
    case "links":
      return <Links entry={open.entry} onClose={onClose} />;
    case "import":
      return <Import shelf={shelf} board={open.board} onClose={onClose} />;
  }
}

/** What the last thing done came to; what the server found in a file, with its path. */
function News({ shelf }: { shelf: BoardShelf }) {
  const [words, mistakes] = [shelf.news.value, shelf.mistakes.value];
  return (
    <div role="status" class={`bd-news ${words === "" ? "vh" : ""}`}>
      <p>
        {words}
        {words !== "" && (
          <button type="button" class="dk-icon" aria-label={say("close")} onClick={() => shelf.say("")}>
            <Glyph name="lost" />
          </button>
        )}
      </p>
      {mistakes.length > 0 && (
        <ul>
          {mistakes.slice(0, 20).map(({ where, what }, i) => (
            <li key={i} lang="en">
              <code>{where}</code> {what}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

interface CardProps {
  readonly entry: BoardEntry;
  readonly isStandard: boolean;
  readonly mayEdit: boolean;
  readonly onOpen: (open: Open) => void;
  readonly shelf: BoardShelf;
}

function Card({ entry, isStandard, mayEdit, onOpen, shelf }: CardProps) {
  const wall = useWall();
  const name = nameOf(entry);
  const save = async () => {
    const paper = await boardOf(entry.id).catch(() => undefined);
    if (paper === undefined) shelf.say(say("away"));
    else download(paper.board);
  };
  const untouched = entry.preset && entry.version === 0;
  return (
    <li class="bd-card" data-board={entry.id}>
      <a class="bd-thumb" href={address(mayEdit ? "edit" : "./", entry.id)} tabIndex={-1}>
        <span class="vh">{say(mayEdit ? "card.edit" : "card.open", { name })}</span>
        <Thumb entry={entry} />
      </a>
      <div class="bd-what">
        <h2>
          <bdi>{name}</bdi>
        </h2>
        <p class="muted">
          {untouched ? say("card.preset") : say("card.version", { n: entry.version, at: when(entry.changed_at ?? 0, wall.zone), who: entry.changed_by ?? "" })}
          {isStandard && <em>{say("card.standard")}</em>}
        </p>
      </div>
      <div class="bd-acts">
        <a class="ed-btn strong" href={address("edit", entry.id)}>
          {say(mayEdit ? "edit" : "look")}
        </a>
        <a class="ed-btn" href={address("./", entry.id)} target="_blank" rel="noopener">
          {say("wall")}
        </a>
        <button type="button" class="ed-btn" onClick={() => onOpen({ what: "links", entry })}>
          {say("links")}
        </button>
        <button type="button" class="ed-btn" onClick={() => void save()}>
          {say("export")}
        </button>
        {mayEdit && (
          <>
            <button type="button" class="ed-btn" onClick={() => onOpen({ what: "new", from: entry.id })}>
              {say("copy")}
            </button>
            <button type="button" class="ed-btn" onClick={() => onOpen({ what: "rename", entry })}>
              {say("rename")}
            </button>
            {!untouched && (
              <button type="button" class="ed-btn" onClick={() => onOpen({ what: "delete", entry })}>
                {say(entry.preset ? "reset" : "delete")}
              </button>
            )}
          </>
        )}
      </div>
    </li>
  );
}
