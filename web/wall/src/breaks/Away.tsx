import { ActButton } from "../acts/Act";
import { useWall } from "../context";
import { deskSpan } from "../desk/span";
import { minute } from "../format/moment";
import { nameOf } from "../names";
import { Glyph } from "../parts/Glyph";
import { useDerived } from "../parts/hooks";
import { stateOf } from "../states";
import { type Break, courseOf, type Errand, kindOf } from "./model";
import { fill, has, say } from "./words";
import { Who } from "./Wish";

/** Somebody who may leave or is away: since when, what is left, by how much it is over, and what the PBX says to it. */
export function Absence({ item }: { item: Break }) {
  const wall = useWall();
  const { board } = wall;
  const kind = kindOf(board, item.kind);
  const course = useDerived(() => courseOf(item, wall.second.value), [item]);
  const seat = board.at("agents", item.agent, "seat").text;
  const look = course.value === "near" ? "warn" : course.value === "" ? "" : "breach";
  return (
    <li class={`bk away ${look}`} data-break={item.id} data-course={course.value}>
      <Glyph name={look === "" ? stateOf(kind.state) : look === "warn" ? "warn" : "breach"} class={look === "" ? "rest" : look} />
      <p class="hd">
        <Who agent={item.agent} />
        <span class="bk-what">
          <bdi>{kind.name}</bdi>
          {seat !== "" && <bdi class="seat">{seat}</bdi>}
        </span>
      </p>
      <Left item={item} />
      <Track item={item} />
      <p class="su">
        <Since item={item} />
        <Errands errands={item.errands} />
        <Unsent item={item} />
      </p>
      <Acts item={item} />
    </li>
  );
}

/** What is left of it, or by how much it is over. */
export function Left({ item }: { item: Break }) {
  const wall = useWall();
  const words = useDerived(() => {
    const now = wall.second.value;
    if (now === undefined) return "–";
    if (item.state === "granted") return item.begins !== undefined && item.begins > now ? deskSpan(item.begins - now) : say("may.go");
    if (item.due === undefined) return "–";
    return now >= item.due ? `+${deskSpan(now - item.due)}` : deskSpan(item.due - now);
  }, [item]);
  const label = useDerived(() => {
    const now = wall.second.value;
    if (item.state === "granted") return words.value;
    return say(item.due !== undefined && now !== undefined && now >= item.due ? "over.by" : "left", { t: words.value.replace("+", "") });
  }, [item]);
  return (
    <b class="left" aria-label={label.value}>
      {words}
    </b>
  );
}

function Track({ item }: { item: Break }) {
  const wall = useWall();
  const share = useDerived(() => {
    const now = wall.second.value;
    return item.began === undefined || now === undefined || item.lasts <= 0 ? 0 : Math.min(100, Math.max(0, Math.round(((now - item.began) / item.lasts) * 100)));
  }, [item]);
  if (item.state !== "running") return null;
  return (
    <i class="trk" aria-hidden="true">
      <i style={`inline-size: ${share.value}%`} />
    </i>
  );
}

function Since({ item }: { item: Break }) {
  const wall = useWall();
  const t = (instant: number | undefined) => <b>{instant === undefined ? "–" : minute(instant, wall.zone)}</b>;
  if (item.state === "granted")
    return (
      <span>
        {item.isAutomatic && item.by === "" ? say("granted.rule") : fill("granted.by", { who: <bdi>{item.by}</bdi> })}
        {item.expires !== undefined && <> · {fill("expires", { t: t(item.expires) })}</>}
      </span>
    );
  return (
    <span>
      {fill("since", { from: t(item.began), to: t(item.due) })}
      {item.isUnasked && <em class="un"> · {say("unasked")}</em>}
      {item.held !== undefined && <em class="un"> · {say("held.went")}</em>}
      {item.called !== undefined && <> · {fill("called.by", { who: <bdi>{item.caller}</bdi>, t: t(item.called) })}</>}
    </span>
  );
}

/** What became of the commands: only what somebody must know. */
function Errands({ errands }: { errands: readonly Errand[] }) {
  return (
    <>
      {errands
        .filter(({ state }) => state === "refused" || state === "unknown" || state === "requested" || state === "sent")
        .map((one) => {
          const key: string = `command.${one.state}`;
          return (
            <span key={one.id} class={`cmd ${one.state}`}>
              {(one.state === "refused" || one.state === "unknown") && <Glyph name="warn" class="warn" />}
              <span>
                {has(key) ? say(key) : one.state}
                {one.detail !== "" && <bdi>: {one.detail}</bdi>}
              </span>
            </span>
          );
        })}
    </>
  );
}

/** Granted, and nothing went to the PBX: it is away, takes no commands, or who granted may not command. */
function Unsent({ item }: { item: Break }) {
  const wall = useWall();
  const isDue = useDerived(() => item.begins !== undefined && wall.second.value !== undefined && item.begins <= wall.second.value, [item]);
  if (item.state !== "granted" || item.errands.length > 0 || !isDue.value) return null;
  return (
    <span class="cmd unsent">
      <Glyph name="warn" class="warn" />
      <span>{say("unsent")}</span>
    </span>
  );
}

function Acts({ item }: { item: Break }) {
  const { board } = useWall();
  const who = nameOf(board.at("agents", item.agent), item.agent);
  if (item.state === "granted")
    return (
      <span class="bk-do">
        <ActButton name="break.withdraw" args={{ break_id: item.id, reason: say("why.peak") }} class="al-button" label={`${say("take")}: ${who}`}>
          {say("take")}
        </ActButton>
      </span>
    );
  return (
    <span class="bk-do">
      {item.called === undefined && (
        <ActButton name="break.end" args={{ break_id: item.id }} class="al-button" label={`${say("call")}: ${who}`}>
          {say("call")}
        </ActButton>
      )}
      <ActButton name="break.end" args={{ break_id: item.id, resume: true }} class="al-button" label={`${say("resume")}: ${who}`}>
        {say("resume")}
      </ActButton>
    </span>
  );
}
