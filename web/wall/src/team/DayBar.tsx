import type { ReadonlySignal } from "@preact/signals";

import { useDerived } from "../parts/hooks";
import type { Cell } from "../wire/cell";
import { PARTS, percents, sharesOf } from "./facts";
import { say } from "./words";

/** Seconds from one drawing to the next: nobody sees a working day's bar move sooner. */
const STEP = 30;

/** Today's time in four parts, always in the same order: talking, ready, wrap-up, away. */
export function DayBar({ agent, now }: { agent: Cell; now: ReadonlySignal<number | undefined> }) {
  const step = useDerived(() => (now.value === undefined ? undefined : Math.floor(now.value / STEP) * STEP), [now]);
  const shares = useDerived(() => percents(sharesOf(agent, step.value)), [agent, step]).value;
  const words = PARTS.map((part) => say("share.says", { what: say(`share.${part}`), n: shares[part] })).join(" · ");
  const isEmpty = PARTS.every((part) => shares[part] === 0);
  return (
    <span class="tg-stack" role="img" aria-label={isEmpty ? say("share.none") : words} title={isEmpty ? say("share.none") : words}>
      {isEmpty ? <i class="n" style={{ flexGrow: 1 }} /> : PARTS.map((part) => shares[part] > 0 && <i key={part} class={part} style={{ flexGrow: shares[part] }} />)}
    </span>
  );
}
