import type { Told } from "./ask";
import { Trouble, useSending } from "./sending";
import { say } from "./words";

/** The present one, and the new one twice. */
export function ChangePassword({ onDone, button = "main" }: { onDone: (told: Told) => void; button?: string }) {
  const { trouble, setTrouble, isBusy, send } = useSending(onDone, say("change.wrong"));
  const change = (event: SubmitEvent) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const [old, next, again] = ["old", "new", "again"].map((name) => String(form.get(name) ?? ""));
    if (next !== again) return setTrouble(say("change.differ"));
    void send("api/v1/password", { old, new: next });
  };
  return (
    <form class="bd-form" onSubmit={change}>
      <label class="bd-label">
        <span>{say("change.old")}</span>
        <input name="old" type="password" autocomplete="current-password" maxLength={256} autofocus required />
      </label>
      <label class="bd-label">
        <span>{say("change.new")}</span>
        <input name="new" type="password" autocomplete="new-password" minLength={10} maxLength={256} aria-describedby="password-hint" required />
      </label>
      <p class="hint muted" id="password-hint">
        {say("change.hint")}
      </p>
      <label class="bd-label">
        <span>{say("change.again")}</span>
        <input name="again" type="password" autocomplete="new-password" maxLength={256} required />
      </label>
      <Trouble>{trouble}</Trouble>
      <button type="submit" class={button} disabled={isBusy}>
        {say("change.save")}
      </button>
    </form>
  );
}
