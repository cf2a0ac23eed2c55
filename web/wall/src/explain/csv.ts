/** A table that a spreadsheet opens, whatever callers and agents are called. */

/**
 * What a spreadsheet would take for a formula when a cell begins with it (OWASP "CSV injection"); the full-width forms
 * are normalised to these by some.
 */
const FORMULA = /^[=+\-@\t\r＝＋－＠]/;
const TO_BE_QUOTED = /[",\r\n]/;

/** A text becomes text in every spreadsheet, a number stays one. */
export function cell(value: string | number | undefined): string {
  if (value === undefined) return "";
  if (typeof value === "number") return Number.isFinite(value) ? String(value) : "";
  const safe = FORMULA.test(value.trimStart()) || FORMULA.test(value) ? `'${value}` : value;
  return TO_BE_QUOTED.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** RFC 4180, with the mark by which spreadsheets know UTF-8. */
export const csv = (rows: readonly (readonly (string | number | undefined)[])[]): string =>
  `\ufeff${rows.map((row) => `${row.map(cell).join(",")}\r\n`).join("")}`;
