import { useEffect, useMemo, useRef } from "preact/hooks";

import { useWall } from "../context";
import { Banner, hasBanner } from "../parts/Banner";
import { useDerived } from "../parts/hooks";
import type { Wall } from "../wall";
import { lang } from "../words";
import { TileContent } from "./Cell";
import { inReadingOrder, type Laid, layOut } from "./layout";
import { Waits } from "./Loading";
import type { BoardDocument, Page, Tile } from "./model";
import { kindOf, optionsOf } from "./registry";
import { type Showing, ShowProvider } from "./show";
import { Summary } from "./Summary";

/** Whether something goes wrong that a wall does not cheer beside. */
export function hasTrouble(wall: Wall, page: Page): boolean {
  return hasBanner(wall) || page.tiles.some((tile) => isAlarm(wall, tile));
}

export const isAlarm = (wall: Wall, tile: Tile): boolean => kindOf(tile.kind)?.alarms?.(wall, optionsOf(tile)) === true;

/** One page of a board, on a wall's grid or as one column. */
export function Board({ show, isKept = false }: { show: Showing; isKept?: boolean }) {
  const { board } = show;
  const number = show.page.value;
  const page = board.pages[number] ?? board.pages[0];
  if (page === undefined) return null;
  return (
    <ShowProvider value={show}>
      <PageOf key={`${number}`} board={board} page={page} show={show} isKept={isKept} />
    </ShowProvider>
  );
}

function PageOf({ board, page, show, isKept }: { board: BoardDocument; page: Page; show: Showing; isKept: boolean }) {
  const wall = useWall();
  const isStacked = show.isStacked.value;
  const banner = useDerived(() => hasBanner(wall), []);
  const trouble = useDerived(() => hasTrouble(wall, page), [page]);
  const gone = useMemo(() => new Set(trouble.value ? page.tiles.filter((tile) => kindOf(tile.kind)?.cheers).map(({ id }) => id) : []), [trouble.value, page]);
  const layout = useMemo(() => layOut(page, banner.value, gone), [page, banner.value, gone]);
  const order = useMemo(() => inReadingOrder(layout.tiles), [layout]);
  const odd = useMemo(() => oddOnes(order.map(({ tile }) => tile)), [order]);
  // The banner is read where it is seen: after what lies above it.
  const above = order.filter(({ y }) => y < (layout.banner ?? 0)).length;
  const place = (laid: Laid) => <Place key={laid.tile.id} laid={laid} isStacked={isStacked} isOdd={odd.has(laid.tile.id)} />;
  const ref = useFade(`${board.id} ${show.page.value} ${JSON.stringify(page)}`);
  return (
    <main
      ref={ref}
      class={`wall ${isStacked ? "stacked" : ""} ${banner.value ? "banners-1" : ""} reduced-${show.reduced}`}
      data-board={board.id}
      data-page={show.page.value}
      data-kept={isKept ? "" : undefined}
      style={{ "--rows": layout.rows }}
    >
      <Summary page={page} />
      {order.slice(0, above).map(place)}
      {layout.banner !== undefined && <Banner isFirst={above === 0} />}
      {order.slice(above).map(place)}
    </main>
  );
}

/** Kinds of which two lie side by side on a phone; the last of an odd number gets the whole line. */
const HALVES: ReadonlySet<string> = new Set(["hero", "load"]);

export function oddOnes(tiles: readonly Tile[]): ReadonlySet<string> {
  const odd = new Set<string>();
  let run: Tile[] = [];
  for (const tile of [...tiles, undefined]) {
    if (tile !== undefined && HALVES.has(tile.kind)) {
      run.push(tile);
      continue;
    }
    const last = run.at(-1);
    if (run.length % 2 === 1 && last !== undefined) odd.add(last.id);
    run = [];
  }
  return odd;
}

function Place({ laid, isStacked, isOdd }: { laid: Laid; isStacked: boolean; isOdd: boolean }) {
  const wall = useWall();
  const { tile, x, y, w, h } = laid;
  const kind = kindOf(tile.kind);
  const isThere = useDerived(() => wall.board.isPresent, []).value;
  const stacked = kind?.stacked ?? 24;
  const style = isStacked
    ? { "--stacked": stacked === "content" ? "auto" : `${2 * stacked}rem` }
    : { gridColumn: `${x + 1} / span ${w}`, gridRow: `${y + 1} / span ${h}` };
  return (
    <div class={`cell k-${tile.kind.replace(/[^\w-]/g, "")} ${isStacked && stacked === "content" ? "grows" : ""} ${isOdd ? "odd" : ""}`} data-cell={tile.id} data-kind={tile.kind} style={style} lang={lang.value}>
      {isThere || kind?.needsNothing ? <TileContent tile={tile} /> : <Waits tile={tile} />}
    </div>
  );
}

/** A page that takes another's place fades in; a change of numbers does not. */
function useFade(what: string) {
  const ref = useRef<HTMLElement>(null);
  const before = useRef<string>(undefined);
  useEffect(() => {
    if (before.current === what) return;
    const isFirst = before.current === undefined && !Board.hasShown;
    before.current = what;
    Board.hasShown = true;
    if (isFirst || matchMedia("(prefers-reduced-motion: reduce)").matches) return;
    ref.current?.animate([{ opacity: 0 }, { opacity: 1 }], { duration: 600, easing: "cubic-bezier(.2, 0, 0, 1)" });
  }, [what]);
  return ref;
}
/** Whether any page was on the screen yet: the first one is there at once. */
Board.hasShown = false;
