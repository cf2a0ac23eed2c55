import { type ReadonlySignal, signal } from "@preact/signals";

import { Backoff } from "./backoff";
import type { ServerClock } from "./clock";
import { type Message, read } from "./messages";
import type { Store } from "./store";

/** Real milliseconds of silence after which the screen is not live, and after which the socket is given up. */
export const NOT_LIVE = 3000;
const GIVE_UP = 6000;
/** A resync that nobody answers is asked for again. */
const ASK_AGAIN = 4000;
/** A page that was to be stopped and goes on all the same connects again after so many milliseconds. */
const NOT_STOPPED = 1000;
const OPEN_WITHIN = 8000;
/** Milliseconds in which nothing of this page ran: it slept, and whatever is in the pipe of its socket is as old as that. */
const SLEPT = 6000;
/** For servers that close with a reason of their own; ours says `bye` first. */
const REFUSED_CODES = new Set([4401, 4403]);

/** `connecting`: nothing ever came. `lost`: it came, and stopped. `refused`: the server wants a token. */
export type Link = "connecting" | "live" | "lost" | "refused";

export interface Socket {
  onopen: (() => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((event: { code: number }) => void) | null;
  send(text: string): void;
  close(): void;
}
export interface World {
  open(): Socket;
  monotonic(): number;
  /** The machine's own time of day in milliseconds: it goes on while the machine sleeps, which a monotonic clock need not. */
  date?(): number;
  after(milliseconds: number, action: () => void): () => void;
  random(): number;
  /** Whether the server would turn this screen away; asked when a connection fails without a word. */
  isRefused(): Promise<boolean>;
}

/** Keeps one live socket for ever, and says honestly whether what the store holds is live. */
export class Live {
  readonly #link = signal<Link>("connecting");
  readonly #silentSince = signal<number | undefined>(undefined);
  readonly #backoff: Backoff;
  #socket: Socket | undefined;
  #opened = 0;
  #heard: number | undefined; // anything at all
  #inStep: number | undefined; // something after which the store was what the server has
  #asked: number | undefined;
  #awake: { readonly monotonic: number; readonly date: number } | undefined; // when anything of this page last ran
  #retry: (() => void) | undefined;

  constructor(
    private readonly store: Store,
    private readonly clock: ServerClock,
    private readonly world: World,
  ) {
    this.#backoff = new Backoff(() => world.random());
  }

  get link(): ReadonlySignal<Link> {
    return this.#link;
  }
  /** The monotonic instant of the last message, while the screen is not live. */
  get silentSince(): ReadonlySignal<number | undefined> {
    return this.#silentSince;
  }

  connect(): void {
    this.#retry?.();
    this.#drop();
    if (this.#link.value === "refused") this.#link.value = this.#inStep === undefined ? "connecting" : "lost";
    this.store.forget();
    const socket = this.world.open();
    this.#socket = socket;
    this.#opened = this.world.monotonic();
    this.#asked = undefined;
    socket.onmessage = (event) => this.#receive(socket, event.data);
    socket.onclose = (event) => this.#closed(socket, event.code);
  }

  /** To be called a few times a second: notices silence, which no event of the socket tells. */
  watch(): void {
    if (this.#overslept()) return;
    const now = this.world.monotonic();
    if (this.#inStep !== undefined && now - this.#inStep >= NOT_LIVE) this.#lose();
    if (this.#socket === undefined) return;
    const heardHere = this.#isWordless ? undefined : this.#heard;
    if (heardHere === undefined ? now - this.#opened > OPEN_WITHIN : now - heardHere > GIVE_UP) {
      this.#drop();
      this.#again();
    } else if (this.#asked !== undefined && now - this.#asked > ASK_AGAIN) {
      this.#asked = undefined;
      this.#resync();
    }
  }

  /** The page is about to be stopped for who knows how long: what it shows when it is seen again is not live until it is told so. */
  doubt(): void {
    if (this.#link.value === "refused") return;
    this.#lose();
    this.#drop();
    this.#retry?.();
    this.#retry = this.world.after(NOT_STOPPED, () => this.connect());
  }

  #lose(): void {
    if (this.#link.value !== "live") return;
    this.clock.freeze();
    this.#silentSince.value = this.#inStep;
    this.#link.value = "lost";
  }

  /** Whether the page slept since it last ran; then it asks anew rather than show one after another what it missed. */
  #overslept(): boolean {
    const before = this.#awake;
    const now = (this.#awake = { monotonic: this.world.monotonic(), date: this.world.date?.() ?? 0 });
    if (before === undefined || Math.max(now.monotonic - before.monotonic, now.date - before.date) < SLEPT) return false;
    if (this.#link.value === "refused") return false;
    this.#lose();
    this.connect();
    return true;
  }

  #receive(socket: Socket, data: unknown): void {
    if (this.#overslept() || socket !== this.#socket || typeof data !== "string") return;
    const message = read(data);
    if (message === undefined) return;
    if (message.type === "bye") return this.#bye(message.reason);
    this.#heard = this.world.monotonic();
    this.#apply(message);
    if (this.store.seq === undefined || this.#asked !== undefined) return;
    this.#inStep = this.#heard;
    this.clock.told(message.now, "rate" in message ? message.rate : undefined);
    this.#silentSince.value = undefined;
    this.#link.value = "live";
    this.#backoff.reset();
  }

  #apply(message: Exclude<Message, { type: "bye" }>): void {
    switch (message.type) {
      case "snapshot":
        this.store.snapshot(message);
        this.#asked = undefined;
        return;
      case "patch":
        // While the whole board is on its way, patches on a board we gave up mean nothing.
        if (this.#asked === undefined && this.store.patch(message) === "resync") this.#resync();
        return;
      case "pulse":
        if (this.store.pulse(message) === "resync" && this.#asked === undefined) this.#resync();
        this.#send({ type: "ack", seq: this.store.seq ?? message.seq });
    }
  }

  #resync(): void {
    this.#asked = this.world.monotonic();
    this.#send({ type: "resync" });
  }
  #send(message: object): void {
    this.#socket?.send(JSON.stringify(message));
  }

  #bye(reason: string): void {
    this.#drop();
    if (reason === "refused") this.#link.value = "refused";
    else this.#again();
  }
  #closed(socket: Socket, code: number): void {
    if (socket !== this.#socket) return;
    const wordless = this.#isWordless;
    this.#drop();
    if (REFUSED_CODES.has(code)) this.#link.value = "refused";
    else if (wordless) void this.#askWhy();
    else this.#again();
  }
  get #isWordless(): boolean {
    return this.#heard === undefined || this.#heard < this.#opened;
  }
  async #askWhy(): Promise<void> {
    if (await this.world.isRefused()) this.#link.value = "refused";
    else if (this.#socket === undefined) this.#again();
  }
  #again(): void {
    this.#retry?.();
    this.#retry = this.world.after(this.#backoff.next(), () => this.connect());
  }
  #drop(): void {
    const socket = this.#socket;
    this.#socket = undefined;
    if (socket === undefined) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }
}
