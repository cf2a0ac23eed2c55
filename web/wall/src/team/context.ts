import { createContext } from "preact";
import { useContext } from "preact/hooks";

import type { TeamPage } from "./page";

const Context = createContext<TeamPage | undefined>(undefined);
export const TeamProvider = Context.Provider;

export function useTeam(): TeamPage {
  const page = useContext(Context);
  if (page === undefined) throw new Error("a part of the lead's page outside of it");
  return page;
}
