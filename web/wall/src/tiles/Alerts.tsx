import { useMemo } from "preact/hooks";

import { hasAlerts } from "../alerts/model";
import { factOf as figuresOf, markOf, ruleText, titleOf, whoOf as subjectOf } from "../alerts/say";
import { TileFrame } from "../board/Frame";
import type { TileProps } from "../board/registry";
import { scopeOf } from "../board/scope";
import { useWall } from "../context";
import { count } from "../format/count";
import { exactSpan, wallSpan } from "../format/duration";
import { minute } from "../format/moment";
import { percent, targetPercent } from "../format/percent";
import { nameOf } from "../names";
import { Glyph, type GlyphName } from "../parts/Glyph";
import { useDerived } from "../parts/hooks";
import type { Freshness } from "../stale";
import { type Key, lang, t } from "../words";
import type { Wall } from "../wall";
import { type Alarm, Alarms, type Fact } from "./alarms";
import { Fit, useRows } from "./fit";
import { type Hung, hungOf, loudness } from "./house-alerts";
import { text } from "./options";
import { oneOf } from "./reading";
import { standing } from "./standing";
import { tiles } from "./words";

export const LEVELS = ["warn", "breach"] as const;
const LIVE: Freshness = { kind: "live" };

/** What needs somebody now, the worst first, since when, and what to do next. Walls name queues and sources here, never people. */
export function AlertsTile(props: TileProps) {
  const wall = useWall();
  // One truth: what the server judges, the page does not judge again.
  const isJudged = useDerived(() => hasAlerts(wall.board), []).value;
  return isJudged ? <HouseTile {...props} /> : <OwnTile {...props} />;
}

/** The server's alerts, as they hang on a wall. */
function HouseTile({ tile, options }: TileProps) {
  const wall = useWall();
  const scope = text(options, "scope");
  const isAll = oneOf(options["level"], LEVELS) === "warn";
  const place = scopeOf(wall, scope);
  const all = useDerived(() => hungOf(wall, scope).filter(({ alert }) => isAll || alert.state === "no_data" || loudness(alert) === "breach"), [scope, isAll]).value;
  const [ref, room] = useRows(3.15, all.length);
  const shown = all.slice(0, Math.max(1, room));
  const rest = all.length - shown.length;
  const isLive = wall.isLive.value;
  return (
    <TileFrame
      tile={tile}
      title={`${place.name} ${tiles.t("tile.alerts")}`.trim()}
      freshness={isLive ? LIVE : { kind: "stale", asOf: wall.second.value }}
      class="t-alerts"
      aside={rest > 0 && room > 0 ? tiles.t("alerts.more", { n: rest }) : undefined}
    >
      {all.length === 0 ? (
        <Calm />
      ) : (
        <div class="room" ref={ref} style={{ "--n": all.length }}>
          <ul>
            {shown.map((hung) => (
              <HouseRow key={hung.alert.id} hung={hung} isOld={!isLive} />
            ))}
          </ul>
        </div>
      )}
    </TileFrame>
  );
}

function HouseRow({ hung: { alert, explains }, isOld }: { hung: Hung; isOld: boolean }) {
  const wall = useWall();
  const { board } = wall;
  const isUnjudged = alert.state === "no_data";
  const { glyph, look } = markOf(alert);
  const loud = loudness(alert);
  const name = subjectOf(board, alert);
  const title = titleOf(board, alert);
  const fact = isUnjudged ? title : [title, figuresOf(board, alert)].filter((part) => part !== "").join(" ");
  const todo = isUnjudged ? tiles.t("house.nodata") : (ruleText(board, alert, "todo").split("\n")[0] ?? "");
  const note = explains > 0 ? tiles.t("alerts.explains", { n: explains }) : alert.state === "acknowledged" ? tiles.t("house.acknowledged") : "";
  const kind = isUnjudged ? "source" : alert.scope.startsWith("source:") ? "source" : "queue";
  return (
    <li class={`house ${kind} ${isOld ? "old" : loud === "none" ? "" : loud} ${alert.state === "acknowledged" ? "acked" : ""}`} data-alarm={alert.id}>
      <Glyph name={glyph} class={isOld ? "" : look} />
      <p class="fact">
        <span class="who">
          <bdi>{name}</bdi>
        </span>
        <Fit class="what" of={shapeOf(`${fact}${name}`)} long={fact} short={title} />
        <span class="since">{tiles.t("alerts.since", { t: minute(alert.since, wall.zone) })}</span>
      </p>
      <p class="next">
        <Fit
          of={shapeOf(`${todo}${note}`)}
          long={
            <>
              <bdi>{todo}</bdi>
              {note !== "" && <span class="also">{note}</span>}
            </>
          }
          short={todo === "" ? note : <bdi>{todo}</bdi>}
        />
      </p>
    </li>
  );
}

/** As the page itself judges, where the server does not. */
function OwnTile({ tile, options }: TileProps) {
  const wall = useWall();
  const rules = useMemo(() => new Alarms(), []);
  const scope = text(options, "scope");
  const isAll = oneOf(options["level"], LEVELS) === "warn";
  const place = scopeOf(wall, scope);
  // Looked at every second, drawn again only when something about it changed.
  const seen = useDerived(() => {
    const now = wall.second.value;
    if (now === undefined) return "[[],0]";
    const told = standing(wall, scope, now);
    const alarms = rules.of(told).filter(({ severity }) => isAll || severity === "breach");
    return JSON.stringify([alarms, told.queues.filter(({ fresh }) => !fresh).length]);
  }, [scope, isAll]).value;
  const [alarms, unjudged] = JSON.parse(seen) as [readonly Alarm[], number];
  const [ref, room] = useRows(3.15, alarms.length);
  const shown = alarms.slice(0, Math.max(1, room));
  const rest = alarms.length - shown.length;
  const isLive = wall.isLive.value;
  const freshness: Freshness = isLive ? LIVE : { kind: "stale", asOf: wall.second.value };
  return (
    <TileFrame
      tile={tile}
      title={`${place.name} ${tiles.t("tile.alerts")}`.trim()}
      freshness={freshness}
      class="t-alerts"
      aside={rest > 0 && room > 0 ? tiles.t("alerts.more", { n: rest }) : undefined}
    >
      {alarms.length === 0 ? (
        <Calm />
      ) : (
        <div class="room" ref={ref} style={{ "--n": alarms.length }}>
          <ul>
            {shown.map((alarm) => (
              <Row key={alarm.key} alarm={alarm} isOld={!isLive} unjudged={alarm.about === "source" ? unjudged : 0} />
            ))}
          </ul>
        </div>
      )}
    </TileFrame>
  );
}

/** Nothing needs anybody, and when that was last looked at: quiet that can be believed. */
function Calm() {
  const wall = useWall();
  const when = useDerived(() => (wall.second.value === undefined ? "–" : minute(wall.second.value, wall.zone)), []).value;
  const values = { t: when, n: wall.board.at("queues").keys.length, m: wall.board.at("sources").keys.length };
  return (
    <div class="calm">
      <p class="says">
        <Glyph name="ok" />
        <Fit of={tiles.t("alerts.none")} long={tiles.t("alerts.none")} />
      </p>
      <p class="checked">
        <Fit of={JSON.stringify(values) + lang.value} long={tiles.t("alerts.checked", values)} short={tiles.t("alerts.checkedShort", values)} />
      </p>
    </div>
  );
}

const MARKS: Readonly<Record<Alarm["about"], GlyphName | undefined>> = { queue: undefined, source: "unplug", recording: "warn", conflicts: "conflict" };
const NEEDS_SOMEBODY: ReadonlySet<string> = new Set(["refused", "failed"]);

function Row({ alarm, isOld, unjudged }: { alarm: Alarm; isOld: boolean; unjudged: number }) {
  const wall = useWall();
  const mark = alarm.about === "source" && NEEDS_SOMEBODY.has(alarm.state) ? "breach" : (MARKS[alarm.about] ?? alarm.severity);
  const name = whoOf(wall, alarm);
  const [long, short] = factOf(alarm);
  const next = tiles.t(`next.${alarm.next.does}`, { n: alarm.next.n });
  const brief = tiles.t(`next.${alarm.next.does}Short`, { n: alarm.next.n });
  const also = alarm.facts.slice(1).map((fact) => worded(fact)[1]);
  const note = unjudged > 0 ? tiles.t("alerts.unjudged", { n: unjudged }) : also.join(t("list.and"));
  return (
    <li class={`${alarm.about} ${isOld ? "old" : alarm.severity}`} data-alarm={alarm.key}>
      <Glyph name={mark} class={isOld ? "" : mark === "warn" ? "m-warn" : mark === "unplug" ? "" : "m-breach"} />
      <p class="fact">
        <span class="who">
          <bdi>{name}</bdi>
        </span>
        <Fit class="what" of={shapeOf(`${long}${name}`)} long={long} short={short} />
        {alarm.since !== undefined && <span class="since">{tiles.t("alerts.since", { t: minute(alarm.since, wall.zone) })}</span>}
      </p>
      <p class="next">
        <Fit
          of={shapeOf(`${next}${note}`)}
          long={
            <>
              {next}
              {note !== "" && <span class="also">{note}</span>}
            </>
          }
          short={brief}
        />
      </p>
    </li>
  );
}

/** How wide words are, whatever figures are in them: they change every second and are all as wide. */
const shapeOf = (words: string): string => words.replace(/\d/g, "0") + lang.value;

function whoOf(wall: Wall, { about, id }: Alarm): string {
  if (about === "queue") return nameOf(wall.board.at("queues", id), id);
  if (about === "source") return nameOf(wall.board.at("sources", id), id);
  return tiles.t(about === "recording" ? "alarm.who.recording" : "alarm.who.conflicts");
}

const STATES: ReadonlySet<string> = new Set(["connecting", "resync", "silent", "down", "refused", "failed"]);
const REASONS: ReadonlySet<string> = new Set(["full", "error", "slow"]);

/** What is the matter, at length and in short. */
function factOf(alarm: Alarm): readonly [string, string] {
  if (alarm.about === "source") {
    const state = t(`health.state.${STATES.has(alarm.state) ? alarm.state : "down"}` as Key);
    return [tiles.t("alarm.source", { state }), state];
  }
  if (alarm.about === "recording") {
    const why = t(`recording.${REASONS.has(alarm.state) ? alarm.state : "error"}` as Key);
    return [tiles.t("alarm.recording", { why }), why];
  }
  if (alarm.about === "conflicts") return [tiles.t("alarm.conflicts", { n: alarm.n }), tiles.t("alarm.conflictsShort", { n: alarm.n })];
  const [worst] = alarm.facts;
  return worst === undefined ? ["", ""] : worded(worst);
}

function worded({ kind, value, limit }: Fact): readonly [string, string] {
  const values = { value: figure(kind, value, limit), limit: kind === "longest" ? exactSpan(limit) : kind === "level" ? targetPercent(limit) : count(limit, lang.value) };
  return [tiles.t(`alarm.${kind}`, values), tiles.t(`alarm.${kind}Short`, values)];
}

function figure(kind: Fact["kind"], value: number, limit: number): string {
  if (kind === "level") return String(percent(value, limit));
  if (kind !== "longest") return count(value, lang.value);
  const span = wallSpan(value);
  return span.unit === "" ? span.figure : `${span.figure} ${t(`unit.${span.unit}`)}`;
}

/** Whether anything is over now: it stops a rotation. */
export const isAnyOver = (wall: Wall, scope: string): boolean =>
  wall.isLive.value &&
  (hasAlerts(wall.board)
    ? hungOf(wall, scope).some(({ alert }) => loudness(alert) === "breach" && alert.state !== "acknowledged")
    : new Alarms().of(standing(wall, scope, wall.second.value ?? 0)).some(({ severity }) => severity === "breach"));

/** What needs somebody, a sentence each; that nothing does is a sentence, too. */
export function sayAlerts(wall: Wall, scope: string): readonly string[] {
  if (hasAlerts(wall.board)) {
    const hung = hungOf(wall, scope);
    if (hung.length === 0) return [tiles.t("alerts.none")];
    return hung.slice(0, 20).map(({ alert }) => [subjectOf(wall.board, alert), titleOf(wall.board, alert), figuresOf(wall.board, alert), ruleText(wall.board, alert, "todo")].filter((part) => part !== "").join(t("list.and")));
  }
  const alarms = new Alarms().of(standing(wall, scope, wall.second.value ?? 0));
  if (alarms.length === 0) return [tiles.t("alerts.none")];
  return alarms.slice(0, 20).map((alarm) => [whoOf(wall, alarm), factOf(alarm)[0], tiles.t(`next.${alarm.next.does}`, { n: alarm.next.n })].join(t("list.and")));
}
