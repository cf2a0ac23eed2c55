import { useLooking } from "../explain/looking";
import { say as tell } from "../explain/words";
import { bytes, perSecond } from "../format/amount";
import { exactSpan } from "../format/duration";
import { clock } from "../format/moment";
import { CAUSES, type Cause, causeOf, happened, next } from "../health/advice";
import { nameOf } from "../names";
import { Glyph } from "../parts/Glyph";
import { useDerived } from "../parts/hooks";
import { ageWords, agoWords } from "../parts/Timer";
import { counted, isTrusted, standsAt } from "../stale";
import { sensesOf } from "../senses";
import type { Wall } from "../wall";
import type { Cell } from "../wire/cell";
import { pageAddress } from "../wire/socket";
import { type Key, t } from "../words";
import { Sheet } from "./Sheet";
import { many, say } from "./words";

const EVERY = 2000;
const STATES = new Set(["live", "resync", "connecting", "silent", "down", "refused", "failed"]);
const LIMITS = new Set(["abandon_cause", "queues", "conversations", "devices", "caller_id", "topics"]);

/** One source: how it is and since when, what stands still because of it, and what to do. */
export function Source({ wall, id }: { wall: Wall; id: string }) {
  const source = wall.board.at("sources", id);
  const looking = useLooking("api/health", EVERY);
  const isGood = isTrusted(source);
  const asOf = source.at("as_of").number;
  const since = source.at("since").number;
  const state = source.at("state").text;
  const told = healthOf(looking.answer.value?.["sources"], id);
  const cause = (CAUSES as readonly string[]).includes(text(told, "cause")) ? (text(told, "cause") as Cause) : isGood ? undefined : causeOf(source);
  const heard = useDerived(() => {
    const now = (wall.second.value ?? 0) && (wall.clock.now ?? 0);
    const at = wall.store.heard.value[id];
    return at === undefined ? "–" : say("heard.ago", { age: ageWords(now - at) });
  }, [id]);
  const isLive = wall.isLive.value;
  return (
    <Sheet
      title={nameOf(source, id)}
      sub={
        <p>
          {say("source")} · <bdi>{source.at("type").text}</bdi>
          {source.at("product").text !== "" && (
            <>
              {" · "}
              <bdi>{source.at("product").text}</bdi>
            </>
          )}
        </p>
      }
      kind="source"
      isOld={!isLive}
    >
      <dl class="now">
        <div class={isGood ? "" : "lost"}>
          <dt>{say("state")}</dt>
          <dd>
            <Glyph name={!isLive ? "unknown" : isGood ? "live" : "unplug"} />
            {isLive ? t(`health.state.${STATES.has(state) ? state : "unknown"}` as Key) : "–"}
          </dd>
          {since !== undefined && <small>{say("since", { t: clock(since, wall.zone) })} · {agoWords((wall.second.value ?? since) - since)}</small>}
        </div>
        <div>
          <dt>{say("heard")}</dt>
          <dd>{isLive ? heard : "–"}</dd>
        </div>
      </dl>
      {cause !== undefined && !isGood && (
        <section class="advice" role="status">
          <h2>{happened(cause)}</h2>
          <p>{next(cause)}</p>
          <Again wall={wall} told={told} />
          {text(told, "error") !== "" && <Words title={say("said")} words={text(told, "error")} />}
        </section>
      )}
      <div class="halves">
        <Standing wall={wall} id={id} source={source} asOf={isGood ? undefined : (asOf ?? standsAt(source))} />
        <Line source={source} told={told} isRefused={looking.state.value === "refused"} />
      </div>
      {text(told, "last_words") !== "" && <Words title={say("words")} words={text(told, "last_words")} />}
    </Sheet>
  );
}

type Tree = { readonly [key: string]: unknown };
const isTree = (value: unknown): value is Tree => typeof value === "object" && value !== null && !Array.isArray(value);
const healthOf = (sources: unknown, id: string): Tree => {
  const told = isTree(sources) && Object.hasOwn(sources, id) ? sources[id] : undefined;
  return isTree(told) ? told : {};
};
const text = (told: Tree, key: string): string => (typeof told[key] === "string" ? (told[key] as string).slice(0, 4000) : "");
const number = (told: Tree, key: string): number | undefined => (typeof told[key] === "number" ? told[key] : undefined);

function Again({ wall, told }: { wall: Wall; told: Tree }) {
  const at = number(told, "next_try");
  const now = wall.second.value;
  if (at === undefined || now === undefined) return null;
  return <p class="hint">{t("health.nextTry", { n: exactSpan(Math.max(0, (at - now) / (wall.clock.rate || 1))) })}</p>;
}

/** What hangs on it: of a switch queues, people and totals; of a device people's senses. */
function Standing({ wall, id, source, asOf }: { wall: Wall; id: string; source: Cell; asOf: number | undefined }) {
  const found = useDerived(() => hangingOn(wall, id), [id]).value;
  const sense = source.at("sense").text;
  const nothing = found.queues.length === 0 && found.agents === 0 && found.senses === 0;
  const senseWord = sense === "phone" || sense === "desk" || sense === "seat" ? tell(`sense.${sense}`) : sense;
  return (
    <section class="standing">
      <h2>{asOf === undefined ? say("standing.would") : say("standing")}</h2>
      {asOf !== undefined && <p class="asof-line">{say("standing.asOf", { t: clock(asOf, wall.zone) })}</p>}
      {nothing ? (
        <p class="none">{say("standing.nothing")}</p>
      ) : (
        <ul>
          {found.isCounted && <li>{say("standing.floor")}</li>}
          {found.queues.length > 0 && (
            <li>
              {say("standing.queues")}{" "}
              {found.queues.map((queue, i) => (
                <span key={queue}>
                  {i > 0 && t("list.and")}
                  <bdi>{nameOf(wall.board.at("queues", queue), queue)}</bdi>
                </span>
              ))}
            </li>
          )}
          {found.agents > 0 && <li>{many("standing.agents", found.agents)}</li>}
          {found.senses > 0 && <li>{many("standing.senses", found.senses, { sense: senseWord })}</li>}
        </ul>
      )}
    </section>
  );
}

function hangingOn(wall: Wall, id: string) {
  const { board } = wall;
  const [queues, agents] = [board.at("queues"), board.at("agents")];
  const mine = queues.keys.filter((queue) => queues.at(queue, "source").text === id);
  return {
    queues: mine,
    isCounted: mine.length > 0 && counted(board).includes(id),
    agents: agents.keys.filter((agent) => agents.at(agent, "source").text === id).length,
    senses: agents.keys.filter((agent) => sensesOf(agents.at(agent)).some((told) => told.source === id && told.sense !== "acd")).length,
  };
}

/** What the staff may know of the line. */
function Line({ source, told, isRefused }: { source: Cell; told: Tree; isRefused: boolean }) {
  const rates = isTree(told["rates"]) ? told["rates"] : {};
  const limits = source.at("limits").list.filter((limit) => typeof limit === "string");
  return (
    <section class="line">
      <h2>{say("facts")}</h2>
      {isRefused ? (
        <p class="none">{say("facts.hidden")}</p>
      ) : (
        <dl>
          {text(told, "address") !== "" && (
            <div class="wide">
              <dt>{say("address")}</dt>
              <dd dir="ltr">{text(told, "address")}</dd>
            </div>
          )}
          <div>
            <dt>{t("health.bytes")}</dt>
            <dd>{bytes(number(rates, "bytes") ?? 0)}</dd>
          </div>
          <div>
            <dt>{t("health.messages")}</dt>
            <dd>{perSecond(number(rates, "messages") ?? 0)}</dd>
          </div>
          <div>
            <dt>{t("health.failures")}</dt>
            <dd>{number(told, "failures") ?? 0}</dd>
          </div>
          <div>
            <dt>{t("health.gaps")}</dt>
            <dd>{number(told, "gaps") ?? 0}</dd>
          </div>
        </dl>
      )}
      {limits.length > 0 && (
        <p class="hint">
          {say("limits")} {limits.map((limit) => (LIMITS.has(limit) ? t(`limit.${limit}` as Key) : limit)).join(t("list.and"))}
        </p>
      )}
      <p class="hint">
        <a href={pageAddress("health")}>{say("health")}</a>
      </p>
    </section>
  );
}

/** The far end's own words: never anything but text. */
function Words({ title, words }: { title: string; words: string }) {
  return (
    <section class="raw-words">
      <h2>{title}</h2>
      <pre dir="ltr" tabIndex={0}>
        {words}
      </pre>
    </section>
  );
}
