import { effect, untracked } from "@preact/signals";

import type { BoardDocument, Sound } from "../board/model";
import type { Wall } from "../wall";
import { lang } from "../words";
import { Conditions } from "./conditions";
import { type Choice, Horn, type How } from "./horn";
import { Player } from "./player";
import { isQuiet, minuteOf, type Span } from "./quiet";
import { isBlocked, speaker } from "./state";
import { sound as words } from "./words";

const EVERY = 1000;
/** Sentences of one announcement; of the rest only how many. */
const MOST_SAID = 2;

/** One for the page: boards come and go, the browser's permission stays. */
const player = new Player();
/** Listens to a board once a second and plays what is to be heard; returns what ends that. */
export function run(wall: Wall, board: BoardDocument): () => void {
  const sound = board.sound;
  if (sound === undefined) return () => undefined;
  const conditions = new Conditions(wall, board);
  // A board that was saved anew may watch other things: what is there now was there before.
  const horn = new Horn();
  const look = () => {
    if (!wall.board.isPresent) return;
    const seen = untracked(() => conditions.now());
    const call = horn.look(performance.now() / 1000, seen, choiceOf(sound), isQuietNow(wall, sound));
    if (call !== undefined) void player.play(call.tone, announcement(call.says), sound.volume, lang.peek());
  };
  const timer = setInterval(look, EVERY);
  const stopBlocked = effect(() => {
    isBlocked.value = player.isBlocked.value;
  });
  const allow = () => void player.wake();
  const pressed = () => void (player.isBlocked.peek() && allow());
  for (const event of ["pointerdown", "keydown"]) addEventListener(event, pressed, { capture: true, passive: true });
  speaker.value = { allow, test: () => player.test(words.t("heard.test"), sound.volume, lang.peek()) };
  void player.wake();
  return () => {
    clearInterval(timer);
    stopBlocked();
    for (const event of ["pointerdown", "keydown"]) removeEventListener(event, pressed, { capture: true });
    speaker.value = undefined;
    isBlocked.value = false;
  };
}

const HOWS: ReadonlySet<string> = new Set(["tone", "speak", "both"]);
const howOf = (how: unknown): How => (typeof how === "string" && HOWS.has(how) ? (how as How) : "off");

export const choiceOf = (sound: Sound): Choice => ({ breach: howOf(sound.breach), warn: howOf(sound.warn), source: howOf(sound.source) });

function isQuietNow(wall: Wall, { quiet }: Sound): boolean {
  const second = wall.second.peek();
  return second !== undefined && Array.isArray(quiet) && quiet.length > 0 && isQuiet(minuteOf(second, wall.zone), quiet as readonly Span[]);
}

/** The first few in a row, then how many more. */
export function announcement(says: readonly string[]): string {
  if (says.length === 0) return "";
  const stop = lang.peek() === "en" ? ". " : "。";
  const rest = says.length - MOST_SAID;
  return [...says.slice(0, MOST_SAID), ...(rest > 0 ? [words.t("heard.more", { n: rest })] : [])].join(stop);
}
