import { computed, effect, type ReadonlySignal, signal } from "@preact/signals";

import { Ticker } from "../ticker";
import { ServerClock } from "../wire/clock";
import { type Asker, Poll } from "../wire/poll";
import type { Cell } from "../wire/cell";

/** What a page beside the wall reads: a document asked for again and again, and the server's time. */
export class Desk {
  readonly clock: ServerClock;
  readonly poll: Poll;
  /** Where the floor is; UTC until something says so. */
  readonly zone = signal("UTC");
  /** Whether there is something to practise on. */
  readonly isDemo = signal(false);
  /** Whether the server has a wall at all; a simulator alone has none. */
  readonly hasWall = signal(false);
  readonly #ticker: Ticker;
  readonly #uptime = signal(0);
  #isAsked = false;

  constructor(
    path: string,
    every: number,
    private readonly asker: Asker,
  ) {
    this.clock = new ServerClock(() => asker.monotonic());
    this.poll = new Poll(path, every, this.clock, asker);
    this.#ticker = new Ticker(this.clock);
  }

  start(): void {
    this.poll.ask();
    // At once when the first answer comes, and again after a silence; in between it runs by itself.
    effect(() => {
      const state = this.poll.state.value;
      if (state === "fresh") this.#ticker.run();
      // With the word that it is old, not at the next look: until then every age would be that of a page that still lives.
      if (state === "old") this.#ticker.show();
    });
    setInterval(() => this.watch(), 250);
    // Behind a door nothing tells where the floor is.
    effect(() => {
      if (this.poll.state.value === "fresh" && !this.#isAsked) void this.#askWhere();
    });
  }

  watch(): void {
    this.poll.watch();
    this.#uptime.value = Math.floor(this.asker.monotonic() / 1000);
    if (this.poll.state.peek() === "old") this.#ticker.show();
  }

  get answer(): Cell {
    return this.poll.answer;
  }
  /** Server now in whole seconds. */
  get second(): ReadonlySignal<number | undefined> {
    return this.#ticker.second;
  }
  /** Server now, read again each second. */
  get now(): number | undefined {
    return this.second.value === undefined ? undefined : this.clock.now;
  }
  /** Real seconds since the last answer, once that is too long ago. */
  readonly silence = computed(() => {
    const since = this.poll.silentSince.value;
    return since === undefined ? 0 : Math.max(0, this.#uptime.value - Math.floor(since / 1000));
  });

  async #askWhere(): Promise<void> {
    this.#isAsked = true;
    const answer = await this.asker.ask("api/v1/board").catch(() => undefined);
    this.hasWall.value = answer !== undefined && answer.status !== 404;
    const site = (answer?.body as { site?: { zone?: unknown; mode?: unknown } } | undefined)?.site;
    if (typeof site?.zone === "string") this.zone.value = site.zone;
    this.isDemo.value = site?.mode === "demo";
  }
}
