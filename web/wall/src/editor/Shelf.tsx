import { type Signal, useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";

import { kinds, type TileKind } from "../board/registry";
import { SearchSign } from "../desk/drawings";
import { Glyph } from "../parts/Glyph";
import { useKeydown } from "../parts/hooks";
import { type Bench, useBench } from "./bench";
import { kindName } from "./names";
import { SAMPLES } from "./samples";
import { type EditorKey, has, say } from "./words";

const SHELVES = ["numbers", "queues", "people", "floor", "words", "data"] as const;
/** The kinds that are called what somebody typed; where none is, those of whose purpose it is a word. */
export function meant(all: readonly TileKind[], typed: string): readonly TileKind[] {
  const wanted = typed.trim().toLowerCase().split(/\s+/);
  const saying = (told: (kind: TileKind) => string) => all.filter((kind) => wanted.every((word) => told(kind).toLowerCase().includes(word)));
  const named = saying(({ kind }) => `${kindName(kind)} ${kind}`);
  return named.length > 0 ? named : saying(({ kind }) => (has(`kind.${kind}`) ? say(`kind.${kind}` as EditorKey) : ""));
}

/** Everything a board can be made of. */
export function Shelf() {
  const query = useSignal("");
  const found = meant(kinds(), query.value);
  return (
    <aside class="ed-shelf" aria-label={say("shelf")}>
      <h2>{say("shelf")}</h2>
      <Search query={query} />
      <div class="ed-kinds">
        {SHELVES.map((shelf) => {
          const of = found.filter((kind) => kind.shelf === shelf);
          if (of.length === 0) return null;
          return (
            <section key={shelf}>
              <h3>{say(`shelf.${shelf}`)}</h3>
              <ul>
                {of.map((kind) => (
                  <li key={kind.kind}>
                    <Kind kind={kind} />
                  </li>
                ))}
              </ul>
            </section>
          );
        })}
        {found.length === 0 && <p class="muted">{say("shelf.none")}</p>}
      </div>
      <p class="ed-hint">{say("shelf.hint")}</p>
    </aside>
  );
}

function Search({ query }: { query: Signal<string> }) {
  const field = useRef<HTMLInputElement>(null);
  useKeydown((event) => {
    const isTyping = event.target instanceof HTMLElement && event.target.matches("input, textarea, select");
    if (event.key !== "/" || event.ctrlKey || event.altKey || event.metaKey || isTyping || document.querySelector("[role=dialog]") !== null) return;
    event.preventDefault();
    field.current?.focus();
    field.current?.select();
  });
  return (
    <search class="ed-search">
      <SearchSign />
      <input
        ref={field}
        type="search"
        value={query.value}
        placeholder={say("shelf.search")}
        aria-label={say("shelf.search")}
        autocomplete="off"
        spellcheck={false}
        maxLength={40}
        onInput={(event) => (query.value = event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter") {
            // Else the same key would press what it went to.
            event.preventDefault();
            document.querySelector<HTMLElement>(".ed-kinds button")?.focus();
          }
          if (event.key === "Escape") query.value = "";
        }}
      />
      <kbd aria-hidden="true">/</kbd>
    </search>
  );
}

/** Put on the board with Enter, a click, or by carrying it there. */
function Kind({ kind }: { kind: TileKind }) {
  const bench = useBench();
  const key = `kind.${kind.kind}`;
  const name = kindName(kind.kind);
  const isTaken = bench.carried.value?.kind === kind.kind;
  const isFull = bench.look.value !== undefined || !bench.mayEdit;
  return (
    <button type="button" class={`ed-kind ${isTaken ? "taken" : ""}`} disabled={isFull} title={has(key) ? say(key) : name} data-kind={kind.kind} onClick={() => add(bench, kind)} onPointerDown={(event) => carry(bench, kind, event)}>
      <span class="pv">{SAMPLES[kind.kind] ?? <Glyph name={kind.glyph} />}</span>
      <span>{name}</span>
    </button>
  );
}

function add(bench: Bench, kind: TileKind, at?: { readonly x: number; readonly y: number }): void {
  const isMade = bench.act({ do: "add", kind: kind.kind, ...(at === undefined ? {} : { at }) });
  const tile = bench.chosen.peek();
  const name = kindName(kind.kind);
  bench.told.value = isMade && tile !== undefined ? say("told.added", { name, x: tile.x + 1, y: tile.y + 1 }) : say("told.full");
  if (!isMade) bench.news.value = say("told.full");
}

const FAR = 6;

function carry(bench: Bench, kind: TileKind, event: PointerEvent): void {
  if (event.button !== 0) return;
  const button = event.currentTarget as HTMLElement;
  const [fromX, fromY] = [event.clientX, event.clientY];
  let isCarried = false;
  const moved = ({ clientX, clientY }: PointerEvent) => {
    if (!isCarried && Math.hypot(clientX - fromX, clientY - fromY) < FAR) return;
    isCarried = true;
    bench.carried.value = { kind: kind.kind, x: clientX, y: clientY };
  };
  const over = (isLeft: boolean) => {
    for (const [name, on] of listeners) removeEventListener(name, on as EventListener, true);
    const at = bench.landing;
    bench.carried.value = undefined;
    if (!isCarried) return;
    // The click that ends the carrying is none.
    button.addEventListener("click", (click) => click.stopImmediatePropagation(), { capture: true, once: true });
    setTimeout(() => button.blur());
    if (isLeft || at === undefined) bench.told.value = say("told.back");
    else add(bench, kind, at);
  };
  const key = (pressed: KeyboardEvent) => pressed.key === "Escape" && over(true);
  const listeners = [
    ["pointermove", moved],
    ["pointerup", () => over(false)],
    ["pointercancel", () => over(true)],
    ["keydown", key],
  ] as const;
  for (const [name, on] of listeners) addEventListener(name, on as EventListener, true);
}

/** What is being carried, under the pointer. */
export function Carried() {
  const bench = useBench();
  const carried = bench.carried.value;
  if (carried === undefined) return null;
  return (
    <div class="ed-carried" style={{ transform: `translate(${carried.x}px, ${carried.y}px)` }} aria-hidden="true">
      {kindName(carried.kind)}
    </div>
  );
}
