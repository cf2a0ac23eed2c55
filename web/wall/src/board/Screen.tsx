import { computed, effect, signal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";

import { isAsking } from "../ask";
import { useWall, WallProvider } from "../context";
import { confirmed } from "../incident/Incident";
import { siteName } from "../names";
import { hear } from "../sound/state";
import { isTrusted } from "../stale";
import { dress } from "../theme";
import { tiles } from "../tiles/words";
import { useTitle } from "../truth/title";
import type { Wall } from "../wall";
import { lang, understood } from "../words";
import { Board, isAlarm } from "./Board";
import type { BoardDocument } from "./model";
import { isPreview, usePreview, useScene } from "./preview";
import { Rotation } from "./rotation";
import { shelf } from "./shelf";
import { reducedBy, type Showing } from "./show";
import { BoardSource } from "./source";
import { useStacked } from "./stack";
import { Loading } from "../parts/Loading";

const asks = new URLSearchParams(location.search);

/** The board that the address names, as the server has it now, or as this browser last saw it. */
export function Screen() {
  return isPreview() ? <Preview /> : <Served />;
}

function Served() {
  const wall = useWall();
  const source = useMemo(() => new BoardSource(asks.get("board") ?? undefined, shelf), []);
  useEffect(() => {
    source.ask();
    let seen: number | undefined;
    return effect(() => {
      const changes = wall.store.boards.value;
      if (changes !== undefined && seen !== undefined && changes !== seen) source.changed();
      seen = changes ?? seen;
    });
  }, [source]);
  const board = source.board.value;
  if (source.state.value === "absent" && board === undefined) return <Absent id={asks.get("board") ?? ""} />;
  if (board === undefined) return <Loading />;
  return <Dressed board={board} isKept={source.state.value === "kept"} start={Number(asks.get("page") ?? 1) - 1} isPinned={asks.has("page")} />;
}

function Preview() {
  const told = usePreview();
  const live = useWall();
  const wall = useScene(live, told?.scene ?? "live");
  if (told === undefined || wall === undefined) return <Loading />;
  return (
    <WallProvider value={wall}>
      <Dressed key={`${told.scene} ${told.page}`} board={told.board} isKept={false} start={told.page} isPinned />
    </WallProvider>
  );
}

function Absent({ id }: { id: string }) {
  return (
    <main class="wall absent">
      <p class="tile" role="alert">
        {tiles.t("look.noBoard", { id: id.slice(0, 40) })}
      </p>
    </main>
  );
}

interface DressedProps {
  readonly board: BoardDocument;
  /** Not the server's word but this browser's memory. */
  readonly isKept: boolean;
  readonly start: number;
  /** One page, however many there are. */
  readonly isPinned: boolean;
}

function Dressed({ board, isKept, start, isPinned }: DressedProps) {
  const wall = useWall();
  const isStacked = useStacked();
  // Before anything is drawn or measured in other colours and sizes.
  useMemo(() => dress(document.documentElement, board, asks.get("theme")), [board]);
  useEffect(() => speak(board), [board]);
  useTitle(wall, board.name[lang.value] ?? siteName(wall.board));
  useEffect(() => (isPreview() ? undefined : hear(wall, board)), [wall, board]);
  const show = useRotation(wall, board, start, isPinned, isStacked);
  return <Board show={show} isKept={isKept} />;
}

/** A board's language holds for a screen that nobody chose one for. */
function speak(board: BoardDocument): void {
  const own = understood(board.lang);
  if (own === undefined || asks.has("lang")) return;
  try {
    if (localStorage.getItem("ccwall.lang") !== null) return;
  } catch {
    // a browser that keeps nothing has chosen nothing
  }
  lang.value = own;
}

const TICK = 500;
const TURNS: Readonly<Record<string, number>> = { ArrowRight: 1, PageDown: 1, ArrowLeft: -1, PageUp: -1 };

function useRotation(wall: Wall, board: BoardDocument, start: number, isPinned: boolean, isStacked: Showing["isStacked"]): Showing {
  const turning = useMemo(() => {
    const rotation = new Rotation(board.pages.map(({ dwell }) => dwell), start, performance.now());
    if (isPinned) rotation.pause(true, performance.now());
    const page = signal(rotation.page);
    const isHeld = signal(rotation.isPaused);
    return { rotation, page, isHeld };
  }, [board, start, isPinned]);
  useEffect(() => {
    if (board.pages.length < 2) return;
    const { rotation, page, isHeld } = turning;
    const alarms = computed(() => pagesInAlarm(wall, board, page.value));
    const show = () => {
      page.value = rotation.at(performance.now(), alarms.value);
      isHeld.value = rotation.isPaused || alarms.peek().length > 0;
    };
    const timer = setInterval(show, TICK);
    const pressed = (event: KeyboardEvent) => {
      const isBusy = isAsking() || event.ctrlKey || event.altKey || event.metaKey;
      // With a number in focus the arrows go from number to number.
      if (isBusy || (event.target !== document.body && event.target instanceof HTMLElement)) return;
      const by = TURNS[event.key];
      if (by === undefined && event.key !== " ") return;
      event.preventDefault();
      event.stopImmediatePropagation();
      if (by === undefined) rotation.pause(!rotation.isPaused, performance.now());
      else rotation.turn(by, performance.now());
      page.value = rotation.page;
      isHeld.value = rotation.isPaused;
    };
    addEventListener("keydown", pressed, true);
    return () => {
      clearInterval(timer);
      removeEventListener("keydown", pressed, true);
    };
  }, [turning]);
  return { board, page: turning.page, pages: board.pages.length, isHeld: turning.isHeld, isStacked, reduced: reducedBy(board) };
}

/** The pages on which something is to be seen that stops the rotation. A lost source is told by the banner of any page. */
function pagesInAlarm(wall: Wall, board: BoardDocument, shown: number): readonly number[] {
  const stop = board.rotation?.stop_on ?? "breach";
  if (stop === "never" || !wall.board.isPresent) return [];
  const breached = stop === "breach" ? board.pages.flatMap((page, i) => (page.tiles.some((tile) => isAlarm(wall, tile)) ? [i] : [])) : [];
  if (breached.length > 0) return breached;
  const sources = wall.board.at("sources");
  const isLost = !wall.isLive.value || sources.keys.some((id) => sources.at(id, "sense").text === "" && !isTrusted(sources.at(id)));
  if (!isLost) return confirmed(wall.board).length > 0 ? [shown] : [];
  const telling = board.pages.flatMap((page, i) => (page.tiles.some(({ kind }) => kind === "sources") ? [i] : []));
  return telling.length > 0 ? telling : [shown];
}
