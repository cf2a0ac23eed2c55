import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";

import { nameOf } from "../names";
import type { View } from "./choice";
import { useTeam } from "./context";
import { columnsIn, lay, type Layout, type Sizes, stepTo, within } from "./layout";
import { Line, Small } from "./Small";
import { Tile } from "./Tile";
import { many, say } from "./words";

/** Rem: the least width, the height and the gap of each view; a line of the table takes the whole width. */
const MEASURES: Readonly<Record<View, { readonly least: number; readonly height: number; readonly gap: number }>> = {
  tiles: { least: 24.2, height: 18.8, gap: 1 },
  compact: { least: 15.6, height: 7.6, gap: 0.8 },
  table: { least: Number.POSITIVE_INFINITY, height: 4.6, gap: 0 },
};
const LOOKS = { tiles: Tile, compact: Small, table: Line } as const;
const HEAD = 4.4;
/** Rem above and below the window that are drawn already when they come into sight. */
const AHEAD = 24;

/** Pixels of a rem; asked of the browser when its window changes, never while the page is scrolled. */
let rem = 10;
const measureRem = (): void => {
  rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 10;
};

/** Everybody who was chosen; only those near the window are in the document. */
export function Grid() {
  const page = useTeam();
  const { view, grouped } = page.choice.value;
  const list = useRef<HTMLUListElement>(null);
  const columns = useColumns(list, view);
  const groups = page.shown.value;
  const { height, gap } = MEASURES[view];
  const sizes: Sizes = { columns, height, gap, head: HEAD };
  const layout = useMemo(() => lay(groups, sizes, grouped), [groups, columns, view, grouped]);
  const round = useRound(groups);
  const [from, to] = useSight(list, height + gap, layout);
  const near = within(layout, from, to);
  const focus = page.focus.value;
  const kept = layout.items.find((item) => item.kind === "tile" && item.id === focus);
  // The tile in focus stays in the document wherever the page is scrolled to, or the focus would be lost with it.
  const shown = kept === undefined || near.includes(kept) ? near : [...near, kept];
  const count = useMemo(() => layout.items.filter(({ kind }) => kind === "tile").length, [layout]);
  const hand = useHand(list, layout);
  // Where the Tab key comes in, as long as nobody was in the list: at its first tile.
  const first = layout.items.find((item) => item.kind === "tile");
  useEffect(() => {
    if (kept === undefined && first?.kind === "tile") page.focus.value = first.id;
  }, [kept === undefined, first?.key]);
  const One = LOOKS[view];
  const inside = shown.map((item) => {
    if (item.kind === "team") return <TeamName key={item.key} team={item.team} count={item.count} top={item.top} isRow={view === "table"} />;
    return <One key={item.key} id={item.id} top={item.top} column={item.column} nth={item.nth} of={count} round={round} />;
  });
  const style = { blockSize: `${layout.height}rem`, "--columns": columns, "--gap": `${gap}rem`, "--height": `${height}rem` };
  if (view === "table")
    return (
      <div class="tg-table" role="table" aria-label={say("list")} aria-rowcount={count + 1}>
        <Heads />
        <div ref={list as never} role="rowgroup" class="tg-list table" style={style} {...hand}>
          {inside}
        </div>
      </div>
    );
  return (
    <ul ref={list} class={`tg-list ${view}`} aria-label={say("list")} style={style} {...hand}>
      {inside}
    </ul>
  );
}

const COLUMNS = ["name", "state", "time", "mark", "seat", "queues", "senses", "numbers", "day"] as const;

function Heads() {
  const words = { mark: "col.reason", numbers: undefined, day: "col.day" } as const;
  return (
    <div role="row" class="tg-line heads" aria-rowindex={1}>
      {COLUMNS.map((column) => {
        const key = column in words ? words[column as "mark"] : (`col.${column}` as "col.name");
        return (
          <span key={column} role="columnheader" class={`c-${column}`}>
            {key === undefined ? <span class="vh">{say("aht")}</span> : say(key)}
          </span>
        );
      })}
    </div>
  );
}

function TeamName({ team, count, top, isRow }: { team: string; count: number; top: number; isRow: boolean }) {
  const page = useTeam();
  const name = team === "" ? say("team.none") : nameOf(page.wall.board.at("teams", team), team);
  const words = (
    <>
      <bdi>{name}</bdi> <small>{many("list", count)}</small>
    </>
  );
  const style = { insetBlockStart: `${top}rem` };
  if (isRow)
    return (
      <div role="row" class="tg-team" style={style}>
        <span role="cell">{words}</span>
      </div>
    );
  return (
    <li class="tg-team" style={style}>
      <h3>{words}</h3>
    </li>
  );
}

function useColumns(list: { readonly current: HTMLElement | null }, view: View): number {
  const [columns, setColumns] = useState(1);
  useLayoutEffect(() => {
    const element = list.current;
    if (element === null) return;
    const measure = () => {
      measureRem();
      const { least, gap } = MEASURES[view];
      setColumns(Number.isFinite(least) ? columnsIn(element.clientWidth / rem, least, gap) : 1);
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [view]);
  return columns;
}

/** Counts the orders, so that a tile knows whether it moves because of one. */
function useRound(groups: unknown): number {
  const round = useRef(0);
  const before = useRef(groups);
  if (before.current !== groups) round.current++;
  before.current = groups;
  return round.current;
}

/** Which stretch of the list is in sight, in rem and whole rows: nothing happens within a row. */
function useSight(list: { readonly current: HTMLElement | null }, row: number, layout: Layout): readonly [number, number] {
  const page = useTeam();
  const [sight, setSight] = useState<readonly [number, number]>([0, 120]);
  const look = () => {
    const element = list.current;
    if (element === null) return;
    const top = -element.getBoundingClientRect().top / rem;
    const from = Math.floor((top - AHEAD) / row) * row;
    const to = Math.ceil((top + innerHeight / rem + AHEAD) / row) * row;
    setSight((before) => (before[0] === from && before[1] === to ? before : [from, to]));
  };
  useLayoutEffect(look, [row, layout]);
  useEffect(() => {
    const scrolled = () => {
      page.touch();
      look();
    };
    const resized = () => {
      measureRem();
      look();
    };
    addEventListener("scroll", scrolled, { passive: true });
    addEventListener("resize", resized);
    return () => {
      removeEventListener("scroll", scrolled);
      removeEventListener("resize", resized);
    };
  }, [row]);
  return sight;
}

/** The list under a hand: arrows go from tile to tile, and while a pointer is over it nothing moves. */
function useHand(list: { readonly current: HTMLElement | null }, layout: Layout) {
  const page = useTeam();
  const wanted = useRef<string | undefined>(undefined);
  const find = (id: string) => [...(list.current?.querySelectorAll<HTMLElement>(".tg-open") ?? [])].find((button) => button.dataset["person"] === id);
  useEffect(() => {
    const id = wanted.current;
    const button = id === undefined ? undefined : find(id);
    if (button === undefined) return;
    wanted.current = undefined;
    button.focus({ preventScroll: true });
    button.closest<HTMLElement>("[data-agent]")?.scrollIntoView({ block: "nearest" });
  });
  const pressed = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const isRtl = getComputedStyle(list.current as Element).direction === "rtl";
    const next = stepTo(layout, page.focus.peek(), event.key, isRtl);
    if (next === undefined) return;
    event.preventDefault();
    wanted.current = next;
    page.focus.value = next;
    const button = find(next);
    if (button === undefined) return;
    wanted.current = undefined;
    button.focus({ preventScroll: true });
    button.closest<HTMLElement>("[data-agent]")?.scrollIntoView({ block: "nearest" });
  };
  return {
    onKeyDown: pressed,
    onPointerEnter: (event: PointerEvent) => event.pointerType !== "touch" && page.over(true),
    onPointerLeave: () => page.over(false),
    onPointerDown: () => page.touch(),
    onFocusIn: () => page.focused(true),
    onFocusOut: () => page.focused(false),
  };
}
