import { computed, type ReadonlySignal } from "@preact/signals";
import { useMemo } from "preact/hooks";

import { who } from "../acts/who";
import type { Wall } from "../wall";
import { type Alert, alertsOf, isOfTeam } from "./model";
import { arrange, type Desk } from "./order";

/** Who has alerts before their eyes on a desk; a display has its own few, and an agent has none. */
const DESK_ROLES: ReadonlySet<string> = new Set(["manager", "operations", "supervisor", "lead", "quality"]);

/** Whether the lead's column is for who is signed in here. */
export const isDesk = (): boolean => DESK_ROLES.has(who().value?.role ?? "");

/** The alerts of a team (empty: of everybody in sight), each read again when something of the part changed. */
export function liveAlerts(wall: Wall, team: () => string): { readonly all: ReadonlySignal<readonly Alert[]>; readonly desk: ReadonlySignal<Desk> } {
  const every = computed(() => {
    const known = alertsOf(wall.board);
    // Who keeps the register may look after what is of a case, and after nothing else that hangs in the room.
    return who().value?.role === "complaints" ? known.filter(({ scope }) => scope.startsWith("case:")) : known;
  });
  const all = computed(() => {
    const chosen = team();
    if (chosen === "") return every.value;
    const agents = wall.board.at("agents");
    const people = new Set(agents.keys.filter((id) => agents.at(id, "team").text === chosen));
    const queues = new Set([...people].flatMap((id) => agents.at(id, "queues").list.filter((one) => typeof one === "string")));
    return every.value.filter((alert) => isOfTeam(alert, chosen, people, queues));
  });
  return { all, desk: computed(() => arrange(all.value)) };
}

export function useLiveAlerts(wall: Wall, team: () => string) {
  return useMemo(() => liveAlerts(wall, team), [wall]);
}

/** Server now in whole seconds; where the page lost its server, the last one it heard. */
export const nowOf = (wall: Wall): number | undefined => wall.second.value;
