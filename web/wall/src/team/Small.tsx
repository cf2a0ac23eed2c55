import { glyph } from "../parts/Glyph";
import { exactSpan } from "../format/duration";
import { briefKey } from "../senses";
import { t } from "../words";
import { DayBar } from "./DayBar";
import { Senses } from "./Senses";
import { Badges, Done, Limit, looks, Numbers, Open, saysMore, type Spot, stateWord, useFigures, usePlace } from "./Tile";

/** A person in two lines, where there are many: name and timer, state and what is wrong. */
export function Small(spot: Spot) {
  const figures = useFigures(spot.id);
  const { ref, style } = usePlace(spot);
  const { state, doubt, severity, isLive } = figures;
  return (
    <li ref={ref} class={`tg-small ${looks(figures, false)}`} style={style} data-agent={spot.id} aria-setsize={spot.of} aria-posinset={spot.nth + 1}>
      <Open id={spot.id} figures={figures} />
      <p class="tg-1">
        {glyph(state, `st-${state}`)}
        <b>
          <bdi>{figures.name}</bdi>
        </b>
      </p>
      <p class="tg-2">
        <span class="word">{doubt === undefined ? stateWord(figures) : t(briefKey(doubt.kind))}</span>
        <b class="for">{state === "off" ? "–" : figures.timer}</b>
        {!isLive ? glyph("clock") : doubt !== undefined ? glyph("conflict", "m-breach") : severity !== "" && glyph(severity, `m-${severity}`)}
      </p>
      <Limit figures={figures} />
    </li>
  );
}

/** A person in one line of a table. */
export function Line(spot: Spot) {
  const figures = useFigures(spot.id);
  const { ref, style } = usePlace(spot);
  const { agent, state, doubt, severity, limit, page, reason } = figures;
  const bad = doubt !== undefined ? "conflict" : severity;
  return (
    <div ref={ref as never} role="row" class={`tg-line ${looks(figures, false)}`} style={style} data-agent={spot.id} aria-rowindex={spot.nth + 2}>
      <span role="rowheader" class="c-name">
        <Open id={spot.id} figures={figures} />
        <b>
          <bdi>{figures.name}</bdi>
        </b>
      </span>
      <span role="cell" class="c-state">
        {glyph(state, `st-${state}`)}
        {stateWord(figures)}
      </span>
      <span role="cell" class="c-time">
        <b>{state === "off" ? "–" : figures.timer}</b>
        {limit !== undefined && <small>{`/ ${exactSpan(limit)}`}</small>}
      </span>
      <span role="cell" class="c-mark">
        {bad !== "" && (
          <>
            {glyph(bad, `m-${bad === "conflict" ? "breach" : bad}`)}
            {doubt !== undefined ? t(briefKey(doubt.kind)) : t(`severity.${severity || "ok"}`)}
          </>
        )}
        {bad === "" && saysMore(reason, state, stateWord(figures)) && <bdi class="why">{reason}</bdi>}
      </span>
      <span role="cell" class="c-seat">
        <bdi>{agent.at("seat").text || "–"}</bdi>
      </span>
      <span role="cell" class="c-queues">
        <Badges agent={agent} board={page.wall.board} room={12} />
      </span>
      <span role="cell" class="c-senses">
        <Senses agent={agent} />
      </span>
      <span role="cell" class="c-numbers">
        <Numbers agent={agent} />
      </span>
      <span role="cell" class="c-day">
        <DayBar agent={agent} now={figures.now} />
        <Done agent={agent} board={page.wall.board} />
      </span>
    </div>
  );
}
