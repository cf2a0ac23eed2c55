import { isAsking } from "../ask";
import { useWall } from "../context";
import { isForPage } from "../desk/keys";
import { Glyph } from "../parts/Glyph";
import { useDerived, useKeydown } from "../parts/hooks";
import { pageAddress } from "../wire/socket";
import { Absence } from "./Away";
import { useEffects } from "./effects";
import { type Break, breaksOf, courseOf, hasBreaks, isWaiting, scopesOf } from "./model";
import { many, say } from "./words";
import { Wish } from "./Wish";

interface Props {
  /** Whose breaks: the id of a team; empty for all in sight. */
  readonly team: () => string;
  /** How many wishes before the rest is a number; of the first one everything is shown. */
  readonly most?: number;
}

/**
 * The break desk in short, for the lead's right column and the hand: the first wish whole, the next ones a line each, and
 * who is away for too long. Needs a `WallProvider` around it, and `css/breaks.css`. Nothing on a server without breaks.
 */
export function BreakPanel({ team, most = 4 }: Props) {
  const wall = useWall();
  const { board } = wall;
  const items = useDerived(() => breaksOf(board, team()), []);
  const over = useDerived(() => items.value.filter((one) => courseOf(one, wall.second.value) !== "").map(({ id }) => id).join(" "), []);
  const effects = useEffects(wall);
  useBreakKeys(() => ordered(items.peek())[0]);
  if (!hasBreaks(board)) return null;
  const waiting = ordered(items.value);
  const late = items.value.filter(({ id }) => over.value.split(" ").includes(id));
  const rest = Math.max(0, waiting.length - most);
  return (
    <section class="dk-panel bk-panel" aria-labelledby="bk-title" data-panel="breaks" tabIndex={-1}>
      <header class="h">
        <h2 id="bk-title">{say("title")}</h2>
        <span class="n">{waiting.length}</span>
        <a class="all" href={pageAddress("breaks")}>
          <Room team={team} />
        </a>
      </header>
      {waiting.length === 0 && late.length === 0 && (
        <p class="bk-calm">
          <Glyph name="ok" />
          {say("none")}
        </p>
      )}
      <ul class="bk-list">
        {waiting.slice(0, most).map((item, i) => (
          <Wish key={item.id} item={item} effect={effects.value.breaks.get(item.id)} isWhole={i === 0} hasKeys={i === 0} />
        ))}
        {late.map((item) => (
          <Absence key={item.id} item={item} />
        ))}
      </ul>
      {rest > 0 && (
        <a class="rest" href={pageAddress("breaks")}>
          {many("more", rest)}
        </a>
      )}
    </section>
  );
}

/** Who was to go and is held first, then those to be decided on, then those that are promised for later. */
export const ordered = (items: readonly Break[]): readonly Break[] => {
  const waiting = items.filter(isWaiting);
  const held = waiting.filter(({ state }) => state === "held").sort((a, b) => (a.begins ?? 0) - (b.begins ?? 0));
  return [...held, ...waiting.filter(({ state }) => state === "requested"), ...waiting.filter(({ state }) => state === "postponed")];
};

/** `away 3/4`: of the team where it has a limit of its own, else of the floor. */
function Room({ team }: { team: () => string }) {
  const { board } = useWall();
  const words = useDerived(() => {
    const scopes = scopesOf(board);
    const scope = scopes.find(({ kind, id }) => kind === "team" && id === team()) ?? scopes.find(({ kind }) => kind === "floor");
    if (scope === undefined) return say("all");
    return scope.cap === undefined ? say("away", { n: scope.away }) : say("away.of", { n: scope.away, cap: scope.cap });
  }, []);
  return <>{words}</>;
}

/** `B` goes to the desk; `1`, `2`, `3` are the best time, grant and refuse of the wish in focus, else of the first. */
export function useBreakKeys(first: () => Break | undefined): void {
  useKeydown((event) => {
    if (event.repeat || event.shiftKey || event.defaultPrevented || !isForPage(event) || isAsking()) return;
    const panel = [...document.querySelectorAll<HTMLElement>('[data-panel="breaks"]')].find((one) => one.checkVisibility());
    if (panel === undefined) return;
    if (event.key.toLowerCase() === "b") {
      event.preventDefault();
      panel.scrollIntoView({ block: "nearest" });
      (panel.querySelector<HTMLElement>("[data-break] button") ?? panel).focus();
      return;
    }
    const selector = ({ "1": '[data-act="break.postpone"].rec', "2": '[data-act="break.grant"]', "3": "[data-refuse]" } as Readonly<Record<string, string>>)[event.key];
    if (selector === undefined) return;
    const id = document.activeElement?.closest<HTMLElement>("[data-break]")?.dataset["break"] ?? first()?.id;
    const item = [...panel.querySelectorAll<HTMLElement>("[data-break]")].find((one) => one.dataset["break"] === id);
    const button = item?.querySelector<HTMLButtonElement>(selector);
    if (button === undefined || button === null) return;
    event.preventDefault();
    button.click();
  });
}
