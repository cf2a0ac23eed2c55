import type { BoardDocument, BoardEntry } from "../board/model";
import { readBoard } from "../board/source";
import { isThing, list, text, type Thing } from "../wire/reading";
import { address } from "../wire/socket";

const PATIENCE = 8000;
const BASE = "api/v1/boards";

/** Which boards there are. `standard` is the id that `/` shows; `embed` the origins whose pages may be shown on one. */
export interface BoardList {
  readonly boards: readonly BoardEntry[];
  readonly standard: string;
  readonly embed: readonly string[];
  /** Whether what is saved outlives the server's process. */
  readonly isKept: boolean;
  readonly mayEdit: boolean;
}
export interface BoardPaper {
  readonly entry: BoardEntry;
  readonly board: BoardDocument;
}
/** A state a board once was in. `at` in epoch seconds. */
export interface Version {
  readonly version: number;
  readonly at: number;
  readonly by: string;
  readonly note: string;
  readonly isDeletion: boolean;
}
/** What the server says is wrong: `where` is a path like `board.pages[0].tiles[3].w`. */
export interface Mistake {
  readonly where: string;
  readonly what: string;
}
export type Saved =
  | { readonly kind: "saved"; readonly paper: BoardPaper }
  | { readonly kind: "mistakes"; readonly mistakes: readonly Mistake[] }
  /** Somebody saved it since; `at` in epoch seconds, 0 when that is not known. */
  | { readonly kind: "conflict"; readonly version: number; readonly by: string; readonly at: number }
  | { readonly kind: "taken" | "refused" | "absent" | "away" }
  /** What else the server says, in its own words. */
  | { readonly kind: "told"; readonly detail: string };

const number = (value: unknown): number => (typeof value === "number" ? value : 0);

export async function ask(path: string, method = "GET", body?: unknown, type = "application/json"): Promise<readonly [status: number, body: Thing]> {
  const sent = body === undefined || body instanceof Blob ? (body as Blob | undefined) : JSON.stringify(body);
  const answer = await fetch(address(path), {
    method,
    cache: "no-store",
    signal: AbortSignal.timeout(PATIENCE),
    ...(sent === undefined ? {} : { body: sent, headers: { "content-type": type } }),
  });
  const told: unknown = /\bjson\b/.test(answer.headers.get("content-type") ?? "") ? await answer.json() : {};
  return [answer.status, isThing(told) ? told : {}];
}

function entryOf(told: unknown): BoardEntry | undefined {
  if (!isThing(told) || typeof told["id"] !== "string") return undefined;
  return {
    id: told["id"],
    name: isThing(told["name"]) ? (told["name"] as Record<string, string>) : {},
    version: number(told["version"]),
    preset: told["preset"] === true,
    ...(typeof told["changed_at"] === "number" ? { changed_at: told["changed_at"] } : {}),
    ...(typeof told["changed_by"] === "string" ? { changed_by: told["changed_by"] } : {}),
  };
}

/** Throws when the server does not answer; `undefined` when it does not let this screen see them. */
export async function boardList(): Promise<BoardList | undefined> {
  const [status, body] = await ask(BASE);
  if (status !== 200) return undefined;
  return {
    boards: list(body["boards"]).map(entryOf).filter((entry) => entry !== undefined),
    standard: text(body["default"]),
    embed: list(body["embed"]).filter((one) => typeof one === "string"),
    isKept: body["kept"] !== false,
    mayEdit: body["may_edit"] === true,
  };
}

function paperOf(body: Thing): BoardPaper | undefined {
  const [entry, board] = [entryOf(body["entry"]), readBoard(body["board"])];
  return entry === undefined || board === undefined ? undefined : { entry, board };
}

const at = (id: string): string => `${BASE}/${encodeURIComponent(id)}`;

/** Throws when the server does not answer. */
export async function boardOf(id: string): Promise<BoardPaper | undefined> {
  const [status, body] = await ask(at(id));
  return status === 200 ? paperOf(body) : undefined;
}

export function mistakesOf(body: Thing): readonly Mistake[] {
  const told = list(body["mistakes"]).filter(isThing).map((one) => ({ where: text(one["where"]), what: text(one["what"]) }));
  return told.length > 0 ? told : [{ where: "", what: text(body["detail"]) || text(body["title"]) }];
}

async function saved(asked: Promise<readonly [number, Thing]>, isNew: boolean): Promise<Saved> {
  try {
    const [status, body] = await asked;
    switch (status) {
      case 200:
      case 201: {
        const paper = paperOf(body);
        return paper === undefined ? { kind: "away" } : { kind: "saved", paper };
      }
      case 409:
        return isNew ? { kind: "taken" } : { kind: "conflict", version: number(body["version"]), by: text(body["changed_by"]), at: number(body["changed_at"]) };
      case 401:
      case 403:
        return { kind: "refused" };
      case 404:
        return { kind: "absent" };
      case 413:
      case 422:
        return { kind: "mistakes", mistakes: mistakesOf(body) };
      default:
        return typeof body["detail"] === "string" ? { kind: "told", detail: body["detail"] } : { kind: "away" };
    }
  } catch {
    return { kind: "away" };
  }
}

/** `base`: the version it was made from. */
export const put = (board: BoardDocument, base: number, note = ""): Promise<Saved> => saved(ask(at(board.id), "PUT", { board, base, ...(note === "" ? {} : { note }) }), false);
export const post = (board: BoardDocument, note = ""): Promise<Saved> => saved(ask(BASE, "POST", { board, ...(note === "" ? {} : { note }) }), true);

/** The first id that is not taken: `stem`, `stem-2`, `stem-3`. */
export async function postUnder(stem: string, board: BoardDocument, note = ""): Promise<Saved> {
  for (let n = 1; n <= 40; n++) {
    const answer = await post({ ...board, id: n === 1 ? stem : `${stem.slice(0, 36)}-${n}` }, note);
    if (answer.kind !== "taken") return answer;
  }
  return { kind: "taken" };
}

/** Whether it is gone; the server's own words where it is not. Throws when nobody answers. */
export async function remove(id: string): Promise<true | string> {
  const [status, body] = await ask(at(id), "DELETE");
  return status === 204 || status === 404 ? true : text(body["detail"]) || String(status);
}

/** Newest first. Throws when nobody answers. */
export async function versionsOf(id: string): Promise<readonly Version[]> {
  const [status, body] = await ask(`${at(id)}/versions`);
  if (status !== 200) return [];
  return list(body["versions"])
    .filter(isThing)
    .map((one) => ({ version: number(one["version"]), at: number(one["at"]), by: text(one["by"]), note: text(one["note"]), isDeletion: one["deleted"] === true }));
}

export async function versionOf(id: string, version: number): Promise<BoardDocument | undefined> {
  const [status, body] = await ask(`${at(id)}/versions/${version}`);
  return status === 200 ? readBoard(body["board"]) : undefined;
}
