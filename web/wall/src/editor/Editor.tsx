import { effect } from "@preact/signals";
import { useEffect, useMemo, useState } from "preact/hooks";

import { ask, boardList, boardOf, type BoardList, type BoardPaper } from "../boards/requests";
import { useWall, WallProvider } from "../context";
import { Bar } from "../desk/Bar";
import { Answer } from "../parts/Ask";
import { Door } from "../parts/Door";
import { Sprite } from "../parts/Glyph";
import { useKeydown } from "../parts/hooks";
import { useTitle } from "../truth/title";
import type { Wall } from "../wall";
import { pageAddress } from "../wire/socket";
import { lang } from "../words";
import { Bench, BenchProvider, useBench } from "./bench";
import { BoardFields } from "./BoardFields";
import { Conflict } from "./Conflict";
import { Drafts, type Keep } from "./drafts";
import { Findings } from "./Findings";
import { History } from "./History";
import { pressed } from "./keys";
import { Publish } from "./Publish";
import { Room } from "./Room";
import { Carried, Shelf } from "./Shelf";
import { Small } from "./Small";
import { Stage } from "./Stage";
import { TileFields } from "./TileFields";
import { Notes, Top } from "./Top";
import { say } from "./words";

export function Editor({ wall }: { wall: Wall }) {
  return (
    <WallProvider value={wall}>
      <Sprite />
      <Opened wall={wall} />
      <Answer wall={wall} hasKeys={false} />
    </WallProvider>
  );
}

function Opened({ wall }: { wall: Wall }) {
  if (wall.live.link.value === "refused") return <Door onEnter={() => wall.live.connect()} />;
  return <Fetched />;
}

type Got = { readonly list: BoardList; readonly paper: BoardPaper } | "asking" | "absent" | "away";

const AGAIN = 3000;

function Fetched() {
  const id = useMemo(() => new URLSearchParams(location.search).get("board") ?? "", []);
  const [got, setGot] = useState<Got>("asking");
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isGone = false;
    const fetchBoth = async () => {
      const list = await boardList();
      const paper = list && (await boardOf(id || list.standard));
      if (!isGone) setGot(list === undefined || paper === undefined ? "absent" : { list, paper });
    };
    const tries = () =>
      void fetchBoth().catch(() => {
        if (isGone) return;
        setGot("away");
        timer = setTimeout(tries, AGAIN);
      });
    tries();
    return () => {
      isGone = true;
      clearTimeout(timer);
    };
  }, [id]);
  if (typeof got === "object") return <Work {...got} />;
  return (
    <div class="dk-page ed-page">
      <Bar current="boards" title={<b>{say("title")}</b>} />
      <main class="ed-none">
        <p role={got === "asking" ? "status" : "alert"}>{say(got === "asking" ? "asking" : got === "away" ? "away" : "absent", { id: id.slice(0, 40) })}</p>
        {got === "absent" && <a href={pageAddress("boards")}>{say("toBoards")}</a>}
      </main>
    </div>
  );
}

/** This browser's memory; some have none. */
function memory(): Keep | undefined {
  try {
    return localStorage;
  } catch {
    return undefined;
  }
}

function Work({ list, paper }: { list: BoardList; paper: BoardPaper }) {
  const wall = useWall();
  const bench = useMemo(() => new Bench(paper, list, new Drafts(memory())), []);
  const [newer, setNewer] = useState<{ by: string; at: number; version: number }>();
  const screens = useScreens(paper.board.id);
  const isNarrow = useNarrow();
  useTitle(wall, say("title.of", { name: bench.board.value.name[lang.value] ?? paper.board.id }));
  useEffect(() => bench.keeping(), [bench]);
  useKeydown((event) => pressed(bench, event));
  useEffect(() => {
    let seen: number | undefined;
    return effect(() => {
      const changes = wall.store.boards.value;
      const isNews = seen !== undefined && changes !== undefined && changes !== seen && !bench.isSaving.peek();
      seen = changes ?? seen;
      if (isNews) void bench.changed().then((entry) => setNewer(entry && { by: entry.changed_by ?? "", at: entry.changed_at ?? 0, version: entry.version }));
    });
  }, [bench]);
  const dialog = bench.dialog.value;
  const isUnsaved = bench.mayEdit && bench.isDirty.value;
  return (
    <BenchProvider value={bench}>
      <div class={`dk-page ed-page ${isNarrow ? "narrow" : ""}`} data-page="edit" data-unsaved={isUnsaved ? "" : undefined}>
        <Bar current="boards" title={<a class="ed-back" href={pageAddress("boards")}>{say("title")}</a>} />
        <Top screens={screens} />
        <Notes newer={isUnsaved ? newer : undefined} />
        {isNarrow ? <Small /> : <Large />}
        <p class="vh" aria-live="polite" data-told>
          {bench.told.value}
        </p>
        <Carried />
      </div>
      {dialog === "publish" && <Publish />}
      {dialog === "conflict" && <Conflict />}
      {dialog === "history" && <History />}
    </BenchProvider>
  );
}

function Large() {
  return (
    <div class="ed-body">
      <Shelf />
      <main class="ed-middle">
        <Stage />
        <Room />
      </main>
      <Side />
    </div>
  );
}

function Side() {
  return (
    <aside class="ed-side" aria-label={say("side")}>
      <Chosen />
      <Findings />
    </aside>
  );
}

function Chosen() {
  const bench = useBench();
  const tile = bench.chosen.value;
  return tile === undefined ? <BoardFields /> : <TileFields key={tile.id} tile={tile} />;
}

const NARROW = "(max-width: 899.9px)";

function useNarrow(): boolean {
  const [isNarrow, setNarrow] = useState(() => matchMedia(NARROW).matches);
  useEffect(() => {
    const query = matchMedia(NARROW);
    const look = () => setNarrow(query.matches);
    query.addEventListener("change", look);
    return () => query.removeEventListener("change", look);
  }, []);
  return isNarrow;
}

/** How many screens say that they show this board; `undefined` where nobody tells. */
function useScreens(id: string): number | undefined {
  const [count, setCount] = useState<number>();
  useEffect(() => {
    ask("api/v1/screens").then(
      ([status, body]) => {
        const all = Array.isArray(body["screens"]) ? (body["screens"] as readonly { readonly board?: unknown }[]) : [];
        if (status === 200) setCount(all.filter(({ board }) => board === id).length);
      },
      () => undefined, // a label without a number
    );
  }, [id]);
  return count;
}
