/** Local hours of the floor between which a page that has been open for long loads itself anew. */
const FROM = 4;
const TO = 5;
/** Real seconds: a page that is younger has nothing to shed. */
const OLD = 12 * 3600;
/** Real seconds since a hand was on it. */
const ALONE = 600;

export interface Night {
  /** Of the floor, 0 to 24. */
  readonly hour: number;
  /** Real seconds since the page was loaded, and since somebody touched it. */
  readonly up: number;
  readonly untouched: number;
  readonly isLive: boolean;
  /** Nobody waits and nobody talks. */
  readonly isQuiet: boolean;
}

/** Whether now is the moment: at night, and of the night when nobody calls; a floor that never sleeps at the end of the hour. */
export function isTime({ hour, up, untouched, isLive, isQuiet }: Night): boolean {
  const isNight = hour >= FROM && hour < TO;
  return isNight && isLive && up >= OLD && untouched >= ALONE && (isQuiet || hour >= TO - 0.25);
}

/** `hour` of an instant in a zone, with its minutes as a fraction. */
export function hourOf(instant: number, zone: string): number {
  const parts = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: zone }).formatToParts(instant * 1000);
  const part = (type: string) => Number(parts.find((one) => one.type === type)?.value ?? 0);
  return part("hour") + part("minute") / 60;
}
