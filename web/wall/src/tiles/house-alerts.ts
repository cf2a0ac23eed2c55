import { scopeOf } from "../board/scope";
import { type Alert, alertsOf } from "../alerts/model";
import { arrange, worstFirst } from "../alerts/order";
import { splitScope } from "../alerts/say";
import type { Wall } from "../wall";

/** What hangs on a wall, and what stands under it. */
export interface Hung {
  readonly alert: Alert;
  /** How many others it explains. */
  readonly explains: number;
}

/**
 * The server's own alerts that are for walls, of a place, the worst first; what nobody can judge comes last, once for each source.
 * One that somebody has in hand stays as long as it is so.
 */
export function hungOf(wall: Wall, scope: string): readonly Hung[] {
  const isHere = placed(wall, scope);
  const { open, unjudged, quiet } = arrange(alertsOf(wall.board).filter((alert) => alert.isForWalls && alert.agent === ""));
  const shown = [...open, ...quiet.filter(({ alert }) => alert.state === "acknowledged")];
  return [...shown.sort((a, b) => worstFirst(a.alert, b.alert)), ...unjudged].filter(({ alert }) => isHere(alert)).map(({ alert, folded }) => ({ alert, explains: folded.length }));
}

/** Whether an alert is of a place; those of nobody's, and of sources, are of every place. */
export function placed(wall: Wall, scope: string): (alert: Alert) => boolean {
  const place = scopeOf(wall, scope);
  if (place.kind === "floor") return () => true;
  const { board } = wall;
  return (alert) => {
    const [kind, id] = splitScope(alert.scope);
    const queue = alert.queue !== "" ? alert.queue : kind === "queue" ? id : "";
    if (kind === place.kind && id === place.id) return true;
    if (place.kind === "queue") return queue === place.id || (queue === "" && kind === "source");
    if (place.kind === "team") return alert.team === place.id || (alert.team === "" && kind === "source");
    if (place.kind === "line") return board.at("queues", queue, "line").text === place.id || kind === "source";
    return board.at("queues", queue, "site").text === place.id || kind === "source" || queue === "";
  };
}

/** As loud as a tile may be: `critical` is over, a note is none. */
export const loudness = ({ severity, state }: Alert): "breach" | "warn" | "none" => (state === "no_data" || severity === "info" ? "none" : severity === "warn" ? "warn" : "breach");
