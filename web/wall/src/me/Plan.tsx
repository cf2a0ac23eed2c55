import { kindOf } from "../breaks/model";
import { useWall } from "../context";
import { clock, date, minute } from "../format/moment";
import { Glyph } from "../parts/Glyph";
import { useDerived } from "../parts/hooks";
import { isoDay } from "../rota/days";
import { stateOf } from "../states";
import { lang, t } from "../words";
import { type Item, planOf } from "./plan";
import { say } from "./words";

/** Who has many meetings reads the others on the day itself. */
const MOST = 8;

/** What is to come of my day: until when I work, my planned breaks, and where I am expected. */
export function OwnPlan({ agent }: { agent: string }) {
  const wall = useWall();
  const { board, zone } = wall;
  // To the minute: a plan has no seconds.
  const now = useDerived(() => (wall.second.value === undefined ? undefined : Math.floor(wall.second.value / 60) * 60), []).value;
  if (now === undefined) return null;
  const { shift, items, hasRota } = planOf(board, agent, now);
  if (!hasRota && items.length === 0) return null;
  const [isOld, asOf] = [!wall.isLive.value, wall.second.peek()];
  const span = ({ begins, ends }: { begins: number; ends: number }) => `${minute(begins, zone)}–${minute(ends, zone)}`;
  const day = shift === undefined || isoDay(shift.begins, zone) === isoDay(now, zone) ? "" : `${date(shift.begins, zone, lang.value)} `;
  return (
    <section class={`dk-panel me-plan ${isOld ? "stale" : ""}`} aria-labelledby="me-plan">
      <header class="h">
        <h2 id="me-plan">{say("plan")}</h2>
        {isOld && <span class="all asof">{t("stale.asOf", { t: asOf === undefined ? "–" : clock(asOf, zone) })}</span>}
      </header>
      {shift === undefined ? (
        hasRota && <p class="none">{say("plan.none")}</p>
      ) : shift.begins <= now ? (
        <p class="big" data-shift="on">
          <b>{say("plan.until", { t: minute(shift.ends, zone) })}</b>
          <span>{span(shift)}</span>
        </p>
      ) : (
        <p class="big" data-shift="next">
          <b>{say("plan.from", { t: `${day}${minute(shift.begins, zone)}` })}</b>
          <span>{say("plan.to", { t: minute(shift.ends, zone) })}</span>
        </p>
      )}
      {items.length > 0 && (
        <ul>
          {items.slice(0, MOST).map((item) => (
            <Row key={`${item.what} ${item.id}`} item={item} span={span(item)} isOn={item.begins <= now} />
          ))}
        </ul>
      )}
      {items.length > MOST && <p class="none">{say("plan.more", { n: items.length - MOST })}</p>}
    </section>
  );
}

function Row({ item, span, isOn }: { item: Item; span: string; isOn: boolean }) {
  const { board } = useWall();
  const kind = kindOf(board, item.word);
  const word = item.what === "break" ? kind.name || say("plan.break") : item.what === "training" ? t("state.training") : item.word || say("plan.meeting");
  return (
    <li class={isOn ? "on" : ""} data-plan={item.what}>
      <time>{span}</time>
      {item.what === "meeting" ? <Glyph name="clock" /> : <Glyph name={stateOf(item.what === "break" ? kind.state : "training")} class="rest" />}
      <span>
        <bdi>{word}</bdi>
      </span>
      {isOn && <small>{say("plan.now")}</small>}
    </li>
  );
}
