import { type ReadonlySignal, signal } from "@preact/signals";

import type { Json, Scalar } from "./messages";

export type Leaf = Scalar | readonly Json[];

const NONE: readonly string[] = [];

/**
 * One path of the board. A cell stays for as long as the page does, whatever comes and goes under its path, so a
 * component may hold on to it; what changes is its value (of a leaf) or its keys (of a branch), and whoever read
 * neither is not disturbed. Keys are opaque: `__proto__` is a queue like any other.
 */
export class Cell {
  readonly #leaf = signal<Leaf | undefined>(undefined);
  readonly #keys = signal<readonly string[] | undefined>(undefined);
  readonly #children = new Map<string, Cell>();

  /** The scalar or array here; `undefined` when there is none. */
  get leaf(): ReadonlySignal<Leaf | undefined> {
    return this.#leaf;
  }
  /** The keys present, oldest first; none when this is no branch. */
  get keys(): readonly string[] {
    return this.#keys.value ?? NONE;
  }
  get isPresent(): boolean {
    return this.#leaf.value !== undefined || this.#keys.value !== undefined;
  }

  /** The cell below, which need not be on the board (yet). */
  at(...path: readonly string[]): Cell {
    let cell: Cell = this;
    for (const key of path) {
      let child = cell.#children.get(key);
      if (child === undefined) cell.#children.set(key, (child = new Cell()));
      cell = child;
    }
    return cell;
  }

  get number(): number | undefined {
    const value = this.#leaf.value;
    return typeof value === "number" ? value : undefined;
  }
  get text(): string {
    const value = this.#leaf.value;
    return typeof value === "string" ? value : "";
  }
  get list(): readonly Json[] {
    const value = this.#leaf.value;
    return Array.isArray(value) ? (value as readonly Json[]) : [];
  }
  get json(): Json | undefined {
    if (this.#keys.value === undefined) return this.#leaf.value;
    return Object.fromEntries(this.#keys.value.map((key) => [key, this.at(key).json as Json]));
  }

  /** Replaces what is here, everything below included. */
  put(value: Json): void {
    if (value === null) return this.clear();
    if (typeof value !== "object" || Array.isArray(value)) {
      this.#forgetChildren();
      if (!isSame(this.#leaf.peek(), value as Leaf)) this.#leaf.value = value as Leaf;
      return;
    }
    const entries = Object.entries(value).filter(([, below]) => below !== null);
    const keys = entries.map(([key]) => key);
    const kept = new Set(keys);
    for (const [key, child] of this.#children) if (!kept.has(key)) child.clear();
    for (const [key, below] of entries) this.at(key).put(below);
    this.#becomeBranch(keys);
  }

  /** Sets the value of a path below, making the parents it lacks. */
  set(path: readonly string[], value: Json): void {
    const [key, ...rest] = path;
    if (key === undefined) return this.put(value);
    const keys = this.#keys.peek() ?? NONE;
    const child = this.at(key);
    child.set(rest, value);
    this.#becomeBranch(keys.includes(key) ? keys : [...keys, key]);
  }

  /** Takes a path below off the board; nothing happens when it is not on it. */
  delete(path: readonly string[]): void {
    const [key, ...rest] = path;
    const keys = this.#keys.peek();
    if (key === undefined || !keys?.includes(key)) return;
    if (rest.length > 0) return this.at(key).delete(rest);
    this.at(key).clear();
    this.#becomeBranch(keys.filter((other) => other !== key));
  }

  clear(): void {
    this.#forgetChildren();
    this.#leaf.value = undefined;
  }

  #becomeBranch(keys: readonly string[]): void {
    this.#leaf.value = undefined;
    const before = this.#keys.peek();
    if (before?.length !== keys.length || before.some((key, i) => key !== keys[i])) this.#keys.value = keys;
  }
  #forgetChildren(): void {
    if (this.#keys.peek() === undefined) return;
    for (const key of this.#keys.peek() ?? NONE) this.at(key).clear();
    this.#keys.value = undefined;
  }
}

const isSame = (a: Leaf | undefined, b: Leaf): boolean =>
  a === b || (Array.isArray(a) && Array.isArray(b) && JSON.stringify(a) === JSON.stringify(b));
