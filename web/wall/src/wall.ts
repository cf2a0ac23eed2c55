import { computed, effect, type ReadonlySignal, signal } from "@preact/signals";

import { type Freshness, ofFloor, ofSource } from "./stale";
import { Ticker } from "./ticker";
import type { Cell } from "./wire/cell";
import { ServerClock } from "./wire/clock";
import { Live, type World } from "./wire/live";
import { Store } from "./wire/store";

/** Everything the parts of the page read; they never see a message or a socket. */
export class Wall {
  readonly store = new Store();
  readonly clock: ServerClock;
  readonly live: Live;
  readonly ticker: Ticker;
  readonly #monotonic = signal(0);

  constructor(private readonly world: World) {
    this.clock = new ServerClock(() => world.monotonic());
    this.live = new Live(this.store, this.clock, world);
    this.ticker = new Ticker(this.clock);
  }

  start(): void {
    this.live.connect();
    // At once when the first word comes, and again after a silence; in between it runs by itself.
    effect(() => {
      if (this.isLive.value) this.ticker.run();
    });
    setInterval(() => this.watch(), 250);
    // A screen that slept finds out at once that what it shows is old.
    document.addEventListener("visibilitychange", () => this.watch());
    // One that is put to sleep is old before it sleeps: what is seen first afterwards is this.
    document.addEventListener("freeze", () => this.live.doubt());
    document.addEventListener("resume", () => this.live.link.peek() !== "refused" && this.live.connect());
  }

  watch(): void {
    this.live.watch();
    this.#monotonic.value = Math.floor(this.world.monotonic() / 1000);
    if (this.live.link.peek() !== "live") this.ticker.show();
  }

  get board(): Cell {
    return this.store.board;
  }
  get second(): ReadonlySignal<number | undefined> {
    return this.ticker.second;
  }
  /** Real seconds this page has been open, for what has no server time yet. */
  get uptime(): ReadonlySignal<number> {
    return this.#monotonic;
  }
  get zone(): string {
    return this.board.at("site", "zone").text || "UTC";
  }

  readonly isLive = computed(() => this.live.link.value === "live");
  /** Real seconds since the last message, while the page is not live. */
  readonly silence = computed(() => {
    const since = this.live.silentSince.value;
    return since === undefined ? 0 : Math.max(0, this.uptime.value - Math.floor(since / 1000));
  });
  // The page's second only matters here while it stands still, so nothing hangs on every tick.
  readonly #connection = computed(() =>
    this.isLive.value ? { isLive: true, now: undefined } : { isLive: false, now: this.second.value },
  );
  readonly floorFreshness = computed(() => ofFloor(this.board, this.#connection.value));

  freshnessOf(source: string): Freshness {
    return ofSource(this.board, source, this.#connection.value);
  }
}
