import { clock, date } from "../format/moment";
import { lang } from "../words";

/** `11月20日 周四 10:24`: when something was saved, by the floor's clock. */
export const when = (instant: number, zone: string): string => (instant <= 0 ? "" : `${date(instant, zone, lang.value)} ${clock(instant, zone).slice(0, 5)}`);
