import type { Basis } from "./answer";
import { exact, plain, span } from "./figures";
import { named, say } from "./words";

/** What an estimate rests on: what was seen in the last hour, who is there, whom else they answer for, and what comes of it. */
export function Rests({ of: { inputs, forecast, heads, beside } }: { of: Basis }) {
  const share = (part: number) => exact(part, "share");
  return (
    <section data-part="rests">
      <h2>{say("rests")}</h2>
      <dl class="rests">
        {rows(inputs).map(([key, figure, note]) => (
          <div key={key}>
            <dt>{say(key)}</dt>
            <dd>
              {figure}
              {note !== "" && <small> {note}</small>}
            </dd>
          </div>
        ))}
        {heads.length > 0 && (
          <div>
            <dt>{say("rests.heads")}</dt>
            <dd>{heads.map(([n, people]) => say("rests.ahead", { n, v: plain(people) })).join(say("rests.then"))}</dd>
          </div>
        )}
        {beside.map(({ queue, part, load, names }, i) => (
          <div key={queue || i} class="beside">
            <dt>{say("rests.beside", { queue: queue === "" ? say("rests.hidden") : named(names, queue) })}</dt>
            <dd>
              {share(part)}
              <small> {say("rests.load", { v: plain(load) })}</small>
            </dd>
          </div>
        ))}
        {forecast.map(([n, low, middle, high]) => (
          <div key={n} class="band">
            <dt>{say("rests.forecast", { n })}</dt>
            <dd>
              {share(middle)}
              <small> {say("rests.band", { low: share(low), high: share(high) })}</small>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

type Row = readonly [key: "rests.calls" | "rests.handle" | "rests.patience" | "rests.waiting" | "rests.capacity" | "rests.need", figure: string, note: string];

/** What the last hour said, each with how much of it there was; what was not seen is not there. */
function rows(inputs: Basis["inputs"]): readonly Row[] {
  const { arrivals, watched = 0, handled = 0, handling = 0, waited = 0, abandoned_total: gaveUp = 0, waiting, overdue = 0, threshold, capacity, ready = 0, need } = inputs;
  const found: Row[] = [];
  if (arrivals !== undefined && watched > 0) found.push(["rests.calls", plain(arrivals), say("rests.in", { t: span(watched), v: plain((arrivals / watched) * 3600) })]);
  if (handled > 0) found.push(["rests.handle", span(handling / handled), say("rests.of", { n: plain(handled) })]);
  if (gaveUp > 0) found.push(["rests.patience", span(waited / gaveUp), say("rests.gaveUp", { n: plain(gaveUp) })]);
  if (waiting !== undefined) found.push(["rests.waiting", plain(waiting), threshold === undefined || waiting === 0 ? "" : say("rests.overdue", { n: plain(overdue), s: plain(threshold) })]);
  if (capacity !== undefined) found.push(["rests.capacity", plain(capacity), say("rests.ready", { n: plain(ready) })]);
  if (need !== undefined) found.push(["rests.need", plain(need), ""]);
  return found;
}
