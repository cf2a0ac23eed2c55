import { signal } from "@preact/signals";

import type { BoardDocument, Sound } from "../board/model";
import { later } from "../later";
import type { Wall } from "../wall";

/** What little the first load knows of sound; the rest comes with a board that wants to be heard. */
export const isBlocked = signal(false);
/** Tries the sound and lets it be heard, from a press; `undefined` while the board on this screen is silent. */
export const speaker = signal<{ readonly allow: () => void; readonly test: () => Promise<{ isBlocked: boolean; voice: string | undefined }> } | undefined>(undefined);

const LOUD = ["breach", "warn", "source"] as const;

/** A board without a choice is silent. */
export const isHeard = (sound: Sound | undefined): sound is Sound => sound !== undefined && sound.volume > 0 && LOUD.some((level) => (sound[level] ?? "off") !== "off");

/** Lets a board be heard as it asks for; returns what ends that. */
export function hear(wall: Wall, board: BoardDocument): () => void {
  if (!isHeard(board.sound)) return () => undefined;
  let stop: (() => void) | undefined;
  let isOver = false;
  void later(() => import("./run")).then(({ run }) => {
    if (!isOver) stop = run(wall, board);
  });
  return () => {
    isOver = true;
    stop?.();
  };
}
