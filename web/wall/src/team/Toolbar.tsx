import { CompactSign, TableSign, TilesSign } from "../desk/drawings";
import { nameOf } from "../names";
import { useDerived } from "../parts/hooks";
import { filters, SORTS, type Sort, VIEWS } from "./choice";
import { useTeam } from "./context";
import { PARTS } from "./facts";
import { Legend } from "./Legend";
import { many, say } from "./words";

const SIGNS = { tiles: TilesSign, compact: CompactSign, table: TableSign };

/** Who is in the list, in which order, and how they look. */
export function Toolbar() {
  const page = useTeam();
  const choice = page.choice.value;
  return (
    <div class="tg-tools">
      <HowMany />
      <DayKey />
      <div class="chips">
        <Moving />
        <button type="button" class="dk-chip" aria-pressed={choice.attention} onClick={() => page.choose({ attention: !choice.attention })}>
          {say("attention")} <b>{page.attention.value}</b>
        </button>
        <QueueChoice />
        {filters(choice) > 0 && (
          <button type="button" class="dk-chip clear" onClick={() => page.choose({ queue: "", states: [], attention: false, search: "" })}>
            {say("clear")}
          </button>
        )}
      </div>
      <div class="ways">
        <label class="dk-choice">
          <span class="vh">{say("sort")}</span>
          <select value={choice.sort} onChange={(event) => page.choose({ sort: event.currentTarget.value as Sort })}>
            {SORTS.map((sort) => (
              <option key={sort} value={sort}>
                {say(`sort.${sort}`)}
              </option>
            ))}
          </select>
        </label>
        <button type="button" class="dk-chip" aria-pressed={choice.grouped} onClick={() => page.choose({ grouped: !choice.grouped })}>
          {say("group")}
        </button>
        <div class="views" role="group" aria-label={say("view")}>
          {VIEWS.map((view) => {
            const Sign = SIGNS[view];
            return (
              <button type="button" key={view} aria-pressed={choice.view === view} aria-label={say(`view.${view}`)} title={say(`view.${view}`)} onClick={() => page.choose({ view })}>
                <Sign />
              </button>
            );
          })}
        </div>
        <Legend />
      </div>
    </div>
  );
}

function HowMany() {
  const page = useTeam();
  // Counts change with every event; how many people there are hardly ever.
  const people = useDerived(() => page.counts.value.people, []).value;
  const shown = useDerived(() => page.shown.value.reduce((sum, { ids }) => sum + ids.length, 0), []).value;
  return <h2 aria-live="polite">{shown === people ? many("list", people) : say("list.of", { n: shown, all: people })}</h2>;
}

/** What the colours of the day's bar are: always in sight, for nobody knows it by heart. */
function DayKey() {
  return (
    <p class="tg-key" title={`${say("legend.day")}. ${say("legend.dayWhat")}`}>
      <span>{say("share")}</span>
      {PARTS.map((part) => (
        <span key={part}>
          <i class={part} />
          {say(`share.${part}`)}
        </span>
      ))}
    </p>
  );
}

function QueueChoice() {
  const page = useTeam();
  const queues = page.wall.board.at("queues");
  const ids = useDerived(() => [...queues.keys].sort((a, b) => (queues.at(a, "order").number ?? 1e9) - (queues.at(b, "order").number ?? 1e9)), []);
  const { queue } = page.choice.value;
  if (ids.value.length < 2 && queue === "") return null;
  return (
    <label class={`dk-choice ${queue === "" ? "" : "on"}`}>
      <span class="vh">{say("queue.filter")}</span>
      <select value={queue} onChange={(event) => page.choose({ queue: event.currentTarget.value })}>
        <option value="">{say("queue.any")}</option>
        {ids.value.map((id) => (
          <option key={id} value={id}>
            {nameOf(queues.at(id), id)}
          </option>
        ))}
      </select>
    </label>
  );
}

/** While a hand is on the list nothing moves: says that something would. */
function Moving() {
  const page = useTeam();
  const n = page.moving.value;
  if (n === 0) return null;
  return (
    <button type="button" class="dk-chip moving" title={many("moving", n)} onClick={() => page.sortNow()}>
      {say("moving.now")} <b>{n}</b>
    </button>
  );
}
