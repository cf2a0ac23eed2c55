import type { ComponentChildren } from "preact";

import { useWall } from "../context";
import { clock } from "../format/moment";
import { nameOf } from "../names";
import { isTrusted } from "../stale";
import type { Cell } from "../wire/cell";
import { fill, lang, t } from "../words";
import { Glyph } from "./Glyph";
import { useDerived, useSteps } from "./hooks";
import type { Wall } from "../wall";
import { agoWords } from "./Timer";

/** Whether there is something to say above the numbers. */
export function hasBanner(wall: Wall): boolean {
  return !wall.isLive.value || lost(wall.board).length > 0;
}

const lost = (board: Cell): readonly string[] => {
  const sources = board.at("sources");
  return sources.keys.filter((id) => !isTrusted(sources.at(id)));
};

/** Says in one line which numbers are not live, since when, and what still is. */
export function Banner() {
  const wall = useWall();
  if (!wall.isLive.value) return <NotLive />;
  const gone = lost(wall.board);
  return gone.length === 0 ? null : <SourcesLost ids={gone} />;
}

function NotLive() {
  const wall = useWall();
  const elapsed = useDerived(() => agoWords(wall.silence.value), []);
  const since = wall.second.value === undefined ? "–" : clock(wall.second.value, wall.zone);
  return (
    <Line id={`lost${since}`} end={t("banner.retry")}>
      {fill("banner.lost", { age: <b aria-hidden="true">{elapsed}</b>, t: <b>{since}</b> })}
    </Line>
  );
}

const SAID = new Set(["connecting", "refused", "failed"]);

function SourcesLost({ ids }: { ids: readonly string[] }) {
  const wall = useWall();
  const sources = wall.board.at("sources");
  const since = Math.min(...ids.map((id) => sources.at(id, "since").number ?? Number.POSITIVE_INFINITY));
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
        {fill("banner.many", { n: <b>{ids.length}</b>, t: when })}
      </Line>
    );
  const state = sources.at(only, "state").text;
  const source = <b class="source-name"><bdi>{nameOf(sources.at(only), only)}</bdi></b>;
  return (
    <Line id={`${only}${state}`} end={others || hint(state)}>
      {fill(`banner.${SAID.has(state) ? (state as "failed") : "down"}`, { source, age, t: when })}
    </Line>
  );
}

function Line({ id, children, end }: { id: string; children: ComponentChildren; end: string }) {
  const steps = useSteps(2, `${id}${lang.value}${end}`);
  return (
    <p class="banner source" role="alert" data-tile="banner" ref={steps as never}>
      <Glyph name="unplug" />
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
