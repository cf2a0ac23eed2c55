import { createContext } from "preact";
import { useContext } from "preact/hooks";

import type { Wall } from "./wall";

const Context = createContext<Wall | undefined>(undefined);
export const WallProvider = Context.Provider;

export function useWall(): Wall {
  const wall = useContext(Context);
  if (wall === undefined) throw new Error("a part of the wall outside the wall");
  return wall;
}
