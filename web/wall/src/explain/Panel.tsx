import "../css/explain.css";

import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";

import { asked, askOf, numberButtons } from "../ask";
import { clock } from "../format/moment";
import { Glyph } from "../parts/Glyph";
import { useKeydown } from "../parts/hooks";
import type { Wall } from "../wall";
import { asker } from "../wire/socket";
import type { Explanation } from "./answer";
import { Asking } from "./asking";
import { Aside } from "./Aside";
import { Calls } from "./Calls";
import { exact, headline, isNone } from "./figures";
import { Foot } from "./Foot";
import { Formula } from "./Formula";
import { isGauge, subtitle, windowName } from "./phrases";
import { type Box, placeBeside, unitOf } from "./place";
import { WINDOWS } from "./question";
import { Refused } from "./Refused";
import { say } from "./words";
import { useTrap } from "./trap";

/** Panels wider than this many units have two columns. */
const TWO_COLUMNS = 97;

/** Why a number on the wall is what it is: the answer beside the tile that was asked. */
export function Panel({ wall }: { wall: Wall }) {
  const question = asked.value;
  const asking = useMemo(() => new Asking(question ?? { metric: "", scope: "floor", window: "today" }, asker), []);
  useEffect(() => {
    asking.ask();
    return () => asking.stop();
  }, []);
  useEffect(() => {
    if (question !== undefined) asking.turn({ metric: question.metric, scope: question.scope, window: question.window });
  }, [question]);
  const { unit, spot, place } = usePlace(question?.button, wall);
  const dialog = useRef<HTMLElement>(null);
  const button = useRef(question?.button);
  if (question !== undefined) button.current = question.button;
  // The tile may have gone meanwhile; then somebody at the keyboard goes on at the first.
  useTrap(dialog, close, () => (button.current?.isConnected ? button.current : numberButtons()[0]));
  useKeys(dialog);
  const state = asking.state.value;
  const answer = aged(asking.answer.value, state, wall);
  const isOld = state === "old" || !wall.isLive.value || answer?.asOf !== undefined;
  const isNarrow = place.width < TWO_COLUMNS * unit;
  return (
    <div class="explain">
      <div
        class={`spot ${spot === undefined ? "none" : ""}`}
        style={spot && { left: `${spot.left}px`, top: `${spot.top}px`, width: `${spot.width}px`, height: `${spot.height}px` }}
        onClick={close}
      />
      <div class="veil" onClick={close} />
      <section
        ref={dialog}
        class={`panel ${isNarrow ? "narrow" : ""} ${isOld && state !== "refused" ? "old" : ""}`}
        role="dialog"
        aria-modal="true"
        aria-labelledby="why-title"
        aria-busy={state === "asking"}
        data-state={state}
        tabIndex={-1}
        style={{ left: `${place.left}px`, width: `${place.width}px` }}
      >
        <Head answer={answer} wall={wall} />
        <div
          class="why-body"
          key={`${question?.metric} ${question?.scope}`}
          onScroll={(event) => asking.hold("body", event.currentTarget.scrollTop > 4 && isNarrow)}
        >
          {state === "refused" ? (
            <Refused asking={asking} />
          ) : answer === undefined ? (
            <Asks />
          ) : (
            <>
              <div class="why-top">
                <Alerts asking={asking} answer={answer} wall={wall} />
                <Formula answer={answer} />
              </div>
              <div class="two">
                {/* The list may be long; in one column what is short comes before it. */}
                {isNarrow && <Aside answer={answer} wall={wall} />}
                <Calls asking={asking} answer={answer} wall={wall} />
                {!isNarrow && <Aside answer={answer} wall={wall} />}
              </div>
            </>
          )}
        </div>
        <Foot asking={asking} wall={wall} />
      </section>
    </div>
  );
}

function Head({ answer, wall }: { answer: Explanation | undefined; wall: Wall }) {
  const question = asked.value;
  const title = answer === undefined ? say("title.asking") : isNone(answer) ? say("title.none") : say("title", { v: headline(answer) });
  return (
    <header class="why-head">
      <h1 id="why-title">{title}</h1>
      <div class="x">
        <span class="keys" aria-hidden="true">
          <kbd>←</kbd> <kbd>→</kbd> {say("next")} <kbd>Esc</kbd> {say("close")}
        </span>
        <button type="button" class="btn ghost" aria-label={say("close")} onClick={close}>
          <Glyph name="lost" />
        </button>
      </div>
      <div class="sub">
        <p>{answer === undefined ? "\u00a0" : subtitle(answer, wall.zone)}</p>
        {question !== undefined && !isGauge(question.metric) && (
          <div class="chips" role="group" aria-label={say("window")}>
            {WINDOWS.map((window) => (
              <button type="button" key={window} aria-pressed={question.window === window} onClick={() => (asked.value = { ...question, window })}>
                {windowName(window)}
              </button>
            ))}
          </div>
        )}
      </div>
    </header>
  );
}

/** What grows by itself goes on growing between two answers, as it does on the tile. */
function aged(answer: Explanation | undefined, state: string, wall: Wall): Explanation | undefined {
  const now = wall.second.value;
  if (answer?.since === undefined || answer.asOf !== undefined || state !== "fresh" || !wall.isLive.value || now === undefined) return answer;
  return { ...answer, value: Math.max(0, now - Math.floor(answer.since)) };
}

/** Still blocks in the shape of the answer. */
function Asks() {
  return (
    <div class="blocks" role="status">
      <i class="block" />
      <span class="vh">{say("asking")}</span>
      {[1, 2, 3, 4, 5].map((row) => (
        <i key={row} class="block" />
      ))}
    </div>
  );
}

/** What has to be known before the number is believed. */
function Alerts({ asking, answer, wall }: { asking: Asking; answer: Explanation; wall: Wall }) {
  const at = (instant: number) => clock(instant, wall.zone);
  const isAway = asking.state.value === "old" || !wall.isLive.value;
  return (
    <>
      {answer.isChecked === false && (
        <p class="why-alert loud" role="alert">
          <Glyph name="warn" class="m-warn" />
          {answer.recounted === undefined
            ? say("unchecked.loud")
            : say("unchecked.figures", { ours: answer.value === undefined ? "–" : exact(answer.value, answer.unit), theirs: exact(answer.recounted, answer.unit) })}
        </p>
      )}
      {isAway ? (
        <p class="why-alert" role="alert">
          <Glyph name="unplug" />
          {say("away", { t: at(answer.now) })}
        </p>
      ) : (
        answer.asOf !== undefined && (
          <p class="why-alert" role="status">
            <Glyph name="clock" />
            {say("asOf", { t: at(answer.asOf) })}
          </p>
        )
      )}
    </>
  );
}

function close(): void {
  asked.value = undefined;
}

/** ← and → ask the next number on the wall; the panel stays. */
function useKeys(dialog: { current: HTMLElement | null }): void {
  useKeydown((event) => {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (step === 0 || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
    const now = asked.peek();
    const all = numberButtons();
    if (now === undefined || all.length === 0) return;
    event.preventDefault();
    const next = all[(all.indexOf(now.button) + step + all.length) % all.length] ?? all[0];
    if (next === undefined) return;
    askOf(next);
    dialog.current?.focus();
  });
}

/** Where the questioned number is on the screen, and the panel beside it; looked at again when anything moves. */
function usePlace(button: HTMLElement | undefined, wall: Wall) {
  const [, setMoved] = useState(0);
  const measured = useRef("");
  const look = () => {
    const box = button?.isConnected ? frameOf(button) : undefined;
    const seen = `${box?.left} ${box?.top} ${box?.width} ${box?.height} ${innerWidth} ${innerHeight}`;
    if (seen !== measured.current) setMoved((n) => n + 1);
    measured.current = seen;
  };
  useLayoutEffect(look);
  useEffect(() => {
    addEventListener("resize", look);
    return () => removeEventListener("resize", look);
  });
  // Rows come and go with the board; once a second is soon enough.
  void wall.second.value;
  const unit = innerWidth <= 700 ? 10.5 : unitOf(innerWidth, innerHeight);
  const box = button?.isConnected ? frameOf(button) : undefined;
  const place = innerWidth <= 700 ? { left: 0, width: innerWidth, isBeside: false } : placeBeside(box, innerWidth, unit);
  return { unit, place, spot: box };
}

/** The tile; of a queue's level, its name and its bar as well. */
function frameOf(button: HTMLElement): Box | undefined {
  const tile = button.closest("td, .sum, .tile");
  if (tile === null) return undefined;
  const pieces = tile.matches("td.v") ? [tile.parentElement?.querySelector("th"), tile, tile.parentElement?.querySelector("td.bar")] : [tile];
  const boxes = pieces.filter((piece) => piece instanceof HTMLElement).map((piece) => piece.getBoundingClientRect());
  const [left, top] = [Math.min(...boxes.map((box) => box.left)), Math.min(...boxes.map((box) => box.top))];
  return { left, top, width: Math.max(...boxes.map((box) => box.right)) - left, height: Math.max(...boxes.map((box) => box.bottom)) - top };
}
