const TEN_THOUSAND = 10_000;

/** A count for a wall: `999`, `1,204`, then `1.2 万` or, where thousands are counted, `12.0k`. */
export function count(n: number, lang: string): string {
  if (Math.abs(n) < TEN_THOUSAND) return String(Math.trunc(n)).replace(/\B(?=(\d{3})+$)/g, ",");
  if (lang === "en") return `${down(n / 1000)}k`;
  return `${down(n / TEN_THOUSAND)} ${lang === "zh-TW" ? "萬" : "万"}`;
}

/** One decimal, never rounded up to a number not reached. */
const down = (n: number): string => (Math.floor(n * 10) / 10).toFixed(1);
