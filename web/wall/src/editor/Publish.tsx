import { useEffect, useState } from "preact/hooks";

import { Dialog } from "../boards/Dialog";
import { useBench } from "./bench";
import { FindingList, lines } from "./Findings";
import { say } from "./words";

type Stage = "checking" | "found" | "saving" | "failed";

/** Looks at every page in every language, asks where there is something to ask, and saves. */
export function Publish() {
  const bench = useBench();
  const [stage, setStage] = useState<Stage>("checking");
  const [trouble, setTrouble] = useState("");
  const [note, setNote] = useState("");
  const close = () => (bench.dialog.value = undefined);
  const save = async () => {
    setStage("saving");
    const answer = await bench.save(note.trim());
    switch (answer.kind) {
      case "saved":
        bench.told.value = say("saved", { n: answer.paper.entry.version });
        return close();
      case "conflict":
        return; // its own dialog is open
      case "told":
        setTrouble(answer.detail);
        return setStage("failed");
      case "mistakes":
        setTrouble(say("publish.mistakes"));
        return setStage("failed");
      default:
        setTrouble(say(answer.kind === "refused" ? "refused" : "away"));
        return setStage("failed");
    }
  };
  useEffect(() => {
    let isOver = false;
    bench.mistakes.value = [];
    void bench.measuring.run().then(() => {
      if (isOver) return;
      if (lines(bench).length === 0) void save();
      else setStage("found");
    });
    return () => {
      isOver = true;
    };
  }, []);
  const all = lines(bench);
  const trial = bench.measuring.trial.value;
  const foot =
    stage === "found" || stage === "failed" ? (
      <>
        <button type="button" class="ed-btn" onClick={close}>
          {say("publish.look")}
        </button>
        <button type="button" class="ed-btn main" onClick={() => void save()}>
          {say(stage === "found" ? "publish.anyway" : "publish.again")}
        </button>
      </>
    ) : undefined;
  return (
    <Dialog title={say("publish.title")} onClose={close} foot={foot}>
      {stage === "checking" && <p role="status">{say("publish.checking", { n: (trial?.page ?? 0) + 1, lang: say(`tongue.${trial?.lang ?? "zh-CN"}`) })}</p>}
      {stage === "saving" && <p role="status">{say("publish.saving")}</p>}
      {stage === "failed" && <p role="alert" class="ed-trouble">{trouble}</p>}
      {stage === "found" && <p>{say("publish.found")}</p>}
      {(stage === "found" || stage === "failed") && (
        <>
          <FindingList all={all} onGo={close} />
          {!bench.measuring.isWhole.value && <p class="muted">{say("publish.notWhole")}</p>}
          <label class="bd-label">
            <span>{say("publish.note")}</span>
            <input value={note} maxLength={200} onInput={(event) => setNote(event.currentTarget.value)} />
          </label>
        </>
      )}
    </Dialog>
  );
}
