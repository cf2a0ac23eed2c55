import { hourOf } from "../kiosk/nightly";

/** `["22:00", "07:00"]`: from the first minute until before the last, over midnight where the first is later. */
export type Span = readonly [from: string, to: string];

/** Minutes since midnight of `HH:MM`; `undefined` where it is none. */
function minutes(text: string): number | undefined {
  const [, hour = "", minute = ""] = /^(\d{1,2}):(\d{2})$/.exec(text) ?? [];
  const all = Number(hour) * 60 + Number(minute);
  return hour !== "" && Number(minute) < 60 && all <= 1440 ? all : undefined;
}

/** Whether a minute of the day lies in one of the spans. One whose ends are the same is the whole day. */
export function isQuiet(minute: number, spans: readonly Span[]): boolean {
  return spans.some(([first, last]) => {
    const [from, to] = [minutes(first), minutes(last)];
    if (from === undefined || to === undefined) return false;
    return from < to ? minute >= from && minute < to : minute >= from || minute < to;
  });
}

/** The floor's local minute of the day at an instant in epoch seconds. */
export const minuteOf = (instant: number, zone: string): number => Math.round(hourOf(instant, zone) * 60);
