import { isAsking } from "../ask";
import { useWall } from "../context";
import { isForPage } from "../desk/keys";
import { minute } from "../format/moment";
import { Glyph } from "../parts/Glyph";
import { useDerived, useKeydown } from "../parts/hooks";
import { pageAddress } from "../wire/socket";
import { Bell } from "./Bell";
import { Item, Quiet } from "./Item";
import { useLiveAlerts } from "./live";
import { chosen, type Desk } from "./order";
import { many, say } from "./words";

/** Rows of the column before the rest is a number; the page of all alerts has no such end. */
const MOST = 12;

/** What asks the lead now, the most urgent first; below it, quietly, what somebody has in hand. */
export function AlertsPanel({ team }: { team: () => string }) {
  const wall = useWall();
  const { desk } = useLiveAlerts(wall, team);
  const { open, unjudged, quiet, coming } = desk.value;
  useKeys(() => desk.peek());
  const rest = Math.max(0, open.length - MOST);
  return (
    <section class="dk-panel al-panel" aria-labelledby="al-title" data-panel="alerts">
      <header class="h">
        <h2 id="al-title">{say("title")}</h2>
        <span class="n" data-n={open.length}>
          {open.length}
        </span>
        <a class="all" href={pageAddress("alerts")}>
          {coming.length > 0 ? many("coming", coming.length) : say("all")}
        </a>
        <Bell all={open} />
      </header>
      {open.length === 0 && unjudged.length === 0 && <Calm />}
      <ul>
        {open.slice(0, MOST).map((row, i) => (
          <Item key={row.alert.id} row={row} isFirst={i === 0} />
        ))}
        {unjudged.map((row) => (
          <Item key={row.alert.id} row={row} />
        ))}
        {quiet.map((row) => (
          <Quiet key={row.alert.id} row={row} />
        ))}
      </ul>
      {rest > 0 && (
        <a class="rest" href={pageAddress("alerts")}>
          {many("more", rest)}
        </a>
      )}
    </section>
  );
}

/** Quiet that can be believed: when it was looked at. */
function Calm() {
  const wall = useWall();
  const when = useDerived(() => (wall.second.value === undefined ? "–" : minute(wall.second.value, wall.zone)), []);
  return (
    <p class="calm">
      <Glyph name="ok" />
      <b>{say("none")}</b>
      <span>{say("none.why", { t: when.value })}</span>
    </p>
  );
}

const ACTS: Readonly<Record<string, string>> = { a: "alert.acknowledge", e: "alert.escalate" };

/** `A` acknowledges and `E` escalates the alert in focus, else the first; what comes of it stands beside its button. */
export function useKeys(desk: () => Desk): void {
  useKeydown((event) => {
    const act = ACTS[event.key.toLowerCase()];
    if (act === undefined || event.repeat || event.shiftKey || !isForPage(event) || isAsking() || event.defaultPrevented) return;
    const focused = document.activeElement?.closest<HTMLElement>("[data-alert]")?.dataset["alert"];
    const alert = chosen(desk().open, focused);
    if (alert === undefined) return;
    const item = [...document.querySelectorAll<HTMLElement>("[data-alert]")].find((one) => one.dataset["alert"] === alert.id && one.checkVisibility());
    const button = item?.querySelector<HTMLButtonElement>(`[data-act="${act}"]`);
    if (button === undefined || button === null) return;
    event.preventDefault();
    button.click();
  });
}
