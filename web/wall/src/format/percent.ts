/**
 * A fraction as whole percent. Rounding never crosses the target (0.797 against 0.8 is 79, 0.8004 against 0.8 is 80),
 * nor says "all" of what was almost all.
 */
export function percent(fraction: number, target?: number): number {
  const exact = fraction * 100;
  const nearest = Math.round(exact);
  if (nearest === 100 && fraction < 1) return 99;
  if (target === undefined) return nearest;
  if (fraction < target && nearest >= target * 100) return Math.ceil(target * 100) - 1;
  if (fraction >= target && nearest < target * 100 - 1e-9) return nearest + 1;
  return nearest;
}

/** A target as it was configured: `80`, or `82.5` where it is finer. */
export function targetPercent(target: number): string {
  return String(Math.round(target * 1000) / 10);
}
