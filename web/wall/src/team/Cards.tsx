import { useLayoutEffect, useRef, useState } from "preact/hooks";

import { place } from "../ask";
import { useWall } from "../context";
import { deskSpan } from "../desk/span";
import { percent } from "../format/percent";
import { nameOf } from "../names";
import { Glyph } from "../parts/Glyph";
import { useDerived, useVerdict } from "../parts/hooks";
import { ofLimit, ofRate, type Severity } from "../severity";
import { timeOf } from "../stale";
import type { Wall } from "../wall";
import { t } from "../words";
import { useTeam } from "./context";
import { isPhone } from "./narrow";
import type { TeamPage } from "./page";
import { say } from "./words";

/** Rem a card takes at the least, the gap included. */
const LEAST = 17.2;

/** The queues that the people of this page serve, in the floor's order. */
export function Cards() {
  const wall = useWall();
  const page = useTeam();
  const list = useRef<HTMLUListElement>(null);
  const [room, setRoom] = useState(8);
  const [isOpen, setOpen] = useState(false);
  const ids = useDerived(() => queuesOf(wall, page), []);
  const all = useSame(ids.value);
  useLayoutEffect(() => {
    const element = list.current;
    if (element === null) return;
    const measure = () => {
      const columns = Math.max(2, Math.floor(element.clientWidth / (Number.parseFloat(getComputedStyle(document.documentElement).fontSize) * LEAST)));
      // One row of them; on a phone two.
      setRoom(isPhone.peek() ? columns * 2 : columns);
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [all.length === 0]);
  if (all.length === 0) return null;
  const isMore = all.length > room;
  const shown = isOpen || !isMore ? all : all.slice(0, room);
  return (
    <section class="tg-cards" aria-label={say("queues")}>
      <ul ref={list}>
        {shown.map((id) => (
          <Card key={id} id={id} />
        ))}
      </ul>
      {isMore && (
        <button type="button" class="dk-chip" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {isOpen ? say("queue.fewer") : say("queue.more", { n: all.length - shown.length })}
        </button>
      )}
    </section>
  );
}

/** A team's queues are those that its people serve; without a team, all. */
function queuesOf({ board }: Wall, { choice, people }: TeamPage): readonly string[] {
  const { team } = choice.value;
  const queues = board.at("queues");
  const order = (id: string) => queues.at(id, "order").number ?? Number.MAX_SAFE_INTEGER;
  // Where all are shown nobody is asked what they serve: it would be asked again with each of their changes.
  const served = team === "" ? undefined : new Set(people.all.value.filter((row) => row.team === team).flatMap((row) => row.queues));
  return queues.keys.filter((id) => served === undefined || served.has(id)).sort((a, b) => order(a) - order(b) || (a < b ? -1 : 1));
}

function useSame(ids: readonly string[]): readonly string[] {
  const kept = useRef(ids);
  if (kept.current.join("\n") !== ids.join("\n")) kept.current = ids;
  return kept.current;
}

const RANK: Readonly<Record<Severity, number>> = { none: 0, ok: 1, warn: 2, breach: 3 };
const worse = (a: Severity, b: Severity): Severity => (RANK[a] >= RANK[b] ? a : b);

function Card({ id }: { id: string }) {
  const wall = useWall();
  const queue = wall.board.at("queues", id);
  const freshness = wall.freshnessOf(queue.at("source").text);
  const line = wall.board.at("lines", queue.at("line").text);
  const isOut = line.at("direction").text === "out";
  const metric = isOut ? "connect_rate" : "service_level";
  const rate = queue.at(metric).number;
  const target = (isOut ? line : queue).at("target", metric).number;
  const since = queue.at("longest_since").number;
  const waiting = queue.at("waiting").number ?? 0;
  const now = useDerived(() => timeOf(freshness, wall.second.value), [freshness.kind, freshness.kind === "live" ? 0 : freshness.asOf]);
  const wait = useDerived(() => (since === undefined || now.value === undefined ? "–" : deskSpan(now.value - since)), [since, now]);
  const long = useDerived(() => ofLimit(since === undefined || now.value === undefined ? undefined : now.value - since, queue.at("target", "longest_wait").number), [since, now]);
  const onRate = useVerdict(ofRate(rate, target), freshness);
  const onWait = useVerdict(worse(long.value, ofLimit(waiting, queue.at("target", "waiting").number)), freshness);
  const worst = worse(onRate, onWait);
  const bad = worst === "warn" || worst === "breach" ? worst : "";
  const says = isOut ? say("queue.connect") : waiting > 0 ? say("queue.wait", { n: waiting, t: wait.value }) : say("queue.nobody");
  return (
    <li class={`${bad} ${freshness.kind === "live" ? "" : "stale"}`} data-card={id}>
      <button
        type="button"
        aria-haspopup="dialog"
        data-metric={metric}
        data-scope={`queue:${id}`}
        onClick={(event) => (place.value = { kind: "queue", id, button: event.currentTarget })}
      >
        <span class="n">
          {bad !== "" && <Glyph name={bad} class={`m-${bad}`} />}
          {bad !== "" && <span class="vh">{t(`severity.${bad}`)}</span>}
          <bdi>{nameOf(queue, id)}</bdi>
        </span>
        <span class={`w ${onWait}`}>{says}</span>
        <span class={`v ${onRate}`}>
          {rate === undefined ? "–" : percent(rate, target)}
          {rate !== undefined && <small>%</small>}
        </span>
      </button>
    </li>
  );
}
