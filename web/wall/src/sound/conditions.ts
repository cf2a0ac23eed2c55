import { hasAlerts } from "../alerts/model";
import { titleOf, whoOf } from "../alerts/say";
import type { BoardDocument, Options, Tile } from "../board/model";
import { kindOf, optionsOf } from "../board/registry";
import { nameOf } from "../names";
import { isTrusted } from "../stale";
import type { Severity } from "../severity";
import { Verdict } from "../severity";
import { type Alarm, Alarms } from "../tiles/alarms";
import { hungOf, loudness } from "../tiles/house-alerts";
import { askedBy, severityOf } from "../tiles/hero-number";
import { text } from "../tiles/options";
import { standing } from "../tiles/standing";
import { tiles } from "../tiles/words";
import type { Wall } from "../wall";
import { type Key, t } from "../words";
import type { Level, Seen } from "./horn";
import { sound } from "./words";

/** Tiles that watch queues, each in a scope of its own. */
const QUEUES: ReadonlySet<string> = new Set(["queues", "queue", "alerts", "waiting"]);
/** Real seconds that a wall is without its server before that is worth a sound: a restart takes fewer. */
const GONE = 5;

/** Everything on a board that may be heard, on all of its pages, whichever is shown. Reads only; to be asked once a second. */
export class Conditions {
  readonly #alarms = new Map<string, Alarms>();
  readonly #verdicts = new Map<string, Verdict>();

  constructor(
    private readonly wall: Wall,
    private readonly board: BoardDocument,
  ) {}

  now(): readonly Seen[] {
    const { wall } = this;
    const isLive = wall.isLive.value;
    const link: Seen = { key: "link", level: !isLive && wall.silence.value >= GONE ? "source" : "none", text: sound.t("heard.link") };
    const all = new Map<string, Seen>([[link.key, link]]);
    for (const seen of this.#ofBoard()) {
      // Of one place on two tiles the worse; without a server nobody knows anything.
      const known = isLive ? seen : { ...seen, level: "unknown" as const };
      const other = all.get(known.key);
      if (other === undefined || WORSE[known.level] > WORSE[other.level]) all.set(known.key, known);
    }
    return [...all.values()];
  }

  *#ofBoard(): Iterable<Seen> {
    const { wall } = this;
    const second = wall.second.value ?? 0;
    const sources = wall.board.at("sources");
    for (const id of sources.keys) {
      const source = sources.at(id);
      yield { key: `source ${id}`, level: isTrusted(source) ? "none" : "source", text: sentence(nameOf(source, id), sound.t("heard.source")) };
    }
    yield { key: "recording", level: wall.board.at("recording", "state").text === "stopped" ? "source" : "none", text: sound.t("heard.recording") };
    for (const tile of this.board.pages.flatMap(({ tiles: all }) => all)) {
      const options = optionsOf(tile);
      if (QUEUES.has(tile.kind)) yield* this.#queues(text(options, "scope"), second);
      else if (tile.kind === "hero") yield* this.#hero(options, second);
      else yield* this.#other(tile, options);
    }
  }

  /** Every queue of a scope: what needs somebody there, and that nothing does. */
  *#queues(scope: string, second: number): Iterable<Seen> {
    if (hasAlerts(this.wall.board)) return yield* this.#house(scope);
    let rules = this.#alarms.get(scope);
    if (rules === undefined) this.#alarms.set(scope, (rules = new Alarms()));
    const told = standing(this.wall, scope, second);
    const found = new Map(rules.of(told).flatMap((alarm) => (alarm.about === "queue" ? [[alarm.id, alarm] as const] : [])));
    for (const { id, fresh } of told.queues) {
      const alarm = found.get(id);
      const level: Level = !fresh ? "unknown" : (alarm?.severity ?? "none");
      yield { key: `queue ${id}`, level, text: alarm === undefined ? "" : sentence(nameOf(this.wall.board.at("queues", id), id), factOf(alarm)) };
    }
  }

  /** The server's own alerts: one that somebody acknowledged is as bad as before, and so is no news. */
  *#house(scope: string): Iterable<Seen> {
    const { board } = this.wall;
    for (const { alert } of hungOf(this.wall, scope)) {
      const level: Level = alert.state === "no_data" ? "unknown" : loudness(alert);
      yield { key: `alert ${alert.id}`, level, text: level === "warn" || level === "breach" ? sentence(whoOf(board, alert), titleOf(board, alert)) : "" };
    }
  }

  *#hero(options: Options, second: number): Iterable<Seen> {
    const asked = askedBy(this.wall, options);
    if (asked === undefined) return;
    const key = `hero ${asked.place.scope} ${asked.id} ${asked.window}`;
    const name = sentence(asked.place.name, tiles.t(`metric.${asked.id}`));
    if (asked.own.kind === "stale" || !asked.place.isPresent) {
      yield { key, level: "unknown", text: name };
      return;
    }
    let verdict = this.#verdicts.get(key);
    if (verdict === undefined) this.#verdicts.set(key, (verdict = new Verdict()));
    const severity: Severity = verdict.at(second, severityOf(asked, second));
    const isBad = severity === "warn" || severity === "breach";
    yield { key, level: isBad ? severity : "none", text: isBad ? sentence(name, wordOf(severity, asked.metric.better)) : name };
  }

  /** Any other tile that can raise an alarm. */
  *#other(tile: Tile, options: Options): Iterable<Seen> {
    const alarms = kindOf(tile.kind)?.alarms;
    if (alarms === undefined) return;
    const isOver = alarms(this.wall, options);
    const called = `tile.${tile.kind}`;
    const name = tiles.has(called) ? tiles.t(called) : tile.kind;
    yield { key: `tile ${tile.kind} ${JSON.stringify(options)}`, level: isOver ? "breach" : "none", text: sentence(name, t("severity.breach")) };
  }
}

const WORSE: Readonly<Record<Level, number>> = { unknown: 0, none: 1, warn: 2, source: 3, breach: 4 };

const wordOf = (severity: "warn" | "breach", better: "up" | "down" | "neither"): string => t((severity === "breach" && better === "up" ? "severity.missed" : `severity.${severity}`) as Key);

function factOf(alarm: Alarm): string {
  const [worst] = alarm.facts;
  if (worst === undefined) return t(`severity.${alarm.severity}`);
  if (worst.kind === "unstaffed" || worst.kind === "nobody") return sound.t(`heard.${worst.kind}`);
  return sound.t(`heard.${worst.kind}.${worst.severity}`);
}

/** Two or three words, with a blank between them: an announcement is heard once, from afar. */
const sentence = (...parts: readonly string[]): string => parts.filter((part) => part !== "").join(" ");
