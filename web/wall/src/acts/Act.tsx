import { signal } from "@preact/signals";
import { createContext, type ComponentChildren } from "preact";
import { useContext, useEffect, useRef, useState } from "preact/hooks";

import { minute } from "../format/moment";
import { act, type Arguments, type Problem, wordsOf } from "./act";
import { said } from "./words";
import { askWho, may } from "./who";

/** Seconds for which a problem stays beside its button. */
const SHOWN = 20;

/** Seconds after which a problem that stood beside its button has been read. */
const READ = 4;
/** How many are kept of those whose button is gone. */
const MOST_LATE = 3;

interface Late {
  readonly id: number;
  /** What was pressed; empty where the problem says enough. */
  readonly about: string;
  readonly problem: Problem;
}
/** Problems whose button is gone: whoever was faster took away the place where they would have stood. */
const late = signal<readonly Late[]>([]);
let count = 0;

function tellLate(problem: Problem, about: string): void {
  const id = ++count;
  late.value = [...late.value, { id, about, problem }].slice(-MOST_LATE);
  setTimeout(() => forget(id), SHOWN * 1000);
}
const forget = (id: number): void => void (late.value = late.value.filter((one) => one.id !== id));

/** The floor's zone, for what an answer says of times. */
const Zone = createContext("UTC");
export const ZoneProvider = Zone.Provider;

export interface Acting {
  /** Whether one is on its way: a second press does nothing. */
  readonly isBusy: boolean;
  readonly problem: Problem | undefined;
  /** Does it; whether it was done. */
  run(name: string, args?: Arguments): Promise<boolean>;
  clear(): void;
}

/**
 * One place from which things are done: one at a time, and the problem of the last one. `onDone` is told what the server said;
 * `about` names what is done, for a problem that must be told elsewhere because this place has gone.
 */
export function useAct(onDone?: (told: Readonly<Record<string, unknown>>) => void, about = ""): Acting {
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const isRunning = useRef(false);
  const isThere = useRef(true);
  const unread = useRef<{ readonly problem: Problem; readonly about: string; readonly until: number }>(undefined);
  useEffect(() => {
    isThere.current = true;
    return () => {
      isThere.current = false;
      if (unread.current !== undefined && performance.now() < unread.current.until) tellLate(unread.current.problem, unread.current.about);
    };
  }, []);
  useEffect(() => {
    if (problem === undefined) return;
    const timer = setTimeout(() => setProblem(undefined), SHOWN * 1000);
    return () => clearTimeout(timer);
  }, [problem]);
  const run = async (name: string, args: Arguments = {}): Promise<boolean> => {
    if (isRunning.current) return false;
    isRunning.current = true;
    setBusy(true);
    unread.current = undefined;
    setProblem(undefined);
    const outcome = await act(name, args);
    isRunning.current = false;
    if (!outcome.isDone && outcome.problem.why === "signed-out") void askWho();
    if (outcome.isDone) onDone?.(outcome.told);
    if (!outcome.isDone && !isThere.current) tellLate(outcome.problem, about);
    if (!isThere.current) return outcome.isDone;
    setBusy(false);
    if (!outcome.isDone) {
      unread.current = { problem: outcome.problem, about, until: performance.now() + READ * 1000 };
      setProblem(outcome.problem);
    }
    return outcome.isDone;
  };
  return { isBusy, problem, run, clear: () => ((unread.current = undefined), setProblem(undefined)) };
}

/** Beside what was pressed: why nothing came of it. */
export function ActProblem({ problem }: { problem: Problem | undefined }) {
  const zone = useContext(Zone);
  if (problem === undefined) return null;
  return (
    <span class="act-problem" role="alert" data-why={problem.why}>
      <bdi>{wordsOf(problem, (instant) => minute(instant, zone))}</bdi>
    </span>
  );
}

/** At the foot of a page: why nothing came of what was pressed, where the button has gone meanwhile. */
export function LateProblems() {
  const zone = useContext(Zone);
  return (
    <div class="act-late" aria-live="assertive">
      {late.value.map(({ id, about, problem }) => (
        <button type="button" key={id} class="act-problem" data-late={problem.why} title={said.t("read")} onClick={() => forget(id)}>
          {about !== "" && <small><bdi>{about}</bdi></small> /* prettier-ignore */}
          <bdi>{wordsOf(problem, (instant) => minute(instant, zone))}</bdi>
        </button>
      ))}
    </div>
  );
}

interface Props {
  readonly name: string;
  readonly args?: Arguments;
  readonly class?: string;
  /** What it is called where the words on it do not say enough. */
  readonly label?: string;
  readonly disabled?: boolean;
  readonly onDone?: (told: Readonly<Record<string, unknown>>) => void;
  readonly children: ComponentChildren;
}

/** A button that does one thing; not there at all for a role that may not. Its problem stands beside it. */
export function ActButton({ name, args, class: look = "", label, disabled = false, onDone, children }: Props) {
  const acting = useAct(onDone, label);
  if (!may(name)) return null;
  return (
    <span class="act">
      <button
        type="button"
        class={`act-button ${look}`}
        data-act={name}
        aria-label={label}
        aria-busy={acting.isBusy}
        aria-disabled={acting.isBusy || disabled}
        onClick={() => void (disabled || acting.run(name, args))}
      >
        {children}
        {acting.isBusy && <span class="vh">{said.t("busy")}</span>}
      </button>
      <ActProblem problem={acting.problem} />
    </span>
  );
}
