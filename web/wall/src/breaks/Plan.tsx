import { useWall } from "../context";
import { minute, secondOfDay } from "../format/moment";
import { useDerived } from "../parts/hooks";
import type { Room } from "./effects";
import { awayIn, type Break, kindOf, type Most, mostOf, scopesOf } from "./model";
import { scopeName } from "./Wish";
import { say } from "./words";

const STEP = 900;
const COLUMNS = 8;
const MOST_ROWS = 6;

interface Props {
  /** Those of the scope. */
  readonly items: readonly Break[];
  /** `floor`, `team:x` or `line:x`: whose cap and minimum hold. */
  readonly scope: string;
  readonly rooms: ReadonlyMap<string, Room>;
}

/** The next two hours, a quarter at a time: a cell for everybody who is to be away, as many cells as may be. */
export function Plan({ items, scope, rooms }: Props) {
  const wall = useWall();
  const { board } = wall;
  const quarter = useDerived(() => (wall.second.value === undefined ? undefined : Math.floor(wall.second.value / STEP) * STEP), []);
  const scopes = useDerived(() => scopesOf(board), []);
  const from = quarter.value;
  if (from === undefined) return null;
  const own = scopes.value.find(({ key }) => key === scope);
  const now = wall.second.peek() ?? from;
  const counted = items.filter((one) => kindOf(board, one.kind).counts);
  const columns = Array.from({ length: COLUMNS }, (_, i) => {
    const start = from + i * STEP;
    const away = awayIn(counted, Math.max(start, i === 0 ? now : start), start + STEP, now);
    // The forecast of how many may leave is of the quarter of an hour from now on.
    const most = own === undefined ? undefined : mostOf(own, secondOfDay(i === 0 ? now : start, wall.zone), i === 0 ? rooms.get(scope)?.many : undefined);
    return { start, away, most };
  });
  const rows = Math.min(MOST_ROWS, Math.max(2, ...columns.map(({ away, most }) => Math.max(away.length, most?.many ?? 0))));
  return (
    <section class="dk-panel bk-plan" aria-labelledby="bk-plan" data-scope={scope}>
      <header class="h">
        <h2 id="bk-plan">{say("plan")}</h2>
        <span class="all">{say("plan.why")}</span>
      </header>
      <ol>
        {columns.map(({ start, away, most }) => {
          const [t, n] = [minute(start, wall.zone), away.length];
          return (
            <li key={start} data-most={most?.many}>
              <span class="vh">{most === undefined ? say("plan.of", { t, n }) : say("plan.at", { t, n, cap: most.many })}</span>
              <span class="cells" aria-hidden="true">
                {Array.from({ length: rows }, (_, row) => {
                  const one = away[row];
                  const isFree = one === undefined && (most === undefined || row < most.many);
                  const isOver = one !== undefined && most !== undefined && row >= most.many;
                  return <i key={row} class={one === undefined ? (isFree ? "free" : "shut") : isOver ? "over" : one.state === "running" ? "on" : "to"} />;
                })}
              </span>
              <span aria-hidden="true">{t}</span>
            </li>
          );
        })}
      </ol>
      <p class="which">{which(scopeName(board, scope), columns.map(({ most }) => most))}</p>
    </section>
  );
}

/** Whose cap it is, and why no more may leave now: in words, for cells say only how many. */
function which(where: string, columns: readonly (Most | undefined)[]): string {
  const now = columns[0];
  if (now === undefined) return columns.every((one) => one === undefined) ? say("plan.none", { where }) : say("plan.later", { where });
  return say(`plan.${now.why}`, { where, n: now.many });
}
