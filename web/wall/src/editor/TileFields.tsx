import type { Tile } from "../board/model";
import { COLUMNS, ROWS } from "../board/model";
import { METRIC_IDS, metricOf } from "../board/metrics";
import { kindOf, type Option, optionsOf } from "../board/registry";
import { useWall } from "../context";
import { number, text } from "../tiles/options";
import type { Json } from "../wire/messages";
import { useBench } from "./bench";
import { isFree, type Place } from "./geometry";
import { type Choice, NumberField, saidIn, Select, Toggle, WordsFields } from "./Field";
import { pasted } from "./keys";
import { AddressField, PictureField, PlanField } from "./Media";
import { mistakeAt } from "./mistakes";
import { isThere, kindName, metricName, places, tileName, tileWord, unitOf } from "./names";
import { Notices } from "./Notices";
import { CopySign, TrashSign } from "./signs";
import { has, say } from "./words";

const WINDOWS = ["today", "interval", "5", "15", "30", "60"] as const;

/** Everything that can be set on the chosen tile. */
export function TileFields({ tile }: { tile: Tile }) {
  const bench = useBench();
  const kind = kindOf(tile.kind);
  const key = `kind.${tile.kind}`;
  return (
    <section class="ed-fields" data-fields={tile.id}>
      <header>
        <h2>
          <bdi>{tileName(tile)}</bdi>
        </h2>
        {bench.mayEdit && (
          <>
            <button type="button" class="dk-icon" aria-label={say("tile.copy")} title={`${say("tile.copy")} (Ctrl D)`} onClick={() => (bench.copy(tile), pasted(bench))}>
              <CopySign />
            </button>
            <button type="button" class="dk-icon" aria-label={say("tile.remove")} title={`${say("tile.remove")} (Delete)`} onClick={() => bench.act({ do: "remove", id: tile.id })}>
              <TrashSign />
            </button>
          </>
        )}
      </header>
      <p class="muted">{has(key) ? say(key) : kindName(tile.kind)}</p>
      <fieldset class="ed-all" disabled={!bench.mayEdit}>
        {(kind?.options ?? []).map((option) => (
          <OptionField key={`${tile.id} ${option.key}`} tile={tile} option={option} />
        ))}
        <PlaceFields tile={tile} />
      </fieldset>
    </section>
  );
}

function OptionField({ tile, option }: { tile: Tile; option: Option }) {
  const bench = useBench();
  const wall = useWall();
  const options = optionsOf(tile);
  const label = tileWord(`option.${option.key}`, option.key);
  const set = (value: Json | undefined) => void bench.act({ do: "option", id: tile.id, key: option.key, value });
  const wrong = mistakeAt(bench.board.value, bench.mistakes.value, { page: bench.editing.value.page, tile: tile.id, field: `options.${option.key}` });
  const common = { label, wrong };
  const value = text(options, option.key);
  switch (option.type) {
    case "metric":
      return <Select {...common} value={value} choices={metrics(option.among ?? METRIC_IDS, value)} onChange={set} />;
    case "scope": {
      const all = option.among.flatMap((one) => places(wall, one).map(([scope, name]): Choice => ({ value: scope, name, group: say(`scope.${one}s`) })));
      const isAbsent = wall.board.isPresent && !isThere(wall, value);
      return <Select {...common} value={value} choices={known(all, value)} onChange={set} note={isAbsent ? say("scope.absent") : undefined} />;
    }
    case "window":
      return <Select {...common} value={value} choices={known(WINDOWS.map((one) => ({ value: one, name: tileWord(`choice.window.${one}`, one) })), value)} onChange={set} note={windowNote(text(options, "metric"))} />;
    case "choice":
      return <Select {...common} value={value} choices={known(option.among.map((one) => ({ value: one, name: tileWord(`choice.${option.key}.${one}`, one) })), value)} onChange={set} />;
    case "number":
      return (
        <NumberField
          {...common}
          value={number(options, option.key)}
          min={option.min}
          max={option.max}
          step={option.step}
          unit={unitOf(option.key, option.unit, options)}
          usual={option.default === undefined ? say("number.configured") : String(option.default)}
          mayBeEmpty={option.default === undefined}
          onChange={set}
        />
      );
    case "flag":
      return <Toggle label={label} value={options[option.key] === true} onChange={set} />;
    case "words":
      return <WordsFields {...common} value={saidIn(options[option.key])} long={option.long === true} onChange={(said) => set(said as Json | undefined)} placeholder={option.key === "title" ? tileName({ ...tile, options: { ...tile.options, title: "" } }) : ""} />;
    case "notices":
      return <Notices {...common} value={options[option.key]} most={option.most} onChange={set} />;
    case "address":
      return <AddressField {...common} value={value} onChange={set} />;
    case "picture":
      return <PictureField {...common} value={value} onChange={set} />;
    case "plan":
      return <PlanField {...common} value={value} onChange={set} />;
  }
}

const known = (choices: readonly Choice[], value: string): readonly Choice[] => (choices.some((one) => one.value === value) ? choices : [...choices, { value, name: value }]);

const GROUPS = { percent: "rates", count: "counts", span: "times", since: "times", people: "people", number: "people" } as const;

function metrics(among: readonly string[], value: string): readonly Choice[] {
  const all = among.map((id): Choice => ({ value: id, name: metricName(id), group: say(`metrics.${GROUPS[metricOf(id)?.kind ?? "count"]}`) }));
  return known(all, value);
}

/** A number of now has no window. */
const windowNote = (metric: string): string | undefined => (metricOf(metric)?.isCounted === false ? say("window.now") : undefined);

/** Place and size as numbers; what would lie over another tile is said and not done. */
function PlaceFields({ tile }: { tile: Tile }) {
  const bench = useBench();
  const put = (change: Partial<Place>) => {
    const place = { x: tile.x, y: tile.y, w: tile.w, h: tile.h, ...change };
    bench.news.value = isFree(bench.page.peek().tiles, place, tile.id) ? "" : say("told.noRoom");
    bench.act({ do: "place", id: tile.id, place });
  };
  const field = (key: keyof Place, most: number, from: number) => {
    const wrong = mistakeAt(bench.board.value, bench.mistakes.value, { page: bench.editing.value.page, tile: tile.id, field: key });
    return <NumberField label={say(`place.${key}`)} value={tile[key] + from} min={1} max={most} step={1} unit={from === 0 ? say("unit.cells") : ""} onChange={(value) => value !== undefined && Number.isInteger(value) && put({ [key]: value - from })} wrong={wrong} />;
  };
  return (
    <div class="ed-four" role="group" aria-label={say("place")}>
      {field("x", COLUMNS - tile.w + 1, 1)}
      {field("y", ROWS - tile.h + 1, 1)}
      {field("w", COLUMNS - tile.x, 0)}
      {field("h", ROWS - tile.y, 0)}
    </div>
  );
}
