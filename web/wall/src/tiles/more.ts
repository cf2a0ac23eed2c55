import "../css/curve.css";
import "../css/tiles/parts.css";
import "../css/tiles/outlook.css";
import "../css/tiles/lists.css";
import "../css/tiles/words.css";
import "../css/tiles/alerts.css";

import { register, type TileKind } from "../board/registry";
import { lang } from "../words";
import { AlertsTile, isAnyOver, LEVELS, sayAlerts } from "./Alerts";
import { CITIES, ClockTile } from "./ClockTile";
import { CURVE_METRICS, CurveTile } from "./Curve";
import { EmbedTile } from "./Embed";
import { GapTile } from "./Gap";
import { LEADER_METRICS, LeaderboardTile, TOPS } from "./Leaderboard";
import { wordsIn } from "./notices";
import { text } from "./options";
import { OutlookTile } from "./Outlook";
import { FITS, PictureTile } from "./Picture";
import { RaceTile } from "./Race";
import { sayGap, sayOutlook, sayRace } from "./telling";
import { sayText, TextTile } from "./Text";
import { ThanksTile } from "./Thanks";
import { TickerTile } from "./Ticker";

const curve: TileKind = {
  kind: "curve",
  shelf: "numbers",
  glyph: "breather",
  size: [6, 6],
  least: [5, 5],
  options: [
    { key: "metric", type: "metric", default: "service_level", among: CURVE_METRICS },
    { key: "scope", type: "scope", default: "floor", among: ["floor", "queue", "line"] },
    { key: "yesterday", type: "flag", default: true },
    { key: "forecast", type: "flag", default: true },
  ],
  stacked: 16,
  component: CurveTile,
};

const outlook: TileKind = {
  kind: "outlook",
  shelf: "numbers",
  glyph: "clock",
  size: [6, 6],
  least: [4, 5],
  options: [{ key: "scope", type: "scope", default: "floor", among: ["floor", "queue"] }],
  stacked: 15,
  component: OutlookTile,
  says: sayOutlook,
};

const gap: TileKind = {
  kind: "gap",
  shelf: "queues",
  glyph: "seat",
  size: [6, 8],
  least: [4, 5],
  options: [
    { key: "scope", type: "scope", default: "floor", among: ["floor", "line"] },
    { key: "advice", type: "flag", default: true },
  ],
  stacked: 32,
  component: GapTile,
  says: sayGap,
};

const leaderboard: TileKind = {
  kind: "leaderboard",
  shelf: "people",
  glyph: "ok",
  size: [5, 7],
  least: [4, 5],
  options: [
    { key: "metric", type: "metric", default: "answered", among: LEADER_METRICS },
    { key: "who", type: "choice", default: "teams", among: ["teams", "people"] },
    { key: "scope", type: "scope", default: "floor", among: ["floor", "team"] },
    { key: "top", type: "choice", default: "3", among: TOPS },
  ],
  stacked: 21,
  cheers: true,
  component: LeaderboardTile,
};

const race: TileKind = {
  kind: "race",
  shelf: "people",
  glyph: "live",
  size: [6, 7],
  least: [4, 5],
  options: [
    { key: "opens", type: "number", default: 9, min: 0, max: 23, step: 0.5 },
    { key: "closes", type: "number", default: 18, min: 1, max: 24, step: 0.5 },
  ],
  stacked: 24,
  cheers: true,
  component: RaceTile,
  says: sayRace,
};

const thanks: TileKind = {
  kind: "thanks",
  shelf: "words",
  glyph: "thanks",
  size: [4, 5],
  least: [4, 4],
  options: [
    { key: "notices", type: "notices", most: 20 },
    { key: "dwell", type: "number", default: 15, min: 3, max: 600, step: 1, unit: "seconds" },
  ],
  stacked: 10,
  cheers: true,
  component: ThanksTile,
};

const ticker: TileKind = {
  kind: "ticker",
  shelf: "words",
  glyph: "horn",
  size: [10, 2],
  least: [6, 2],
  options: [
    { key: "notices", type: "notices", most: 20 },
    { key: "dwell", type: "number", default: 10, min: 3, max: 600, step: 1, unit: "seconds" },
  ],
  stacked: 7,
  needsNothing: true,
  component: TickerTile,
};

const alerts: TileKind = {
  kind: "alerts",
  shelf: "floor",
  glyph: "breach",
  size: [6, 8],
  least: [5, 4],
  options: [
    { key: "scope", type: "scope", default: "floor", among: ["floor", "line", "queue"] },
    { key: "level", type: "choice", default: "warn", among: LEVELS },
  ],
  stacked: 20,
  component: AlertsTile,
  alarms: (wall, options) => isAnyOver(wall, text(options, "scope")),
  says: (wall, options) => sayAlerts(wall, text(options, "scope")),
};

const words: TileKind = {
  kind: "text",
  shelf: "words",
  glyph: "wrap",
  size: [5, 5],
  least: [3, 2],
  options: [
    { key: "headline", type: "words" },
    { key: "body", type: "words", long: true },
  ],
  stacked: 12,
  needsNothing: true,
  component: TextTile,
  says: (_, options) => sayText(wordsIn(options["headline"], lang.value), wordsIn(options["body"], lang.value)),
};

const picture: TileKind = {
  kind: "picture",
  shelf: "words",
  glyph: "desk",
  size: [5, 6],
  least: [2, 2],
  options: [
    { key: "picture", type: "picture" },
    { key: "alt", type: "words" },
    { key: "fit", type: "choice", default: "contain", among: FITS },
  ],
  stacked: 18,
  needsNothing: true,
  component: PictureTile,
  says: (_, options) => [wordsIn(options["alt"], lang.value)].filter((alt) => alt !== ""),
};

const embed: TileKind = { kind: "embed", shelf: "data", glyph: "away", size: [8, 10], least: [4, 4], options: [{ key: "address", type: "address" }], stacked: 28, needsNothing: true, component: EmbedTile };

const clock: TileKind = {
  kind: "clock",
  shelf: "words",
  glyph: "clock",
  size: [4, 4],
  least: [3, 2],
  options: [
    { key: "seconds", type: "flag", default: true },
    { key: "date", type: "flag", default: true },
    ...(Object.keys(CITIES) as (keyof typeof CITIES)[]).map((key) => ({ key, type: "flag", default: false }) as const),
  ],
  stacked: 10,
  component: ClockTile,
};

register(curve, outlook, gap, leaderboard, race, thanks, ticker, alerts, words, picture, embed, clock);
