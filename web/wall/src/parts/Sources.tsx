import type { TileProps } from "../board/registry";
import { farType, useShow } from "../board/show";
import { useWall } from "../context";
import { nameOf } from "../names";
import { isTrusted, standsAt } from "../stale";
import type { Cell } from "../wire/cell";
import { t } from "../words";
import { Glyph, type GlyphName } from "./Glyph";
import { useDerived, useRoom } from "./hooks";
import { ageWords, agoWords } from "./Timer";

/** Tenths of a rem a row takes, and the least width in which name and age are read. */
const ROW = 40;
const WIDE = 196;
/** What stands beside a name: its mark, its age, the gap; and the words about the rest. */
const BESIDE = 150;
const REST = 190;
/** In columns, ages stand under each other. */
const WIDE_ROWS = 270;
const MARKS: Readonly<Record<string, GlyphName>> = { live: "live", resync: "slow", connecting: "slow", silent: "slow", refused: "breach", failed: "breach" };
/** Waits for somebody to do something: it does not mend itself. */
const NEEDS_SOMEBODY = new Set(["refused", "failed"]);

/** How many columns and rows of sources find room in tenths of a rem. */
export function roomFor(width: number, height: number, many: number): readonly [columns: number, rows: number] {
  const rows = Math.max(1, Math.floor(height / ROW));
  const most = Math.max(1, Math.floor(width / (rows === 1 ? WIDE : WIDE_ROWS)));
  return [Math.min(most, Math.max(1, Math.ceil(many / rows))), rows];
}

/** How many sources, of the first on, find room side by side with their whole names; all, or some and how many more there are. */
export function inLine(width: number, names: readonly string[]): number {
  const wide = (name: string): number => Math.min(ROW * 8, [...name].reduce((sum, sign) => sum + ((sign.codePointAt(0) ?? 0) >= 0x2e80 ? 30 : 17), 0)) + BESIDE;
  let used = 0;
  for (const [i, name] of names.entries()) {
    used += wide(name);
    if (used + (i < names.length - 1 ? REST : 0) > width) return Math.max(2, i + 1);
  }
  return names.length;
}

/** Every source with the age of its last word: what all the numbers above stand on. */
export function Sources({ tile }: TileProps) {
  const wall = useWall();
  const show = useShow();
  const sources = wall.board.at("sources");
  const [ref, [width, height]] = useRoom();
  const worstFirst = [...sources.keys].sort(
    (a, b) => Number(isTrusted(sources.at(a))) - Number(isTrusted(sources.at(b))) || (a < b ? -1 : 1),
  );
  const isStacked = show?.isStacked.value === true;
  // Bigger type needs more room for the same words.
  const scale = show === undefined ? 1 : Math.max(1, farType(show.board.distance, show.board.diagonal) / 90);
  const [columns, rows] = isStacked ? [1, worstFirst.length] : roomFor(width / scale, height / scale, worstFirst.length);
  const names = worstFirst.map((id) => nameOf(sources.at(id), id));
  const room = isStacked || rows > 1 ? Math.max(1, columns * rows) : inLine(width / scale, names);
  const shown = worstFirst.length > room ? worstFirst.slice(0, room - 1) : worstFirst;
  const rest = worstFirst.slice(shown.length);
  const bad = rest.filter((id) => !isTrusted(sources.at(id))).length;
  return (
    <section class={`sources tile ${wall.isLive.value ? "" : "stale"} n-${Math.min(3, worstFirst.length)}`} data-tile={tile.id} aria-label={t("sources")}>
      <div class="room" ref={ref}>
        <ul class={rows === 1 ? "line" : ""} style={{ "--columns": columns }}>
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
      </div>
    </section>
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
