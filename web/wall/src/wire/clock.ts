/**
 * The server's time on this screen: `now` of the last message, carried on by a monotonic clock at the server's rate.
 * The viewer's own clock is never asked.
 */
export class ServerClock {
  #now: number | undefined;
  #rate = 1;
  #arrived = 0;
  #frozen = false;
  constructor(private readonly monotonic: () => number) {}

  /** A message came: `now` and, where it says so, the rate (floor seconds per real second). */
  told(now: number, rate?: number): void {
    this.#now = now;
    if (rate !== undefined && rate >= 0) this.#rate = rate;
    this.#arrived = this.monotonic();
    this.#frozen = false;
  }
  /** Stops at the last instant the server itself has told: what is shown was true then, not later. */
  freeze(): void {
    this.#frozen = true;
  }
  get isFrozen(): boolean {
    return this.#frozen;
  }
  get rate(): number {
    return this.#rate;
  }
  /** Server now in epoch seconds; `undefined` before the first message. */
  get now(): number | undefined {
    if (this.#now === undefined || this.#frozen) return this.#now;
    return this.#now + ((this.monotonic() - this.#arrived) / 1000) * this.#rate;
  }
  /** Real milliseconds until the shown second changes. */
  get untilNextSecond(): number {
    const now = this.now;
    if (now === undefined || this.#frozen || this.#rate === 0) return 1000;
    return ((Math.floor(now) + 1 - now) / this.#rate) * 1000;
  }
}
