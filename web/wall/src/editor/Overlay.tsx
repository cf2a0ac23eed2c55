import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";

import { inReadingOrder, layOut } from "../board/layout";
import { COLUMNS, ROWS, type Tile } from "../board/model";
import type { Lattice } from "../board/preview";
import { kindOf } from "../board/registry";
import { type Bench, useBench } from "./bench";
import { clamped, dropped, HANDLES, type Handle, inTheWay, isFree, type Moves, type Place, pulled } from "./geometry";
import { kindName, tileName } from "./names";
import { say } from "./words";

/** CSS px of the page, from the canvas's corner. */
interface Rect {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** What is being done with a pointer: a tile goes, or one of its ends. */
interface Grip {
  readonly tile: Tile;
  readonly handle: Handle | undefined;
  readonly fromX: number;
  readonly fromY: number;
  readonly dx: number;
  readonly dy: number;
}

class Cells {
  readonly stepX: number;
  readonly stepY: number;
  constructor(
    readonly lattice: Lattice,
    readonly scale: number,
    readonly banner: number | undefined,
  ) {
    this.stepX = ((lattice.w + lattice.gap) / COLUMNS) * scale;
    this.stepY = ((lattice.h + lattice.gap) / lattice.rows) * scale;
  }
  #shift(y: number): number {
    return this.banner !== undefined && y >= this.banner ? this.lattice.rows - ROWS : 0;
  }
  rect({ x, y, w, h }: Place): Rect {
    const { lattice, scale } = this;
    return { left: lattice.x * scale + x * this.stepX, top: lattice.y * scale + (y + this.#shift(y)) * this.stepY, width: w * this.stepX - lattice.gap * scale, height: h * this.stepY - lattice.gap * scale };
  }
  /** The cell at a point of the canvas; outside the board too. */
  at(x: number, y: number): readonly [x: number, y: number] {
    const row = (y - this.lattice.y * this.scale) / this.stepY;
    const shift = this.banner !== undefined && row >= this.banner + this.lattice.rows - ROWS ? this.lattice.rows - ROWS : 0;
    return [(x - this.lattice.x * this.scale) / this.stepX, row - shift];
  }
}

/** What lies over the preview: who is chosen, the ends it is taken by, and where it would go. */
export function Overlay({ scale }: { scale: number }) {
  const bench = useBench();
  const ref = useRef<HTMLDivElement>(null);
  const [grip, setGrip] = useState<Grip>();
  const { lattice, boxes } = bench.drawn.value;
  const page = bench.page.value;
  const banner = lattice !== undefined && lattice.rows > ROWS ? layOut(page, true, new Set()).banner : undefined;
  const cells = lattice === undefined ? undefined : new Cells(lattice, scale, banner);
  const chosen = bench.chosen.value;
  const [target, carriedAt] = useCarried(bench, cells, ref);
  useKeptFocus(ref, page.tiles);
  const isLive = grip !== undefined && Math.hypot(grip.dx, grip.dy) > 4;
  const moves = isLive && cells !== undefined ? movesOf(page.tiles, grip, cells) : undefined;
  const wanted = isLive && cells !== undefined ? wantedBy(grip, cells) : undefined;
  const blocking = wanted !== undefined && moves === undefined && grip !== undefined ? inTheWay(page.tiles, wanted, grip.tile.id) : [];
  const rectOf = (tile: Tile): Rect | undefined => {
    const box = boxes.find(({ id }) => id === tile.id);
    if (box !== undefined) return { left: box.x * scale, top: box.y * scale, width: box.w * scale, height: box.h * scale };
    return cells?.rect(tile);
  };
  const start = (event: PointerEvent, tile: Tile, handle?: Handle) => {
    if (event.button !== 0) return;
    bench.act({ do: "choose", id: tile.id });
    if (!bench.mayEdit || cells === undefined) return;
    ref.current?.setPointerCapture(event.pointerId);
    setGrip({ tile, handle, fromX: event.clientX, fromY: event.clientY, dx: 0, dy: 0 });
  };
  const finish = () => {
    if (grip !== undefined && isLive && cells !== undefined) settle(bench, grip, wantedBy(grip, cells), moves);
    setGrip(undefined);
  };
  return (
    <div
      ref={ref}
      class={`ed-overlay ${grip !== undefined || target !== undefined ? "busy" : ""} ${chosen !== undefined ? "chosen" : ""}`}
      role="group"
      aria-label={say("tiles")}
      style={cells && { "--sx": `${cells.stepX}px`, "--sy": `${cells.stepY}px`, "--ox": `${cells.lattice.x * scale}px`, "--oy": `${cells.lattice.y * scale}px` }}
      onPointerDown={(event) => event.target === event.currentTarget && bench.act({ do: "choose", id: undefined })}
      onPointerMove={(event) => grip !== undefined && setGrip({ ...grip, dx: event.clientX - grip.fromX, dy: event.clientY - grip.fromY })}
      onPointerUp={finish}
      onPointerCancel={() => setGrip(undefined)}
      data-canvas
    >
      {inReadingOrder(page.tiles).map((tile) => {
        const rect = rectOf(tile);
        if (rect === undefined) return null;
        const isChosen = tile.id === chosen?.id;
        const isCarried = isLive && grip?.tile.id === tile.id && grip.handle === undefined;
        const isHidden = cells !== undefined && boxes.length > 0 && !boxes.some(({ id }) => id === tile.id);
        return (
          <button
            type="button"
            key={tile.id}
            class={`ed-tile ${isHidden ? "gone" : ""} ${blocking.includes(tile) ? "blocks" : ""} ${isCarried ? "carried" : ""}`}
            data-tile={tile.id}
            aria-pressed={isChosen}
            style={{ ...px(rect), ...(isCarried && grip !== undefined ? { transform: `translate(${grip.dx}px, ${grip.dy}px)` } : {}) }}
            onPointerDown={(event) => start(event, tile)}
            onFocus={() => bench.act({ do: "choose", id: tile.id })}
          >
            <span class="vh">{labelOf(tile)}</span>
            {isCarried && <span class="ed-why" aria-hidden="true">{tileName(tile)}</span>}
            {isHidden && !isCarried && <span class="ed-why" aria-hidden="true">{kindOf(tile.kind)?.cheers ? say("tile.leaves", { name: kindName(tile.kind) }) : kindName(tile.kind)}</span>}
          </button>
        );
      })}
      {isLive && grip?.handle === undefined && grip !== undefined && <Origin rect={rectOf(grip.tile)} />}
      {cells !== undefined && (isLive ? <Where cells={cells} moves={moves} wanted={wanted} id={grip?.tile.id ?? ""} /> : null)}
      {cells !== undefined && target !== undefined && <Where cells={cells} moves={carriedAt ? { "": target } : undefined} wanted={target} id="" />}
      {chosen !== undefined && cells !== undefined && bench.mayEdit && !isLive && <Ends rect={rectOf(chosen)} onStart={(event, handle) => start(event, chosen, handle)} />}
    </div>
  );
}

const px = ({ left, top, width, height }: Rect) => ({ left: `${left}px`, top: `${top}px`, width: `${width}px`, height: `${height}px` });

const labelOf = (tile: Tile): string => say("tile.label", { name: tileName(tile), x: tile.x + 1, y: tile.y + 1, w: tile.w, h: tile.h });

function wantedBy({ tile, handle, dx, dy }: Grip, cells: Cells): Place {
  const [x, y] = [Math.round(dx / cells.stepX), Math.round(dy / cells.stepY)];
  return handle === undefined ? clamped({ x: tile.x + x, y: tile.y + y, w: tile.w, h: tile.h }) : pulled(tile, handle, x, y);
}

function movesOf(tiles: readonly Tile[], grip: Grip, cells: Cells): Moves | undefined {
  const wanted = wantedBy(grip, cells);
  if (grip.handle === undefined) return dropped(tiles, grip.tile.id, wanted);
  return isFree(tiles, wanted, grip.tile.id) ? { [grip.tile.id]: wanted } : undefined;
}

function settle(bench: Bench, grip: Grip, wanted: Place, moves: Moves | undefined): void {
  const isMade = moves !== undefined && bench.act({ do: grip.handle === undefined ? "drop" : "place", id: grip.tile.id, place: wanted });
  const now = bench.page.peek().tiles.find(({ id }) => id === grip.tile.id) ?? grip.tile;
  if (moves === undefined) bench.told.value = say("told.back");
  else if (isMade) bench.told.value = grip.handle === undefined ? say("told.moved", { x: now.x + 1, y: now.y + 1 }) : say("told.sized", { w: now.w, h: now.h });
}

/** Where it was taken from: what is drawn there stays until it is let go. */
const Origin = ({ rect }: { rect: Rect | undefined }) => (rect === undefined ? null : <div class="ed-origin" style={px(rect)} />);

/** Where it would lie, or that it cannot. */
function Where({ cells, moves, wanted, id }: { cells: Cells; moves: Moves | undefined; wanted: Place | undefined; id: string }) {
  if (moves === undefined) {
    return wanted === undefined ? null : (
      <div class="ed-drop no" style={px(cells.rect(wanted))}>
        <span>{say("drop.no")}</span>
      </div>
    );
  }
  return (
    <>
      {Object.entries(moves).map(([moved, place]) => (
        <div key={moved} class={`ed-drop ${moved === id ? "" : "other"}`} style={px(cells.rect(place))}>
          <span>{say(moved === id ? "drop.here" : "drop.swap", { w: place.w, h: place.h })}</span>
        </div>
      ))}
    </>
  );
}

function Ends({ rect, onStart }: { rect: Rect | undefined; onStart: (event: PointerEvent, handle: Handle) => void }) {
  if (rect === undefined) return null;
  return (
    <div class="ed-ends" style={px(rect)} aria-hidden="true">
      {HANDLES.map((handle) => (
        <i key={handle} class={`h-${handle}`} data-handle={handle} onPointerDown={(event) => (event.stopPropagation(), onStart(event, handle))} />
      ))}
    </div>
  );
}

/** Where a tile that is carried from the shelf would be put; and whether it may. */
function useCarried(bench: Bench, cells: Cells | undefined, ref: { readonly current: HTMLElement | null }): readonly [Place | undefined, boolean] {
  const carried = bench.carried.value;
  const kind = carried === undefined ? undefined : kindOf(carried.kind);
  const edge = ref.current?.getBoundingClientRect();
  const isOver = carried !== undefined && edge !== undefined && carried.x > edge.left && carried.x < edge.right && carried.y > edge.top && carried.y < edge.bottom;
  const target = isOver && kind !== undefined && cells !== undefined ? targetOf(bench, cells, kind, carried.x - edge.left, carried.y - edge.top) : undefined;
  useEffect(() => {
    bench.landing = target?.isFree ? { x: target.place.x, y: target.place.y } : undefined;
  });
  return [target?.place, target?.isFree === true];
}

function targetOf(bench: Bench, cells: Cells, kind: NonNullable<ReturnType<typeof kindOf>>, x: number, y: number) {
  const [column, row] = cells.at(x, y);
  const { tiles } = bench.page.peek();
  const sized = ([w, h]: readonly [number, number]) => clamped({ x: Math.round(column - w / 2), y: Math.round(row - h / 2), w, h });
  const [full, least] = [sized(kind.size), sized(kind.least)];
  if (isFree(tiles, full)) return { place: full, isFree: true };
  return isFree(tiles, least) ? { place: least, isFree: true } : { place: full, isFree: false };
}

/** Tiles change their order as they move; who had the focus keeps it. */
function useKeptFocus(ref: { readonly current: HTMLElement | null }, tiles: readonly Tile[]): void {
  const focused = useRef<string>(undefined);
  const active = document.activeElement;
  if (active instanceof HTMLElement && ref.current?.contains(active)) focused.current = active.dataset["tile"];
  else if (active !== document.body) focused.current = undefined;
  useLayoutEffect(() => {
    const id = focused.current;
    if (id === undefined || document.activeElement !== document.body) return;
    [...(ref.current?.querySelectorAll<HTMLElement>("[data-tile]") ?? [])].find((button) => button.dataset["tile"] === id)?.focus();
  }, [tiles]);
}
