import { type Instead, TileFrame } from "../board/Frame";
import type { TileProps } from "../board/registry";
import { scopeOf } from "../board/scope";
import { useWall } from "../context";
import { percent, targetPercent } from "../format/percent";
import { Glyph } from "../parts/Glyph";
import { useSteps } from "../parts/hooks";
import type { Freshness } from "../stale";
import type { Cell } from "../wire/cell";
import { lang, t } from "../words";
import { type Band, bandsOf, chanceOf } from "./band";
import { useCanvas } from "./fit";
import { GapWord } from "./GapWord";
import { text } from "./options";
import { tiles } from "./words";

const LINES = 5.4;

/** What the service level of the next minutes will probably be, and whether the people for it are there. A band with its odds, or none and why. */
export function OutlookTile({ tile, options }: TileProps) {
  const wall = useWall();
  const place = scopeOf(wall, text(options, "scope"));
  const told = place.cell.at("outlook");
  const target = place.cell.at("target", "service_level").number;
  const { freshness } = place;
  const bands = freshness.kind === "live" ? bandsOf(told.at("forecast")) : [];
  const need = told.at("need").number;
  const have = told.at("capacity").number;
  const prefix = place.name === "" ? "" : `${place.name} `;
  const why = whyNone(told, freshness, place.kind === "queue");
  const steps = useSteps(4, `${JSON.stringify(bands)}${lang.value}`);
  // Three rows and the people need the height of some lines of type, which is bigger on a board that is read from afar.
  const [ref, { height, text: type }] = useCanvas();
  const hasRoom = bands.length === 0 || height >= LINES * type;
  return (
    <TileFrame
      tile={tile}
      title={prefix + tiles.t("outlook.title")}
      brief={prefix + tiles.t("tile.outlook")}
      freshness={freshness}
      numbers={place.cell}
      class="t-outlook"
      small={target === undefined ? "" : tiles.t("outlook.target", { n: targetPercent(target) })}
      aside={tiles.t("outlook.odds")}
      instead={bands.length === 0 && need === undefined && have === undefined ? why : undefined}
      ask={{ metric: "forecast", scope: place.scope, window: "today" }}
    >
      <div class="room" ref={ref}>
        {bands.length === 0 ? (
          <p class="none">{why.why}</p>
        ) : (
          <ol class="bands" ref={steps as never}>
            {bands.map((band) => (
              <Row key={band.minutes} band={band} target={target} />
            ))}
          </ol>
        )}
        {hasRoom && (need !== undefined || have !== undefined) && <People need={need} have={have} gap={told.at("gap").number} isOld={freshness.kind === "stale"} />}
      </div>
    </TileFrame>
  );
}

function whyNone(told: Cell, freshness: Freshness, isOne: boolean): Instead {
  const look = "empty";
  if (freshness.kind !== "live") return { look, why: tiles.t("outlook.stopped") };
  const why = told.at("why").text;
  return { look, why: tiles.t(why === "nobody" ? "outlook.nobody" : why === "too_little_data" ? (isOne ? "outlook.few" : "outlook.some") : "outlook.none") };
}

function Row({ band, target }: { band: Band; target: number | undefined }) {
  const chance = chanceOf(band, target);
  const isShort = chance === "hardly" || chance === "no";
  const left = 100 * band.low;
  return (
    <li>
      <span class="when">
        <Both long={tiles.t("outlook.next", { n: band.minutes })} short={tiles.t("outlook.nextShort", { n: band.minutes })} />
      </span>
      <b class="range num">
        {percent(band.low, target)}–{percent(band.high, target)}
        <span class="u">%</span>
      </b>
      <span class="span" aria-hidden="true">
        <i style={{ insetInlineStart: `${left}%`, width: `${Math.max(1, 100 * band.high - left)}%` }} />
        {target !== undefined && <u style={{ insetInlineStart: `${100 * target}%` }} />}
      </span>
      {chance !== undefined && (
        <span class={`chance ${isShort ? "sv-warn" : ""}`}>
          <Glyph name={isShort ? "warn" : "ok"} class={isShort ? "m-warn" : ""} />
          <Both long={tiles.t(`outlook.${chance}`)} short={tiles.t(`outlook.${chance}Short`)} />
        </span>
      )}
    </li>
  );
}

/** Both forms of a word; the list's step says which is seen, the same in every row. */
function Both({ long, short }: { long: string; short: string }) {
  return (
    <>
      <span class="long">{long}</span>
      <span class="short" aria-hidden="true">
        {short}
      </span>
    </>
  );
}

function People({ need, have, gap, isOld }: { need: number | undefined; have: number | undefined; gap: number | undefined; isOld: boolean }) {
  return (
    <p class="people">
      <span>
        {tiles.t("outlook.need")} <b>{need === undefined ? "–" : Math.ceil(need - 1e-9)}</b>
      </span>
      <span>
        {tiles.t("outlook.have")} <b>{have === undefined ? "–" : Math.floor(have + 1e-9)}</b>
      </span>
      {gap !== undefined && (
        <span class="gap">
          <GapWord gap={gap} isOld={isOld} />
        </span>
      )}
      <span class="vh">{t("queue.gap")}</span>
    </p>
  );
}
