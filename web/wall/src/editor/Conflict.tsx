import { useState } from "preact/hooks";

import { Dialog } from "../boards/Dialog";
import { boardOf } from "../boards/requests";
import { useWall } from "../context";
import { pageAddress } from "../wire/socket";
import { useBench } from "./bench";
import { when } from "./when";
import { say } from "./words";

/** Somebody else saved this board since: whose shall stay? */
export function Conflict() {
  const bench = useBench();
  const wall = useWall();
  const [trouble, setTrouble] = useState("");
  const conflict = bench.conflict.value;
  const close = () => (bench.dialog.value = undefined);
  if (conflict === undefined) return null;
  const who = { who: conflict.by || say("somebody"), at: when(conflict.at, wall.zone), n: conflict.version };
  const look = async () => {
    const paper = await boardOf(bench.board.peek().id).catch(() => undefined);
    if (paper === undefined) return setTrouble(say("away"));
    bench.look.value = { board: paper.board, title: say("looking.theirs", who) };
    close();
  };
  const copy = async () => {
    const answer = await bench.saveCopy();
    if (answer.kind !== "saved") return setTrouble(say(answer.kind === "refused" ? "refused" : "away"));
    bench.discard();
    location.assign(`${pageAddress("edit")}${pageAddress("edit").includes("?") ? "&" : "?"}board=${answer.paper.entry.id}`);
  };
  return (
    <Dialog
      title={say("conflict")}
      onClose={close}
      foot={
        <>
          <button type="button" class="ed-btn" onClick={() => void look()}>
            {say("conflict.look")}
          </button>
          <button type="button" class="ed-btn" onClick={() => void copy()}>
            {say("conflict.copy")}
          </button>
          <button type="button" class="ed-btn" onClick={() => void bench.takeTheirs().catch(() => setTrouble(say("away")))}>
            {say("conflict.theirs")}
          </button>
        </>
      }
    >
      <p>{say("conflict.who", who)}</p>
      <p class="muted">{say("conflict.safe")}</p>
      {trouble !== "" && <p role="alert" class="ed-trouble">{trouble}</p>}
    </Dialog>
  );
}
