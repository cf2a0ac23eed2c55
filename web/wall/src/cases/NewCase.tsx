import { useState } from "preact/hooks";

import { ActProblem, useAct } from "../acts/Act";
import { Dialog } from "../boards/Dialog";
import { Glyph } from "../parts/Glyph";
import type { Wall } from "../wall";
import { number } from "../wire/reading";
import { KINDS, LEVELS } from "./facts";
import { when } from "./marks";
import { namesOf } from "./names";
import { say } from "./words";

interface Props {
  readonly wall: Wall;
  readonly onClose: () => void;
  readonly onDone: () => void;
  readonly onShow: (id: string) => void;
}
interface Made {
  readonly id: string;
  readonly due: number | undefined;
  readonly answerDue: number | undefined;
}

/** What a customer said, as it is written down; afterwards, until when it is promised. */
export function NewCase({ wall, onClose, onDone, onShow }: Props) {
  const [kind, setKind] = useState<(typeof KINDS)[number]>("complaint");
  const [told, setTold] = useState({ title: "", level: 1, text: "", queue: "", agent: "", number: "", agreed: false });
  const [made, setMade] = useState<Made>();
  const acting = useAct((answer) => {
    setMade({ id: typeof answer["case"] === "string" ? answer["case"] : "", due: number(answer["due"]), answerDue: number(answer["answer_due"]) });
    onDone();
  });
  const put = (more: Partial<typeof told>) => setTold({ ...told, ...more });
  const names = namesOf(wall);
  const listed = (part: "queues" | "agents", name: (id: string) => string) =>
    wall.board
      .at(part)
      .keys.map((id) => [id, name(id)] as const)
      .toSorted((a, b) => a[1].localeCompare(b[1]));
  const isReady = told.title.trim() !== "";
  const save = () => void (isReady && acting.run("case.open", { kind, ...told, agreed: kind === "service" && told.agreed }));
  if (made !== undefined) {
    return (
      <Dialog
        title={say("new.done")}
        onClose={onClose}
        foot={
          <>
            <button type="button" class="act-button" onClick={() => onShow(made.id)}>
              {say("new.show")}
            </button>
            <button type="button" class="act-button primary" onClick={onClose}>
              {say("close")}
            </button>
          </>
        }
      >
        <div class="cs-made" role="status" data-case={made.id}>
          <p>
            <Glyph name="ok" />
            <b>
              <bdi>{told.title}</bdi>
            </b>
          </p>
          {made.answerDue !== undefined && <p>{say("new.answer", { t: when(made.answerDue, wall.zone) })}</p>}
          {made.due !== undefined && <p>{say("new.due", { t: when(made.due, wall.zone) })}</p>}
        </div>
      </Dialog>
    );
  }
  return (
    <Dialog
      title={say("new.title")}
      onClose={onClose}
      foot={
        <>
          <ActProblem problem={acting.problem} />
          <button type="button" class="act-button" onClick={onClose}>
            {say("cancel")}
          </button>
          <button type="submit" form="cs-new" class="act-button primary" data-act="case.open" aria-busy={acting.isBusy} aria-disabled={!isReady || acting.isBusy}>
            {say("new.save")}
          </button>
        </>
      }
    >
      <form id="cs-new" class="cs-form" onSubmit={(event) => (event.preventDefault(), save())}>
        <label>
          {say("kind")}
          <select name="kind" value={kind} onChange={(event) => setKind(KINDS.find((one) => one === event.currentTarget.value) ?? "complaint")}>
            {KINDS.map((one) => (
              <option key={one} value={one}>
                {say(`kind.${one}`)}
              </option>
            ))}
          </select>
        </label>
        <label>
          {say("level")}
          <select name="level" value={told.level} onChange={(event) => put({ level: Number(event.currentTarget.value) })}>
            {LEVELS.map((one) => (
              <option key={one} value={one}>
                {say(`level.${one}`)}
              </option>
            ))}
          </select>
        </label>
        <label class="wide">
          {say("new.name")}
          <input name="title" value={told.title} maxLength={120} required autocomplete="off" onInput={(event) => put({ title: event.currentTarget.value })} />
        </label>
        <label class="wide">
          {say("text")}
          <textarea name="text" rows={4} value={told.text} maxLength={4000} onInput={(event) => put({ text: event.currentTarget.value })} />
        </label>
        <label>
          {say("number")}
          <input name="number" type="tel" value={told.number} maxLength={40} autocomplete="off" onInput={(event) => put({ number: event.currentTarget.value })} />
        </label>
        {(["queue", "agent"] as const).map((part) => (
          <label key={part}>
            {say(part)}
            <select name={part} value={told[part]} onChange={(event) => put({ [part]: event.currentTarget.value })}>
              <option value="">{say("none.chosen")}</option>
              {listed(part === "queue" ? "queues" : "agents", names[part]).map(([id, name]) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </select>
          </label>
        ))}
        {kind === "service" && (
          <label class="wide check">
            <input name="agreed" type="checkbox" checked={told.agreed} onChange={(event) => put({ agreed: event.currentTarget.checked })} />
            {say("new.agreed")}
          </label>
        )}
      </form>
    </Dialog>
  );
}
