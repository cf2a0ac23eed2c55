import { effect, type ReadonlySignal, signal, untracked } from "@preact/signals";

import type { Wall } from "../wall";
import type { ServerClock } from "../wire/clock";

/** Real seconds by which a screen's clock may differ before that is said, and at which it is no skew but another time. */
const NOTED = 5;
const ANOTHER = 12 * 3600;
const SAMPLES = 15;

/** How far a screen's own clock is from the server's: the middle of the last few looks, so that one late message is no skew. */
export class Skew {
  #looks: number[] = [];

  /** Both in epoch seconds; the screen's clock minus the server's, as far as that is known. */
  look(screen: number, server: number): number | undefined {
    this.#looks = [...this.#looks, screen - server].slice(-SAMPLES);
    if (this.#looks.length < 3) return undefined;
    return [...this.#looks].sort((a, b) => a - b)[Math.floor(this.#looks.length / 2)];
  }
  forget(): void {
    this.#looks = [];
  }
}

const told = signal<number | undefined>(undefined);

/** Whole seconds by which this screen's clock is ahead (behind: negative); `undefined` while it is right, or nobody knows. */
export const skew: ReadonlySignal<number | undefined> = told;

/** Whether it is so little that somebody might take the one time for the other; a day more or less is seen at a glance. */
export const isSlight = (seconds: number): boolean => Math.abs(seconds) < ANOTHER;

/** What is shown of the server's time, and whether it is the present and no demonstration's or replay's. */
export interface Shown {
  readonly isLive: ReadonlySignal<boolean>;
  readonly second: ReadonlySignal<number | undefined>;
  readonly clock: ServerClock;
  readonly isPresent: () => boolean;
}
export const shownBy = (wall: Wall): Shown => ({ isLive: wall.isLive, second: wall.second, clock: wall.clock, isPresent: () => !["demo", "replay"].includes(wall.board.at("site", "mode").text) });

/** Compares the clocks once a second while both run at the same pace and show the present. Nothing else on the page asks this screen's clock. */
export function watchSkew({ isLive, second, clock, isPresent }: Shown, date: () => number = () => Date.now() / 1000): () => void {
  const looks = new Skew();
  return effect(() => {
    const isComparable = isLive.value && second.value !== undefined && isPresent();
    const now = untracked(() => clock.now);
    if (!isComparable || now === undefined || clock.rate !== 1) {
      looks.forget();
      return;
    }
    const ahead = looks.look(date(), now);
    told.value = ahead === undefined || Math.abs(ahead) < NOTED ? undefined : Math.round(ahead);
  });
}
