import { type ReadonlySignal, signal } from "@preact/signals";

import type { ServerClock } from "./wire/clock";

/** Every age and timer on the page hangs on this one loop; a second one would tear them apart. */
export class Ticker {
  readonly #second = signal<number | undefined>(undefined);
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly clock: ServerClock) {}

  /** Server now in whole seconds; stands still while the screen is not live. */
  get second(): ReadonlySignal<number | undefined> {
    return this.#second;
  }

  /** Shows the server's second now, and again when it changes, together with the browser's next frame. */
  run = (): void => {
    clearTimeout(this.#timer);
    this.show();
    const wait = Math.min(1000, Math.max(50, this.clock.untilNextSecond + 2));
    this.#timer = setTimeout(() => (document.hidden ? this.run() : requestAnimationFrame(this.run)), wait);
  };

  show(): void {
    const now = this.clock.now;
    if (now === undefined) return;
    const second = Math.floor(now);
    const before = this.#second.peek();
    // A message that travelled slowly sets the clock back a little: no timer runs backwards for that.
    if (before !== undefined && second < before && before - second <= 1 && !this.clock.isFrozen) return;
    this.#second.value = second;
  }
}
