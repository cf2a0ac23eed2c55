import { signal } from "@preact/signals";

import type { Json, Scalar } from "./messages";

export type Leaf = Scalar | readonly Json[];

const NONE: readonly string[] = [];

/** What a cell is that has others below it. */
class Branch {
  constructor(readonly keys: readonly string[]) {}
}

/**
 * One path of the board. A cell stays for as long as the page does, whatever comes and goes under its path, so a
 * component may hold on to it; what changes is its value (of a leaf) or its keys (of a branch), and who read it is not
 * disturbed by what changes below. Keys are opaque: `__proto__` is a queue like any other.
 */
export class Cell {
  readonly #here = signal<Leaf | Branch | undefined>(undefined);
  /** Made with the first of them: most cells are leaves, and a big floor has tens of thousands. */
  #children: Map<string, Cell> | undefined;

  /** The scalar or array here; `undefined` when there is none. */
  get leaf(): Leaf | undefined {
    const here = this.#here.value;
    return here instanceof Branch ? undefined : here;
  }
  /** The keys present, oldest first; none when this is no branch. */
  get keys(): readonly string[] {
    const here = this.#here.value;
    return here instanceof Branch ? here.keys : NONE;
  }
  get isPresent(): boolean {
    return this.#here.value !== undefined;
  }

  /** The cell below, which need not be on the board (yet). */
  at(...path: readonly string[]): Cell {
    let cell: Cell = this;
    for (const key of path) cell = cell.#child(key);
    return cell;
  }

  get number(): number | undefined {
    const value = this.#here.value;
    return typeof value === "number" ? value : undefined;
  }
  get text(): string {
    const value = this.#here.value;
    return typeof value === "string" ? value : "";
  }
  get list(): readonly Json[] {
    const value = this.#here.value;
    return Array.isArray(value) ? (value as readonly Json[]) : [];
  }
  get json(): Json | undefined {
    const here = this.#here.value;
    if (!(here instanceof Branch)) return here;
    return Object.fromEntries(here.keys.map((key) => [key, this.at(key).json as Json]));
  }

  /** Replaces what is here, everything below included. */
  put(value: Json): void {
    if (value === null) return this.clear();
    if (typeof value !== "object" || Array.isArray(value)) return this.#becomeLeaf(value as Leaf);
    const entries = Object.entries(value).filter(([, below]) => below !== null);
    const keys = entries.map(([key]) => key);
    const kept = new Set(keys);
    for (const [key, child] of this.#children ?? []) if (!kept.has(key)) child.clear();
    for (const [key, below] of entries) this.#child(key).put(below);
    this.#becomeBranch(keys);
  }

  /** Sets the value of a path below, making the parents it lacks. */
  set(path: readonly string[], value: Json): void {
    this.#set(path, 0, value);
  }

  /** Takes a path below off the board; nothing happens when it is not on it. */
  delete(path: readonly string[]): void {
    const [key, ...rest] = path;
    const keys = this.#keysNow;
    if (key === undefined || !keys?.includes(key)) return;
    if (rest.length > 0) return this.at(key).delete(rest);
    this.at(key).clear();
    this.#becomeBranch(keys.filter((other) => other !== key));
  }

  clear(): void {
    this.#forgetChildren();
    this.#here.value = undefined;
  }

  #child(key: string): Cell {
    this.#children ??= new Map();
    let child = this.#children.get(key);
    if (child === undefined) this.#children.set(key, (child = new Cell()));
    return child;
  }

  #set(path: readonly string[], from: number, value: Json): void {
    const key = path[from];
    if (key === undefined) return this.put(value);
    const keys = this.#keysNow;
    const child = this.#child(key);
    // What is there already is among the keys: in a long list it need not be looked for with each of its changes.
    const isKnown = keys !== undefined && (child.#here.peek() !== undefined || keys.includes(key));
    child.#set(path, from + 1, value);
    if (!isKnown) this.#becomeBranch([...(keys ?? NONE), key]);
  }

  get #keysNow(): readonly string[] | undefined {
    const here = this.#here.peek();
    return here instanceof Branch ? here.keys : undefined;
  }
  #becomeLeaf(value: Leaf): void {
    this.#forgetChildren();
    if (!isSame(this.#here.peek(), value)) this.#here.value = value;
  }
  #becomeBranch(keys: readonly string[]): void {
    const before = this.#keysNow;
    if (before?.length !== keys.length || before.some((key, i) => key !== keys[i])) this.#here.value = new Branch(keys);
  }
  #forgetChildren(): void {
    for (const key of this.#keysNow ?? NONE) this.#child(key).clear();
  }
}

const isSame = (a: Leaf | Branch | undefined, b: Leaf): boolean =>
  a === b || (Array.isArray(a) && Array.isArray(b) && JSON.stringify(a) === JSON.stringify(b));
