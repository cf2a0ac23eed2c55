const UNITS = ["B", "kB", "MB", "GB", "TB"] as const;

/** Bytes as people read them: `640 B`, `1.2 kB`, `48 MB`. */
export function bytes(n: number): string {
  let [size, unit] = [Math.max(0, n), 0];
  while (size >= 999.5 && unit < UNITS.length - 1) [size, unit] = [size / 1000, unit + 1];
  return `${size < 10 && unit > 0 ? size.toFixed(1) : Math.round(size)} ${UNITS[unit]}`;
}

/** How many a second: `0`, `0.4`, `12`, `1,204`. */
export function perSecond(n: number): string {
  if (n <= 0) return "0";
  if (n < 10) return n.toFixed(1);
  return grouped(Math.round(n));
}

/** A count in full: `1,204,377`. */
export const grouped = (n: number): string => String(Math.trunc(n)).replace(/\B(?=(\d{3})+$)/g, ",");
