export type Severity = "none" | "ok" | "warn" | "breach";

const RANK: Readonly<Record<Severity, number>> = { none: 0, ok: 1, warn: 2, breach: 3 };
/** Server seconds on the good side before a verdict gets milder, so that it never flaps. */
const SETTLE = 30;

/** For rates that should be high: near under the target, over from 10 points under it. */
export function ofRate(rate: number | undefined, target: number | undefined): Severity {
  if (rate === undefined || target === undefined) return "none";
  if (rate >= target) return "ok";
  return rate <= target - 0.1 + 1e-9 ? "breach" : "warn";
}

/** For counts and waits that should be low: near from 80 % of the limit, over at it. */
export function ofLimit(value: number | undefined, limit: number | undefined): Severity {
  if (value === undefined || limit === undefined || limit <= 0) return "none";
  const reached = value / limit;
  if (reached >= 1) return "breach";
  return reached >= 0.8 ? "warn" : "ok";
}

/** The verdict on the screen: worse at once, milder only after it stayed so. */
export class Verdict {
  #shown: Severity = "none";
  #milderSince: number | undefined;

  /** The verdict on a number that stands still: what it says, whatever was shown while it seemed to run on. */
  stand(raw: Severity): Severity {
    this.#shown = raw;
    this.#milderSince = undefined;
    return raw;
  }

  /** The verdict to show at server time `now`, when the number itself says `raw`. */
  at(now: number, raw: Severity): Severity {
    // What has no number has no verdict either; it is not a recovery.
    if (raw === "none" || RANK[raw] >= RANK[this.#shown]) {
      this.#shown = raw;
      this.#milderSince = undefined;
      return raw;
    }
    this.#milderSince ??= now;
    if (now - this.#milderSince >= SETTLE || now < this.#milderSince) {
      this.#shown = raw;
      this.#milderSince = undefined;
    }
    return this.#shown;
  }
}
