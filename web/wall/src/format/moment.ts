/** Instants in the site's zone; how a wall in Urumqi shows what a server in UTC says. */

const formats = new Map<string, Intl.DateTimeFormat>();

function format(lang: string, zone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${lang} ${zone} ${JSON.stringify(options)}`;
  let made = formats.get(key);
  if (made === undefined) formats.set(key, (made = make(lang, zone, options)));
  return made;
}

function make(lang: string, zone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat(lang, { ...options, timeZone: zone });
  } catch {
    // A zone this browser has never heard of: UTC is a clear mistake, the viewer's zone would be a hidden one.
    return new Intl.DateTimeFormat(lang, { ...options, timeZone: "UTC" });
  }
}

const CLOCK = { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" } as const;
const MINUTE = { hour: "numeric", minute: "2-digit", hourCycle: "h23" } as const;

/** `10:24:36` */
export const clock = (instant: number, zone: string): string => format("en-GB", zone, CLOCK).format(instant * 1000);

/** `9:05` */
export const minute = (instant: number, zone: string): string =>
  format("en-GB", zone, MINUTE).format(instant * 1000).replace(/^0(?=\d:)/, "");

/** Of the local day: half past one is 5400. */
export function secondOfDay(instant: number, zone: string): number {
  const [hours = 0, minutes = 0, seconds = 0] = clock(instant, zone).split(":").map(Number);
  return hours * 3600 + minutes * 60 + seconds;
}

/** `11月20日 周四`, `Thu 20 Nov` */
export function date(instant: number, zone: string, lang: string): string {
  const parts = new Map(
    format(lang === "en" ? "en-GB" : lang, zone, { month: lang === "en" ? "short" : "numeric", day: "numeric", weekday: "short" })
      .formatToParts(instant * 1000)
      .map((part) => [part.type, part.value]),
  );
  const [month, day, weekday] = [parts.get("month"), parts.get("day"), parts.get("weekday")];
  if (lang === "en") return `${weekday} ${day} ${month}`;
  return `${String(month).replace("月", "")}月${String(day).replace("日", "")}日 ${weekday}`;
}
