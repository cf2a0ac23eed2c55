import { ofLimit, ofRate, type Severity, Verdict } from "../severity";

/** What the board says of one queue now; `fresh` is false while its source is away, and then nothing is judged by it. */
export interface QueueNow {
  readonly id: string;
  readonly order: number;
  readonly fresh: boolean;
  readonly level: number | undefined;
  readonly levelTarget: number | undefined;
  readonly waiting: number;
  readonly waitingLimit: number | undefined;
  readonly longestSince: number | undefined;
  readonly longestLimit: number | undefined;
  readonly ready: number;
  readonly staffed: number;
  readonly gap: number | undefined;
}
export interface SourceNow {
  readonly id: string;
  readonly state: string;
  readonly isTrusted: boolean;
  readonly since: number | undefined;
}
export interface Now {
  readonly now: number;
  readonly queues: readonly QueueNow[];
  readonly sources: readonly SourceNow[];
  readonly recording: { readonly since: number | undefined; readonly reason: string } | undefined;
  readonly conflicts: { readonly n: number; readonly since: number | undefined };
}

export interface Fact {
  readonly kind: "longest" | "waiting" | "level" | "nobody" | "unstaffed";
  readonly severity: "warn" | "breach";
  readonly value: number;
  readonly limit: number;
}
/** What to do next: `n` is how many people that is about. */
export interface Next {
  readonly does: "staff" | "recall" | "route" | "watch" | "sign_in" | "reconnect" | "login" | "log" | "disk" | "verify";
  readonly n: number;
}
/** One thing that needs somebody. */
export interface Alarm {
  readonly key: string;
  readonly about: "queue" | "source" | "recording" | "conflicts";
  /** The queue or the source. */
  readonly id: string;
  readonly severity: "warn" | "breach";
  /** As the board tells it; absent where it does not. */
  readonly since: number | undefined;
  /** The worst first. Empty but for a queue's. */
  readonly facts: readonly Fact[];
  readonly n: number;
  readonly state: string;
  readonly next: Next;
}

/** Without a limit of its own somebody looks at a wait after this many seconds while nobody is ready. */
const PATIENCE = 30;
const NEEDS_SOMEBODY = new Set(["refused", "failed"]);

/** Keeps a verdict for each fact, so that an alarm never flaps; see `Verdict`. */
export class Alarms {
  #verdicts = new Map<string, Verdict>();

  /** What needs somebody at `told.now`, worst first, then what lasts longest. */
  of(told: Now): readonly Alarm[] {
    const kept = new Map<string, Verdict>();
    const judge = (key: string, raw: Severity): Severity => {
      const verdict = this.#verdicts.get(key) ?? new Verdict();
      kept.set(key, verdict);
      return verdict.at(told.now, raw);
    };
    const alarms = [
      ...told.queues.flatMap((queue) => (queue.fresh ? ofQueue(queue, told.now, judge) : [])),
      ...told.sources.filter(({ isTrusted }) => !isTrusted).map(ofSource),
      ...(told.recording === undefined ? [] : [ofRecording(told.recording)]),
      ...(told.conflicts.n > 0 ? [ofConflicts(told.conflicts)] : []),
    ];
    this.#verdicts = kept;
    return alarms.sort(worstFirst);
  }
}

const RANK = { breach: 0, warn: 1 } as const;
const ABOUT = { source: 0, queue: 1, recording: 2, conflicts: 3 } as const;

function worstFirst(a: Alarm, b: Alarm): number {
  return (
    RANK[a.severity] - RANK[b.severity] ||
    ABOUT[a.about] - ABOUT[b.about] ||
    (a.since ?? Number.MAX_VALUE) - (b.since ?? Number.MAX_VALUE) ||
    (a.key < b.key ? -1 : 1)
  );
}

function ofQueue(queue: QueueNow, now: number, judge: (key: string, raw: Severity) => Severity): readonly Alarm[] {
  const longest = queue.longestSince === undefined ? 0 : Math.max(0, now - queue.longestSince);
  const isLeft = queue.waiting > 0 && queue.ready === 0 && longest >= (queue.longestLimit ?? 2 * PATIENCE) / 2;
  const seen: readonly (readonly [Fact["kind"], Severity, number, number | undefined])[] = [
    ["unstaffed", queue.waiting > 0 && queue.staffed === 0 ? "breach" : "ok", queue.waiting, undefined],
    ["longest", ofLimit(longest, queue.longestLimit), longest, queue.longestLimit],
    ["waiting", ofLimit(queue.waiting, queue.waitingLimit), queue.waiting, queue.waitingLimit],
    ["level", ofRate(queue.level, queue.levelTarget), queue.level ?? 0, queue.levelTarget],
    ["nobody", isLeft && queue.staffed > 0 ? "warn" : "ok", queue.waiting, undefined],
  ];
  const facts = seen.flatMap(([kind, raw, value, limit = 0]): readonly Fact[] => {
    const severity = judge(`${queue.id} ${kind}`, raw);
    return severity === "warn" || severity === "breach" ? [{ kind, severity, value, limit }] : [];
  });
  // A level that was missed today is no alarm of now while nobody waits: it is what the numbers say anyway.
  const urgent = facts.filter(({ kind, severity }) => kind !== "level" || severity === "breach" || queue.waiting > 0);
  if (urgent.length === 0) return [];
  const worst = [...urgent].sort((a, b) => RANK[a.severity] - RANK[b.severity]);
  const over = worst.find(({ kind, severity }) => kind === "longest" && severity === "breach" && longest >= (queue.longestLimit ?? 0));
  const since = over === undefined || queue.longestSince === undefined ? undefined : queue.longestSince + (queue.longestLimit ?? 0);
  const severity = worst[0]?.severity ?? "warn";
  return [{ key: `queue ${queue.id}`, about: "queue", id: queue.id, severity, since, facts: worst, n: queue.waiting, state: "", next: nextOf(queue) }];
}

function nextOf(queue: QueueNow): Next {
  const missing = queue.gap === undefined ? 0 : Math.ceil(-queue.gap - 1e-9);
  if (queue.waiting > 0 && queue.staffed === 0) return { does: "sign_in", n: 0 };
  // Callers wait although somebody could take them: no more people are needed, but a look at where calls go.
  if (queue.waiting > 0 && queue.ready > 0) return { does: "route", n: queue.ready };
  if (missing > 0) return { does: "staff", n: missing };
  return queue.waiting > 0 ? { does: "recall", n: 0 } : { does: "watch", n: 0 };
}

function ofSource({ id, state, since }: SourceNow): Alarm {
  const does = state === "refused" ? "login" : state === "failed" ? "log" : "reconnect";
  const severity = NEEDS_SOMEBODY.has(state) ? "breach" : "warn";
  return { key: `source ${id}`, about: "source", id, severity, since, facts: [], n: 0, state, next: { does, n: 0 } };
}

const ofRecording = ({ since, reason }: { since: number | undefined; reason: string }): Alarm => ({
  key: "recording", about: "recording", id: "", severity: "warn", since, facts: [], n: 0, state: reason, next: { does: "disk", n: 0 },
});

const ofConflicts = ({ n, since }: { n: number; since: number | undefined }): Alarm => ({
  key: "conflicts", about: "conflicts", id: "", severity: "warn", since, facts: [], n, state: "", next: { does: "verify", n },
});
