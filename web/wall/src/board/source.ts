import { type ReadonlySignal, signal } from "@preact/signals";

import { Backoff } from "../wire/backoff";
import type { BoardDocument, Page } from "./model";

/** What an answer to a board's address was. `same`: nothing newer than what was shown. */
export type Fetched =
  | { readonly kind: "board"; readonly board: BoardDocument; readonly tag: string }
  | { readonly kind: "same" | "absent" | "away" };

export interface Shelf {
  /** `id` undefined: the server's default board. */
  fetch(id: string | undefined, tag: string): Promise<Fetched>;
  kept(id: string | undefined): BoardDocument | undefined;
  keep(id: string | undefined, board: BoardDocument): void;
  after(milliseconds: number, action: () => void): () => void;
  random(): number;
}

/** `asking`: nothing to show yet. `kept`: as it was when this browser last saw it. `absent`: the server has no such board. */
export type BoardState = "asking" | "kept" | "fresh" | "absent";

/** Up to a second, so that a hundred screens do not ask at once when somebody saves. */
const POLITE = 1000;

/** The document this screen shows, and whether it is the server's newest. */
export class BoardSource {
  readonly #board = signal<BoardDocument | undefined>(undefined);
  readonly #state = signal<BoardState>("asking");
  readonly #backoff: Backoff;
  #tag = "";
  #round = 0;
  #again: (() => void) | undefined;

  constructor(
    private readonly id: string | undefined,
    private readonly shelf: Shelf,
  ) {
    this.#backoff = new Backoff(() => shelf.random());
    const kept = shelf.kept(id);
    if (kept === undefined) return;
    this.#board.value = kept;
    this.#state.value = "kept";
  }

  get board(): ReadonlySignal<BoardDocument | undefined> {
    return this.#board;
  }
  get state(): ReadonlySignal<BoardState> {
    return this.#state;
  }

  /** Asks now, whatever was planned. */
  ask = (): void => {
    this.#again?.();
    void this.#ask(++this.#round);
  };

  /** Somebody changed a document: perhaps this one. */
  changed(): void {
    this.#again?.();
    this.#again = this.shelf.after(this.shelf.random() * POLITE, this.ask);
  }

  async #ask(round: number): Promise<void> {
    const fetched = await this.shelf.fetch(this.id, this.#tag).catch((): Fetched => ({ kind: "away" }));
    if (round !== this.#round) return;
    if (fetched.kind === "away") {
      this.#again = this.shelf.after(this.#backoff.next(), this.ask);
      return;
    }
    this.#backoff.reset();
    if (fetched.kind === "absent") {
      this.#state.value = "absent";
      return;
    }
    if (fetched.kind === "board") {
      this.#tag = fetched.tag;
      this.#board.value = fetched.board;
      this.shelf.keep(this.id, fetched.board);
    }
    this.#state.value = "fresh";
  }
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);

/** A board that can be drawn, or `undefined`: what a browser kept, or a page that is not ours sent, may be anything. */
export function readBoard(value: unknown): BoardDocument | undefined {
  if (!isObject(value) || value["format"] !== 1 || typeof value["id"] !== "string" || !Array.isArray(value["pages"])) return undefined;
  const pages = value["pages"].filter(isPage);
  if (pages.length === 0 || pages.length !== value["pages"].length) return undefined;
  const size = (key: string, usual: number): number => (typeof value[key] === "number" && value[key] > 0 ? value[key] : usual);
  return { ...(value as unknown as BoardDocument), name: isObject(value["name"]) ? value["name"] : {}, distance: size("distance", 8), diagonal: size("diagonal", 55), pages };
}

function isPage(page: unknown): page is Page {
  return isObject(page) && Array.isArray(page["tiles"]) && page["tiles"].every((tile) => isObject(tile) && typeof tile["id"] === "string" && typeof tile["kind"] === "string" && ["x", "y", "w", "h"].every((key) => Number.isInteger(tile[key])));
}
