import { useWall } from "../context";
import { nameOf } from "../names";
import { Glyph, type GlyphName } from "../parts/Glyph";
import { useDerived } from "../parts/hooks";
import { Timer } from "../parts/Timer";
import { type Sense, sensesOf } from "../senses";
import { type Key, t } from "../words";
import type { Level, WallLevel } from "./detail";
import { type Fact, type Trouble, troubleOf } from "./facts";
import type { Floor } from "./floor";
import { cellOf, type PlanSeat } from "./plan";
import { isKey, say } from "./words";

interface Props {
  readonly floor: Floor;
  readonly seat: PlanSeat;
  readonly level: Level | WallLevel;
  /** On a wall: no names, nobody's trouble but what makes a state doubtful. */
  readonly isWall?: boolean;
  readonly hasLimits?: boolean;
  readonly isHit?: boolean;
  readonly isChosen?: boolean;
  /** The one seat that the Tab key comes to. */
  readonly isFirst?: boolean;
}

const MARKS: Readonly<Record<Trouble, GlyphName>> = { doubt: "conflict", breach: "breach", warn: "warn", fault: "warn", guest: "seat", sensor: "unplug" };
const INKS: Partial<Record<Trouble, string>> = { doubt: "m-breach", breach: "m-breach", warn: "m-warn", fault: "m-warn" };

/** On the shoulder of a state's shape: what is wrong there. */
export function TroubleMark({ trouble }: { trouble: Trouble }) {
  return <Glyph name={MARKS[trouble]} class={`s-mark ${INKS[trouble] ?? "m-plain"}`} />;
}

/** A box so much higher than wide has room for a shape, a timer and an id. */
const TALL = 1.1;

/** One desk, and beside it, where the person sits, what they do. */
export function Seat({ floor, seat, level, isWall = false, hasLimits = !isWall, isHit = false, isChosen = false, isFirst = false }: Props) {
  const wall = useWall();
  const fact = floor.fact(seat.id).value;
  const found = troubleOf(fact);
  const isKept = hasLimits || found === undefined || found === "doubt";
  const trouble = isKept ? found : undefined;
  const cell = cellOf(seat);
  const name = useDerived(() => (fact.agent === "" ? "" : nameOf(wall.board.at("agents", fact.agent), fact.agent)), [fact.agent]);
  const word = fact.agent === "" ? say("seat.free") : t(`state.${fact.state}` as Key);
  const isStale = fact.freshness.kind !== "live";
  const classes = ["seat", `f-${seat.facing ?? "none"}`, seat.facing === undefined && seat.h > seat.w * TALL ? "tall" : "", `is-${fact.agent === "" ? "free" : fact.state}`, trouble === undefined ? "" : `t-${trouble}`, isStale ? "stale" : "", isHit ? "hit" : "", isChosen ? "sel" : ""];
  const style = { "--x": cell.x, "--y": cell.y, "--w": cell.w, "--h": cell.h, "--dw": seat.w, "--dh": seat.h };
  const inside = (
    <>
      {level !== "dots" && (
        <span class="s-shape" aria-hidden="true">
          <span class="s-glyph">
            {fact.agent !== "" ? <Glyph name={fact.state} class={`st-${fact.state}`} /> : fact.isGuest ? <Glyph name="seat" class="m-plain" /> : null}
            {trouble !== undefined && fact.agent !== "" && <TroubleMark trouble={trouble} />}
          </span>
          {level === "near" && fact.agent !== "" && <b class="s-word">{trouble === "doubt" ? t("conflict.word") : word}</b>}
        </span>
      )}
      <span class={`s-desk ${level === "dots" || level === "far" ? `st-${fact.state}` : ""}`} aria-hidden="true">
        {(level === "mid" || level === "id") && <Plate id={seat.id} fact={fact} trouble={trouble} hasTimer={level === "mid"} />}
        {level === "near" && <Card id={seat.id} fact={fact} name={name.value} />}
      </span>
    </>
  );
  if (isWall)
    return (
      <li class={classes.filter((name) => name !== "").join(" ")} style={style} data-seat={seat.id}>
        {inside}
        <span class="vh">{`${seat.id} ${word}`}</span>
      </li>
    );
  const who = name.value || say("seat.nobody");
  return (
    <button type="button" class={classes.filter((name) => name !== "").join(" ")} style={style} data-seat={seat.id} tabIndex={isFirst ? 0 : -1} aria-pressed={isChosen}>
      <span class="vh">{say("seat.label", { seat: seat.id, who, what: labelOf(fact, word) })}</span>
      {inside}
    </button>
  );
}

const labelOf = (fact: Fact, word: string): string => (fact.doubt !== "" ? t("conflict.word") : fact.isGuest ? say("why.guest") : fact.sensor === "gone" && fact.agent === "" ? say("why.sensor") : word);

/** Timer and id, as the brass plate on a desk. */
function Plate({ id, fact, trouble, hasTimer }: { id: string; fact: Fact; trouble: Trouble | undefined; hasTimer: boolean }) {
  return (
    <>
      {hasTimer && (
        <b class="s-time">
          <When fact={fact} trouble={trouble} />
        </b>
      )}
      <bdi class="s-id">{id}</bdi>
    </>
  );
}

function When({ fact, trouble }: { fact: Fact; trouble: Trouble | undefined }) {
  if (fact.isGuest) return <span class="w">{say("seat.guest")}</span>;
  if (fact.agent === "") return <span class="w">{fact.sensor === "gone" ? "–" : say("seat.free")}</span>;
  if (fact.state === "off") return <span class="w">{t("short.off")}</span>;
  if (trouble === "fault" && fact.state === "fault") return <span class="w">{t("short.fault")}</span>;
  return <Timer since={fact.since} freshness={fact.freshness} />;
}

const ICONS = { acd: "acd", phone: "phone", desk: "desk", seat: "seat" } as const satisfies Record<string, GlyphName>;
/** Most desks have these three beside the switch. */
const MOST_SENSES = 3;

/** Read from near: whose desk it is, and what each sense says. */
function Card({ id, fact, name }: { id: string; fact: Fact; name: string }) {
  const wall = useWall();
  const senses = useDerived<readonly Sense[]>(() => (fact.agent === "" ? [] : sensesOf(wall.board.at("agents", fact.agent)).filter((sense) => sense.sense !== "acd").slice(0, MOST_SENSES)), [fact.agent]);
  return (
    <>
      <span class="s-top">
        <bdi class="s-id">{id}</bdi>
        <b class="s-time">
          <When fact={fact} trouble={undefined} />
        </b>
      </span>
      <bdi class="s-name">{name || say("seat.free")}</bdi>
      {senses.value.map((sense) => (
        <SenseLine key={`${sense.source} ${sense.sense}`} sense={sense} />
      ))}
      {fact.agent === "" && fact.sensor !== "" && <SenseLine sense={{ source: "", sense: "seat", says: fact.sensor === "gone" ? "sensor_gone" : fact.sensor, since: undefined, isAgeUnknown: false, isStale: fact.freshness.kind !== "live", fault: "" }} />}
    </>
  );
}

function SenseLine({ sense }: { sense: Sense }) {
  const icon = ICONS[sense.sense as keyof typeof ICONS];
  const word: string = `near.${sense.says}`;
  const isBad = sense.fault !== "" || sense.says === "sensor_gone" || sense.says === "disconnected" || sense.says === "unavailable";
  return (
    <span class={`s-sense ${sense.isStale ? "old" : ""} ${isBad ? "bad" : ""}`}>
      {icon !== undefined && <Glyph name={icon} />}
      <span>{sense.fault !== "" ? say("seat.fault") : isKey(word) ? say(word) : sense.says}</span>
      {sense.isStale && <Glyph name="clock" />}
    </span>
  );
}
