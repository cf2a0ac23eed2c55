import { signal } from "@preact/signals";
import { useMemo, useState } from "preact/hooks";

import { isAsking } from "../ask";
import { useWall } from "../context";
import { Bar } from "../desk/Bar";
import { siteName } from "../names";
import { Banner, hasBanner } from "../parts/Banner";
import { useDerived, useKeydown } from "../parts/hooks";
import { useTitle } from "../truth/title";
import { lang } from "../words";
import { Canvas } from "./Canvas";
import { NAMED } from "./detail";
import { Edit } from "./Edit";
import { Floor } from "./floor";
import { cellOf } from "./plan";
import { Popover } from "./Popover";
import { Side } from "./Side";
import { Minimap, Tools } from "./Tools";
import { usePlan } from "./usePlan";
import { View } from "./view";
import { many, say } from "./words";

/** Who sits where and does what: the floor as a supervisor walks it. */
export function SeatPage() {
  const wall = useWall();
  const floor = useMemo(() => new Floor(wall), [wall]);
  const view = useMemo(() => new View(), []);
  const chosen = useMemo(() => signal<string | undefined>(undefined), []);
  const query = useMemo(() => signal(""), []);
  const wanted = useMemo(() => new URLSearchParams(location.search).get("plan") ?? "", []);
  const [isEditing, setEditing] = useState(false);
  const { list, id, isAsked } = usePlan(floor, wanted);
  const name = useDerived(() => siteName(wall.board), []);
  useTitle(wall, `${say("title")} · ${name.value}`);
  const found = useDerived(() => floor.found(query.value), [floor]);
  const hits = useMemo(() => new Set(found.value), [found.value]);
  const choose = (seat: string, least = 0) => {
    const place = floor.places.peek().get(seat);
    if (place === undefined) return;
    chosen.value = seat;
    view.show(cellOf(place), false, least);
  };
  view.anchor = () => {
    const place = floor.places.peek().get(chosen.peek() ?? "");
    return place && cellOf(place);
  };
  useSearchKeys(query, () => found.peek(), chosen, choose);
  const plan = isAsked ? floor.plan.value : undefined;
  const place = chosen.value === undefined ? undefined : floor.places.value.get(chosen.value);
  const hasNews = useDerived(() => hasBanner(wall), []);
  return (
    <div class="dk-page s-page" data-page="seats">
      <Bar
        current="seats"
        title={<b class="s-site">{name}</b>}
        query={query}
        placeholder={say("search")}
      />
      {hasNews.value && (
        <div class="dk-banners">
          <Banner />
        </div>
      )}
      <main class="s-main">
        <h1 class="vh">{say("title")}</h1>
        {plan === undefined ? (
          <div class="s-empty">
            {isAsked && (
              <>
                <h2>{say("none.seats")}</h2>
                <p>{say("none.why")}</p>
                {list.mayEdit && (
                  <button type="button" class="s-btn" onClick={() => setEditing(true)}>
                    {say("plan.edit")}
                  </button>
                )}
              </>
            )}
          </div>
        ) : (
          <Canvas floor={floor} plan={plan} view={view} chosen={chosen} hits={hits}>
            <Tools view={view}>
              <span class="s-which">
                <bdi>{plan.isDerived ? say("plan.derived") : planName(list.plans.find((entry) => entry.id === id)?.name)}</bdi>
                {list.mayEdit && (
                  <button type="button" class="s-link" onClick={() => setEditing(true)}>
                    {say("plan.edit")}
                  </button>
                )}
              </span>
            </Tools>
            <Minimap view={view} floor={floor} plan={plan} />
            {query.value.trim() !== "" && (
              <p class="s-found" role="status" data-over>
                {found.value.length === 0 ? say("search.none") : many("search.found", found.value.length)}
              </p>
            )}
            {place !== undefined && <Popover key={place.id} floor={floor} seat={place} view={view} chosen={chosen} />}
          </Canvas>
        )}
        <Side floor={floor} choose={choose} chosen={chosen} />
      </main>
      {isEditing && <Edit floor={floor} id={id} list={list} onClose={() => setEditing(false)} />}
    </div>
  );
}

const planName = (names: Readonly<Record<string, string>> | undefined): string => names?.[lang.value] ?? Object.values(names ?? {})[0] ?? "";

/** Enter in the search field goes to the next seat that fits, near enough to read its name. */
function useSearchKeys(query: { peek(): string }, found: () => readonly string[], chosen: { peek(): string | undefined }, choose: (seat: string, least: number) => void): void {
  useKeydown((event) => {
    const isInField = event.target instanceof HTMLInputElement && event.target.type === "search";
    if (event.key !== "Enter" || !isInField || isAsking() || query.peek().trim() === "") return;
    const all = found();
    const next = all[(all.indexOf(chosen.peek() ?? "") + 1) % Math.max(1, all.length)];
    if (next !== undefined) choose(next, NAMED);
  });
}
