import { type ReadonlySignal, signal } from "@preact/signals";
import { createContext } from "preact";
import { useContext } from "preact/hooks";

import type { BoardDocument } from "./model";

/** What is on the screen now, for the tiles that tell of it: which page of how many, and whether the next one comes by itself. */
export interface Showing {
  readonly board: BoardDocument;
  readonly page: ReadonlySignal<number>;
  readonly pages: number;
  readonly isHeld: ReadonlySignal<boolean>;
  /** One column, read from a hand. */
  readonly isStacked: ReadonlySignal<boolean>;
  /** The type is so big that what is secondary has no room: 0 none, 1 hints leave, 2 trends leave too. */
  readonly reduced: 0 | 1 | 2;
}

const Context = createContext<Showing | undefined>(undefined);
export const ShowProvider = Context.Provider;

/** `undefined` in a tile that is shown outside a board. */
export const useShow = (): Showing | undefined => useContext(Context);

const ALONE = signal(0);
const NEVER = signal(false);

/** One page that stays: what an editor or a test shows a tile in. */
export const still = (board: BoardDocument): Showing => ({ board, page: ALONE, pages: 1, isHeld: NEVER, isStacked: NEVER, reduced: reducedBy(board) });

/** Far type of 8 m on 55 inches, in which the arrangement was drawn: 90 px of 1920. */
const DRAWN = 90.5;

/** `--t-far` of css/tokens.css in px of 1920. */
export const farType = (distance: number, diagonal: number): number => ((distance * 5) / 0.7) * (1920 / (diagonal * 22.138));

export function reducedBy({ distance, diagonal }: Pick<BoardDocument, "distance" | "diagonal">): 0 | 1 | 2 {
  const far = farType(distance, diagonal);
  if (far <= DRAWN) return 0;
  return far <= DRAWN * 1.15 ? 1 : 2;
}
