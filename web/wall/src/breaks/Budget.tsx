import { useWall } from "../context";
import { nameOf } from "../names";
import type { Wall } from "../wall";
import { minute } from "../format/moment";
import { type Break, isIn, kindFor, kindsOf, shiftOf, usedOf } from "./model";
import { say } from "./words";

/** Whose budget it is: of the shift somebody is in, or of the day where no shift is known. */
export function ofWhat(wall: Wall, agent: string): string {
  const shift = shiftOf(wall.board, agent);
  return shift === undefined ? say("of.day") : say("of.shift", { from: minute(shift.begins, wall.zone), to: minute(shift.ends, wall.zone) });
}

/** Of everybody at work, and of who has used some of it or wants to: how often and how long, of what they have in their shift. */
export function Budget({ scope, items }: { scope: string; items: readonly Break[] }) {
  const wall = useWall();
  const { board } = wall;
  const shifts = board.at("break_desk", "budgets");
  const isLimited = ({ times, seconds }: { times: number | undefined; seconds: number | undefined }) => times !== undefined || seconds !== undefined;
  const kinds = kindsOf(board).filter((kind) => isLimited(kind) || shifts.keys.some((id) => shifts.at(id, "quotas", kind.id).isPresent));
  const used = board.at("break_desk", "used");
  const open = items.filter(({ state }) => state !== "ended" && state !== "refused" && state !== "withdrawn");
  const working = shifts.keys.filter((id) => board.at("agents", id, "state").text !== "off");
  const ids = [...new Set([...used.keys, ...open.map(({ agent }) => agent), ...working])].filter((id) => board.at("agents", id).isPresent && isIn(board, id, scope));
  const people = ids.map((id) => ({ id, name: nameOf(board.at("agents", id), id) })).sort((a, b) => a.name.localeCompare(b.name));
  // To the minute: nobody reads seconds of a budget.
  const now = Math.floor((wall.second.peek() ?? 0) / 60) * 60;
  return (
    <section class="dk-panel bk-budget" aria-labelledby="bk-budget">
      <header class="h">
        <h2 id="bk-budget">{say("budget")}</h2>
      </header>
      {people.length === 0 ? (
        <p class="bk-calm">{say("budget.none")}</p>
      ) : (
        <div class="scroll" role="group" aria-labelledby="bk-budget" tabIndex={0}>
          <table>
            <thead>
              <tr>
                <th scope="col">{say("who")}</th>
                {kinds.map((kind) => (
                  <th key={kind.id} scope="col">
                    <bdi>{kind.name}</bdi>
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {people.map(({ id, name }) => (
                <tr key={id}>
                  <th scope="row">
                    <bdi>{name}</bdi>
                    <small>{ofWhat(wall, id)}</small>
                  </th>
                  {kinds.map(({ id: kindId }) => {
                    const kind = kindFor(board, id, kindId);
                    const own = usedOf(board, id, kind.id, open.find((one) => one.agent === id && one.state === "running"), now);
                    const share = Math.max(shareOf(own.times, kind.times), shareOf(own.seconds, kind.seconds));
                    const isOver = share > 1;
                    return (
                      <td key={kind.id} class={isOver ? "over" : ""}>
                        <span>
                          {kind.times !== undefined && <b class={shareOf(own.times, kind.times) > 1 ? "over" : ""}>{say("budget.of", { times: own.times, limit: kind.times })}</b>}
                          {kind.seconds !== undefined && <small class={shareOf(own.seconds, kind.seconds) > 1 ? "over" : ""}>{say("budget.minutes", { n: Math.round(own.seconds / 60), limit: Math.round(kind.seconds / 60) })}</small>}
                        </span>
                        <i class="trk" aria-hidden="true">
                          <i style={`inline-size: ${Math.min(100, Math.round(share * 100))}%`} />
                        </i>
                      </td>
                    );
                  })}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

/** Of nothing, anything is too much. */
const shareOf = (used: number, limit: number | undefined): number => (limit === undefined ? 0 : limit > 0 ? used / limit : used > 0 ? 2 : 0);
