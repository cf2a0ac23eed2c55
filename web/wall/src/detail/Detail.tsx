import "../css/explain.css";
import "../css/person.css";
import "../css/detail.css";

import { place } from "../ask";
import { WallProvider } from "../context";
import type { Wall } from "../wall";
import { Queue } from "./Queue";
import { Sheet } from "./Sheet";
import { Source } from "./Source";
import { say } from "./words";

/** The panel of whatever place was asked for. */
export function Detail({ wall }: { wall: Wall }) {
  const asked = place.value;
  if (asked === undefined) return null;
  const { kind, id } = asked;
  const isThere = wall.board.at(kind === "queue" ? "queues" : "sources").keys.includes(id);
  return (
    <WallProvider value={wall}>
      {!isThere ? (
        <Sheet title={id} sub={<p>{say(kind)}</p>} kind={kind} isOld={false}>
          <div class="unsaid" role="status">
            <p>
              <b>{say("gone")}</b>
            </p>
            <p>{say("gone.why")}</p>
          </div>
        </Sheet>
      ) : kind === "queue" ? (
        <Queue wall={wall} id={id} />
      ) : (
        <Source wall={wall} id={id} />
      )}
    </WallProvider>
  );
}
