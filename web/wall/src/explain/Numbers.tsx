import { deskSpan } from "../desk/span";
import { minute } from "../format/moment";
import { Ask } from "../parts/Ask";
import { Glyph } from "../parts/Glyph";
import { ahtOf, PARTS, percents, sharesOf, targetOf, totalOf } from "../team/facts";
import { timeOf } from "../stale";
import type { Wall } from "../wall";
import type { Cell } from "../wire/cell";
import { t } from "../words";
import { say } from "./words";

/** Counts that can be asked why, then lengths; `asks` is the metric that explains it. */
const COUNTS = ["answered", "handled", "outbound", "missed", "declined", "transferred"] as const;
const ASKED: ReadonlySet<string> = new Set(["answered", "handled", "missed", "declined", "transferred", "satisfied", "longest_talk", "longest_hold"]);
const SPANS = ["talk", "hold", "wrap", "longest_talk", "longest_hold"] as const;

/** What one person did today, in numbers, and how their time was spent. */
export function Numbers({ wall, id, agent }: { wall: Wall; id: string; agent: Cell }) {
  const since = agent.at("logged_on").number;
  const aht = ahtOf(agent);
  const rated = agent.at("ratings").number ?? 0;
  const target = targetOf(wall.board, agent.at("team").text);
  const ask = (key: string, what: string) => ASKED.has(key) && <Ask metric={key} scope={`agent:${id}`} what={what} />;
  return (
    <section class="numbers">
      <h2>
        {say("day.numbers")} {since !== undefined && <small>{say("n.since", { t: minute(since, wall.zone) })}</small>}
      </h2>
      {agent.at("incomplete").leaf === true && (
        <p class="hint">
          <Glyph name="slow" /> {say("n.incomplete")}
        </p>
      )}
      <dl>
        {COUNTS.map((key) => (
          <div key={key}>
            <dt>{say(`n.${key}`)}</dt>
            <dd>
              {agent.at(key).number ?? 0}
              {key === "answered" && target !== undefined && <small>/{target}</small>}
              {ask(key, say(`n.${key}`))}
            </dd>
          </div>
        ))}
        {rated > 0 && (
          <div>
            <dt>{say("n.satisfied")}</dt>
            <dd>
              {agent.at("satisfied").number ?? 0}
              <small>/{rated}</small>
              {ask("satisfied", say("n.satisfied"))}
            </dd>
          </div>
        )}
        {SPANS.map((key) => {
          const seconds = agent.at(key).number;
          return (
            <div key={key}>
              <dt>{say(`n.${key}`)}</dt>
              <dd>
                {seconds === undefined ? "–" : deskSpan(seconds)}
                {seconds !== undefined && ask(key, say(`n.${key}`))}
              </dd>
            </div>
          );
        })}
        <div>
          <dt>{say("n.aht")}</dt>
          <dd>{aht === undefined ? "–" : deskSpan(aht)}</dd>
        </div>
      </dl>
    </section>
  );
}

const WORDS = { talk: "talking", ready: "ready", wrap: "wrap" } as const;

/** How their time of today was spent, with the words for the bar on their tile. */
export function Shares({ wall, agent }: { wall: Wall; agent: Cell }) {
  const now = timeOf(wall.freshnessOf(agent.at("source").text), wall.second.value);
  const shares = sharesOf(agent, now);
  const whole = percents(shares);
  if (totalOf(shares) <= 0) return null;
  return (
    <div class="shares">
      <h3>{say("n.share")}</h3>
      <p class="bar" aria-hidden="true">
        {PARTS.map((part) => whole[part] > 0 && <i key={part} class={part} style={{ flexGrow: whole[part] }} />)}
      </p>
      <ul>
        {PARTS.map((part) => (
          <li key={part}>
            <i class={part} />
            <span>{part === "away" ? say("day.away") : t(`state.${WORDS[part]}`)}</span>
            <b>{whole[part]}%</b>
            <small>{deskSpan(shares[part])}</small>
          </li>
        ))}
      </ul>
    </div>
  );
}
