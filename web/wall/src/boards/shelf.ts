import { batch, signal } from "@preact/signals";

import type { BoardDocument } from "../board/model";
import { lang } from "../words";
import { boardList, type BoardList, boardOf, type Mistake, post, postUnder, put, remove, type Saved } from "./requests";
import { idFor } from "./file";
import { say } from "./words";

/** The boards there are, and what is done to whole ones. */
export class BoardShelf {
  readonly list = signal<BoardList | undefined>(undefined);
  readonly state = signal<"asking" | "fresh" | "away" | "closed">("asking");
  /** What went wrong or well, in words; what the server found in a file. */
  readonly news = signal("");
  readonly mistakes = signal<readonly Mistake[]>([]);

  async ask(): Promise<void> {
    try {
      const list = await boardList();
      batch(() => {
        this.list.value = list ?? this.list.peek();
        this.state.value = list === undefined ? "closed" : "fresh";
      });
    } catch {
      this.state.value = "away";
    }
  }

  say(words: string, mistakes: readonly Mistake[] = []): void {
    batch(() => {
      this.news.value = words;
      this.mistakes.value = mistakes;
    });
  }

  /** The id of what was made; what went wrong is said. */
  async #made(asked: Promise<Saved>, words: (name: string) => string): Promise<string | undefined> {
    const answer = await asked;
    if (answer.kind === "saved") {
      this.say(words(nameOf(answer.paper.board)));
      await this.ask();
      return answer.paper.entry.id;
    }
    this.say(troubleOf(answer), answer.kind === "mistakes" ? answer.mistakes : []);
    return undefined;
  }

  /** A board with a header and room for everything else, or one made of another. */
  async create(name: string, from: string | undefined): Promise<string | undefined> {
    const paper = from === undefined ? undefined : await boardOf(from).catch(() => undefined);
    if (from !== undefined && paper === undefined) {
      this.say(say("away"));
      return undefined;
    }
    const names = { [lang.peek()]: name };
    const board: BoardDocument = paper === undefined ? empty(names) : { ...paper.board, name: names };
    const count = (this.list.peek()?.boards.length ?? 0) + 1;
    return this.#made(postUnder(idFor(name, `board-${count}`), board), (made) => say("made", { name: made }));
  }

  async rename(id: string, names: BoardDocument["name"]): Promise<boolean> {
    const paper = await boardOf(id).catch(() => undefined);
    if (paper === undefined) {
      this.say(say("away"));
      return false;
    }
    return (await this.#made(put({ ...paper.board, name: names }, paper.entry.version, say("renamed.note")), (name) => say("renamed", { name }))) !== undefined;
  }

  async delete(id: string, name: string): Promise<void> {
    const gone = await remove(id).catch(() => say("away"));
    this.say(gone === true ? say("deleted", { name }) : gone);
    await this.ask();
  }

  /** As it is in the file: over the board of the same id where `base` is its version. */
  import(board: BoardDocument, base: number | undefined): Promise<string | undefined> {
    return this.#made(base === undefined ? post(board, say("imported.note")) : put(board, base, say("imported.note")), (name) => say("imported", { name }));
  }
  importCopy(board: BoardDocument): Promise<string | undefined> {
    return this.#made(postUnder(board.id, board, say("imported.note")), (name) => say("imported", { name }));
  }
}

export const nameOf = ({ id, name }: { readonly id: string; readonly name: BoardDocument["name"] }): string => name[lang.value] ?? Object.values(name).find((one) => one !== "") ?? id;

function troubleOf(answer: Exclude<Saved, { kind: "saved" }>): string {
  if (answer.kind === "told") return answer.detail;
  if (answer.kind === "conflict") return say("conflict", { who: answer.by });
  return say(`trouble.${answer.kind}`);
}

/** What a new board begins with. */
export const empty = (name: BoardDocument["name"]): BoardDocument => ({
  format: 1,
  id: "board",
  name,
  theme: "dark",
  distance: 8,
  diagonal: 55,
  pages: [{ dwell: 30, tiles: [{ id: "header", kind: "header", x: 0, y: 0, w: 16, h: 2, options: {} }] }],
});
