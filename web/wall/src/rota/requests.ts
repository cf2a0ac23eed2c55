import { ask } from "../boards/requests";
import { type Meeting, meetingsIn } from "./agenda";
import { type Preview, previewIn, type Rota, rotaIn, withSheet } from "./facts";

const BASE = "api/v1/rota";

export type Told<T> = { readonly kind: "done"; readonly told: T } | { readonly kind: "refused" | "away" | "absent" } | { readonly kind: "said"; readonly detail: string };

async function answered<T>(asked: Promise<readonly [number, Readonly<Record<string, unknown>>]>, read: (body: Readonly<Record<string, unknown>>) => T): Promise<Told<T>> {
  try {
    const [status, body] = await asked;
    if (status === 200) return { kind: "done", told: read(body) };
    if (status === 401 || status === 403) return { kind: "refused" };
    if (status === 404 || status === 503) return { kind: "absent" };
    return typeof body["detail"] === "string" ? { kind: "said", detail: body["detail"] } : { kind: "away" };
  } catch {
    return { kind: "away" };
  }
}

/** The shifts that touch [since, until); `isToday`: with how well the plan is kept. */
export async function rotaOf(since: number, until: number, isToday: boolean): Promise<Told<Rota>> {
  const rota = await answered(ask(`${BASE}?since=${since}&until=${until}`), rotaIn);
  if (!isToday || rota.kind !== "done") return rota;
  const sheet = await answered(ask(`${BASE}/sheet`), (body) => withSheet(rota.told, body));
  return sheet.kind === "done" ? sheet : rota;
}

/** The meetings of today with their agendas. */
export const agendas = (): Promise<Told<readonly Meeting[]>> => answered(ask(`${BASE}/meetings`), meetingsIn);

/** A file as it lies on the disk, and the days that are meant. */
export interface File64 {
  readonly content: string;
  readonly format: "csv" | "ical";
  readonly since: number;
  readonly until: number;
  readonly clears: boolean;
}
export const preview = (file: File64): Promise<Told<Preview>> => answered(ask(`${BASE}/preview`, "POST", { ...file, base64: true }), previewIn);
export const bring = (file: File64): Promise<Told<undefined>> => answered(ask(`${BASE}/import`, "POST", { ...file, base64: true }), () => undefined);

/** The bytes of a file, whatever their encoding, as the server takes them. */
export async function base64(file: Blob): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const pieces: string[] = [];
  for (let at = 0; at < bytes.length; at += 32_768) pieces.push(String.fromCharCode(...bytes.subarray(at, at + 32_768)));
  return btoa(pieces.join(""));
}
