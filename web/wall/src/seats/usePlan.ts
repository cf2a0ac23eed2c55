import { useEffect, useState } from "preact/hooks";

import { useWall } from "../context";
import type { Floor } from "./floor";
import { type PlanList, planList, planOf } from "./plans";

const AGAIN = 10_000;
const NONE: PlanList = { plans: [], mayEdit: false };

/** Puts the wanted plan (else the first there is) on the floor, and again when somebody changed one. `isAsked`: the server was asked; before that nothing is drawn. */
export function usePlan(floor: Floor, wanted: string): { readonly list: PlanList; readonly id: string; readonly isAsked: boolean } {
  const wall = useWall();
  const [list, setList] = useState(NONE);
  const [isAsked, setAsked] = useState(false);
  const changes = wall.store.boards.value;
  const isLive = wall.isLive.value;
  const id = list.plans.find((entry) => entry.id === wanted)?.id ?? list.plans[0]?.id ?? "";
  useEffect(() => {
    if (!isLive) return;
    let isGone = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const go = async (): Promise<void> => {
      try {
        const now = await planList();
        const first = now.plans.find((entry) => entry.id === wanted)?.id ?? now.plans[0]?.id;
        const paper = first === undefined ? undefined : await planOf(first);
        if (isGone) return;
        setList(now);
        if (JSON.stringify(floor.drawn.peek()) !== JSON.stringify(paper?.plan)) floor.drawn.value = paper?.plan;
        setAsked(true);
      } catch {
        if (isGone) return;
        // A server that keeps no plans, or is away: the floor is laid out by teams meanwhile.
        setAsked(true);
        timer = setTimeout(() => void go(), AGAIN);
      }
    };
    void go();
    return () => {
      isGone = true;
      clearTimeout(timer);
    };
  }, [changes, isLive, wanted, floor]);
  return { list, id, isAsked };
}
