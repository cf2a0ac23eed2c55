import type { Asking } from "./asking";
import { isKey, say } from "./words";

/** The server does not explain it: what happened, in our words and in its own, and what to do. */
export function Refused({ asking }: { asking: Asking }) {
  const trouble = asking.trouble.value;
  if (trouble === undefined) return null;
  const key = `p.${trouble.status}`;
  return (
    <div class="why-said" role="alert">
      <h2>{say(isKey(key) ? key : trouble.status === 0 ? "p.away" : "p.other")}</h2>
      {trouble.status === 0 && <p>{say("p.awayNext")}</p>}
      {trouble.detail !== "" && (
        <p class="raw" lang="en">
          <bdi>{trouble.detail}</bdi>
        </p>
      )}
      {trouble.next !== "" && (
        <p class="raw" lang="en">
          <bdi>{trouble.next}</bdi>
        </p>
      )}
      <button type="button" class="btn" onClick={asking.ask}>
        {say("again")}
      </button>
    </div>
  );
}
