import { signal, useSignal } from "@preact/signals";
import { useEffect, useRef, useState } from "preact/hooks";

import { act, type Problem } from "../acts/act";
import { ActProblem } from "../acts/Act";
import { may } from "../acts/who";
import { Dialog } from "../boards/Dialog";
import { useWall } from "../context";
import { minute } from "../format/moment";
import { percent } from "../format/percent";
import { nameOf } from "../names";
import { Glyph } from "../parts/Glyph";
import { ofRate } from "../severity";
import type { Wall } from "../wall";
import { isThing, number } from "../wire/reading";
import { asker } from "../wire/socket";
import { type Advice, adviceIn, type Level } from "./moves";
import { SwapSign } from "./signs";
import { many, say } from "./words";

/** Milliseconds from question to question; predictions are worked out for a quarter of an hour. */
const EVERY = 10_000;

/** What is looked at before it is done; it lies over the whole page, so the page draws it. */
const reviewed = signal<{ readonly advice: Advice; readonly isManual: boolean } | undefined>(undefined);

/** The sheet over the page, while something is looked at. */
export function AdviceReview() {
  const told = reviewed.value;
  return told === undefined ? null : <Review {...told} onClose={() => (reviewed.value = undefined)} />;
}

/** Whom to move from which queue to which, and what it would do to both; not there while nobody should be moved. */
export function AdvicePanel() {
  const wall = useWall();
  const told = useSignal<{ readonly advice: readonly Advice[]; readonly at: number | undefined; readonly isManual: boolean }>({ advice: [], at: undefined, isManual: false });
  useEffect(() => {
    let isOver = false;
    let timer: ReturnType<typeof setTimeout>;
    const look = async () => {
      const answer = await asker.ask("api/v1/moves").catch(() => undefined);
      if (isOver) return;
      const body = answer?.status === 200 ? answer.body : undefined;
      const at = isThing(body) ? number(body["at"]) : undefined;
      const isManual = isThing(body) && body["manual"] === true;
      // What cannot be asked anew is no advice any more.
      told.value = { advice: adviceIn(body), at, isManual };
      // Where nobody may see it, or this server has none, asking once more in a minute is plenty.
      timer = setTimeout(() => void look(), answer?.status === 200 ? EVERY : 6 * EVERY);
    };
    void look();
    return () => ((isOver = true), clearTimeout(timer));
  }, []);
  const { advice, at, isManual } = told.value;
  if (advice.length === 0) return null;
  return (
    <section class="dk-panel ad-panel" aria-labelledby="ad-title" data-panel="advice">
      <header class="h">
        <h2 id="ad-title">{say("advice")}</h2>
        {at !== undefined && <span class="all">{say("advice.asof", { t: minute(at, wall.zone) })}</span>}
      </header>
      <ul>
        {advice.map((one) => (
          <Line key={one.key} advice={one} onReview={() => (reviewed.value = { advice: one, isManual })} />
        ))}
      </ul>
    </section>
  );
}

const queueName = (wall: Wall, id: string): string => nameOf(wall.board.at("queues", id), id);
const targetOf = (wall: Wall, id: string): number | undefined => wall.board.at("queues", id, "target", "service_level").number;

function Line({ advice, onReview }: { advice: Advice; onReview: () => void }) {
  const wall = useWall();
  const [from, to] = [queueName(wall, advice.from), queueName(wall, advice.to)];
  const n = advice.people.length;
  const gap = wall.board.at("queues", advice.to, "outlook", "gap").number;
  const missing = gap === undefined ? 0 : Math.ceil(-gap - 1e-9);
  return (
    <li class="ad">
      <SwapSign />
      <p class="ti">
        <bdi>{missing > 0 ? say("advice.short", { queue: to, n: missing }) : say("advice.moveTo", { n, from, to })}</bdi>
      </p>
      {may("move.make") && (
        <button type="button" class="act-button al-button" aria-label={say("advice.review.of", { n, from, to })} onClick={onReview}>
          {say("advice.review")}
        </button>
      )}
      <p class="su">
        {missing > 0 && <span>{say("advice.move", { n, from })}</span>}
        <Effect queue={advice.to} before={advice.toBefore} after={advice.toAfter} />
        <Effect queue={advice.from} before={advice.fromBefore} after={advice.fromAfter} />
      </p>
    </li>
  );
}

/** `咨询 79 → 85%`, with the verdict of what comes. */
function Effect({ queue, before, after }: { queue: string; before: Level | undefined; after: Level | undefined }) {
  const wall = useWall();
  if (before === undefined || after === undefined) return null;
  const target = targetOf(wall, queue);
  const verdict = ofRate(after.mid, target);
  const bad = verdict === "warn" || verdict === "breach" ? verdict : "";
  return (
    <span class={`ef ${bad}`}>
      <bdi>{queueName(wall, queue)}</bdi>{" "}
      <b>
        {percent(before.mid, target)} → {percent(after.mid, target)}%
      </b>
      {bad !== "" && <Glyph name={bad} class={`m-${bad}`} />}
    </span>
  );
}

/** What will be done, in words, before it is: who moves, what is sent, and what both queues are worth then. */
function Review({ advice, isManual, onClose }: { advice: Advice; isManual: boolean; onClose: () => void }) {
  const wall = useWall();
  const [out, setOut] = useState<ReadonlySet<string>>(new Set());
  const [problems, setProblems] = useState<ReadonlyMap<string, Problem>>(new Map());
  const [done, setDone] = useState<ReadonlySet<string>>(new Set());
  const [isBusy, setBusy] = useState(false);
  const isRunning = useRef(false);
  const left = advice.people.filter(({ agent }) => !out.has(agent) && !done.has(agent));
  const [from, to] = [queueName(wall, advice.from), queueName(wall, advice.to)];
  const toggle = (agent: string) => setOut(new Set(out.has(agent) ? [...out].filter((one) => one !== agent) : [...out, agent]));
  const send = async () => {
    if (isRunning.current || left.length === 0) return;
    isRunning.current = true;
    setBusy(true);
    const [went, failed] = [new Set(done), new Map<string, Problem>()];
    // One after the other: each is checked against the floor as the one before left it.
    for (const { agent, args } of left) {
      const outcome = await act("move.make", args);
      if (outcome.isDone) went.add(agent);
      else failed.set(agent, outcome.problem);
    }
    isRunning.current = false;
    setBusy(false);
    setDone(went);
    setProblems(failed);
    if (failed.size === 0) onClose();
  };
  return (
    <Dialog
      title={say("advice.title", { n: advice.people.length, to })}
      onClose={onClose}
      foot={
        <>
          <button type="button" class="act-button" onClick={onClose}>
            {say("cancel")}
          </button>
          <button type="button" class="act-button primary" aria-busy={isBusy} aria-disabled={isBusy || left.length === 0} onClick={() => void send()}>
            {left.length === 0 ? say("advice.nobody") : many("advice.do", left.length)}
          </button>
        </>
      }
    >
      <div class="ad-review">
        <p class="effects">
          <Wide queue={advice.to} before={advice.toBefore} after={advice.toAfter} />
          <Wide queue={advice.from} before={advice.fromBefore} after={advice.fromAfter} />
        </p>
        <h3>{say("advice.who")}</h3>
        <ul class="who">
          {advice.people.map(({ agent, isReady }) => (
            <li key={agent}>
              <label>
                <input type="checkbox" checked={!out.has(agent) || done.has(agent)} disabled={done.has(agent)} onChange={() => toggle(agent)} />
                <bdi>{nameOf(wall.board.at("agents", agent), agent)}</bdi>
                <small>{say(isReady ? "advice.now" : "advice.later")}</small>
                {done.has(agent) && <Glyph name="ok" />}
              </label>
              <ActProblem problem={problems.get(agent)} />
            </li>
          ))}
        </ul>
        <h3>{isManual ? say("advice.records") : say("advice.sent")}</h3>
        {!isManual && (
          <ul class="sent">
            {left.map(({ agent, joins }) => (
              <li key={agent}>
                <bdi>{say(joins ? "advice.join" : "advice.leave", { agent: nameOf(wall.board.at("agents", agent), agent), from, to })}</bdi>
              </li>
            ))}
          </ul>
        )}
      </div>
    </Dialog>
  );
}

function Wide({ queue, before, after }: { queue: string; before: Level | undefined; after: Level | undefined }) {
  const wall = useWall();
  if (before === undefined || after === undefined) return null;
  const target = targetOf(wall, queue);
  return (
    <span class="wide">
      <span>
        <bdi>{queueName(wall, queue)}</bdi>
      </span>
      <b>
        {percent(before.mid, target)} <i aria-hidden="true">→</i> {percent(after.mid, target)}%
      </b>
      {after.low !== undefined && after.high !== undefined && <small>{say("advice.band", { low: percent(after.low, target), high: `${percent(after.high, target)}%` })}</small>}
    </span>
  );
}
