/** People at work less people needed, of one queue. */
export interface Gap {
  readonly id: string;
  readonly order: number;
  /** Undefined: too little was seen to say. */
  readonly gap: number | undefined;
  readonly need: number | undefined;
  readonly capacity: number | undefined;
}

/** Whole people: half a person missing is one to send, half a person over is nobody to spare. */
export const whole = (gap: number): number => (gap < 0 ? -Math.ceil(-gap - 1e-9) : Math.floor(gap + 1e-9)) || 0;

/** The most missing first, then in the floor's own order; those of which nothing is known last. */
export function byNeed(a: Gap, b: Gap): number {
  if ((a.gap === undefined) !== (b.gap === undefined)) return a.gap === undefined ? 1 : -1;
  const missing = a.gap === undefined || b.gap === undefined ? 0 : whole(a.gap) - whole(b.gap);
  return missing || a.order - b.order || (a.id < b.id ? -1 : 1);
}

/** What would help most: `n` people for `to`, from a queue that has some to spare where there is one. */
export interface Advice {
  readonly to: string;
  readonly n: number;
  readonly from?: string;
}

/** Undefined where nobody is missing. Whether who is to spare has the skill is for people to know: it is a question, no order. */
export function advice(gaps: readonly Gap[]): Advice | undefined {
  const known = gaps.filter((one) => one.gap !== undefined).sort(byNeed);
  const [worst, best] = [known[0], known.at(-1)];
  const missing = -whole(worst?.gap ?? 0);
  if (worst === undefined || missing <= 0) return undefined;
  const spare = whole(best?.gap ?? 0);
  return best !== undefined && spare > 0 ? { to: worst.id, from: best.id, n: Math.min(missing, spare) } : { to: worst.id, n: missing };
}
