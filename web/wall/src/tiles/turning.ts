import type { Options } from "../board/model";
import { useWall } from "../context";
import { useDerived } from "../parts/hooks";
import { nameOf } from "../names";
import { lang } from "../words";
import { allOf, held, localTime, type Named, type Notice, turnOf } from "./notices";
import { numberIn } from "./reading";

/** The notices that hold now, and which of them is shown; changes when that does, not every second. */
export function useTurn(options: Options, onBoard: string): { readonly shown: Notice | undefined; readonly turn: number; readonly all: readonly Notice[] } {
  const wall = useWall();
  const dwell = numberIn(options["dwell"], 10, 3, 600);
  const key = useDerived(() => {
    const now = wall.second.value;
    const named: Named = (kind, id) => nameOf(wall.board.at(kind, id), id);
    const every = allOf(options, "notices", wall.board.at(onBoard).json, lang.value, named).filter(({ ends }) => ends === undefined || (now !== undefined && now < ends));
    const all = now === undefined ? every.filter(({ from, until }) => from === undefined && until === undefined) : held(every, localTime(now, wall.zone));
    return JSON.stringify([turnOf(all.length, now ?? 0, dwell), all]);
  }, [options, dwell, onBoard]).value;
  const [turn, all] = JSON.parse(key) as [number, readonly Notice[]];
  return { shown: all[turn], turn, all };
}
