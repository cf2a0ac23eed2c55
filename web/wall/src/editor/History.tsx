import { useEffect, useState } from "preact/hooks";

import { Dialog } from "../boards/Dialog";
import { type Version, versionOf, versionsOf } from "../boards/requests";
import { useWall } from "../context";
import { useBench } from "./bench";
import { when } from "./when";
import { say } from "./words";

/** Every state the board was in, who made it and when; each can be looked at and taken again. */
export function History() {
  const bench = useBench();
  const wall = useWall();
  const [all, setAll] = useState<readonly Version[]>();
  const [trouble, setTrouble] = useState("");
  const { id, version: current, preset } = bench.entry.value;
  const close = () => (bench.dialog.value = undefined);
  useEffect(() => {
    versionsOf(id).then(setAll, () => setTrouble(say("away")));
  }, [id]);
  const open = async (version: number, isRestored: boolean) => {
    const board = await versionOf(id, version).catch(() => undefined);
    if (board === undefined) return setTrouble(say("away"));
    const title = version === 0 ? say("looking.preset") : say("looking.version", { n: version });
    if (isRestored) {
      bench.act({ do: "replace", board });
      bench.news.value = say("restored", { n: version });
    } else bench.look.value = { board, title };
    close();
  };
  const rows: readonly Version[] = [...(all ?? []), ...(preset && all !== undefined ? [{ version: 0, at: 0, by: "ccwall", note: say("history.preset"), isDeletion: false }] : [])];
  return (
    <Dialog title={say("history")} onClose={close} isWide>
      {trouble !== "" && <p role="alert" class="ed-trouble">{trouble}</p>}
      {all === undefined && trouble === "" && <p role="status">{say("asking")}</p>}
      {all !== undefined && rows.length === 0 && <p class="muted">{say("history.none")}</p>}
      <ol class="bd-versions">
        {rows.map(({ version, at, by, note, isDeletion }) => (
          <li key={version} aria-current={version === current || undefined}>
            <b>{version === 0 ? say("history.shipped") : say("history.version", { n: version })}</b>
            <span>{when(at, wall.zone)}</span>
            <span>
              <bdi>{by}</bdi>
            </span>
            <span class="muted">
              <bdi>{isDeletion ? say("history.deleted") : note}</bdi>
              {version === current && <em>{say("history.now")}</em>}
            </span>
            <span class="ed-row">
              {!isDeletion && (
                <button type="button" class="ed-btn" onClick={() => void open(version, false)}>
                  {say("history.look")}
                </button>
              )}
              {!isDeletion && bench.mayEdit && (
                <button type="button" class="ed-btn" onClick={() => void open(version, true)}>
                  {say("history.restore")}
                </button>
              )}
            </span>
          </li>
        ))}
      </ol>
    </Dialog>
  );
}
