import { DownSign } from "../desk/drawings";
import { useOpening } from "../desk/popover";
import { Glyph } from "../parts/Glyph";
import { STATES } from "../states";
import { type Key, t } from "../words";
import { PARTS } from "./facts";
import { say } from "./words";

const KEYS = [
  ["/", "key.search"],
  ["← ↑ ↓ →", "key.move"],
  ["Enter", "key.open"],
  ["Esc", "key.back"],
  ["?", "key.why"],
] as const;

/** What every sign of the page means. */
export function Legend() {
  const { isOpen, setOpen, frame, button } = useOpening();
  return (
    <div class="tg-legend" ref={frame}>
      <button ref={button} type="button" class="dk-chip" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        {say("legend")}
        <DownSign />
      </button>
      {isOpen && (
        <div class="dk-drop tg-key-sheet">
          <section>
            <h3>{say("legend.states")}</h3>
            <ul class="states">
              {STATES.map((state) => (
                <li key={state}>
                  <Glyph name={state} class={`st-${state}`} />
                  {t(`state.${state}` as Key)}
                </li>
              ))}
            </ul>
          </section>
          <section>
            <h3>{say("legend.senses")}</h3>
            <dl>
              {(["phone", "desk", "seat"] as const).map((sense) => (
                <div key={sense}>
                  <dt>
                    <Glyph name={sense} />
                    {say(`legend.${sense}`)}
                  </dt>
                  <dd>{say(`legend.${sense}What`)}</dd>
                </div>
              ))}
            </dl>
            <ul class="lines">
              <li>
                <span class="tg-senses">
                  <span>
                    <Glyph name="phone" />
                  </span>
                </span>
                {say("legend.senseGood")}
              </li>
              <li>
                <span class="tg-senses">
                  <span class="no">
                    <Glyph name="desk" />
                  </span>
                </span>
                {say("legend.senseBad")}
              </li>
              <li>
                <span class="tg-senses">
                  <span class="old">
                    <Glyph name="seat" />
                  </span>
                </span>
                {say("legend.senseOld")}
              </li>
            </ul>
          </section>
          <section>
            <h3>{say("legend.limit")}</h3>
            <ul class="lines">
              <li>
                <span class="tg-lim sample">
                  <i style={{ inlineSize: "55%" }} />
                </span>
                {say("legend.limitWhat")}
              </li>
              <li>
                <Glyph name="warn" class="m-warn" /> <b>{t("severity.warn")}</b> {say("legend.warn")}
              </li>
              <li>
                <Glyph name="breach" class="m-breach" /> <b>{t("severity.breach")}</b> {say("legend.breach")}
              </li>
              <li>
                <Glyph name="conflict" class="m-breach" /> <b>{t("conflict.short")}</b> {say("legend.doubt")}
              </li>
              <li>
                <Glyph name="clock" /> {say("legend.stale")}
              </li>
            </ul>
          </section>
          <section>
            <h3>{say("legend.day")}</h3>
            <p class="tg-stack sample" aria-hidden="true">
              {PARTS.map((part, i) => (
                <i key={part} class={part} style={{ flexGrow: [50, 26, 10, 14][i] as number }} />
              ))}
            </p>
            <ul class="parts">
              {PARTS.map((part) => (
                <li key={part}>
                  <i class={part} />
                  {say(`share.${part}`)}
                </li>
              ))}
            </ul>
            <p>{say("legend.dayWhat")}</p>
            <h3>{say("legend.keys")}</h3>
            <dl class="keys">
              {KEYS.map(([key, words]) => (
                <div key={key}>
                  <dt>
                    <kbd>{key}</kbd>
                  </dt>
                  <dd>{say(words)}</dd>
                </div>
              ))}
            </dl>
          </section>
        </div>
      )}
    </div>
  );
}
