import "../css/editor.css";
import "../css/sheet.css";
import "../css/people.css";

import { render } from "preact";
import { useState } from "preact/hooks";

import { Dialog } from "../boards/Dialog";
import { ChangePassword } from "./ChangePassword";
import { say } from "./words";

/** One's own password, over any page of the desk; nothing of that can be reached meanwhile. */
export function openPasswordSheet(home: HTMLElement | null): void {
  const [page, over] = [document.getElementById("wall"), document.createElement("div")];
  const close = () => {
    render(null, over);
    over.remove();
    page?.removeAttribute("inert");
    home?.focus();
  };
  page?.setAttribute("inert", "");
  document.body.append(over);
  render(<PasswordSheet onClose={close} />, over);
}

function PasswordSheet({ onClose }: { onClose: () => void }) {
  const [isDone, setDone] = useState(false);
  return (
    <Dialog title={say("change.title")} onClose={onClose}>
      {isDone ? (
        <div class="bd-form">
          <p role="status">{say("change.done")}</p>
          <footer>
            <button type="button" class="ed-btn main" onClick={onClose}>
              {say("done")}
            </button>
          </footer>
        </div>
      ) : (
        <ChangePassword button="ed-btn main" onDone={() => setDone(true)} />
      )}
    </Dialog>
  );
}
