import type { BoardDocument } from "../board/model";

/** Bytes of the largest file that is read at all; the server takes boards of up to 128 KiB. */
const LARGEST = 256 * 1024;

/** A board as a file of this browser's. */
export function download(board: BoardDocument): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([`${JSON.stringify(board, null, 2)}\n`], { type: "application/json" }));
  link.download = `${board.id}.board.json`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

export type Read = { readonly kind: "object"; readonly value: { readonly id?: unknown } } | { readonly kind: "large" | "not_json" | "not_object" };

/** What is in a file, if it can be a board at all; what is wrong inside it the server says, with paths. */
export async function read(file: Blob): Promise<Read> {
  if (file.size > LARGEST) return { kind: "large" };
  let value: unknown;
  try {
    value = JSON.parse(await file.text());
  } catch {
    return { kind: "not_json" };
  }
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { kind: "object", value } : { kind: "not_object" };
}

const ID = /^[a-z0-9][a-z0-9-]{0,39}$/;

/** An id made of a name's letters; `fallback` where it has none that may stand in one. */
export function idFor(name: string, fallback: string): string {
  const made = name.toLowerCase().normalize("NFKD").replace(/\p{M}/gu, "").replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "").slice(0, 40).replace(/-+$/, "");
  return ID.test(made) ? made : fallback;
}
