import { computed, effect, signal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";

import type { Wall } from "../wall";
import type { Case, Listed } from "./facts";
import { caseOf, casesOf, type Told } from "./requests";
import { say } from "./words";

/** How often it is asked for again, seconds. What others do comes at once to whom the board shows its timers. */
const EVERY = 10;

interface Asked<T> {
  /** What was told last; kept when the server does not answer. */
  readonly told: T | undefined;
  readonly trouble: string;
  again(): void;
}

/** Asks now, when `key` is another, whenever the house hears of a case, and now and then. */
function useAsked<T>(wall: Wall, key: string, ask: () => Promise<Told<T>>): Asked<T> {
  const wish = useMemo(() => signal({ n: 0 }), []);
  const answer = useMemo(() => signal<{ readonly key: string; readonly told: Told<T> } | undefined>(undefined), []);
  const seen = useMemo(() => computed(() => JSON.stringify(wall.board.at("cases").json ?? null)), []);
  const due = useMemo(() => computed(() => Math.floor((wall.uptime.value || 0) / EVERY)), []);
  useEffect(() => {
    let isWanted = true;
    let last = 0;
    const stop = effect(() => {
      void [wish.value, seen.value, due.value];
      const mine = ++last;
      void ask().then((told) => {
        if (isWanted && mine === last) answer.value = { key, told };
      });
    });
    return () => {
      isWanted = false;
      stop();
    };
  }, [key]);
  const kept = useMemo(() => ({ key: "", told: undefined as T | undefined }), []);
  const got = answer.value?.key === key ? answer.value.told : undefined;
  if (got?.kind === "done") [kept.key, kept.told] = [key, got.told];
  const trouble = got === undefined || got.kind === "done" ? "" : got.kind === "said" ? got.detail : say(`why.${got.kind}`);
  return { told: kept.key === key ? kept.told : undefined, trouble, again: () => (wish.value = { n: wish.peek().n + 1 }) };
}

export const useCases = (wall: Wall, isClosed: boolean): Asked<Listed> => useAsked(wall, isClosed ? "closed" : "open", () => casesOf(isClosed));
export const useCase = (wall: Wall, id: string): Asked<Case> => useAsked(wall, id, () => caseOf(id));
