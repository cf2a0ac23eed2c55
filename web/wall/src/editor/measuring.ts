import { computed, signal } from "@preact/signals";

import type { BoardDocument } from "../board/model";
import { type Lang, LANGUAGES } from "../words";
import type { Bench } from "./bench";
import type { Complaint } from "./lint";

/** What is measured next: a page in a language. */
export interface Trial {
  readonly round: number;
  readonly page: number;
  readonly lang: Lang;
}
export interface Measured extends Complaint {
  readonly page: number;
  readonly lang: Lang;
}

/** Milliseconds for a page to be drawn and measured before the check goes on without it. */
const PATIENCE = 4000;

/** Every page in every language, one after the other in the small preview, with the longest queue name on each queue. */
export class Measuring {
  readonly trial = signal<Trial | undefined>(undefined);
  readonly #found = signal<{ readonly board: BoardDocument; readonly all: readonly Measured[]; readonly isWhole: boolean } | undefined>(undefined);
  #round = 0;
  #answered: ((complaints: readonly Complaint[] | undefined) => void) | undefined;

  constructor(private readonly bench: Bench) {}

  /** What was found, while the board is the one that was looked at; `undefined`: nobody looked yet. */
  readonly found = computed(() => (this.#found.value?.board === this.bench.board.value ? this.#found.value.all : undefined));
  /** Whether all of it could be looked at. */
  readonly isWhole = computed(() => this.#found.value?.isWhole === true);

  answer(round: number, complaints: readonly Complaint[]): void {
    if (this.trial.peek()?.round === round) this.#answered?.(complaints);
  }

  async run(): Promise<readonly Measured[]> {
    const board = this.bench.board.peek();
    const all: Measured[] = [];
    let isWhole = true;
    for (const page of board.pages.keys())
      for (const [lang] of LANGUAGES) {
        const complaints = await this.#one(page, lang);
        if (complaints === undefined) isWhole = false;
        for (const one of complaints ?? []) if (!all.some((other) => other.page === page && other.tile === one.tile && other.kind === one.kind)) all.push({ ...one, page, lang });
        if (!isWhole) break;
      }
    this.trial.value = undefined;
    this.#found.value = { board, all, isWhole };
    return all;
  }

  #one(page: number, lang: Lang): Promise<readonly Complaint[] | undefined> {
    return new Promise((done) => {
      const timer = setTimeout(() => finish(undefined), PATIENCE);
      const finish = (complaints: readonly Complaint[] | undefined) => {
        clearTimeout(timer);
        this.#answered = undefined;
        done(complaints);
      };
      this.#answered = finish;
      this.trial.value = { round: ++this.#round, page, lang };
    });
  }
}
