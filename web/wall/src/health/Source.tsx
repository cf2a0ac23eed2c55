import { bytes, grouped, perSecond } from "../format/amount";
import { exactSpan } from "../format/duration";
import { clock } from "../format/moment";
import { nameOf } from "../names";
import { Glyph, type GlyphName } from "../parts/Glyph";
import { useDerived } from "../parts/hooks";
import { ageWords } from "../parts/Timer";
import type { Desk } from "../pages/desk";
import { standsAt } from "../stale";
import type { Cell } from "../wire/cell";
import { type Key, t } from "../words";
import { causeOf, happened, next } from "./advice";
import { Counters } from "./Counters";
import { Fact } from "./Fact";

const STATES = ["live", "resync", "connecting", "silent", "down", "refused", "failed"] as const;
type State = (typeof STATES)[number];
/** How much a state asks for somebody: not at all, to be watched, to be mended. */
const RANK: Readonly<Record<State, number>> = { live: 0, resync: 0, connecting: 1, silent: 2, down: 2, refused: 3, failed: 3 };
const MARK: Readonly<Record<State, GlyphName>> = {
  live: "live",
  resync: "slow",
  connecting: "slow",
  silent: "unplug",
  down: "unplug",
  refused: "breach",
  failed: "breach",
};

const stateOf = (source: Cell): State | undefined => STATES.find((state) => state === source.at("state").text);

export const rank = (source: Cell): number => RANK[stateOf(source) ?? "connecting"];

/** One source: what it is, how it is, what happened to it last and what to do about it. */
export function Source({ id, source, desk }: { id: string; source: Cell; desk: Desk }) {
  const state = stateOf(source);
  const worst = rank(source);
  const asOf = source.at("as_of").number;
  const since = standsAt(source);
  const when = since === undefined ? "" : t("health.since", { t: clock(since, desk.zone.value) });
  const title = `source-${id}`;
  return (
    <section class={`tile card source ${worst === 3 ? "breach" : worst > 0 ? "down" : ""}`} aria-labelledby={title} data-source={id}>
      <h2 id={title}>
        <Glyph name={state === undefined ? "unknown" : MARK[state]} class={worst === 3 ? "m-breach" : ""} />
        <bdi class="name">{nameOf(source, id)}</bdi>
        <small>
          <bdi>{source.at("type").text}</bdi> <bdi>{source.at("product").text}</bdi>
        </small>
        <b class="state">{t(`health.state.${state ?? "unknown"}` as Key)}</b>
        <small class="since">{when}</small>
      </h2>
      <p class="address" dir="ltr">
        {source.at("address").text}
      </p>
      {asOf !== undefined && <p class="asof-line">{t("health.asOf", { t: clock(asOf, desk.zone.value) })}</p>}
      <Facts source={source} desk={desk} />
      <Trouble source={source} desk={desk} isNow={state !== "live"} />
      <Limits source={source} />
      <Counters counts={source.at("counts")} unknown={source.at("unknown").number ?? 0} />
      <Words source={source} />
    </section>
  );
}

function Facts({ source, desk }: { source: Cell; desk: Desk }) {
  const rates = source.at("rates");
  const failures = source.at("failures").number ?? 0;
  const skipped = source.at("skipped").number ?? 0;
  const gaps = source.at("gaps").number ?? 0;
  // A matter of the line, which knows no other than real seconds, however fast the floor's clock runs.
  const age = useDerived(() => {
    const [now, heard] = [desk.now, source.at("heard").number];
    return now === undefined || heard === undefined ? "–" : ageWords((now - heard) / (desk.clock.rate || 1));
  }, [source]);
  return (
    <dl class="facts">
      <Fact name={t("health.heard")} value={<span class="ticks">{age}</span>} />
      <Fact name={t("health.bytes")} value={bytes(rates.at("bytes").number ?? 0)} />
      <Fact name={t("health.messages")} value={perSecond(rates.at("messages").number ?? 0)} />
      <Fact name={t("health.facts")} value={perSecond(rates.at("facts").number ?? 0)} />
      <Fact name={t("health.connections")} value={grouped(source.at("connections").number ?? 0)} />
      <Fact name={t("health.failures")} value={grouped(failures)} isBad={failures > 0} />
      <Fact name={t("health.spool")} why={t("health.spoolWhy")} value={bytes(source.at("spool").number ?? 0)} />
      <Fact name={t("health.skipped")} why={t("health.skippedWhy")} value={bytes(skipped)} isBad={skipped > 0} />
      <Fact name={t("health.gaps")} value={grouped(gaps)} isBad={gaps > 0} />
    </dl>
  );
}

/** What happened, what to do, and in how many real seconds it is tried again. What is over is told in a lower voice. */
function Trouble({ source, desk, isNow }: { source: Cell; desk: Desk; isNow: boolean }) {
  const cause = causeOf(source);
  const error = source.at("error").text || source.at("detail").text;
  const tryAt = source.at("next_try").number;
  const countdown = useDerived(() => {
    const now = desk.now;
    if (now === undefined || tryAt === undefined) return "";
    return t("health.nextTry", { n: exactSpan(Math.max(0, (tryAt - now) / (desk.clock.rate || 1))) });
  }, [tryAt]);
  if (error === "" && (cause === undefined || !isNow)) return null;
  return (
    <div class={`trouble ${isNow ? "now" : "over"}`} role={isNow ? "alert" : undefined}>
      <p class="what">
        {isNow ? null : <span class="over">{t("health.wasTrouble")} </span>}
        {cause && <b>{happened(cause)}</b>}
        {isNow && tryAt !== undefined && (
          <span class="again" aria-hidden="true">
            {countdown}
          </span>
        )}
      </p>
      {cause && isNow && <p class="next">{next(cause)}</p>}
      {error !== "" && (
        <p class="said" dir="ltr">
          {error}
        </p>
      )}
    </div>
  );
}

const LIMITS = new Set(["abandon_cause", "queues", "conversations", "devices", "caller_id", "topics"]);

/** What this source cannot tell, so that nobody looks for it. */
function Limits({ source }: { source: Cell }) {
  const limits = source.at("limits").list.filter((limit) => typeof limit === "string");
  if (limits.length === 0) return null;
  return (
    <p class="limits">
      <Glyph name="slow" /> {t("health.limits")}{" "}
      {limits.map((limit) => (LIMITS.has(limit) ? t(`limit.${limit}` as Key) : limit)).join(t("list.and"))}
    </p>
  );
}

/** The end of what came before the link was dropped: the far end's own words, never anything but text. */
function Words({ source }: { source: Cell }) {
  const words = source.at("last_words").text;
  if (words === "") return null;
  return (
    <details class="words">
      <summary>{t("health.words")}</summary>
      <pre dir="ltr" tabIndex={0}>
        {words}
      </pre>
    </details>
  );
}
