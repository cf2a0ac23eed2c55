import { address, browser } from "../wire/socket";
import { type Fetched, readBoard, type Shelf } from "./source";

const KEPT = "ccwall.board.";
const PATIENCE = 6000;

const ask = (path: string, tag = ""): Promise<Response> =>
  fetch(address(path), { cache: "no-store", signal: AbortSignal.timeout(PATIENCE), ...(tag === "" ? {} : { headers: { "if-none-match": tag } }) });

/** Boards of the server this page came from. */
export const shelf: Shelf = {
  async fetch(id, tag): Promise<Fetched> {
    const wanted = id ?? (await standard());
    if (wanted === undefined) return { kind: "absent" };
    const answer = await ask(`api/v1/boards/${encodeURIComponent(wanted)}`, tag);
    if (answer.status === 304) return { kind: "same" };
    if (answer.status === 404) return { kind: "absent" };
    if (!answer.ok) return { kind: "away" };
    const board = readBoard(((await answer.json()) as { board?: unknown }).board);
    return board === undefined ? { kind: "absent" } : { kind: "board", board, tag: answer.headers.get("etag") ?? "" };
  },
  kept(id) {
    try {
      return readBoard(JSON.parse(localStorage.getItem(KEPT + (id ?? "")) ?? "null"));
    } catch {
      return undefined; // a browser that keeps nothing, or kept something else
    }
  },
  keep(id, board) {
    try {
      localStorage.setItem(KEPT + (id ?? ""), JSON.stringify(board));
    } catch {
      // then a server that is away at the start leaves an empty screen
    }
  },
  after: browser.after,
  random: browser.random,
};

/** The id of the board that is shown where the address names none. */
async function standard(): Promise<string | undefined> {
  const answer = await ask("api/v1/boards");
  if (answer.status === 404) return undefined;
  if (!answer.ok) throw new Error(`boards: ${answer.status}`);
  const id = ((await answer.json()) as { default?: unknown }).default;
  return typeof id === "string" ? id : undefined;
}
