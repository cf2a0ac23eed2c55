/** Days of the floor's own zone, which need not be that of this browser. */

const formats = new Map<string, Intl.DateTimeFormat>();

function parts(instant: number, zone: string): Readonly<Record<string, number>> {
  let format = formats.get(zone);
  if (format === undefined) {
    const options = { year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" } as const;
    try {
      format = new Intl.DateTimeFormat("en-GB", { ...options, timeZone: zone });
    } catch {
      format = new Intl.DateTimeFormat("en-GB", { ...options, timeZone: "UTC" });
    }
    formats.set(zone, format);
  }
  return Object.fromEntries(format.formatToParts(instant * 1000).map(({ type, value }) => [type, Number(value)]));
}

/** `2026-11-22`, as a field of a day has it. */
export function isoDay(instant: number, zone: string): string {
  const { year, month, day } = parts(instant, zone);
  return `${year}-${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}`;
}

/** `09:05`, as a field of a time has it. */
export function isoTime(instant: number, zone: string): string {
  const { hour, minute } = parts(instant, zone);
  return `${String(hour).padStart(2, "0")}:${String(minute).padStart(2, "0")}`;
}

const DAY = 86_400;

/**
 * The instant at which it is `time` on `day` there; undefined when these are none. Of an hour that comes twice, the first; a time
 * that the clocks leap over is as they would have gone on, as the server reads it.
 */
export function instantOf(day: string, time: string, zone: string): number | undefined {
  const wanted = Date.parse(`${day}T${time}:00Z`) / 1000;
  if (!Number.isFinite(wanted)) return undefined;
  // What the zone is off by is only known at the instant that is looked for: it is what it was before, or what it will be.
  const before = wanted - offset(wanted - DAY, zone);
  const after = wanted - offset(wanted + DAY, zone);
  const isThere = (found: number) => found + offset(found, zone) === wanted;
  return isThere(before) || !isThere(after) ? before : after;
}

/** The same time on another day; on its own day the instant itself, to the second and in whichever hour it was. */
export const movedTo = (instant: number, day: string, zone: string): number => (isoDay(instant, zone) === day ? instant : (instantOf(day, isoTime(instant, zone), zone) ?? instant));

function offset(instant: number, zone: string): number {
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts(instant, zone);
  return Date.UTC(year, month - 1, day, hour, minute, second) / 1000 - Math.floor(instant);
}

/** `2026-11-22` and so many days later. */
export function dayAfter(day: string, days: number): string {
  return new Date(Date.parse(`${day}T12:00:00Z`) + days * DAY * 1000).toISOString().slice(0, 10);
}
