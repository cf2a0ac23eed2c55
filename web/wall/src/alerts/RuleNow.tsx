import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";

import { useWall } from "../context";
import { tryRule, type Words, type Would } from "./requests";
import { limitWords, scopeName, type Unit, valueWords } from "./say";
import { many, say } from "./words";

const PAUSE = 600;
const EVERY = 10_000;
/** Subjects that are named; of the others only how many. */
const NAMED = 6;

/** What the rule would say at this moment, as it stands in the form: asked again when it changes, and while it is looked at. */
export function Now({ id, words, unit }: { id: string; words: Words; unit: string }) {
  const { board } = useWall();
  const would = useSignal<readonly Would[] | undefined>(undefined);
  const isWrong = useSignal(false);
  const text = JSON.stringify(words);
  useEffect(() => {
    let isOver = false;
    let timer: ReturnType<typeof setTimeout>;
    const look = async () => {
      const answer = await tryRule(id, JSON.parse(text) as Words);
      if (isOver) return;
      would.value = answer.kind === "done" ? answer.told : undefined;
      isWrong.value = answer.kind === "mistakes";
      timer = setTimeout(() => void look(), EVERY);
    };
    timer = setTimeout(() => void look(), PAUSE);
    return () => ((isOver = true), clearTimeout(timer));
  }, [id, text]);
  const of = (...states: readonly string[]) => (would.value ?? []).filter(({ state }) => states.includes(state));
  const [firing, pending, away] = [of("firing"), of("pending"), of("no_data")];
  const name = ({ scope, value, threshold }: Would) =>
    `${scopeName(board, scope) || say("scope.floor")} ${value === undefined ? "" : valueWords(value, unit as Unit, threshold)}${threshold === undefined ? "" : ` / ${limitWords(threshold, unit as Unit)}`}`.trim();
  const line = (key: "would.firing" | "would.pending", all: readonly Would[]) =>
    all.length > 0 && (
      <li class={key === "would.firing" ? "bad" : ""}>
        <b>{many(key, all.length)}</b> <bdi>{all.slice(0, NAMED).map(name).join(say("list.and"))}</bdi>
        {all.length > NAMED && ` +${all.length - NAMED}`}
      </li>
    );
  return (
    <section class="ap-now" aria-live="polite" data-now>
      <h3>{say("would")}</h3>
      {would.value === undefined ? (
        <p class="muted">{say(isWrong.value ? "would.wrong" : "would.asking")}</p>
      ) : (
        <ul>
          {line("would.firing", firing)}
          {line("would.pending", pending)}
          {firing.length + pending.length === 0 && <li>{many("would.silent", (would.value ?? []).length - away.length)}</li>}
          {away.length > 0 && <li class="muted">{many("would.away", away.length)}</li>}
        </ul>
      )}
    </section>
  );
}
