import { useWall } from "../context";
import { minute } from "../format/moment";
import { Glyph } from "../parts/Glyph";
import { useDerived, useSteps } from "../parts/hooks";
import { wordsIn } from "../tiles/notices";
import type { Cell } from "../wire/cell";
import { lang } from "../words";
import { kindWords, told } from "./words";

/** Those that were confirmed and go on, the newest first: that is what everybody must know. */
export function confirmed(board: Cell): readonly string[] {
  const all = board.at("incidents");
  const began = (id: string): number => all.at(id, "began").number ?? 0;
  return all.keys.filter((id) => all.at(id, "state").text === "confirmed").sort((a, b) => began(b) - began(a) || (a < b ? -1 : 1));
}

/** The incident of now, in one line: what, since when, what to know, and until when. */
export function IncidentBanner({ isBeside = false }: { isBeside?: boolean }) {
  const wall = useWall();
  const [id] = confirmed(wall.board);
  const one = wall.board.at("incidents", id ?? "");
  const words = useDerived(() => wordsIn(one.at("texts").json, lang.value), [id]);
  const kind = kindWords(one.at("kind").text);
  const [began, ends] = [one.at("began").number, one.at("expected_end").number];
  const since = began === undefined ? "" : told.t("since", { t: minute(began, wall.zone) });
  const isDue = useDerived(() => ends !== undefined && ends > (wall.second.value ?? 0), [ends]);
  const end = ends !== undefined && isDue.value ? told.t("until", { t: minute(ends, wall.zone) }) : "";
  const steps = useSteps(3, `${id}${lang.value}${kind}${words.value}${since}${end}${isBeside}`);
  if (id === undefined) return null;
  return (
    <p class={`banner incident ${isBeside ? "beside" : ""}`} role="alert" data-tile="incident" ref={steps as never}>
      <Glyph name="breach" class="m-breach" />
      <span class="says">
        <b>{kind}</b> <span class="since">{since}</span>
        {words.value !== "" && (
          <>
            {lang.value === "en" ? ", " : "，"}
            <bdi>{words.value}</bdi>
          </>
        )}
      </span>
      {!isBeside && end !== "" && <span class="end">{end}</span>}
    </p>
  );
}
