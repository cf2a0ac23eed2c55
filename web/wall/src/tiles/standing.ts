import { scopeOf } from "../board/scope";
import { conflictsOf } from "../senses";
import { isTrusted, standsAt } from "../stale";
import type { Wall } from "../wall";
import type { Now, QueueNow } from "./alarms";
import { gapsOf } from "./Gap";

/** What alerts are made of, read from the board. `queues` are those of a place; everything else is everybody's. */
export function standing(wall: Wall, scope: string, now: number): Now {
  const { board } = wall;
  const place = scopeOf(wall, scope);
  const queues = place.kind === "queue" ? (place.isPresent ? [{ id: place.id, order: 0, gap: place.cell.at("outlook", "gap").number }] : []) : gapsOf(wall, scope);
  const recording = board.at("recording");
  return {
    now,
    queues: queues.map(({ id, order, gap }) => queueNow(wall, id, order, gap)),
    sources: board.at("sources").keys.map((id) => {
      const source = board.at("sources", id);
      return { id, state: source.at("state").text, isTrusted: isTrusted(source), since: standsAt(source) };
    }),
    recording: recording.at("state").text === "stopped" ? { since: recording.at("since").number, reason: recording.at("reason").text } : undefined,
    conflicts: conflictsNow(wall),
  };
}

function queueNow(wall: Wall, id: string, order: number, gap: number | undefined): QueueNow {
  const cell = wall.board.at("queues", id);
  const target = cell.at("target");
  return {
    id,
    order,
    gap,
    fresh: wall.freshnessOf(cell.at("source").text).kind !== "stale",
    level: cell.at("service_level").number,
    levelTarget: target.at("service_level").number,
    waiting: cell.at("waiting").number ?? 0,
    waitingLimit: target.at("waiting").number,
    longestSince: cell.at("longest_since").number,
    longestLimit: target.at("longest_wait").number,
    ready: cell.at("ready").number ?? 0,
    staffed: cell.at("staffed").number ?? 0,
  };
}

/** How many people two senses disagree about, and since when the longest of it; no names. */
function conflictsNow(wall: Wall): Now["conflicts"] {
  const n = wall.board.at("floor", "conflicts").number ?? 0;
  if (n === 0) return { n, since: undefined };
  const agents = wall.board.at("agents");
  const instants = agents.keys.flatMap((id) => conflictsOf(agents.at(id)).map(({ since }) => since)).filter((since) => since !== undefined);
  return { n, since: instants.length === 0 ? undefined : Math.min(...instants) };
}
