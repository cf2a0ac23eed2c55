import { may } from "../acts/who";
import { useWall } from "../context";
import { Glyph } from "../parts/Glyph";
import { useDerived } from "../parts/hooks";
import { pageAddress } from "../wire/socket";
import { caseIn, countsOf } from "./facts";
import { say } from "./words";

/** On the duty desk: how the register stands, and the way there. Only timers are on the board, no word of a customer's. */
export function CasesPanel() {
  const wall = useWall();
  const told = useDerived(() => {
    const timers = wall.board.at("cases");
    const open = timers.keys.map((id) => caseIn({ ...(timers.at(id).json as object | undefined), id })).filter((one) => one !== undefined);
    const more = wall.board.at("case_desk", "more").number ?? 0;
    return JSON.stringify({ open: open.length + more, ...countsOf(open, wall.second.value ?? 0) });
  }, []).value;
  if (!may("case.open")) return null;
  const { open, over, near, free } = JSON.parse(told) as { open: number } & ReturnType<typeof countsOf>;
  return (
    <section class="dk-panel" aria-labelledby="du-cases" data-panel="cases">
      <div class="h">
        <h2 id="du-cases">{say("title")}</h2>
        {open > 0 && <span class="n">{open}</span>}
        <a class="all act-button quiet" href={pageAddress("cases")}>
          {say("panel.all")}
        </a>
      </div>
      {open === 0 ? (
        <p class="none">{say("panel.none")}</p>
      ) : (
        (over > 0 || near > 0 || free > 0) && (
          <p class="du-line">
            {over > 0 && (
              <span>
                <Glyph name="breach" class="m-breach" /> <b>{over}</b> {say("counts.over")}
              </span>
            )}
            {near > 0 && (
              <span>
                <Glyph name="warn" class="m-warn" /> <b>{near}</b> {say("counts.near")}
              </span>
            )}
            {free > 0 && (
              <span>
                <b>{free}</b> {say("counts.free")}
              </span>
            )}
          </p>
        )
      )}
    </section>
  );
}
