import type { ComponentChildren } from "preact";

import { useWall } from "../context";
import { clock, minute } from "../format/moment";
import { confirmed, IncidentBanner } from "../incident/Incident";
import { nameOf } from "../names";
import { counted, isTrusted, standsAt } from "../stale";
import type { Cell } from "../wire/cell";
import { fill, lang, t } from "../words";
import { Glyph, type GlyphName } from "./Glyph";
import { useDerived, useSteps } from "./hooks";
import type { Wall } from "../wall";
import { agoWords } from "./Timer";

/** Real seconds in which a page that was just opened may still be looking for its server. */
const LOOKING = 3;

/** Whether the page has no server behind it; one that just came asks first. */
export const isCutOff = (wall: Wall): boolean => !wall.isLive.value && (wall.board.isPresent || wall.uptime.value >= LOOKING);

/** Whether there is something to say above the numbers. */
export function hasBanner(wall: Wall): boolean {
  return isCutOff(wall) || lost(wall.board).length > 0 || isUnrecorded(wall.board) || confirmed(wall.board).length > 0;
}

/** What happens now is on the wall and nowhere else. */
export const isUnrecorded = (board: Cell): boolean => board.at("recording", "state").text === "stopped";

const lost = (board: Cell): readonly string[] => {
  const sources = board.at("sources");
  return counted(board).filter((id) => !isTrusted(sources.at(id)));
};

/** Says in one line which numbers are not live, since when, and what still is. */
export function Banner({ isFirst }: { isFirst?: boolean }) {
  const wall = useWall();
  const gone = lost(wall.board);
  const isIncident = confirmed(wall.board).length > 0;
  return (
    <div class={`banners ${isFirst ? "first" : ""}`}>
      {isCutOff(wall) && <NotLive />}
      {isIncident && <IncidentBanner isBeside={!wall.isLive.value || gone.length > 0 || isUnrecorded(wall.board)} />}
      {wall.isLive.value && gone.length > 0 && <SourcesLost ids={gone} />}
      {wall.isLive.value && isUnrecorded(wall.board) && <Unrecorded isAlone={gone.length === 0 && !isIncident} />}
    </div>
  );
}

const REASONS = new Set(["full", "error", "slow"]);

/** The journal stands still: nothing on the wall is wrong, but a restart would forget it. */
function Unrecorded({ isAlone }: { isAlone: boolean }) {
  const wall = useWall();
  const recording = wall.board.at("recording");
  const since = recording.at("since").number;
  const reason = recording.at("reason").text;
  const why = t(`recording.${REASONS.has(reason) ? (reason as "full") : "error"}`);
  const when = since === undefined ? "–" : minute(since, wall.zone);
  const steps = useSteps(3, `${lang.value}${when}${why}${isAlone}`);
  return (
    <p class={`banner unrecorded ${isAlone ? "" : "beside"}`} role="alert" data-tile="recording" ref={steps as never}>
      <Glyph name="warn" class="m-warn" />
      <span class="says">{fill("recording.stopped", { t: <b>{when}</b>, why })}</span>
      {isAlone && <span class="end">{t("recording.next")}</span>}
    </p>
  );
}

function NotLive() {
  const wall = useWall();
  const elapsed = useDerived(() => agoWords(wall.silence.value), []);
  const opened = useDerived(() => agoWords(wall.uptime.value), []);
  if (wall.second.value === undefined)
    return (
      <Line id="never" end={t("banner.retry")}>
        {fill("banner.never", { age: <b aria-hidden="true">{opened}</b> })}
      </Line>
    );
  const since = clock(wall.second.value, wall.zone);
  return (
    <Line id={`lost${since}`} end={t("banner.retry")}>
      {fill("banner.lost", { age: <b aria-hidden="true">{elapsed}</b>, t: <b>{since}</b> })}
    </Line>
  );
}

const SAID = new Set(["connecting", "refused", "failed", "resync"]);
/** Nothing will mend by itself: the mark is one that asks somebody. */
const NEEDS_SOMEBODY = new Set(["refused", "failed"]);

function SourcesLost({ ids }: { ids: readonly string[] }) {
  const wall = useWall();
  const sources = wall.board.at("sources");
  const since = Math.min(...ids.map((id) => standsAt(sources.at(id)) ?? Number.POSITIVE_INFINITY));
  const known = Number.isFinite(since);
  const elapsed = useDerived(() => agoWords((wall.second.value ?? since) - since), [since]);
  const when = <b>{known ? clock(since, wall.zone) : "–"}</b>;
  const age = <b aria-hidden="true">{known ? elapsed : "–"}</b>;
  const live = sources.keys.length - ids.length;
  const [only] = ids;
  const others = live > 0 ? t("banner.others", { n: live }) : "";
  if (ids.length > 1 || only === undefined)
    return (
      <Line id={`many${ids.length}`} end={others}>
        {fill(ids.every((id) => sources.at(id, "state").text === "resync") ? "banner.manyBack" : "banner.many", { n: <b>{ids.length}</b>, t: when })}
      </Line>
    );
  const state = sources.at(only, "state").text;
  const source = <b class="source-name"><bdi>{nameOf(sources.at(only), only)}</bdi></b>;
  return (
    <Line id={`${only}${state}`} end={hint(state) || others} glyph={NEEDS_SOMEBODY.has(state) ? "breach" : "unplug"}>
      {fill(`banner.${SAID.has(state) ? (state as "failed") : "down"}`, { source, age, t: when })}
    </Line>
  );
}

function Line({ id, children, end, glyph = "unplug" }: { id: string; children: ComponentChildren; end: string; glyph?: GlyphName }) {
  const steps = useSteps(2, `${id}${lang.value}${end}`);
  return (
    <p class="banner source" role="alert" data-tile="banner" ref={steps as never}>
      <Glyph name={glyph} class={glyph === "breach" ? "m-breach" : ""} />
      <span class="says">{children}</span>
      {end !== "" && <bdi class="end">{end}</bdi>}
    </p>
  );
}

/** What whoever reads this can do. The far end's own words are for the health page: they name accounts and addresses. */
function hint(state: string): string {
  if (state === "refused") return t("banner.checkLogin");
  return state === "failed" ? t("banner.seeLog") : "";
}
