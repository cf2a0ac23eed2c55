import { useEffect, useState } from "preact/hooks";

import { clock } from "../format/moment";
import { siteName } from "../names";
import { Glyph } from "../parts/Glyph";
import type { Wall } from "../wall";
import { asker } from "../wire/socket";
import type { Explanation } from "./answer";
import type { Asking } from "./asking";
import { citation } from "./citation";
import { contactsOf, fileName, table } from "./export";
import { plain } from "./figures";
import { say } from "./words";

/** Takes the number along, says how live it is, and whether somebody counted. */
export function Foot({ asking, wall }: { asking: Asking; wall: Wall }) {
  const answer = asking.answer.value;
  const [said, setSaid] = useState("");
  const [isBusy, setBusy] = useState(false);
  useEffect(() => setSaid(""), [asking.question]);
  if (answer === undefined) return <footer class="why-foot" />;
  const total = answer.groups.reduce((sum, [, n]) => sum + n, 0);
  const takeAll = async () => {
    setBusy(true);
    try {
      const found = await contactsOf(asking.question, answer, asker, (n) => setSaid(say("export.at", { n: plain(n), total: plain(total) })));
      save(fileName(answer, wall.zone), table(answer, found, wall.zone));
      setSaid(say("export.done", { n: plain([...found.values()].flat().length) }));
    } catch {
      setSaid(say("export.failed"));
    }
    setBusy(false);
  };
  const cite = async () => setSaid(say((await copied(citation(answer, siteName(wall.board), wall.zone))) ? "copy.done" : "copy.failed"));
  return (
    <footer class="why-foot">
      {answer.contacts !== undefined && total > 0 && (
        <button type="button" class="btn" disabled={isBusy} data-action="export" onClick={() => void takeAll()}>
          {say("export", { n: plain(total) })}
        </button>
      )}
      <button type="button" class="btn" data-action="copy" onClick={() => void cite()}>
        {say("copy")}
      </button>
      <span class="said" role="status">
        {said}
      </span>
      <Checked answer={answer} />
      <Pulse asking={asking} answer={answer} wall={wall} />
    </footer>
  );
}

function Checked({ answer }: { answer: Explanation }) {
  if (answer.isChecked === undefined) return <span class="end" />;
  return (
    <span class={`end ${answer.isChecked ? "" : "bad"}`} data-checked={answer.isChecked}>
      <Glyph name={answer.isChecked ? "ok" : "warn"} class={answer.isChecked ? "" : "m-warn"} />
      {say(answer.isChecked ? "checked" : "unchecked")}
    </span>
  );
}

function Pulse({ asking, answer, wall }: { asking: Asking; answer: Explanation; wall: Wall }) {
  const isHeld = asking.state.value === "held";
  const isLive = asking.state.value === "fresh" && wall.isLive.value && answer.asOf === undefined;
  return (
    <span class="pulse" data-live={asking.state.value}>
      {say(isHeld ? "held" : isLive ? "live" : "source.asOf", { t: clock(answer.asOf ?? answer.now, wall.zone) })}
    </span>
  );
}

function save(name: string, text: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/csv;charset=utf-8" }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** Whether it is on the clipboard. A wall on plain http has no clipboard of its own; there the old way is the only one. */
async function copied(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copiedByHand(text);
  }
}

function copiedByHand(text: string): boolean {
  const before = document.activeElement;
  const area = document.createElement("textarea");
  area.value = text;
  area.className = "vh";
  // Inside the dialog: what is behind it is inert and takes no selection.
  document.querySelector("[role=dialog]")?.append(area);
  area.select();
  const isDone = document.execCommand("copy");
  area.remove();
  if (before instanceof HTMLElement) before.focus();
  return isDone;
}
