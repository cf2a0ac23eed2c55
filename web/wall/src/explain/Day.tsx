import "../css/day.css";

import { useEffect, useRef, useState } from "preact/hooks";

import { deskSpan } from "../desk/span";
import { clock, minute } from "../format/moment";
import { nameOf } from "../names";
import { Glyph, type GlyphName } from "../parts/Glyph";
import { useDerived } from "../parts/hooks";
import { conflictKey } from "../senses";
import { stateOf } from "../states";
import type { Wall } from "../wall";
import { type Key, t } from "../words";
import { at, type Day, edges, hours, type Lane, read, type Span } from "./day";
import type { Looking } from "./looking";
import { said } from "./said";
import { Unsaid } from "./Unsaid";
import { say } from "./words";

const SIGNS: Readonly<Record<string, GlyphName>> = { phone: "phone", desk: "desk", seat: "seat", acd: "acd" };
/** What a device says while somebody is at it; while it is out of reach; all else is rest. */
const BUSY = new Set(["in_use", "ringing", "on_hold", "worn", "undocked", "off_hook", "occupied", "talking"]);
const GONE = new Set(["unavailable", "disconnected", "sensor_gone", "unknown"]);

/** The day of one person: what each source said of them, one under the other, on one axis. */
export function DayLine({ wall, looking }: { wall: Wall; looking: Looking }) {
  const day = useDerived(() => read(looking.answer.value), [looking]).value;
  const state = looking.state.value;
  if (state === "refused") return <Unsaid looking={looking} {...(looking.status.value === 403 && { title: say("day.refused") })} />;
  if (day === undefined)
    return (
      <div class="day-line asking" role="status">
        <p>{state === "asking" ? say("asking") : say("day.none")}</p>
      </div>
    );
  return <Chart wall={wall} day={day} isOld={state === "old" || !wall.isLive.value} />;
}

function Chart({ wall, day, isOld }: { wall: Wall; day: Day; isOld: boolean }) {
  const [cursor, setCursor] = useState<number>();
  const plot = useRef<HTMLDivElement>(null);
  const room = useUnits(plot);
  const zone = wall.zone;
  const share = (instant: number) => `${((instant - day.from) / (day.to - day.from)) * 100}%`;
  const ticks = hours(day, Math.max(3, Math.floor(room / 8)), offsetOf(day.from, zone));
  const point = (event: PointerEvent) => {
    const box = plot.current?.getBoundingClientRect();
    if (box === undefined || box.width === 0) return;
    const part = (event.clientX - box.left) / box.width;
    const along = getComputedStyle(plot.current as Element).direction === "rtl" ? 1 - part : part;
    setCursor(day.from + Math.min(1, Math.max(0, along)) * (day.to - day.from));
  };
  const pressed = (event: KeyboardEvent) => {
    const next = step(day, cursor ?? day.to, event.key);
    if (next === undefined) return;
    event.preventDefault();
    setCursor(next);
  };
  const shown = cursor ?? day.to;
  return (
    <div class={`day-line ${isOld ? "old" : ""}`}>
      <div class="lanes">
        <ul class="names" aria-hidden="true">
          {day.lanes.map((lane, i) => (
            <li key={i} class={lane.kind}>
              <LaneName lane={lane} wall={wall} />
            </li>
          ))}
        </ul>
        <div
          class="plot"
          ref={plot}
          role="slider"
          tabIndex={0}
          aria-label={say("day.slider")}
          aria-valuemin={day.from}
          aria-valuemax={day.to}
          aria-valuenow={shown}
          aria-valuetext={readout(day, shown, zone)}
          onPointerMove={point}
          onPointerDown={point}
          onPointerLeave={(event) => event.pointerType !== "touch" && setCursor(undefined)}
          onKeyDown={pressed}
        >
          {ticks.map((tick) => (
            <u key={tick} style={{ insetInlineStart: share(tick) }} aria-hidden="true" />
          ))}
          {day.lanes.map((lane, i) => (
            <div key={i} class={`lane ${lane.kind}`} aria-hidden="true">
              {lane.spans.map((span) => (
                <Stretch key={`${span.from} ${span.says}`} lane={lane} span={span} left={share(span.from)} width={`${((span.to - span.from) / (day.to - day.from)) * 100}%`} wide={((span.to - span.from) / (day.to - day.from)) * room} />
              ))}
            </div>
          ))}
          {cursor !== undefined && <i class="cursor" style={{ insetInlineStart: share(cursor) }} aria-hidden="true" />}
        </div>
        <div class="axis" aria-hidden="true">
          {ticks.map((tick) => (
            <span key={tick} style={{ insetInlineStart: share(tick) }}>
              {minute(tick, zone)}
            </span>
          ))}
        </div>
      </div>
      <Readout day={day} instant={shown} zone={zone} isNow={cursor === undefined} />
      {day.isLimited && <p class="hint">{say("day.limited", { t: minute(day.lanes[0]?.spans[0]?.from ?? day.from, zone) })}</p>}
      <Key />
    </div>
  );
}

/** How many of the panel's units an element is wide: its text is 1.4 of them. */
function useUnits(ref: { readonly current: HTMLElement | null }): number {
  const [units, setUnits] = useState(80);
  useEffect(() => {
    const element = ref.current;
    if (element === null) return;
    const measure = () => setUnits(Math.round((element.clientWidth / (Number.parseFloat(getComputedStyle(element).fontSize) || 14)) * 1.4));
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return units;
}

function LaneName({ lane, wall }: { lane: Lane; wall: Wall }) {
  if (lane.kind !== "sense") return <b>{say(`day.${lane.kind}`)}</b>;
  const sign = SIGNS[lane.sense];
  return (
    <>
      {sign !== undefined && <Glyph name={sign} />}
      <span title={nameOf(wall.board.at("sources", lane.source), lane.source)}>{senseName(lane.sense)}</span>
    </>
  );
}

const senseName = (sense: string): string => (sense in SIGNS ? say(`sense.${sense as "acd"}`) : sense);

/** Units of the panel from which a sign has room in its stretch. */
const ROOM_FOR_SIGN = 2.2;

/** These share one grey: the sign tells them apart. */
const AWAY = new Set(["break", "meal", "breather", "away", "training"]);

function Stretch({ lane, span, left, width, wide }: { lane: Lane; span: Span; left: string; width: string; wide: number }) {
  const style = { insetInlineStart: left, inlineSize: width };
  if (lane.kind === "state") {
    const state = stateOf(span.says);
    return (
      <i class={`is-${state}`} style={style}>
        {wide >= ROOM_FOR_SIGN && AWAY.has(state) && <Glyph name={state} />}
      </i>
    );
  }
  const look = lane.kind === "sense" ? (BUSY.has(span.says) ? "busy" : GONE.has(span.says) ? "gone" : "rest") : lane.kind === "calls" ? (span.says === "out" ? "out" : "in") : "conflict";
  return <i class={look} style={style} />;
}

/** What everybody said at one instant, in words. */
function Readout({ day, instant, zone, isNow }: { day: Day; instant: number; zone: string; isNow: boolean }) {
  return (
    <dl class="readout">
      <div class="when">
        <dt>{isNow ? say("day.now") : say("day.at")}</dt>
        <dd>
          <b>{clock(instant, zone)}</b>
        </dd>
      </div>
      {day.lanes.map((lane, i) => {
        const span = at(lane, instant);
        return (
          <div key={i} class={lane.kind}>
            <dt>{lane.kind === "sense" ? senseName(lane.sense) : say(`day.${lane.kind}`)}</dt>
            <dd>
              <b>{span === undefined ? "–" : words(lane, span)}</b>
              {span !== undefined && (
                <small>
                  {deskSpan(span.to - span.from)} ({minute(span.from, zone)}–{span.lasts ? "" : minute(span.to, zone)})
                </small>
              )}
            </dd>
          </div>
        );
      })}
    </dl>
  );
}

function words(lane: Lane, span: Span): string {
  switch (lane.kind) {
    case "state":
      return [t(`state.${stateOf(span.says)}` as Key), span.more].filter((word) => word !== "").join(" ");
    case "calls":
      return [say(span.says === "out" ? "day.out" : "day.in"), span.more].filter((word) => word !== "").join(" ");
    case "sense":
      return said(span.says);
    case "conflicts":
      return t(conflictKey(span.says));
  }
}

const readout = (day: Day, instant: number, zone: string): string =>
  [
    clock(instant, zone),
    ...day.lanes.flatMap((lane) => {
      const span = at(lane, instant);
      return span === undefined ? [] : [`${lane.kind === "sense" ? senseName(lane.sense) : say(`day.${lane.kind}`)}: ${words(lane, span)}`];
    }),
  ].join(", ");

/** From change to change; Page keys go by an hour. */
function step(day: Day, cursor: number, key: string): number | undefined {
  const all = edges(day);
  const within = (instant: number) => Math.min(day.to, Math.max(day.from, instant));
  switch (key) {
    case "ArrowLeft":
    case "ArrowDown":
      return all.findLast((edge) => edge < cursor) ?? day.from;
    case "ArrowRight":
    case "ArrowUp":
      return all.find((edge) => edge > cursor) ?? day.to;
    case "PageDown":
      return within(cursor - 3600);
    case "PageUp":
      return within(cursor + 3600);
    case "Home":
      return day.from;
    case "End":
      return day.to;
    default:
      return undefined;
  }
}

const KEYS = ["busy", "rest", "gone"] as const;

function Key() {
  return (
    <ul class="day-key" aria-label={say("day.key")}>
      {(["ready", "talking", "hold", "wrap", "away", "off"] as const).map((state) => (
        <li key={state}>
          <i class={`is-${state}`} />
          {state === "away" ? say("day.away") : t(`state.${state}`)}
        </li>
      ))}
      {KEYS.map((look) => (
        <li key={look}>
          <i class={look} />
          {say(`day.${look}`)}
        </li>
      ))}
      <li>
        <i class="conflict" />
        {t("conflict.word")}
      </li>
    </ul>
  );
}

/** How far the site's local time is ahead of UTC, seconds. */
function offsetOf(instant: number, zone: string): number {
  const [hour = 0, minutes = 0, seconds = 0] = clock(instant, zone).split(":").map(Number);
  const local = hour * 3600 + minutes * 60 + seconds;
  const ahead = local - (Math.floor(instant) % 86_400);
  return ahead < -43_200 ? ahead + 86_400 : ahead > 50_400 ? ahead - 86_400 : ahead;
}
