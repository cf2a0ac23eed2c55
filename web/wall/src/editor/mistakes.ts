import type { BoardDocument } from "../board/model";
import type { Mistake } from "../boards/requests";

/** Where in a board a mistake is: a field of the board (`name.en`), of a page, or of a tile (`w`, `options.address`). */
export interface Spot {
  readonly page?: number;
  readonly tile?: string;
  readonly field: string;
}

const PATH = /^board\.?(?:pages\[(\d+)\]\.?)?(?:tiles\[(\d+)\]\.?)?(.*)$/;

export function spotOf(board: BoardDocument, { where }: Mistake): Spot {
  const [, page, tile, field = ""] = PATH.exec(where) ?? [];
  if (page === undefined) return { field: field || where };
  const id = tile === undefined ? undefined : board.pages[Number(page)]?.tiles[Number(tile)]?.id;
  return { page: Number(page), field, ...(id === undefined ? {} : { tile: id }) };
}

/** What the server said about one field, or something inside it. */
export function mistakeAt(board: BoardDocument, mistakes: readonly Mistake[], wanted: Spot): string | undefined {
  const isHere = (mistake: Mistake) => {
    const { page, tile, field } = spotOf(board, mistake);
    return page === wanted.page && tile === wanted.tile && (field === wanted.field || field.startsWith(`${wanted.field}.`) || field.startsWith(`${wanted.field}[`));
  };
  return mistakes.find(isHere)?.what;
}
