import { place } from "../ask";
import { useWall } from "../context";
import { nameOf } from "../names";
import { Glyph, type GlyphName } from "../parts/Glyph";
import { useDerived } from "../parts/hooks";
import { ageWords, agoWords } from "../parts/Timer";
import { isTrusted, standsAt } from "../stale";
import { t } from "../words";
import { DownSign } from "./drawings";
import { useOpening } from "./popover";
import { many, say } from "./words";

/** One line about all that the page stands on; each source with its age opens under it. */
export function Summary() {
  const wall = useWall();
  const { isOpen, setOpen, frame, button } = useOpening();
  const sources = wall.board.at("sources");
  const told = useDerived(() => {
    if (!wall.isLive.value) return { glyph: "unplug" as GlyphName, long: say("sources.notLive"), short: say("sources.notLive") };
    const all = sources.keys;
    const bad = all.filter((id) => !isTrusted(sources.at(id))).length;
    if (all.length === 0) return { glyph: "unknown" as GlyphName, long: say("sources.none"), short: say("sources.none") };
    if (bad > 0) return { glyph: "unplug" as GlyphName, long: many("sources.bad", bad, { all: all.length }), short: say("sources.badShort", { n: bad }) };
    const now = (wall.second.value ?? 0) && (wall.clock.now ?? 0);
    const heard = all.map((id) => wall.store.heard.value[id]).filter((at) => at !== undefined);
    const age = heard.length === 0 ? "–" : agoWords(now - Math.min(...heard));
    return { glyph: "live" as GlyphName, long: many("sources.live", all.length, { age }), short: say("sources.short", { n: all.length }) };
  }, []);
  const { glyph, long, short } = told.value;
  return (
    <div class={`dk-sources ${glyph === "live" ? "" : "bad"}`} ref={frame}>
      <button ref={button} type="button" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        <Glyph name={glyph} />
        <span class="long">{long}</span>
        <span class="short" aria-hidden="true">
          {short}
        </span>
        <DownSign />
      </button>
      {isOpen && <List />}
    </div>
  );
}

/** Every source, those that are not trusted first; each opens its panel. */
function List() {
  const wall = useWall();
  const sources = wall.board.at("sources");
  const ids = [...sources.keys].sort((a, b) => Number(isTrusted(sources.at(a))) - Number(isTrusted(sources.at(b))) || (a < b ? -1 : 1));
  return (
    <ul class="dk-drop dk-list" aria-label={say("sources")}>
      {ids.map((id) => (
        <Line key={id} id={id} />
      ))}
    </ul>
  );
}

const STATES = new Set(["connecting", "resync", "refused", "failed"]);

function Line({ id }: { id: string }) {
  const wall = useWall();
  const source = wall.board.at("sources", id);
  const isGood = isTrusted(source);
  const words = useDerived(() => {
    if (!wall.isLive.value) return "–";
    const now = (wall.second.value ?? 0) && (wall.clock.now ?? 0);
    const heard = wall.store.heard.value[id];
    const state = source.at("state").text;
    if (state === "live") return heard === undefined ? "–" : ageWords(now - heard);
    if (STATES.has(state)) return t(`source.${state as "failed"}`);
    const since = agoWords(now - (standsAt(source) ?? heard ?? now));
    return t(state === "silent" ? "source.silent" : "source.down", { age: since });
  }, [id]);
  return (
    <li class={isGood ? "" : "lost"}>
      <button type="button" data-source={id} aria-haspopup="dialog" onClick={(event) => (place.value = { kind: "source", id, button: event.currentTarget })}>
        <Glyph name={wall.isLive.value ? (isGood ? "live" : "unplug") : "unknown"} />
        <bdi>{nameOf(source, id)}</bdi>
        <b>{words}</b>
      </button>
    </li>
  );
}
