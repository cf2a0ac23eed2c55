import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";

import { levelOf } from "./detail";
import { troubleOf } from "./facts";
import type { Floor } from "./floor";
import { cellOf, type Plan } from "./plan";
import { CLOSEST, type View } from "./view";
import { say } from "./words";

const STEP = 1.35;

/** Nearer, farther, all of it; and what one sees at this distance. */
export function Tools({ view, children }: { view: View; children?: ComponentChildren }) {
  const { z } = view.now.value;
  const least = view.least;
  const share = Math.log(z / least) / Math.log(CLOSEST / least);
  const percent = `${Math.round(z * 100)}%`;
  return (
    <div class="s-tools" data-over role="group" aria-label={say("zoom")}>
      <button type="button" aria-label={say("zoom.out")} onClick={() => view.zoom(1 / STEP, undefined, undefined, true)}>
        <Sign d="M4 12h16" />
      </button>
      <input
        type="range"
        min="0"
        max="1"
        step="0.01"
        value={Math.min(1, Math.max(0, share))}
        aria-label={say("zoom")}
        aria-valuetext={`${percent}, ${say(`level.${levelOf(z)}`)}`}
        onInput={(event) => view.zoomTo(least * (CLOSEST / least) ** event.currentTarget.valueAsNumber, false)}
      />
      <button type="button" aria-label={say("zoom.in")} onClick={() => view.zoom(STEP, undefined, undefined, true)}>
        <Sign d="M4 12h16M12 4v16" />
      </button>
      <button type="button" aria-label={say("zoom.fit")} title={say("zoom.fit")} onClick={() => view.whole()}>
        <Sign d="M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5" />
      </button>
      <p>
        <b>{percent}</b>
        <small>{say(`level.${levelOf(z)}`)}</small>
      </p>
      {children}
    </div>
  );
}

function Sign({ d }: { d: string }) {
  return (
    <svg class="g" viewBox="0 0 24 24" aria-hidden="true">
      <path d={d} fill="none" stroke="currentColor" stroke-width="2.4" stroke-linecap="round" />
    </svg>
  );
}

/** Milliseconds between two drawings: nobody reads a state off the small picture. */
const EVERY = 500;
const LONG = 170;

/** All of the plan in small, and which part of it is in sight; only while not all of it is. */
export function Minimap({ view, floor, plan }: { view: View; floor: Floor; plan: Plan }) {
  const look = view.now.value;
  const fit = view.fit;
  const isPart = look.z > fit.z * 1.02 || look.x < -1 || look.y < -1;
  return isPart ? <Small view={view} floor={floor} plan={plan} /> : null;
}

function Small({ view, floor, plan }: { view: View; floor: Floor; plan: Plan }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const scale = Math.min(LONG / plan.width, (LONG * 0.75) / plan.height);
  const [width, height] = [plan.width * scale, plan.height * scale];
  useEffect(() => {
    const draw = () => canvas.current !== null && paint(canvas.current, floor, plan, scale);
    draw();
    const timer = setInterval(draw, EVERY);
    return () => clearInterval(timer);
  }, [floor, plan, scale]);
  const { z, x, y } = view.now.value;
  const { w, h } = view.room;
  const [left, top] = [Math.max(0, (-x / z) * scale), Math.max(0, (-y / z) * scale)];
  const [right, bottom] = [Math.min(width, ((w - x) / z) * scale), Math.min(height, ((h - y) / z) * scale)];
  const move = (event: PointerEvent) => {
    if (event.buttons === 0) return;
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
    const [px, py] = [(event.clientX - box.left) / scale, (event.clientY - box.top) / scale];
    view.show({ x: px, y: py, w: 0, h: 0 }, true);
  };
  return (
    <div class="s-minimap" data-over aria-hidden="true">
      <div style={{ width: `${width}px`, height: `${height}px` }} onPointerDown={move} onPointerMove={move}>
        <canvas ref={canvas} />
        <i style={{ left: `${left}px`, top: `${top}px`, width: `${Math.max(4, right - left)}px`, height: `${Math.max(4, bottom - top)}px` }} />
      </div>
    </div>
  );
}

function paint(canvas: HTMLCanvasElement, floor: Floor, plan: Plan, scale: number): void {
  const sharp = devicePixelRatio || 1;
  canvas.width = Math.ceil(plan.width * scale * sharp);
  canvas.height = Math.ceil(plan.height * scale * sharp);
  canvas.style.width = `${plan.width * scale}px`;
  const pen = canvas.getContext("2d");
  if (pen === null) return;
  const style = getComputedStyle(canvas);
  const colour = (token: string) => style.getPropertyValue(token);
  pen.scale(scale * sharp, scale * sharp);
  pen.strokeStyle = colour("--line-strong");
  pen.lineWidth = 1.2 / scale;
  for (const { x1, y1, x2, y2 } of plan.walls) {
    pen.beginPath();
    pen.moveTo(x1, y1);
    pen.lineTo(x2, y2);
    pen.stroke();
  }
  for (const seat of plan.seats) {
    const fact = floor.fact(seat.id).peek();
    const trouble = troubleOf(fact);
    const state = fact.freshness.kind === "live" ? stateToken(fact.state) : "--line-strong";
    pen.fillStyle = colour(trouble === "doubt" || trouble === "breach" ? "--breach-fill" : trouble === "warn" ? "--warn-fill" : state);
    const cell = cellOf(seat);
    pen.fillRect(cell.x, cell.y, cell.w, cell.h);
  }
}

const AWAY = new Set(["break", "meal", "breather", "away", "training"]);
const stateToken = (state: string): string => `--st-${AWAY.has(state) ? "away" : state === "busy" ? "talking" : state === "fault" ? "off" : state}`;
