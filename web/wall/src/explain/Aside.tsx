import { clock } from "../format/moment";
import { nameOf } from "../names";
import { Glyph, type GlyphName } from "../parts/Glyph";
import { useDerived } from "../parts/hooks";
import { ageWords } from "../parts/Timer";
import type { Wall } from "../wall";
import { type Key, t } from "../words";
import type { Declared, Explanation, Other, Source } from "./answer";
import { doubts } from "./citation";
import { exact, plain, targetOf } from "./figures";
import { isGauge } from "./phrases";
import { Rests } from "./Rests";
import { isKey, named, say } from "./words";

interface Props {
  readonly answer: Explanation;
  readonly wall: Wall;
}

/** Beside the contacts: what is doubtful first, then the same under other formulas, what was left out, what it stands on, what the source itself says. */
export function Aside({ answer, wall }: Props) {
  const isDoubted = doubts(answer, wall.zone).length > 0 || answer.sources.some(({ state, asOf }) => state !== "live" || asOf !== undefined);
  return (
    <div class="rc" tabIndex={0} role="region" aria-label={say("aside")}>
      {isDoubted && <Sources answer={answer} wall={wall} />}
      {answer.rests !== undefined && <Rests of={answer.rests} />}
      {answer.others.length > 0 && <Others answer={answer} />}
      {answer.people === undefined && !isGauge(answer.metric) && <LeftOuts answer={answer} />}
      {!isDoubted && <Sources answer={answer} wall={wall} />}
      {answer.declared.map((declared) => (
        <Theirs key={`${declared.source} ${declared.queue}`} declared={declared} wall={wall} />
      ))}
    </div>
  );
}

/** Where the bars begin: a round tenth below the lowest, so that a point of difference can be seen. */
export function lowest(others: readonly Other[], target: number | undefined): number {
  const all = [...others.map(({ value }) => value), target].filter((value) => value !== undefined);
  return Math.max(0, Math.floor((Math.min(1, ...all) - 0.1) * 10) / 10);
}

function Others({ answer }: { answer: Explanation }) {
  const { others, target, threshold } = answer;
  const low = lowest(others, target);
  const at = (value: number) => `${Math.min(100, Math.max(0, ((value - low) / (1 - low)) * 100))}%`;
  const ordered = [...others].sort((a, b) => Number(isMine(b, answer)) - Number(isMine(a, answer)));
  return (
    <section data-part="others">
      <h2>
        {say("others")}
        {target !== undefined && <small>{say("others.target", { t: targetOf(target, "share") })}</small>}
      </h2>
      <ul class="forms">
        {ordered.map((other) => {
          const isMet = other.value !== undefined && target !== undefined && other.value >= target;
          const isMissed = other.value !== undefined && target !== undefined && !isMet;
          const [name, how] = [named(other.shortNames, named(other.names, other.variant)), named(other.names, "")];
          return (
            <li key={other.variant} class={`${isMine(other, answer) ? "me" : ""} ${isMissed ? "miss" : ""} ${other.value === undefined ? "none" : ""}`}>
              <span>
                {isMine(other, answer) ? say("others.mine", { name }) : name}
                {other.threshold !== undefined && other.threshold !== threshold && <small> {say("seconds", { n: other.threshold })}</small>}
              </span>
              <span class="trk" aria-hidden="true">
                {other.value !== undefined && <i style={{ width: at(other.value) }} />}
                {target !== undefined && <u style={{ left: at(target) }} />}
              </span>
              <b>{other.value === undefined ? "–" : exact(other.value, "share", target)}</b>
              {isMet || isMissed ? (
                <span>
                  <Glyph name={isMet ? "ok" : "warn"} class={isMissed ? "m-warn" : ""} />
                  <span class="vh">{t(isMet ? "severity.ok" : "severity.missed")}</span>
                </span>
              ) : (
                <span />
              )}
              {how !== "" && how !== name && <small class="how">{how}</small>}
            </li>
          );
        })}
      </ul>
    </section>
  );
}

const isMine = (other: Other, { variant }: Explanation): boolean => other.isShown || other.variant === variant;

function LeftOuts({ answer }: { answer: Explanation }) {
  const { leftOut, groups } = answer;
  const told = leftOut.filter(({ value }) => value > 0);
  const out = told.reduce((sum, { value }) => sum + value, 0);
  const all = groups.reduce((sum, [, n]) => sum + n, 0);
  return (
    <section data-part="left-out">
      <h2>
        {say("leftOut")}
        {out > 0 && all >= out && <small>{say("leftOut.of", { n: plain(out), total: plain(all) })}</small>}
      </h2>
      <ul class="list">
        {told.map(({ why, value, names }) => (
          <li key={why}>
            <span>{named(names, why)}</span>
            <b>{plain(value)}</b>
          </li>
        ))}
        {told.length === 0 && (
          <li>
            <span class="weak">{say("leftOut.none")}</span>
          </li>
        )}
      </ul>
    </section>
  );
}

function Sources({ answer, wall }: Props) {
  const told = doubts(answer, wall.zone);
  return (
    <section data-part="sources">
      <h2>{say("sources")}</h2>
      <ul class="list srcs">
        {answer.sources.map((source) => (
          <SourceLine key={source.source} source={source} answer={answer} wall={wall} />
        ))}
      </ul>
      {told.length > 0 && (
        <ul class="list doubts">
          {told.map((sentence) => (
            <li key={sentence}>
              <Glyph name="slow" />
              <span>{sentence}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

const STATES: Readonly<Record<string, GlyphName>> = { live: "live", resync: "slow", connecting: "slow", silent: "unplug", down: "unplug", refused: "breach", failed: "breach" };

function SourceLine({ source, answer, wall }: Props & { source: Source }) {
  const { heard, age, asOf, state } = source;
  const words = useDerived(() => {
    void wall.second.value;
    const now = wall.clock.now ?? answer.now;
    const rate = wall.clock.rate || 1;
    if (heard !== undefined) return ageWords((now - heard) / rate);
    return age === undefined ? "–" : ageWords(age + (now - answer.now) / rate);
  }, [heard, age, answer]);
  const gaps = answer.gaps.filter(([id]) => id === source.source).length;
  const isLive = state === "live" && asOf === undefined;
  return (
    <li class={isLive ? "" : "lost"} data-source={source.source}>
      <Glyph name={STATES[state] ?? "unknown"} class={state === "refused" || state === "failed" ? "m-breach" : ""} />
      <span>
        <bdi>{nameOf(wall.board.at("sources", source.source), source.source)}</bdi>
      </span>
      <span class="weak">{isLive ? say(gaps > 0 ? "source.gaps" : "source.whole", { n: gaps }) : stateWords(state)}</span>
      <b>{asOf === undefined ? words : say("source.asOf", { t: clock(asOf, wall.zone) })}</b>
    </li>
  );
}

const stateWords = (state: string): string => t((Object.hasOwn(STATES, state) ? `health.state.${state}` : "health.state.unknown") as Key);

/** What the source says of itself, under its own names, beside what our ledger gives by its rules. */
function Theirs({ declared, wall }: { declared: Declared; wall: Wall }) {
  const { figures, source, queue, at, why } = declared;
  return (
    <section class="declared" data-part="declared">
      <h2>
        {say("declared")}
        <small>
          <bdi>{nameOf(wall.board.at("queues", queue), queue || source)}</bdi>
          {at === undefined ? "" : ` ${clock(at, wall.zone)}`}
        </small>
      </h2>
      <table>
        <thead>
          <tr>
            <th scope="col">
              <span class="vh">{say("declared")}</span>
            </th>
            <th scope="col" class="num">
              {say("declared.theirs")}
            </th>
            <th scope="col" class="num">
              {say("declared.ours")}
            </th>
          </tr>
        </thead>
        <tbody>
          {figures.map(([name, theirs, ours, of]) => (
            <tr key={name}>
              <td dir="ltr">
                <bdi>{name}</bdi>
              </td>
              <td class="num">{plain(theirs)}</td>
              <td class="num">
                {ours !== undefined && Math.abs(ours - theirs) > 0.05 && <span aria-hidden="true">≠ </span>}
                {ours === undefined ? "–" : plain(ours)}
                {of !== "" && <small> {of}</small>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {why.map((code) => {
        const key = `why.${code}`;
        return <p key={code}>{isKey(key) ? say(key) : code}</p>;
      })}
    </section>
  );
}
