import { bytes, grouped, perSecond } from "../format/amount";
import { clock } from "../format/moment";
import { Glyph } from "../parts/Glyph";
import type { Desk } from "../pages/desk";
import { Frame } from "../pages/Frame";
import type { Cell } from "../wire/cell";
import { type Key, t } from "../words";
import { Fact } from "./Fact";
import { Outlets, Strangers } from "./Others";
import { Screens } from "./Screens";
import { rank, Source } from "./Source";

/** Seconds the house's own loop may come late before that is worth a mark. */
const LATE = 0.25;

/** How the house and each of its sources are, for those who keep it running. */
export function Health({ desk }: { desk: Desk }) {
  const sources = desk.answer.at("sources");
  const worstFirst = [...sources.keys].sort((a, b) => rank(sources.at(b)) - rank(sources.at(a)) || (a < b ? -1 : 1));
  const isDemo = desk.isDemo.value;
  return (
    <Frame
      desk={desk}
      name="health"
      links={[["./", "page.wall"], ...(isDemo ? ([["practice", "practice.title"]] as const) : [])]}
      aside={<Verdict desk={desk} />}
    >
      <div class="house">
        <House desk={desk} />
        <Recording desk={desk} />
      </div>
      {worstFirst.map((id) => (
        <Source key={id} id={id} source={sources.at(id)} desk={desk} />
      ))}
      <Screens desk={desk} />
      <Outlets desk={desk} />
      <Strangers desk={desk} />
      {worstFirst.length === 0 && <p class="tile p-none">{t("sources.none")}</p>}
    </Frame>
  );
}

/** In a word whether somebody has to do something. */
function Verdict({ desk }: { desk: Desk }) {
  const { answer, poll } = desk;
  if (poll.state.value !== "fresh") return null;
  const sources = answer.at("sources");
  const bad = sources.keys.filter((id) => rank(sources.at(id)) > 0).length;
  const isStopped = answer.at("recording", "state").text === "stopped";
  const troubles = bad + Number(isStopped) + Number(answer.at("running").leaf === false);
  return (
    <p class={`verdict ${troubles > 0 ? "bad" : "good"}`} role="status">
      <Glyph name={troubles > 0 ? "warn" : "ok"} class={troubles > 0 ? "m-warn" : ""} />
      {troubles > 0 ? t("health.troubles", { n: troubles }) : t("health.well")}
    </p>
  );
}

function House({ desk }: { desk: Desk }) {
  const { answer } = desk;
  const isRunning = answer.at("running").leaf !== false;
  const lag = answer.at("loop_lag").number;
  const rate = answer.at("rate").number ?? 1;
  return (
    <section class={`tile card ${isRunning ? "" : "breach"}`} aria-labelledby="house" data-card="house">
      <h2 id="house">
        <Glyph name={isRunning ? "live" : "breach"} class={isRunning ? "" : "m-breach"} />
        ccwall <small>{answer.at("version").text}</small>
        <b class="state">{t(isRunning ? "health.running" : "health.notRunning")}</b>
      </h2>
      {!isRunning && <p class="next">{t("health.notRunningNext")}</p>}
      <dl class="facts">
        <Fact name={t("health.screens")} value={grouped(answer.at("screens").number ?? 0)} />
        <Fact name={t("health.seq")} value={grouped(answer.at("seq").number ?? 0)} />
        {lag !== undefined && (
          <Fact name={t("health.lag")} why={t("health.lagWhy")} value={`${Math.round(lag * 1000)} ms`} isBad={lag >= LATE} />
        )}
        {rate !== 1 && <Fact name={t("health.rate")} value={`${rate}×`} />}
      </dl>
    </section>
  );
}

function Recording({ desk }: { desk: Desk }) {
  const recording = desk.answer.at("recording");
  const state = recording.at("state").text;
  const isStopped = state === "stopped";
  return (
    <section class={`tile card ${isStopped ? "warn" : ""}`} aria-labelledby="recording" data-card="recording">
      <h2 id="recording">
        <Glyph name={isStopped ? "warn" : state === "on" ? "live" : "off"} class={isStopped ? "m-warn" : ""} />
        {t("recording")}
        <b class="state">{t(isStopped ? "recording.isStopped" : state === "on" ? "recording.on" : "recording.none")}</b>
      </h2>
      {isStopped && <Stopped recording={recording} desk={desk} />}
      {state === "" ? (
        <p class="next">{t("recording.noneWhy")}</p>
      ) : (
        <dl class="facts">
          <Fact name={t("recording.committed")} value={grouped(recording.at("committed").number ?? 0)} />
          <Fact name={t("recording.pending")} value={grouped(recording.at("pending").number ?? 0)} />
          <Fact name={t("recording.rate")} value={perSecond(recording.at("rate").number ?? 0)} />
          <Fact name={t("recording.bytes")} value={bytes(recording.at("bytes").number ?? 0)} />
        </dl>
      )}
    </section>
  );
}

const STOPS = new Set(["full", "error", "slow"]);

function Stopped({ recording, desk }: { recording: Cell; desk: Desk }) {
  const reason = recording.at("reason").text;
  const known = STOPS.has(reason) ? reason : "error";
  const since = recording.at("since").number;
  const when = since === undefined ? "–" : clock(since, desk.zone.value);
  return (
    <p class="next">
      {t("recording.stopped", { t: when, why: t(`recording.${known}` as Key) })}
      <br />
      {t(`recording.${known}Next` as Key)}
    </p>
  );
}
