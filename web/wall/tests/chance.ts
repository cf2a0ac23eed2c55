/** Repeatable chance: a failing seed can be run again. */
export interface Chance {
  below(n: number): number;
  of<T>(items: readonly T[]): T;
}

export function chance(seed: number): Chance {
  let state = seed * 2_654_435_761;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (n: number) => Math.floor(next() * n);
  return { below, of: (items) => items[below(items.length)] as never };
}
