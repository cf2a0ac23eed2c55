/** Plain words with `**bold**` at most: a list of pieces, every second of them bold; never markup. */
export function boldPieces(text: string): readonly string[] {
  const pieces = text.split("**");
  // A pair that is not closed are two stars.
  if (pieces.length % 2 === 0) {
    const last = pieces.pop() ?? "";
    pieces[pieces.length - 1] += `**${last}`;
  }
  return pieces;
}

/** The lines of a text, each with its pieces; no more than `most`. */
export const linesOf = (text: string, most = 40): readonly (readonly string[])[] =>
  text.replace(/\r\n?/g, "\n").trim().split("\n").slice(0, most).map((line) => boldPieces(line.trim()));
