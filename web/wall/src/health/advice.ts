import type { Cell } from "../wire/cell";
import { type Key, t } from "../words";

/** Every cause a supervisor may name, and what a source says of itself; each has its words in the catalogues. */
export const CAUSES = [
  "not_listening", "unknown_host", "no_route", "no_answer", "no_device", "no_permission", "no_tls", "tls_refused",
  "certificate_untrusted", "certificate_expired", "certificate_name", "certificate_invalid", "cannot_open", "hung_up",
  "reset", "silent", "wordless", "rejected", "foreign", "overrun", "bug", "restart", "house",
] as const; // prettier-ignore
export type Cause = (typeof CAUSES)[number];

/** The codes of `source.down`, for a source whose supervisor named no cause. */
const REASONS: Readonly<Record<string, Cause>> = {
  eof: "hung_up",
  reset: "reset",
  refused: "not_listening",
  silent: "silent",
  rejected: "rejected",
  protocol: "foreign",
  failed: "bug",
  restart: "restart",
  house: "house",
};

const KNOWN: ReadonlySet<string> = new Set(CAUSES);

export function causeOf(source: Cell): Cause | undefined {
  const told = source.at("cause").text;
  return KNOWN.has(told) ? (told as Cause) : REASONS[source.at("reason").text];
}

/** What happened. */
export const happened = (cause: Cause): string => t(`cause.${cause}` as Key);
/** What whoever reads this does next. */
export const next = (cause: Cause): string => t(`next.${cause}` as Key);
