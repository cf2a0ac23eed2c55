import { useWall } from "../context";
import { nameOf } from "../names";
import { isTrusted, standsAt } from "../stale";
import type { Cell } from "../wire/cell";
import { t } from "../words";
import { Glyph, type GlyphName } from "./Glyph";
import { useDerived } from "./hooks";
import { ageWords, agoWords } from "./Timer";

const ROOM = 4;
const MARKS: Readonly<Record<string, GlyphName>> = { live: "live", resync: "slow", connecting: "slow", silent: "slow", refused: "breach", failed: "breach" };
/** Waits for somebody to do something: it does not mend itself. */
const NEEDS_SOMEBODY = new Set(["refused", "failed"]);

/** Every source with the age of its last word: what all the numbers above stand on. */
export function Sources() {
  const wall = useWall();
  const sources = wall.board.at("sources");
  const worstFirst = [...sources.keys].sort(
    (a, b) => Number(isTrusted(sources.at(a))) - Number(isTrusted(sources.at(b))) || (a < b ? -1 : 1),
  );
  const shown = worstFirst.length > ROOM ? worstFirst.slice(0, ROOM - 1) : worstFirst;
  const rest = worstFirst.slice(shown.length);
  const bad = rest.filter((id) => !isTrusted(sources.at(id))).length;
  return (
    <ul class={`sources tile ${wall.isLive.value ? "" : "stale"} n-${Math.min(3, worstFirst.length)}`} data-tile="sources" aria-label={t("sources")}>
      {shown.map((id) => (
        <Source key={id} id={id} source={sources.at(id)} />
      ))}
      {rest.length > 0 && (
        <li class="rest">
          {bad > 0 ? t("sources.moreBad", { n: rest.length, bad }) : t("sources.more", { n: rest.length })}
        </li>
      )}
      {worstFirst.length === 0 && <li class="rest">{t("sources.none")}</li>}
    </ul>
  );
}

function Source({ id, source }: { id: string; source: Cell }) {
  const wall = useWall();
  const state = source.at("state").text;
  const words = useDerived(() => {
    // Cut off from the server, nobody here knows how its sources are.
    if (!wall.isLive.value) return "–";
    // Each second, but to the tenth: whole seconds would round the age of a live source away.
    const now = (wall.second.value ?? 0) && (wall.clock.now ?? 0);
    const heard = wall.store.heard.value[id];
    const since = standsAt(source);
    switch (source.at("state").text) {
      case "live":
        return heard === undefined ? "–" : ageWords(now - heard);
      case "silent":
        return t("source.silent", { age: agoWords(now - (heard ?? since ?? now)) });
      case "down":
        return t("source.down", { age: agoWords(now - (since ?? heard ?? now)) });
      case "connecting":
      case "resync":
      case "refused":
      case "failed":
        return t(`source.${source.at("state").text as "failed"}`);
      default:
        return "–";
    }
  }, [id]);
  const trusted = isTrusted(source);
  return (
    <li class={trusted ? state : `lost ${NEEDS_SOMEBODY.has(state) ? "somebody" : ""}`} data-source={id}>
      <Glyph name={wall.isLive.value ? (MARKS[state] ?? "lost") : "unknown"} class={wall.isLive.value && NEEDS_SOMEBODY.has(state) ? "m-breach" : ""} />
      <bdi class="name">{nameOf(source, id)}</bdi>
      <bdi class="product">{source.at("product").text}</bdi>
      <b>{words}</b>
    </li>
  );
}
