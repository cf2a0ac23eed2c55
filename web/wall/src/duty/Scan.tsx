import { useEffect, useState } from "preact/hooks";

import { act } from "../acts/act";
import { ActProblem, useAct, ZoneProvider } from "../acts/Act";
import { askWho, who } from "../acts/who";
import { WallProvider } from "../context";
import { minute } from "../format/moment";
import { Door } from "../parts/Door";
import { Sprite } from "../parts/Glyph";
import type { Wall } from "../wall";
import { FINDINGS } from "./Patrols";
import { say, wordOf } from "./words";

interface Place {
  readonly team: string;
  readonly row: string;
}

/** What a code at a row opens on the phone of whoever scans it: where that is, and one press. */
export function Scan({ wall, code }: { wall: Wall; code: string }) {
  const me = who().value;
  const isOut = wall.live.link.value === "refused";
  return (
    <WallProvider value={wall}>
      <ZoneProvider value={wall.zone}>
        <Sprite />
        {isOut ? <Door onEnter={() => (wall.live.connect(), void askWho())} /> : <Press key={me?.id ?? ""} wall={wall} code={code} />}
      </ZoneProvider>
    </WallProvider>
  );
}

function Press({ wall, code }: { wall: Wall; code: string }) {
  const [place, setPlace] = useState<Place | "bad">();
  const [found, setFound] = useState<readonly string[]>([]);
  const [made, setMade] = useState<number>();
  const acting = useAct((told) => setMade(typeof told["at"] === "number" ? told["at"] : 0));
  useEffect(() => {
    void act("patrol.code", { code }).then((outcome) => setPlace(outcome.isDone ? { team: String(outcome.told["team"]), row: String(outcome.told["row"]) } : "bad"));
  }, [code]);
  const team = place === undefined || place === "bad" ? "" : place.team;
  const name = team === "" ? say("patrol.all") : wall.board.at("teams", team, "name").text || team;
  return (
    <main class="du-scan dk-page" data-page="patrol">
      <h1>{say("patrol")}</h1>
      {place === "bad" && <p role="alert">{say("patrol.bad")}</p>}
      {place !== undefined && place !== "bad" && (
        <>
          <p>
            <b>
              <bdi>{name}</bdi> <bdi>{place.row}</bdi>
            </b>
          </p>
          {made === undefined ? (
            <>
              <button type="button" class="act-button primary" data-act="patrol.make" aria-busy={acting.isBusy} onClick={() => void acting.run("patrol.make", { code, findings: found })}>
                {say("patrol.press")}
              </button>
              <div class="du-chips" role="group" aria-label={say("patrol.findings")}>
                {FINDINGS.map((one) => (
                  <button key={one} type="button" class="dk-chip" aria-pressed={found.includes(one)} onClick={() => setFound(found.includes(one) ? found.filter((each) => each !== one) : [...found, one])}>
                    {wordOf("finding", one)}
                  </button>
                ))}
              </div>
              <ActProblem problem={acting.problem} />
            </>
          ) : (
            <p role="status">{say("patrol.thanks", { t: minute(made, wall.zone) })}</p>
          )}
        </>
      )}
    </main>
  );
}
