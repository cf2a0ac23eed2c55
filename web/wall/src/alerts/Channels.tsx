import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";

import { useWall } from "../context";
import { clock, date, minute } from "../format/moment";
import { Glyph } from "../parts/Glyph";
import { lang, t } from "../words";
import { type Channel, deliveries, type Deliveries, type Entry, testChannel } from "./requests";
import { has, many, say } from "./words";

const EVERY = 5000;

/** On which ways the house tells people, how each is, and what became of every note. */
export function Channels() {
  const told = useSignal<Deliveries | undefined>(undefined);
  const state = useSignal<"asking" | "there" | "absent" | "away">("asking");
  const look = async () => {
    try {
      const found = await deliveries();
      told.value = found ?? told.peek();
      state.value = found === undefined ? "absent" : "there";
    } catch {
      state.value = "away";
    }
  };
  useEffect(() => {
    void look();
    const timer = setInterval(() => void look(), EVERY);
    return () => clearInterval(timer);
  }, []);
  if (told.value === undefined) return <p class="ap-none">{state.value === "asking" ? t("loading") : say(state.value === "absent" ? "channels.absent" : "away")}</p>;
  const { channels, entries, problem, mayTest } = told.value;
  return (
    <div class="ap-channels">
      {state.value === "away" && (
        <p class="need" role="alert">
          {say("away")}
        </p>
      )}
      {problem !== "" && (
        <p class="need" role="alert">
          {say("channels.problem", { why: problem })}
        </p>
      )}
      {channels.length === 0 ? (
        <p class="ap-none">{say("channels.none")}</p>
      ) : (
        <ul class="ap-cards">
          {channels.map((channel) => (
            <Card key={channel.name} channel={channel} mayTest={mayTest} onTested={() => void look()} />
          ))}
        </ul>
      )}
      <Outbox entries={entries} />
    </div>
  );
}

const STATES: Readonly<Record<string, "ok" | "live" | "lost" | "warn">> = { live: "ok", idle: "live", down: "warn", refused: "lost" };

function Card({ channel, mayTest, onTested }: { channel: Channel; mayTest: boolean; onTested: () => void }) {
  const { zone } = useWall();
  const answer = useSignal<{ readonly isGood: boolean; readonly said: string } | undefined>(undefined);
  const isBusy = useSignal(false);
  const test = async () => {
    if (isBusy.peek()) return;
    isBusy.value = true;
    answer.value = undefined;
    const found = await testChannel(channel.name);
    isBusy.value = false;
    if (found.kind === "done") answer.value = { isGood: found.told.outcome === "ok", said: found.told.said };
    else answer.value = { isGood: false, said: found.kind === "told" ? found.detail : found.kind === "mistakes" ? found.mistakes.map(({ what }) => what).join(" ") : say(found.kind) };
    onTested();
  };
  const isBad = channel.state === "down" || channel.state === "refused";
  return (
    <li class={`dk-panel ${isBad ? "bad" : ""}`} data-channel={channel.name}>
      <header class="h">
        <Glyph name={STATES[channel.state] ?? "unknown"} class={isBad ? (channel.state === "down" ? "m-warn" : "") : ""} />
        <h2>
          <bdi>{channel.name}</bdi>
        </h2>
        <span class="all">{has(`type.${channel.type}`) ? say(`type.${channel.type}` as never) : channel.type}</span>
      </header>
      <p>
        <b>{has(`channel.${channel.state}`) ? say(`channel.${channel.state}` as never) : channel.state}</b>
        {channel.since !== undefined && channel.state !== "idle" && <span class="muted"> {say("since", { t: minute(channel.since, zone) })}</span>}
      </p>
      {channel.detail !== "" && (
        <p class="muted">
          <bdi>{channel.detail}</bdi>
        </p>
      )}
      <dl>
        <div>
          <dt>{say("channels.sent")}</dt>
          <dd>{channel.sent}</dd>
        </div>
        <div>
          <dt>{say("channels.failed")}</dt>
          <dd class={channel.failed > 0 ? "sv-breach" : ""}>{channel.failed}</dd>
        </div>
        <div>
          <dt>{say("channels.waiting")}</dt>
          <dd class={channel.waiting > 0 ? "sv-warn" : ""}>{channel.waiting}</dd>
        </div>
      </dl>
      {mayTest && (
        <div class="ac">
          <button type="button" class="al-button" aria-busy={isBusy.value} aria-label={say("test.of", { channel: channel.name })} onClick={() => void test()}>
            {say(isBusy.value ? "test.busy" : "test")}
          </button>
        </div>
      )}
      {answer.value !== undefined && (
        <p class={answer.value.isGood ? "said ok" : "said need"} role="status">
          <Glyph name={answer.value.isGood ? "ok" : "lost"} />
          <span>
            {say(answer.value.isGood ? "test.ok" : "test.failed")} <bdi>{answer.value.said}</bdi>
          </span>
        </p>
      )}
    </li>
  );
}

function Outbox({ entries }: { entries: readonly Entry[] }) {
  const { zone } = useWall();
  const only = useSignal("");
  const shown = entries.filter(({ state }) => only.value === "" || state === only.value);
  const states = ["waiting", "sending", "sent", "failed", "dropped"].filter((state) => entries.some((entry) => entry.state === state));
  return (
    <section class="ap-outbox">
      <header class="ap-bar">
        <h2>{say("outbox")}</h2>
        <div class="ap-filters">
          {states.map((state) => (
            <button type="button" key={state} class="dk-chip" aria-pressed={only.value === state} onClick={() => (only.value = only.value === state ? "" : state)}>
              {say(`entry.${state}` as "entry.sent")} <b>{entries.filter((entry) => entry.state === state).length}</b>
            </button>
          ))}
        </div>
      </header>
      {shown.length === 0 ? (
        <p class="ap-none">{say("outbox.none")}</p>
      ) : (
        <ol>
          {shown.map((entry) => (
            <Row key={`${entry.channel} ${entry.key} ${entry.put}`} entry={entry} zone={zone} />
          ))}
        </ol>
      )}
    </section>
  );
}

function Row({ entry, zone }: { entry: Entry; zone: string }) {
  const title = entry.title[lang.value] ?? entry.title["en"] ?? Object.values(entry.title)[0] ?? entry.key;
  const isBad = entry.state === "failed" || entry.state === "dropped";
  return (
    <li class={`ap-entry ${isBad ? "bad" : ""}`}>
      <details>
        <summary>
          <Glyph name={isBad ? "lost" : entry.state === "sent" ? "ok" : "clock"} class={isBad ? "m-breach" : ""} />
          <time>
            {clock(entry.put, zone)} <small>{date(entry.put, zone, lang.value)}</small>
          </time>
          <bdi class="what">{title}</bdi>
          <bdi class="where">{entry.channel}</bdi>
          <span class="how">
            {say(`entry.${entry.state}` as "entry.sent")}
            {entry.tries.length > 0 && ` · ${many("tries", entry.tries.length)}`}
          </span>
        </summary>
        <ol>
          {entry.tries.map((one) => (
            <li key={one.at}>
              <time>{clock(one.at, zone)}</time> <span>{say(`outcome.${one.outcome}` as "outcome.ok")}</span> <bdi class="muted">{one.said}</bdi>
            </li>
          ))}
          {entry.nextTry !== undefined && entry.state === "waiting" && <li class="muted">{say("entry.next", { t: clock(entry.nextTry, zone) })}</li>}
          {entry.isMaybeTwice && <li class="muted">{say("entry.twice")}</li>}
          {entry.tries.length === 0 && entry.said !== "" && (
            <li class="muted">
              <bdi>{entry.said}</bdi>
            </li>
          )}
        </ol>
      </details>
    </li>
  );
}
