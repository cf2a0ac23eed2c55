import { useState } from "preact/hooks";

import { useAct } from "../acts/Act";
import { may, who } from "../acts/who";
import { useWall } from "../context";
import { minute } from "../format/moment";
import { useDerived } from "../parts/hooks";
import { address } from "../wire/socket";
import { roundsOf } from "./facts";
import { Chips, Choice, Fold, Form, None, TextField } from "./Fields";
import { Due, PatrolPanel, teamName } from "./panels";
import { drawing } from "./qr";
import { say, wordOf } from "./words";

export const FINDINGS = ["headset", "dress", "noise", "empty_seat", "phone_use", "posture", "tidiness", "script", "equipment", "other"] as const;
const findings = () => FINDINGS.map((one) => [one, wordOf("finding", one)] as const);
const MOST = 24;

/** Patrols of every team: when the next is due, what was found, and the sheet of codes. */
export function Patrols() {
  const wall = useWall();
  const rounds = useDerived(() => roundsOf(wall.board), []).value;
  const made = rounds.flatMap((round) => round.made.map((each) => ({ ...each, team: round.team }))).toSorted((a, b) => b.at - a.at).slice(0, MOST);
  return (
    <>
      <PatrolPanel />
      <section class="dk-panel" aria-labelledby="du-patrols" data-panel="patrols">
        <div class="h">
          <h2 id="du-patrols">{say("patrol.log")}</h2>
        </div>
        <ul class="du-teams">
          {rounds.map((round) => (
            <li key={round.team} data-team={round.team}>
              <b>
                <bdi>{teamName(wall, round.team)}</bdi>
              </b>
              <Due round={round} />
            </li>
          ))}
        </ul>
        {rounds.length === 0 && <None>{say("patrol.never")}</None>}
        <ul class="du-log">
          {made.map((each) => (
            <li key={each.id} data-patrol={each.id}>
              <time>{minute(each.at, wall.zone)}</time>
              <b>
                <bdi>{teamName(wall, each.team)}</bdi> <bdi>{each.row}</bdi>
              </b>
              <bdi>{each.by}</bdi>
              <span>{each.findings.length === 0 ? say("patrol.clean") : each.findings.map((one) => wordOf("finding", one)).join(", ")}</span>
              <bdi>{each.note}</bdi>
            </li>
          ))}
        </ul>
        {may("patrol.make") && <WithFindings teams={rounds.map(({ team }) => team)} />}
      </section>
      {may("patrol.codes") && <Codes teams={rounds.map(({ team }) => team)} />}
    </>
  );
}

function useTeam(teams: readonly string[]) {
  const wall = useWall();
  const mine = who().value?.teams;
  const [team, setTeam] = useState<string>();
  const among = [["", say("patrol.all")] as const, ...teams.filter((one) => one !== "").map((one) => [one, teamName(wall, one)] as const)];
  return { team: team ?? mine?.[0] ?? "", setTeam, among };
}

function WithFindings({ teams }: { teams: readonly string[] }) {
  const { team, setTeam, among } = useTeam(teams);
  const [row, setRow] = useState("");
  const [found, setFound] = useState<readonly string[]>([]);
  const [note, setNote] = useState("");
  const acting = useAct(() => (setFound([]), setNote("")));
  return (
    <Fold title={say("patrol.report")}>
      <Form acting={acting} does="patrol.make" label={say("patrol.report")} onGo={() => void acting.run("patrol.make", { team, row, findings: found, note })}>
        <Choice label={say("patrol.team")} value={team} among={among} onChange={setTeam} />
        <TextField label={say("patrol.row")} value={row} max={80} onInput={setRow} />
        <Chips label={say("patrol.findings")} among={findings()} chosen={found} onChange={setFound} />
        <TextField label={say("patrol.note")} isWide value={note} onInput={setNote} />
      </Form>
    </Fold>
  );
}

interface Sheet {
  readonly team: string;
  readonly until: number;
  readonly codes: readonly { readonly row: string; readonly code: string }[];
}

/** A sheet to be cut up: at each row hangs what opens its patrol on a phone. */
function Codes({ teams }: { teams: readonly string[] }) {
  const wall = useWall();
  const { team, setTeam, among } = useTeam(teams);
  const [rows, setRows] = useState("A, B, C");
  const [sheet, setSheet] = useState<Sheet>();
  const acting = useAct((told) => setSheet(told as unknown as Sheet));
  const each = rows.split(/[,，、;\n]/).map((row) => row.trim()).filter((row) => row !== "");
  return (
    <section class="dk-panel printing" aria-labelledby="du-codes" data-panel="codes">
      <Fold title={say("patrol.codes")}>
        <p class="none" id="du-codes">
          {say("patrol.codes.why")}
        </p>
        <Form
          acting={acting}
          does="patrol.codes"
          label={say("patrol.codes.make")}
          onGo={() => void acting.run("patrol.codes", { team, rows: each })}
          extra={
            sheet !== undefined && (
              <button type="button" class="act-button" onClick={() => print()}>
                {say("patrol.codes.print")}
              </button>
            )
          }
        >
          <Choice label={say("patrol.team")} value={team} among={among} onChange={setTeam} />
          <TextField label={say("patrol.codes.rows")} value={rows} max={600} onInput={setRows} />
        </Form>
        {sheet !== undefined && (
          <div class="du-codes">
            {sheet.codes.map(({ row, code }) => (
              <Code key={code} title={`${teamName(wall, sheet.team)} ${row}`} link={`${address("patrol").href}#${code}`} />
            ))}
          </div>
        )}
      </Fold>
    </section>
  );
}

function Code({ title, link }: { title: string; link: string }) {
  const { size, path } = drawing(link);
  return (
    <figure>
      <svg viewBox={`-4 -4 ${size + 8} ${size + 8}`} role="img" aria-label={title} data-link={link} shape-rendering="crispEdges">
        <path d={path} fill="#000" />
      </svg>
      <figcaption>
        <bdi>{title}</bdi>
      </figcaption>
    </figure>
  );
}
