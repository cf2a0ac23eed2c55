import { ActButton, ActProblem, useAct } from "../acts/Act";
import { may } from "../acts/who";
import { useWall } from "../context";
import { deskSpan } from "../desk/span";
import { Glyph } from "../parts/Glyph";
import { useDerived } from "../parts/hooks";
import { isThing, list, number, text } from "../wire/reading";
import { fill, say } from "./words";

const TOPICS = ["call", "system", "rule", "other"] as const;

/** Somebody must come: one press; then how long it has been, and who is on the way. */
export function OwnHelp({ agent }: { agent: string }) {
  const wall = useWall();
  const { board } = wall;
  const acting = useAct();
  const told = board.at("help").json;
  const open = Object.entries(isThing(told) ? told : {}).flatMap(([id, one]) => (isThing(one) && text(one["agent"]) === agent && text(one["state"]) !== "ended" ? [{ id, one }] : []))[0];
  const asked = number(open?.one["asked"]);
  const lasted = useDerived(() => (asked === undefined || wall.second.value === undefined ? "–" : deskSpan(wall.second.value - asked)), [asked]);
  if (!may("help.request")) return null;
  const takers = list(open?.one["taken"]).filter(isThing).map((one) => (isThing(one["by"]) ? text(one["by"]["name"]) || text(one["by"]["id"]) : "")); // prettier-ignore
  return (
    <section class="dk-panel me-help" aria-labelledby="me-help">
      <header class="h">
        <h2 id="me-help">{say("help")}</h2>
      </header>
      {open === undefined ? (
        <>
          <ul>
            {TOPICS.map((topic) => (
              <li key={topic}>
                <button type="button" class="me-topic" data-topic={topic} aria-busy={acting.isBusy} onClick={() => void acting.run("help.request", { topic: say(`help.${topic}`) })}>
                  {say(`help.${topic}`)}
                </button>
              </li>
            ))}
          </ul>
          <ActProblem problem={acting.problem} />
        </>
      ) : (
        <div class="me-break bk" role="status" data-help={open.id}>
          <p class="hd">
            <Glyph name="ringing" />
            <b>
              <bdi>{text(open.one["topic"]) || say("help")}</bdi>
            </b>
            <span class="bk-age">{lasted}</span>
          </p>
          <p class="su">{takers.length === 0 ? say("help.asked") : fill("help.coming", { who: <bdi>{takers.join(", ")}</bdi> })}</p>
          <ActButton name="help.end" args={{ help: open.id, how: "withdrawn" }}>
            {say("help.withdraw")}
          </ActButton>
        </div>
      )}
    </section>
  );
}
