import type { Bench } from "./bench";
import { isFree, isInside, stepped } from "./geometry";
import { tileName } from "./names";
import { say } from "./words";

const ARROWS: Readonly<Record<string, readonly [dx: number, dy: number]>> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

const isField = (target: EventTarget | null): boolean => target instanceof HTMLElement && target.matches("input:not([type=checkbox], [type=button]), textarea, select");

/** Whether the keyboard is where tiles are: on one of them, or nowhere. */
const isOnBoard = (target: EventTarget | null): boolean => target === document.body || (target instanceof HTMLElement && target.closest("[data-canvas]") !== null);

/** The board by keyboard; what it did is said by the live region. */
export function pressed(bench: Bench, event: KeyboardEvent): void {
  if (event.defaultPrevented || bench.dialog.peek() !== undefined || bench.look.peek() !== undefined || isField(event.target)) return;
  const isDone = event.ctrlKey || event.metaKey ? withControl(bench, event) : !event.altKey && alone(bench, event);
  if (isDone) event.preventDefault();
}

function withControl(bench: Bench, event: KeyboardEvent): boolean {
  const chosen = bench.chosen.peek();
  switch (event.key.toLowerCase()) {
    case "z":
      return say2(bench, event.shiftKey ? "redo" : "undo");
    case "y":
      return say2(bench, "redo");
    case "c":
      if (chosen === undefined || !isOnBoard(event.target) || String(getSelection()) !== "") return false;
      bench.copy(chosen);
      bench.told.value = say("told.copied", { name: tileName(chosen) });
      return true;
    case "v":
      return isOnBoard(event.target) && pasted(bench);
    case "d":
      if (chosen === undefined) return false;
      bench.copy(chosen);
      pasted(bench);
      return true;
    default:
      return false;
  }
}

function say2(bench: Bench, way: "undo" | "redo"): boolean {
  bench.told.value = say(bench.act({ do: way }) ? `told.${way}` : `told.${way}.none`);
  return true;
}

export function pasted(bench: Bench): boolean {
  const isMade = bench.paste();
  const tile = bench.chosen.peek();
  bench.told.value = isMade && tile !== undefined ? say("told.added", { name: tileName(tile), x: tile.x + 1, y: tile.y + 1 }) : say("told.full");
  return true;
}

function alone(bench: Bench, event: KeyboardEvent): boolean {
  const chosen = bench.chosen.peek();
  if (event.key === "Escape") return bench.act({ do: "choose", id: undefined });
  if (chosen === undefined || !bench.mayEdit || !isOnBoard(event.target)) return false;
  if (event.key === "Delete" || event.key === "Backspace") {
    const name = tileName(chosen);
    bench.act({ do: "remove", id: chosen.id });
    bench.told.value = say("told.removed", { name });
    return true;
  }
  const way = ARROWS[event.key];
  if (way === undefined) return false;
  const [dx, dy] = way;
  if (event.shiftKey) sized(bench, dx, dy);
  else moved(bench, dx, dy);
  return true;
}

function moved(bench: Bench, dx: number, dy: number): void {
  const tile = bench.chosen.peek();
  const { tiles } = bench.page.peek();
  const place = tile && stepped(tiles, tile, dx, dy);
  if (tile === undefined || place === undefined) {
    bench.told.value = say("told.noRoom");
    return;
  }
  bench.act({ do: "place", id: tile.id, place });
  bench.told.value = say("told.moved", { x: place.x + 1, y: place.y + 1 });
}

function sized(bench: Bench, dx: number, dy: number): void {
  const tile = bench.chosen.peek();
  if (tile === undefined) return;
  const place = { x: tile.x, y: tile.y, w: tile.w + dx, h: tile.h + dy };
  if (!isInside(place) || !isFree(bench.page.peek().tiles, place, tile.id)) {
    bench.told.value = say("told.noRoom");
    return;
  }
  bench.act({ do: "place", id: tile.id, place });
  bench.told.value = say("told.sized", { w: place.w, h: place.h });
}
