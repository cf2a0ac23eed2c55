import { batch, signal } from "@preact/signals";

import { Cell } from "./cell";
import type { Patch, Pulse, Snapshot } from "./messages";

/** What the screen must do after a message: go on, or ask for the whole board because something was lost. */
export type Outcome = "applied" | "resync";

/** The board as this screen knows it, and whether that can be trusted to be what the server sent. */
export class Store {
  readonly board = new Cell();
  readonly heard = signal<Readonly<Record<string, number>>>({});
  readonly version = signal("");
  /** Grows with every change of a board, plan or picture; `undefined` until the server says it. */
  readonly boards = signal<number | undefined>(undefined);
  #seq: number | undefined;

  get seq(): number | undefined {
    return this.#seq;
  }

  snapshot(message: Snapshot): Outcome {
    batch(() => {
      this.board.put(message.board);
      this.version.value = message.version;
    });
    this.#seq = message.seq;
    return "applied";
  }

  /** `del` before `set`. A patch on another base is not for this board: nothing of it is applied. */
  patch(message: Patch): Outcome {
    if (this.#seq !== message.base) return this.#lost();
    batch(() => {
      for (const path of message.del) this.board.delete(path);
      for (const [path, value] of message.set) this.board.set(path, value);
    });
    this.#seq = message.seq;
    return "applied";
  }

  pulse(message: Pulse): Outcome {
    this.heard.value = message.heard;
    if (typeof message.boards === "number") this.boards.value = message.boards;
    return this.#seq === message.seq ? "applied" : this.#lost();
  }

  /** A new connection: what is on the screen stays, but no patch fits it any more. */
  forget(): void {
    this.#seq = undefined;
  }

  #lost(): Outcome {
    this.forget();
    return "resync";
  }
}
