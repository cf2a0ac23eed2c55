const FIRST = 500;
const LONGEST = 10_000;

/** Milliseconds until the next attempt: full jitter, so that fifty walls do not come back in the same instant. */
export class Backoff {
  #attempt = 0;
  constructor(private readonly random: () => number = Math.random) {}

  next(): number {
    const ceiling = Math.min(LONGEST, FIRST * 2 ** this.#attempt);
    this.#attempt = Math.min(this.#attempt + 1, 10);
    return this.random() * ceiling;
  }
  reset(): void {
    this.#attempt = 0;
  }
}
