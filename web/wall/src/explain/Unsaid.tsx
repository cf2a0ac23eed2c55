import type { Looking } from "./looking";
import { isKey, say } from "./words";

/** The server does not say it: what happened in our words and in its own, and a button to ask once more. */
export function Unsaid({ looking, title }: { looking: Looking; title?: string }) {
  const status = looking.status.value;
  const key = `p.${status}`;
  return (
    <div class="unsaid" role="alert">
      <p>
        <b>{title ?? say(isKey(key) ? key : status === 0 ? "p.away" : "p.other")}</b>
        {status === 0 && <> {say("p.awayNext")}</>}
      </p>
      {looking.words.value !== "" && (
        <p class="raw" lang="en">
          <bdi>{looking.words.value}</bdi>
        </p>
      )}
      <button type="button" class="btn" onClick={looking.ask}>
        {say("again")}
      </button>
    </div>
  );
}
