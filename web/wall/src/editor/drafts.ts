import type { BoardDocument } from "../board/model";
import { readBoard } from "../board/source";

const PREFIX = "ccwall.draft.";
/** Drafts of so many boards are kept, the oldest leave; longer ones than this many characters are not. */
const MOST = 6;
const LONGEST = 160_000;

/** What somebody did to a board and did not publish. `base` is the version it was made from, `at` the browser's epoch milliseconds. */
export interface Draft {
  readonly base: number;
  readonly at: number;
  readonly board: BoardDocument;
}

/** What drafts need of a browser's storage. */
export type Keep = Pick<Storage, "length" | "key" | "getItem" | "setItem" | "removeItem">;

export class Drafts {
  constructor(private readonly keep: Keep | undefined) {}

  of(id: string): Draft | undefined {
    try {
      return read(JSON.parse(this.keep?.getItem(PREFIX + id) ?? "null"), id);
    } catch {
      return undefined; // a browser that keeps nothing, or kept something else
    }
  }

  /** Whether the browser holds it now. */
  write(id: string, draft: Draft): boolean {
    const text = JSON.stringify(draft);
    if (text.length > LONGEST) return false;
    try {
      if (this.keep === undefined) return false;
      this.keep.setItem(PREFIX + id, text);
      this.#tidy(id);
      return true;
    } catch {
      return false;
    }
  }

  forget(id: string): void {
    try {
      this.keep?.removeItem(PREFIX + id);
    } catch {
      // nothing was kept either
    }
  }

  #tidy(id: string): void {
    const keep = this.keep;
    if (keep === undefined) return;
    const keys = Array.from({ length: keep.length }, (_, i) => keep.key(i) ?? "").filter((key) => key.startsWith(PREFIX) && key !== PREFIX + id);
    const old = keys.map((key) => ({ key, at: this.of(key.slice(PREFIX.length))?.at ?? 0 })).sort((a, b) => a.at - b.at);
    for (const { key } of old.slice(0, Math.max(0, old.length - (MOST - 1)))) keep.removeItem(key);
  }
}

function read(told: unknown, id: string): Draft | undefined {
  if (typeof told !== "object" || told === null) return undefined;
  const { base, at, board } = told as { base?: unknown; at?: unknown; board?: unknown };
  const known = readBoard(board);
  if (known === undefined || known.id !== id || typeof base !== "number" || typeof at !== "number") return undefined;
  return { base, at, board: known };
}
