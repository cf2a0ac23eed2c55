import { useState } from "preact/hooks";

import { download } from "../boards/file";
import { useWall } from "../context";
import { Glyph } from "../parts/Glyph";
import { pageAddress } from "../wire/socket";
import { lang } from "../words";
import { useBench } from "./bench";
import { pageName } from "./Pages";
import { BackSign, NextSign, PastSign, RedoSign, SaveSign, ScreenSign, UndoSign } from "./signs";
import { when } from "./when";
import { many, say } from "./words";

export const wallAddress = (id: string): string => {
  const url = new URL(pageAddress("./"));
  url.searchParams.set("board", id);
  return url.href;
};

/** What can be done to the whole board. One filled button: publish. */
export function Top({ screens }: { screens: number | undefined }) {
  const bench = useBench();
  const { past, future, page, board } = bench.editing.value;
  return (
    <section class="ed-top" aria-label={say("board")}>
      <h1>
        <bdi>{board.name[lang.value] ?? Object.values(board.name)[0] ?? board.id}</bdi>
      </h1>
      <State />
      {bench.mayEdit && (
        <>
          <button type="button" class="ed-btn icon" disabled={past.length === 0} aria-label={say("undo")} title={`${say("undo")} (Ctrl Z)`} onClick={() => bench.act({ do: "undo" })}>
            <UndoSign />
          </button>
          <button type="button" class="ed-btn icon" disabled={future.length === 0} aria-label={say("redo")} title={`${say("redo")} (Ctrl Shift Z)`} onClick={() => bench.act({ do: "redo" })}>
            <RedoSign />
          </button>
        </>
      )}
      {board.pages.length > 1 && (
        <div class="ed-turn" role="group" aria-label={say("pages")}>
          <button type="button" class="ed-btn icon" disabled={page === 0} aria-label={say("page.before")} onClick={() => bench.act({ do: "turn", page: page - 1 })}>
            <BackSign />
          </button>
          <span>
            <bdi>{board.pages[page] && pageName(board.pages[page], page)}</bdi> <small>{say("page.of", { n: page + 1, all: board.pages.length })}</small>
          </span>
          <button type="button" class="ed-btn icon" disabled={page === board.pages.length - 1} aria-label={say("page.next")} onClick={() => bench.act({ do: "turn", page: page + 1 })}>
            <NextSign />
          </button>
        </div>
      )}
      <span class="sp" />
      <button type="button" class="ed-btn" onClick={() => (bench.dialog.value = "history")}>
        <PastSign />
        <span class="ed-long">{say("history")}</span>
      </button>
      <button type="button" class="ed-btn" onClick={() => download(board)}>
        <SaveSign />
        <span class="ed-long">{say("export")}</span>
      </button>
      <a class="ed-btn" href={wallAddress(board.id)} target="_blank" rel="noopener">
        <ScreenSign />
        <span class="ed-long">{say("onWall")}</span>
      </a>
      {bench.mayEdit && (
        <button type="button" class="ed-btn main" disabled={bench.isSaving.value || !bench.isDirty.value} onClick={() => (bench.dialog.value = "publish")}>
          {screens === undefined || screens === 0 ? say("publish") : many("publish.to", screens)}
        </button>
      )}
    </section>
  );
}

/** Where the board is: the server's, or a draft of so many changes that this browser keeps. */
function State() {
  const bench = useBench();
  const { changes, isDirty, entry } = bench;
  if (!bench.mayEdit) return <span class="ed-state">{say("state.readOnly")}</span>;
  if (!isDirty.value)
    return (
      <span class="ed-state">
        <Glyph name="ok" />
        {entry.value.version === 0 ? say("state.preset") : say("state.saved", { n: entry.value.version })}
      </span>
    );
  return <span class="ed-state draft">{many(bench.isKept.value ? "state.draft" : "state.unkept", changes.value)}</span>;
}

/** What somebody must know before they go on: a draft was found, something went wrong, another version is looked at. */
export function Notes({ newer }: { newer: { readonly by: string; readonly at: number; readonly version: number } | undefined }) {
  const bench = useBench();
  const wall = useWall();
  const [isRead, setRead] = useState(false);
  const [look, found, news] = [bench.look.value, bench.found.value, bench.news.value];
  return (
    <div class="ed-notes" role="status">
      {look !== undefined && (
        <p class="strong">
          <Glyph name="clock" />
          <span>{look.title}</span>
          {bench.mayEdit && (
            <button type="button" class="ed-btn" onClick={() => (bench.act({ do: "replace", board: look.board }), (bench.look.value = undefined))}>
              {say("looking.take")}
            </button>
          )}
          <button type="button" class="ed-btn" onClick={() => (bench.look.value = undefined)}>
            {say("looking.back")}
          </button>
        </p>
      )}
      {found !== undefined && !isRead && (
        <p>
          <Glyph name="info" />
          <span>{say("draft.found", { at: when(found.at / 1000, wall.zone) })}</span>
          <button type="button" class="ed-btn" onClick={() => setRead(true)}>
            {say("draft.keep")}
          </button>
          <button type="button" class="ed-btn" onClick={() => bench.discard()}>
            {say("draft.discard")}
          </button>
        </p>
      )}
      {newer !== undefined && (
        <p>
          <Glyph name="warn" class="m-warn" />
          <span>{say("newer", { who: newer.by || say("somebody"), at: when(newer.at, wall.zone), n: newer.version })}</span>
        </p>
      )}
      {!bench.list.mayEdit && (
        <p>
          <Glyph name="info" />
          <span>{say("readOnly")}</span>
        </p>
      )}
      {!bench.list.isKept && (
        <p>
          <Glyph name="warn" class="m-warn" />
          <span>{say("notKept")}</span>
        </p>
      )}
      {news !== "" && (
        <p>
          <Glyph name="info" />
          <span>{news}</span>
          <button type="button" class="dk-icon" aria-label={say("dismiss")} onClick={() => (bench.news.value = "")}>
            <Glyph name="lost" />
          </button>
        </p>
      )}
    </div>
  );
}
