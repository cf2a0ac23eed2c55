import { type ReadonlySignal, signal } from "@preact/signals";

import type { Lang } from "../words";
import { voiceFor } from "./voice";

export type Tone = "breach" | "soft";

/** Notes of a tone: Hz, and seconds from its start and how long. Two that rise say "over"; one soft one says "look". */
const NOTES: Readonly<Record<Tone, readonly (readonly [hertz: number, at: number, lasts: number])[]>> = {
  breach: [
    [659.3, 0, 0.28],
    [880, 0.3, 0.3],
  ],
  soft: [[523.3, 0, 0.45]],
};
const LASTS = 0.7;
/** A browser that allows sound says so at once; one that does not leaves the promise open. */
const PATIENCE = 600;
/** A voice whose far server never answers must not hold the next sentence. */
const LONGEST_SENTENCE = 15_000;

export interface Tested {
  readonly isBlocked: boolean;
  /** The name of who speaks; `undefined` where nobody speaks the language. */
  readonly voice: string | undefined;
}

/** The one loudspeaker of the page. Only one is made, and it sleeps while there is nothing to play. */
export class Player {
  readonly #isBlocked = signal(false);
  #context: AudioContext | undefined;
  #rest: ReturnType<typeof setTimeout> | undefined;
  #volume = 1;

  /** Whether the browser wants a hand on the page before it lets anything be heard. */
  get isBlocked(): ReadonlySignal<boolean> {
    return this.#isBlocked;
  }

  /** Tries whether it may be heard. To be called from a press, too: that is what allows it. */
  async wake(): Promise<boolean> {
    if (typeof AudioContext === "undefined") return false;
    clearTimeout(this.#rest);
    const context = (this.#context ??= new AudioContext());
    if (context.state !== "running") await Promise.race([context.resume().catch(() => undefined), new Promise((done) => setTimeout(done, PATIENCE))]);
    const isAwake = context.state === "running";
    this.#isBlocked.value = !isAwake;
    if (isAwake) this.#rest = setTimeout(() => void context.suspend(), 4000);
    return isAwake;
  }

  /** A tone at a volume of 0 to 1, and then a sentence, where somebody speaks its language; the tone alone where nobody does. */
  async play(tone: Tone | undefined, says: string, volume: number, lang: Lang): Promise<void> {
    this.#volume = Math.min(1, Math.max(0, volume));
    const voice = says === "" ? undefined : await this.#voice(lang);
    const sounds = tone ?? (voice === undefined ? "soft" : undefined);
    const isAwake = await this.wake();
    if (sounds !== undefined && isAwake) this.#sound(sounds);
    if (voice === undefined) return;
    if (sounds !== undefined) await new Promise((done) => setTimeout(done, LASTS * 1000));
    if (!(await this.#speak(says, voice)) && sounds === undefined && isAwake) this.#sound("soft");
  }

  /** Plays and says something, so that who stands there hears whether it works. */
  async test(says: string, volume: number, lang: Lang): Promise<Tested> {
    const isAwake = await this.wake();
    const voice = await this.#voice(lang);
    await this.play("breach", voice === undefined ? "" : says, volume, lang);
    return { isBlocked: !isAwake, voice: voice?.name };
  }

  #sound(tone: Tone): void {
    const context = this.#context;
    if (context === undefined) return;
    for (const [hertz, at, lasts] of NOTES[tone]) {
      const start = context.currentTime + 0.02 + at;
      const [source, gain] = [context.createOscillator(), context.createGain()];
      source.type = "sine";
      source.frequency.value = hertz;
      // A note that began or ended at once would click.
      gain.gain.setValueAtTime(0, start);
      gain.gain.linearRampToValueAtTime(this.#volume * (tone === "breach" ? 0.9 : 0.5), start + 0.03);
      gain.gain.setValueAtTime(this.#volume * (tone === "breach" ? 0.9 : 0.5), start + lasts * 0.5);
      gain.gain.linearRampToValueAtTime(0, start + lasts);
      source.connect(gain).connect(context.destination);
      source.start(start);
      source.stop(start + lasts + 0.05);
      source.onended = () => gain.disconnect();
    }
  }

  async #voice(lang: Lang): Promise<SpeechSynthesisVoice | undefined> {
    if (typeof speechSynthesis === "undefined") return undefined;
    if (speechSynthesis.getVoices().length === 0) await heard(speechSynthesis, "voiceschanged", 1000);
    return voiceFor(speechSynthesis.getVoices(), lang);
  }

  /** Whether it was said. */
  #speak(says: string, voice: SpeechSynthesisVoice): Promise<boolean> {
    return new Promise((done) => {
      const sentence = new SpeechSynthesisUtterance(says);
      sentence.voice = voice;
      sentence.lang = voice.lang;
      sentence.volume = this.#volume;
      sentence.onend = () => done(true);
      sentence.onerror = () => done(false);
      setTimeout(() => done(false), LONGEST_SENTENCE);
      speechSynthesis.cancel();
      speechSynthesis.speak(sentence);
    });
  }
}

/** Resolves when the event came, or after so many milliseconds. */
function heard(target: EventTarget, event: string, patience: number): Promise<void> {
  return new Promise((done) => {
    target.addEventListener(event, () => done(), { once: true });
    setTimeout(done, patience);
  });
}
