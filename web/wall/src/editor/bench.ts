import { batch, computed, effect, signal } from "@preact/signals";
import { createContext } from "preact";
import { useContext } from "preact/hooks";

import type { Box, Lattice } from "../board/preview";
import type { BoardDocument, BoardEntry, Theme, Tile } from "../board/model";
import { boardOf, type BoardList, type BoardPaper, type Mistake, post, postUnder, put, type Saved } from "../boards/requests";
import { type Lang, lang } from "../words";
import { findings } from "./checks";
import type { Draft, Drafts } from "./drafts";
import { type Act, after, changesBetween, chosenOf, type Editing, opened, pageOf } from "./edits";
import type { Complaint } from "./lint";
import { Measuring } from "./measuring";
import type { Scene } from "./scene";

/** Screens that a board is looked at on: CSS px. */
export const SIZES = [
  [1920, 1080],
  [1280, 720],
  [3840, 2160],
  [390, 844],
] as const;
export type Size = (typeof SIZES)[number];

export interface Drawn {
  readonly boxes: readonly Box[];
  readonly lattice: Lattice | undefined;
}
/** Another state of this board that is shown in place of the one that is worked on. */
export interface Look {
  readonly board: BoardDocument;
  readonly title: string;
}
export type DialogName = "publish" | "conflict" | "history";

const KEEP_AFTER = 300;

/** The board somebody works on, and everything the parts of the page know of it. */
export class Bench {
  readonly editing;
  readonly entry;
  /** As the server has it. */
  readonly saved;
  /** A draft that was found when the page was opened. */
  readonly found = signal<Draft | undefined>(undefined);
  readonly isKept = signal(true);
  readonly scene = signal<Scene>("live");
  readonly spoken = signal<Lang>(lang.peek());
  /** The theme of the preview, where it is not the board's own. */
  readonly theme = signal<Theme | undefined>(undefined);
  readonly size = signal<Size>(SIZES[0]);
  readonly drawn = signal<Drawn>({ boxes: [], lattice: undefined });
  readonly seen = signal<readonly Complaint[]>([]);
  readonly mistakes = signal<readonly Mistake[]>([]);
  readonly look = signal<Look | undefined>(undefined);
  readonly dialog = signal<DialogName | undefined>(undefined);
  readonly conflict = signal<Extract<Saved, { kind: "conflict" }> | undefined>(undefined);
  /** What is said aloud to who does not see it. */
  readonly told = signal("");
  /** What went wrong or well with the server, for everybody to read. */
  readonly news = signal("");
  readonly isSaving = signal(false);
  /** A kind of tile that is being carried from the shelf, and where the pointer is in the window. */
  readonly carried = signal<{ readonly kind: string; readonly x: number; readonly y: number } | undefined>(undefined);
  /** The cell at which what is carried would lie; `undefined` where it may not. */
  landing: { readonly x: number; readonly y: number } | undefined;
  readonly measuring: Measuring;
  #copied: Tile | undefined;

  constructor(
    paper: BoardPaper,
    readonly list: BoardList,
    private readonly drafts: Drafts,
  ) {
    this.editing = signal<Editing>(opened(paper.board));
    this.entry = signal<BoardEntry>(paper.entry);
    this.saved = signal<BoardDocument>(paper.board);
    this.measuring = new Measuring(this);
    const draft = drafts.of(paper.board.id);
    if (draft === undefined || !this.mayEdit || changesBetween(paper.board, draft.board) === 0) return;
    this.found.value = draft;
    this.act({ do: "replace", board: draft.board });
    // A draft of an older version asks on saving, as any other work on one would.
    this.entry.value = { ...paper.entry, version: draft.base };
  }

  get mayEdit(): boolean {
    return this.list.mayEdit;
  }
  readonly board = computed(() => this.editing.value.board);
  readonly page = computed(() => pageOf(this.editing.value));
  readonly chosen = computed(() => chosenOf(this.editing.value));
  readonly changes = computed(() => changesBetween(this.saved.value, this.board.value));
  readonly isDirty = computed(() => this.changes.value > 0);
  /** What rules say of the whole board. */
  readonly ruled = computed(() => findings(this.board.value, this.list.embed));

  act = (act: Act): boolean => {
    const isEdit = act.do !== "choose" && act.do !== "turn";
    if (isEdit && !this.mayEdit) return false;
    const before = this.editing.peek();
    const next = after(before, act);
    if (next === before) return false;
    batch(() => {
      this.editing.value = next;
      if (isEdit) this.news.value = "";
    });
    return true;
  };

  copy(tile: Tile): void {
    this.#copied = tile;
  }
  paste(): boolean {
    return this.#copied !== undefined && this.act({ do: "paste", tile: this.#copied });
  }

  /** Keeps what is not saved in this browser; returns what ends that. */
  keeping(): () => void {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const keep = () => {
      const board = this.board.peek();
      if (this.isDirty.peek()) this.isKept.value = this.drafts.write(board.id, { base: this.entry.peek().version, at: Date.now(), board });
      else this.drafts.forget(board.id);
    };
    const stop = effect(() => {
      void [this.board.value, this.saved.value];
      clearTimeout(timer);
      timer = setTimeout(keep, KEEP_AFTER);
    });
    const leaving = (event: BeforeUnloadEvent) => {
      if (!this.mayEdit) return;
      keep();
      if (this.isDirty.peek() && !this.isKept.peek()) event.preventDefault();
    };
    addEventListener("beforeunload", leaving);
    return () => {
      stop();
      clearTimeout(timer);
      removeEventListener("beforeunload", leaving);
    };
  }

  async save(note = ""): Promise<Saved> {
    const board = this.board.peek();
    const { id, version } = this.entry.peek();
    this.isSaving.value = true;
    const first = await put({ ...board, id }, version, note);
    // A board that somebody deleted meanwhile is made again.
    const answer = first.kind === "absent" ? await post({ ...board, id }, note) : first;
    batch(() => {
      this.isSaving.value = false;
      this.mistakes.value = answer.kind === "mistakes" ? answer.mistakes : [];
      if (answer.kind === "conflict") {
        this.conflict.value = answer;
        this.dialog.value = "conflict";
      }
      if (answer.kind === "saved") this.#taken(answer.paper);
    });
    return answer;
  }

  #taken(paper: BoardPaper): void {
    this.entry.value = paper.entry;
    this.saved.value = paper.board;
    this.found.value = undefined;
  }

  saveCopy(): Promise<Saved> {
    const board = this.board.peek();
    return postUnder(`${board.id.slice(0, 35)}-copy`, board);
  }

  /** What somebody else saved, in place of what is here; that can be undone. Throws when the server does not answer. */
  async takeTheirs(): Promise<void> {
    const paper = await boardOf(this.board.peek().id);
    if (paper === undefined) return;
    batch(() => {
      this.act({ do: "replace", board: paper.board });
      this.#taken(paper);
      this.conflict.value = undefined;
      this.dialog.value = undefined;
      this.mistakes.value = [];
    });
  }

  /** The server's version in place of the draft. */
  discard(): void {
    this.act({ do: "replace", board: this.saved.peek() });
    this.found.value = undefined;
  }

  /** Somebody changed some document: what is not worked on is shown anew. */
  async changed(): Promise<BoardEntry | undefined> {
    const paper = await boardOf(this.board.peek().id).catch(() => undefined);
    if (paper === undefined || paper.entry.version === this.entry.peek().version) return undefined;
    if (this.isDirty.peek()) return paper.entry;
    batch(() => {
      this.editing.value = { ...opened(paper.board), page: Math.min(this.editing.peek().page, paper.board.pages.length - 1) };
      this.#taken(paper);
    });
    return undefined;
  }
}

const Context = createContext<Bench | undefined>(undefined);
export const BenchProvider = Context.Provider;

export function useBench(): Bench {
  const bench = useContext(Context);
  if (bench === undefined) throw new Error("a part of the editor outside the editor");
  return bench;
}
