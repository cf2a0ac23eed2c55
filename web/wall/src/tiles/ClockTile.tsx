import { TileFrame } from "../board/Frame";
import type { Options } from "../board/model";
import type { TileProps } from "../board/registry";
import { useWall } from "../context";
import { clock, date, minute } from "../format/moment";
import { useDerived } from "../parts/hooks";
import { lang } from "../words";
import { Fit } from "./fit";
import { localTime } from "./notices";
import { flag } from "./options";
import { tiles } from "./words";

export const CITIES = {
  city_beijing: "Asia/Shanghai",
  city_taipei: "Asia/Taipei",
  city_hongkong: "Asia/Hong_Kong",
  city_singapore: "Asia/Singapore",
  city_tokyo: "Asia/Tokyo",
  city_london: "Europe/London",
  city_newyork: "America/New_York",
  city_sydney: "Australia/Sydney",
} as const;
type City = keyof typeof CITIES;

const chosen = (options: Options): readonly City[] => (Object.keys(CITIES) as City[]).filter((city) => flag(options, city)).slice(0, 4);

/** The site's time, by the server's clock, and that of other cities; it stands still, striped, while the page is not live. */
export function ClockTile({ tile, options }: TileProps) {
  const wall = useWall();
  const { zone } = wall;
  const hasSeconds = flag(options, "seconds");
  const now = useDerived(() => (wall.second.value === undefined ? "–" : hasSeconds ? clock(wall.second.value, zone) : clock(wall.second.value, zone).slice(0, 5)), [zone, hasSeconds]);
  const today = useDerived(() => (wall.second.value === undefined ? "" : date(wall.second.value, zone, lang.value)), [zone]);
  const cities = chosen(options);
  return (
    <TileFrame tile={tile} title={tiles.t("tile.clock")} isBare class={`t-clock ${hasSeconds ? "long" : ""} ${wall.isLive.value ? "" : "stale"}`}>
      <time class="now">{now}</time>
      {flag(options, "date") && <p class="day">{today}</p>}
      {cities.length > 0 && (
        <ul>
          {cities.map((city) => (
            <Elsewhere key={city} city={city} />
          ))}
        </ul>
      )}
    </TileFrame>
  );
}

function Elsewhere({ city }: { city: City }) {
  const wall = useWall();
  const there = CITIES[city];
  // The day is said where it is another one than here.
  const seen = useDerived(() => {
    const now = wall.second.value;
    if (now === undefined) return ["–", 0] as const;
    const [here, away] = [localTime(now, wall.zone), localTime(now, there)].map((local) => local.slice(0, 10));
    return [minute(now, there), here === away ? 0 : (away ?? "") > (here ?? "") ? 1 : -1] as const;
  }, [city]);
  const [time, days] = seen.value;
  const name = tiles.t(`option.${city}`);
  return (
    <li>
      <Fit class="name" of={name} long={name} />
      <b class="num">
        {time}
        {days !== 0 && <small>{days > 0 ? "+1" : "−1"}</small>}
      </b>
    </li>
  );
}
