import { computed, effect, signal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";

import type { Wall } from "../wall";
import type { Meeting } from "./agenda";
import { agendas } from "./requests";

/** How often the agendas are asked for again, seconds: what an outage of the morning tells of yesterday, nobody else says. */
const EVERY = 60;

export interface Agendas {
  /** The meetings of today; none until the server said them, and where one may not see them. */
  readonly all: readonly Meeting[];
  again(): void;
}

/** The agendas of today: asked for now, whenever a meeting is another, and now and then. */
export function useAgendas(wall: Wall): Agendas {
  const found = useMemo(() => signal<readonly Meeting[]>([]), []);
  const wish = useMemo(() => signal(0), []);
  const seen = useMemo(() => computed(() => JSON.stringify(wall.board.at("meetings").json ?? null)), []);
  const due = useMemo(() => computed(() => Math.floor((wall.uptime.value || 0) / EVERY)), []);
  useEffect(() => {
    let last = 0;
    const stop = effect(() => {
      void wish.value;
      void seen.value;
      void due.value;
      const mine = ++last;
      void agendas().then((told) => {
        if (mine === last && told.kind !== "away") found.value = told.kind === "done" ? told.told : [];
      });
    });
    return () => {
      last = -1;
      stop();
    };
  }, []);
  return { all: found.value, again: () => void wish.value++ };
}
