import { useState } from "preact/hooks";

import { useAct } from "../acts/Act";
import { may } from "../acts/who";
import { useWall } from "../context";
import { minute } from "../format/moment";
import { useDerived } from "../parts/hooks";
import { type Call, callsOf } from "./facts";
import { Choice, Fold, Form, None, TextField } from "./Fields";
import { agentName, HelpPanel, span } from "./panels";
import { say, wordOf } from "./words";

const MOST = 40;

/** Who waits now, and below what became of those who did. */
export function Help() {
  const wall = useWall();
  const ended = useDerived(() => callsOf(wall.board).filter(({ state }) => state === "ended").toReversed().slice(0, MOST), []).value;
  return (
    <>
      <HelpPanel />
      <section class="dk-panel" aria-labelledby="du-help-log" data-panel="help-log">
        <div class="h">
          <h2 id="du-help-log">{say("help.log")}</h2>
        </div>
        {ended.length === 0 && <None>{say("help.log.none")}</None>}
        <ul class="du-log">
          {ended.map((call) => (
            <Ended key={call.id} call={call} />
          ))}
        </ul>
        {may("help.request") && <AskFor />}
      </section>
    </>
  );
}

function Ended({ call }: { call: Call }) {
  const wall = useWall();
  const first = call.taken[0];
  const end = call.ended ?? call.asked;
  return (
    <li data-help={call.id} data-state="ended">
      <time>{minute(call.asked, wall.zone)}</time>
      <b>
        <bdi>{agentName(wall, call.agent)}</bdi>
      </b>
      <bdi>{call.topic}</bdi>
      <span>{say("help.waited", { t: span((first?.at ?? end) - call.asked) })}</span>
      {first !== undefined && <bdi>{first.by}</bdi>}
      <span>
        {wordOf("help", call.how)}, {say("help.lasted", { t: span(end - call.asked) })}
      </span>
    </li>
  );
}

/** Everybody of the floor whom this page sees, by name. */
export function useAgents(): readonly (readonly [id: string, name: string])[] {
  const wall = useWall();
  return useDerived(() => wall.board.at("agents").keys.map((id) => [id, agentName(wall, id)] as const).toSorted((a, b) => (a[1] < b[1] ? -1 : 1)), []).value;
}

function AskFor() {
  const agents = useAgents();
  const [agent, setAgent] = useState("");
  const [topic, setTopic] = useState("");
  const acting = useAct(() => setTopic(""));
  return (
    <Fold title={say("help.ask")}>
      <Form acting={acting} does="help.request" label={say("help.request")} onGo={() => void acting.run("help.request", { agent, topic })}>
        <Choice label={say("help.agent")} value={agent} among={[["", say("choose")], ...agents]} onChange={setAgent} />
        <TextField label={say("help.topic")} value={topic} max={80} onInput={setTopic} />
      </Form>
    </Fold>
  );
}
