import { useEffect, useState } from "preact/hooks";

import { useWall } from "../context";
import { deskSpan } from "../desk/span";
import { minute } from "../format/moment";
import { nameOf } from "../names";
import { isThing } from "../wire/reading";
import { address } from "../wire/socket";
import { type Break, breakIn, isIn, kindOf } from "./model";
import { has, say } from "./words";

const MOST = 60;

/** What is over today, newest first. */
export function History({ scope, items }: { scope: string; items: readonly Break[] }) {
  const wall = useWall();
  const { board } = wall;
  const [past, setPast] = useState<readonly Break[]>([]);
  // The board has the last hour; of the rest the server is asked once, and again when something ends.
  const ended = items.filter(isOver).map(({ id }) => id).join(" ");
  useEffect(() => {
    let isThere = true;
    void today().then((found) => isThere && found !== undefined && setPast(found));
    return () => void (isThere = false);
  }, [ended]);
  const all = past.filter((one) => isOver(one) && isIn(board, one.agent, scope)).sort((a, b) => (b.ended ?? 0) - (a.ended ?? 0));
  return (
    <section class="dk-panel bk-past" aria-labelledby="bk-past">
      <header class="h">
        <h2 id="bk-past">{say("history")}</h2>
        <span class="n">{all.length}</span>
      </header>
      {all.length === 0 ? (
        <p class="bk-calm">{say("history.none")}</p>
      ) : (
        <div class="scroll" role="group" aria-labelledby="bk-past" tabIndex={0}>
          <table>
            <thead>
              <tr>
                <th scope="col">{say("who")}</th>
                <th scope="col">{say("history.kind")}</th>
                <th scope="col">{say("history.when")}</th>
                <th scope="col">{say("history.how")}</th>
              </tr>
            </thead>
            <tbody>
              {all.slice(0, MOST).map((one) => (
                <tr key={one.id}>
                  <th scope="row">
                    <bdi>{nameOf(board.at("agents", one.agent), one.agent)}</bdi>
                  </th>
                  <td>
                    <bdi>{kindOf(board, one.kind).name}</bdi>
                  </td>
                  <td>{when(one, wall.zone)}</td>
                  <td>
                    {howOf(one)}
                    {(one.state === "refused" || one.state === "withdrawn" || one.how === "unused") && one.by !== "" && <bdi class="bk-age"> {one.by}</bdi>}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

/** Seconds: what is shorter was a press by mistake. */
const LEAST = 5;
const isOver = ({ state, began, ended }: Break): boolean =>
  state === "refused" || state === "withdrawn" || (state === "ended" && (began === undefined || ended === undefined || ended - began >= LEAST));

const when = (one: Break, zone: string): string => {
  // Of what nobody used: while it was good.
  const [from, to] = [one.began ?? (one.how === "unused" ? (one.begins ?? one.requested) : one.requested), one.ended];
  return (one.began === undefined && one.how !== "unused") || to === undefined ? minute(from, zone) : `${minute(from, zone)}–${minute(to, zone)}`;
};

export function howOf(one: Break): string {
  if (one.state === "refused") return say("how.refused", { why: one.reason });
  if (one.state === "withdrawn") return one.reason === "" ? say("how.withdrawn") : `${say("how.withdrawn")}: ${one.reason}`;
  const over = one.began !== undefined && one.ended !== undefined ? one.ended - one.began - one.lasts : 0;
  if (one.how === "back" && over > 0) return say("how.over", { t: deskSpan(over) });
  const key: string = one.how === "unused" ? unusedOf(one) : `how.${one.how}`;
  return has(key) ? say(key) : one.how;
}

/** A grant nobody used, and whether the PBX knew of it: who was never paused may not have known either. */
function unusedOf({ errands }: Break): string {
  if (errands.length === 0) return "how.unused.unsent";
  const failed = errands.find(({ state }) => state === "refused" || state === "unknown");
  return failed === undefined ? "how.unused" : `how.unused.${failed.state}`;
}

export async function today(): Promise<readonly Break[] | undefined> {
  try {
    const answer = await fetch(address("api/v1/breaks/today"), { cache: "no-store", signal: AbortSignal.timeout(8000) });
    const told: unknown = answer.ok ? await answer.json() : undefined;
    if (!isThing(told) || !isThing(told["breaks"])) return undefined;
    return Object.entries(told["breaks"]).map(([id, one]) => breakIn(id, one)).filter((one) => one !== undefined);
  } catch {
    return undefined;
  }
}
