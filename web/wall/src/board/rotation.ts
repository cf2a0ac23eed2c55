/** Which page is shown, and when the next one comes. All instants are monotonic milliseconds. */
export class Rotation {
  #page: number;
  #since: number;
  #paused = false;

  constructor(
    private readonly dwells: readonly number[],
    start: number,
    now: number,
  ) {
    this.#page = Math.min(Math.max(0, Math.trunc(start) || 0), Math.max(0, dwells.length - 1));
    this.#since = now;
  }

  get page(): number {
    return this.#page;
  }
  get isPaused(): boolean {
    return this.#paused;
  }

  pause(paused: boolean, now: number): void {
    this.#paused = paused;
    this.#since = now;
  }

  /** Somebody turned the page by hand: it stays its whole time. */
  turn(by: number, now: number): void {
    const pages = this.dwells.length;
    if (pages > 0) this.#page = (((this.#page + by) % pages) + pages) % pages;
    this.#since = now;
  }

  /**
   * The page to show at `now`. `alarms`: the pages that show an alarm; the one on the screen stays then, else the first
   * of them comes at once and stays.
   */
  at(now: number, alarms: readonly number[]): number {
    if (this.dwells.length < 2 || this.#paused) return this.#page;
    if (alarms.length > 0) {
      if (!alarms.includes(this.#page)) this.#page = alarms[0] ?? this.#page;
      this.#since = now;
      return this.#page;
    }
    const dwell = (this.dwells[this.#page] ?? 30) * 1000;
    if (now - this.#since >= dwell) this.turn(1, now);
    return this.#page;
  }
}
