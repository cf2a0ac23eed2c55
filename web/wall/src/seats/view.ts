import { type ReadonlySignal, signal } from "@preact/signals";

import type { Box } from "./plan";

/** Pixels a plan unit is large, and where on the screen the plan's corner is. */
export interface Look {
  readonly z: number;
  readonly x: number;
  readonly y: number;
}
export interface Size {
  readonly w: number;
  readonly h: number;
}
/** Pixels at the edges of the room on which other things lie. */
export interface Insets {
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly left: number;
}

export const NO_INSETS: Insets = { top: 0, right: 0, bottom: 0, left: 0 };
/** A plan of few desks is not blown up beyond this, nor a desk ever larger than the other. */
const ROOMIEST = 2.2;
export const CLOSEST = 5;
/** Milliseconds without a move after which the picture is drawn anew. */
const REST = 180;

/** The whole plan, as large as it fits. */
export function fitted(plan: Size, room: Size, insets: Insets): Look {
  const [w, h] = [Math.max(1, room.w - insets.left - insets.right), Math.max(1, room.h - insets.top - insets.bottom)];
  const z = Math.min(w / plan.w, h / plan.h, ROOMIEST);
  return { z, x: insets.left + (w - plan.w * z) / 2, y: insets.top + (h - plan.h * z) / 2 };
}

/** The same with the point under (x, y) staying where it is. */
export function zoomed(look: Look, z: number, x: number, y: number): Look {
  const grown = z / look.z;
  return { z, x: x - (x - look.x) * grown, y: y - (y - look.y) * grown };
}

/** Never so far that less than a third of it, or of the room, is in sight. */
export function kept(look: Look, plan: Size, room: Size): Look {
  const bound = (at: number, long: number, wide: number) => {
    const left = Math.min(long, wide) / 3;
    return Math.min(Math.max(at, left - long), wide - left);
  };
  return { z: look.z, x: bound(look.x, plan.w * look.z, room.w), y: bound(look.y, plan.h * look.z, room.h) };
}

/** What of the plan is in the room, with `margin` rooms around it. */
export function seen(look: Look, room: Size, margin: number): Box {
  const [w, h] = [room.w / look.z, room.h / look.z];
  return { x: -look.x / look.z - w * margin, y: -look.y / look.z - h * margin, w: w * (1 + 2 * margin), h: h * (1 + 2 * margin) };
}

export const overlaps = (a: Box, b: Box): boolean => a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;

/** Where somebody looks at a plan. While they move only a transform changes; when they rest the picture is drawn for where they are. */
export class View {
  readonly #now = signal<Look>({ z: 1, x: 0, y: 0 });
  readonly #drawn = signal<Look>({ z: 1, x: 0, y: 0 });
  #plan: Size = { w: 1, h: 1 };
  #room: Size = { w: 0, h: 0 };
  #insets: Insets = NO_INSETS;
  #isFitted = true;
  /** While fingers are on it nothing is drawn anew, however slowly they move. */
  isHeld = false;
  #rest: ReturnType<typeof setTimeout> | undefined;
  /** What stays where it is when a key or a button zooms: the chosen seat; else the middle. */
  anchor: () => Box | undefined = () => undefined;

  /** Where it is this moment. */
  get now(): ReadonlySignal<Look> {
    return this.#now;
  }
  /** What it is drawn for. */
  get drawn(): ReadonlySignal<Look> {
    return this.#drawn;
  }
  get room(): Size {
    return this.#room;
  }
  get plan(): Size {
    return this.#plan;
  }
  get fit(): Look {
    return fitted(this.#plan, this.#room, this.#insets);
  }
  get least(): number {
    return Math.min(this.fit.z, 1) * 0.8;
  }

  /** Another plan, or another room: who saw all of it sees all of it. */
  measure(plan: Size, room: Size, insets: Insets): void {
    const isOther = plan.w !== this.#plan.w || plan.h !== this.#plan.h;
    [this.#plan, this.#room, this.#insets] = [plan, room, insets];
    if (isOther || this.#isFitted) this.whole();
    else this.#go(this.#now.peek(), true);
  }

  whole(): void {
    this.#isFitted = true;
    this.#now.value = this.fit;
    this.settle();
  }

  zoom(factor: number, x?: number, y?: number, isLast = false): void {
    const [left, top] = this.#still();
    const z = Math.min(Math.max(this.#now.peek().z * factor, this.least), CLOSEST);
    this.#go(zoomed(this.#now.peek(), z, x ?? left, y ?? top), isLast);
  }

  #still(): readonly [number, number] {
    const box = this.anchor();
    const { z, x, y } = this.#now.peek();
    const { w, h } = this.#room;
    if (box === undefined) return [w / 2, h / 2];
    const [left, top] = [(box.x + box.w / 2) * z + x, (box.y + box.h / 2) * z + y];
    return left >= 0 && left <= w && top >= 0 && top <= h ? [left, top] : [w / 2, h / 2];
  }

  zoomTo(z: number, isLast = true): void {
    this.zoom(z / this.#now.peek().z, undefined, undefined, isLast);
  }

  pan(dx: number, dy: number): void {
    const { z, x, y } = this.#now.peek();
    this.#go({ z, x: x + dx, y: y + dy }, false);
  }

  /** The middle of a box of the plan comes to the middle, unless all of it is in sight (and not `always`). */
  show(box: Box, always = false, least = 0): void {
    const look = this.#now.peek();
    const z = Math.max(look.z, least);
    const { left, right, top, bottom } = this.#insets;
    const inSight =
      z === look.z && box.x * z + look.x >= left && box.y * z + look.y >= top && (box.x + box.w) * z + look.x <= this.#room.w - right && (box.y + box.h) * z + look.y <= this.#room.h - bottom;
    if (inSight && !always) return;
    this.#go({ z, x: this.#room.w / 2 - (box.x + box.w / 2) * z, y: this.#room.h / 2 - (box.y + box.h / 2) * z }, true);
  }

  settle(): void {
    clearTimeout(this.#rest);
    this.#rest = undefined;
    const { z, x, y } = this.#now.peek();
    const drawn = this.#drawn.peek();
    if (drawn.z !== z || drawn.x !== x || drawn.y !== y) this.#drawn.value = { z, x, y };
  }

  stop(): void {
    clearTimeout(this.#rest);
  }

  #go(look: Look, isLast: boolean): void {
    this.#isFitted = false;
    this.#now.value = kept(look, this.#plan, this.#room);
    if (isLast) return this.settle();
    clearTimeout(this.#rest);
    if (!this.isHeld) this.#rest = setTimeout(() => this.settle(), REST);
  }
}
