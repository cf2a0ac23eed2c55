import { ActButton } from "../acts/Act";
import { useWall } from "../context";
import { minute } from "../format/moment";
import { nameOf } from "../names";
import { isThing, list, number, text } from "../wire/reading";
import { fill, has, say } from "./words";

/** Who was sent to another queue in this shift, what became of it at the PBX, and the way back. */
export function Moves() {
  const wall = useWall();
  const { board } = wall;
  const told = board.at("moves").json;
  const made = Object.entries(isThing(told) ? told : {}).flatMap(([id, one]) => (isThing(one) ? [{ id, one }] : [])).sort((a, b) => (number(b.one["at"]) ?? 0) - (number(a.one["at"]) ?? 0)); // prettier-ignore
  if (made.length === 0) return null;
  const queue = (value: unknown) => nameOf(board.at("queues", text(value)), text(value));
  return (
    <section class="dk-panel bk-moves" aria-labelledby="bk-moves">
      <header class="h">
        <h2 id="bk-moves">{say("moves")}</h2>
        <span class="n">{made.length}</span>
      </header>
      <ul class="bk-list">
        {made.map(({ id, one }) => {
          const who = nameOf(board.at("agents", text(one["agent"])), text(one["agent"]));
          const by = isThing(one["by"]) ? text(one["by"]["name"]) || text(one["by"]["id"]) : "";
          const undoer = isThing(one["undone_by"]) ? text(one["undone_by"]["name"]) || text(one["undone_by"]["id"]) : "";
          const states = list(one["commands"]).filter(isThing).map((each) => text(each["state"]));
          const bad = states.find((state) => state === "refused" || state === "unknown");
          const key: string = `command.${bad}`;
          return (
            <li key={id} class="bk short" data-move={id}>
              <p class="hd">
                <b>
                  <bdi>{who}</bdi>
                </b>
                <span>
                  <bdi>{queue(one["from"])}</bdi> → <bdi>{queue(one["to"])}</bdi>
                </span>
                <span class="bk-age">
                  {minute(number(one["at"]) ?? 0, wall.zone)} <bdi>{by}</bdi>
                </span>
              </p>
              {bad !== undefined && has(key) && <span class="cmd refused">{say(key)}</span>}
              {number(one["undone"]) === undefined ? (
                <ActButton name="move.undo" args={{ move_id: id }} class="al-button" label={`${say("moves.undo")}: ${who}`}>
                  {say("moves.undo")}
                </ActButton>
              ) : (
                <span class="bk-age">{fill("moves.undone", { who: <bdi>{undoer}</bdi> })}</span>
              )}
            </li>
          );
        })}
      </ul>
    </section>
  );
}
