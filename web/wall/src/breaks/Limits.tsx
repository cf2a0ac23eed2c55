import { useWall } from "../context";
import { useDerived } from "../parts/hooks";
import type { Room } from "./effects";
import { scopesOf } from "./model";
import { say } from "./words";
import { scopeName } from "./Wish";

const hour = (seconds: number): string => `${Math.floor(seconds / 3600)}:${String(Math.floor(seconds / 60) % 60).padStart(2, "0")}`;

/** Who may be away at once by rule and by forecast, and who must stay. */
export function Limits({ scope: chosen, rooms }: { scope: string; rooms: ReadonlyMap<string, Room> }) {
  const { board } = useWall();
  const scopes = useDerived(() => scopesOf(board), []);
  return (
    <section class="dk-panel bk-limits" aria-labelledby="bk-limits">
      <header class="h">
        <h2 id="bk-limits">{say("limits")}</h2>
      </header>
      <table>
        <thead>
          <tr>
            <th scope="col">{say("limits.scope")}</th>
            <th scope="col" class="num">{say("limits.away")}</th>
            <th scope="col" class="num">{say("limits.leave")}</th>
            <th scope="col">{say("limits.minimum")}</th>
          </tr>
        </thead>
        <tbody>
          {scopes.value.map((scope) => {
            const room = rooms.get(scope.key);
            return (
              <tr key={scope.key} aria-current={scope.key === chosen && chosen !== "floor" ? "true" : undefined}>
                <th scope="row">
                  <bdi>{scopeName(board, scope.key)}</bdi>
                </th>
                <td class={`num ${scope.cap !== undefined && scope.away > scope.cap ? "over" : ""}`}>
                  <b>{scope.away}</b>
                  {scope.cap !== undefined && <small>/{scope.cap}</small>}
                </td>
                <td class="num">{room?.many ?? "–"}</td>
                <td>{scope.minimum.length === 0 ? "–" : scope.minimum.map(([n, from, to]) => (from === to ? String(n) : say("limits.hours", { n, from: hour(from), to: hour(to) }))).join(", ")}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}
