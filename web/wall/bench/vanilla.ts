import "../src/css/tokens.css";
import "../src/css/base.css";
import "../src/css/page.css";
import "../src/css/desk.css";
import "../src/css/team.css";

import { drive } from "./drive";

/**
 * The same tiles by hand: plain DOM, no framework, no library. One template that is cloned, references to the few nodes that
 * change, writes only of what is different, tiles of the rows near the window only, and those that leave are used again.
 */
interface Agent {
  [key: string]: unknown;
  name: string;
  state: string;
  since: number;
  limit?: number;
  answered: number;
  handled: number;
  talk: number;
  hold: number;
  wrap: number;
  missed: number;
  seat: string;
  queues: string[];
  times: Record<string, number>;
  times_at: number;
}
interface Tile {
  readonly root: HTMLLIElement;
  readonly [part: string]: HTMLElement | SVGUseElement;
  readonly name: HTMLElement;
  readonly badges: HTMLElement;
  readonly sign: HTMLElement;
  readonly use: SVGUseElement;
  readonly word: HTMLElement;
  readonly seat: HTMLElement;
  readonly timer: HTMLElement;
  readonly limit: HTMLElement;
  readonly verdict: HTMLElement;
  readonly mark: HTMLElement;
  readonly markUse: SVGUseElement;
  readonly verdictWord: HTMLElement;
  readonly line: HTMLElement;
  readonly bar: HTMLElement;
  readonly aht: HTMLElement;
  readonly missed: HTMLElement;
  readonly done: HTMLElement;
  readonly button: HTMLElement;
}

const SHAPES: Readonly<Record<string, string>> = {
  ready: '<circle cx="12" cy="12" r="10.4" fill="currentColor"/><path d="M7.4 12.4l3.2 3.2 6.1-6.8" stroke="var(--on-st)" stroke-width="2.4" fill="none"/>',
  ringing: '<path d="M12 2.4a6.2 6.2 0 0 0-6.2 6.2v4.6L3.6 17h16.8l-2.2-3.8V8.6A6.2 6.2 0 0 0 12 2.4zM9.2 18.6a2.8 2.8 0 0 0 5.6 0z" fill="currentColor"/>',
  talking: '<rect x="1.6" y="1.6" width="20.8" height="20.8" rx="3.6" fill="currentColor"/>',
  hold: '<rect x="2.7" y="2.7" width="18.6" height="18.6" rx="3" fill="none" stroke="currentColor" stroke-width="2.6"/><path d="M9.3 8v8M14.7 8v8" stroke="currentColor" stroke-width="2.9"/>',
  wrap: '<path d="M12 1l9.6 5.5v11L12 23l-9.6-5.5v-11z" fill="currentColor"/>',
  break: '<path d="M4 9.5h12.5v6.3a4.7 4.7 0 0 1-4.7 4.7H8.7A4.7 4.7 0 0 1 4 15.8z" fill="none" stroke="currentColor" stroke-width="2.2"/>',
  away: '<path d="M13.5 3.2H4.2v17.6h9.3M9.8 12h12M17.6 7.6L22 12l-4.4 4.4" fill="none" stroke="currentColor" stroke-width="2.2"/>',
  warn: '<path d="M12 1.6l11 20.8H1z" fill="currentColor"/>',
  breach: '<path d="M7.4 1h9.2L23 7.4v9.2L16.6 23H7.4L1 16.6V7.4z" fill="currentColor"/>',
  phone: '<path d="M6 1.8h12v20.4H6z" fill="none" stroke="currentColor" stroke-width="2.2"/>',
  desk: '<path d="M4 14.5v-3a8 8 0 0 1 16 0v3" fill="none" stroke="currentColor" stroke-width="2.2"/>',
  seat: '<path d="M6.5 2.5h11v9h-11zM5 11.5h14v4.2H5z" fill="none" stroke="currentColor" stroke-width="2.2"/>',
};
const WORDS: Readonly<Record<string, string>> = { ready: "就绪", ringing: "振铃", talking: "通话", hold: "保持", wrap: "话后", break: "小休", away: "离席", warn: "临近", breach: "超限" };
const QUEUES: Readonly<Record<string, string>> = { q1: "咨询", q2: "回访" };
const PARTS: Readonly<Record<string, string>> = { ringing: "talk", talking: "talk", hold: "talk", ready: "ready", wrap: "wrap", break: "away", away: "away" };
const [LEAST, HEIGHT, GAP, AHEAD] = [25.2, 18.8, 1, 24];

const template = document.createElement("template");
template.innerHTML = `<li class="tg-tile"><button type="button" class="tg-open" data-p="button"></button>
<p class="tg-1"><b><bdi data-p="name"></bdi></b><span class="bd" data-p="badges"></span></p>
<p class="tg-2"><svg class="g" data-p="sign" viewBox="0 0 24 24"><use data-p="use"></use></svg><span class="word" data-p="word"></span><bdi class="seat" data-p="seat"></bdi></p>
<p class="tg-3"><b data-p="timer"></b><small data-p="limit"></small><span class="mk" data-p="verdict"><svg class="g" data-p="mark" viewBox="0 0 24 24"><use data-p="markUse"></use></svg><span data-p="verdictWord"></span></span></p>
<span class="tg-lim" data-p="line"><i data-p="bar"></i></span>
<div class="tg-4"><span class="txt">均处理 <b data-p="aht"></b> 未接 <b data-p="missed"></b></span><span class="tg-senses">${["phone", "desk", "seat"]
  .map((sense) => `<span><svg class="g" viewBox="0 0 24 24"><use href="#v-${sense}"></use></svg><em>空闲</em></span>`)
  .join("")}</span></div>
<p class="tg-day"><span class="tg-stack" data-p="stack"><i class="talk"></i><i class="ready"></i><i class="wrap"></i><i class="away"></i></span><span class="of"><b data-p="done"></b>/70</span></p></li>`;

const root = document.getElementById("wall") as HTMLElement;
document.documentElement.className = "desk-root";
root.innerHTML = `<svg class="sprite" width="0" height="0" style="position:absolute">${Object.entries(SHAPES)
  .map(([name, shape]) => `<symbol id="v-${name}" viewBox="0 0 24 24">${shape}</symbol>`)
  .join("")}</svg><div class="dk-page"><header class="dk-bar"></header><main class="tg"><ul class="tg-totals"></ul><ul class="tg-list tiles"></ul></main></div>`;
const list = root.querySelector(".tg-list") as HTMLUListElement;
const totals = root.querySelector(".tg-totals") as HTMLUListElement;
const counters = new Map(
  ["ready", "ringing", "talking", "hold", "wrap", "break", "away"].map((state) => {
    const item = document.createElement("li");
    item.innerHTML = `<button type="button"><span class="n"><svg class="g st-${state}" viewBox="0 0 24 24"><use href="#v-${state}"></use></svg><b></b></span><span class="word">${WORDS[state]}</span></button>`;
    totals.append(item);
    return [state, item.querySelector("b") as HTMLElement] as const;
  }),
);

const agents = new Map<string, Agent>();
const shown = new Map<string, Tile>();
const spare: Tile[] = [];
let order: string[] = [];
let [now, arrivedAt, columns, sorted] = [0, 0, 5, 0];

const span = (seconds: number): string => {
  const whole = Math.max(0, Math.floor(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
};
/** The server's clock, carried on by the page's own. */
const clock = (): number => now + (performance.now() - arrivedAt) / 1000;
const write = (node: Node, text: string): void => {
  if (node.textContent !== text) node.textContent = text;
};
const verdictOf = ({ since, limit }: Agent, at: number): string => (!limit ? "" : at - since >= limit ? "breach" : at - since >= limit * 0.8 ? "warn" : "");

function make(): Tile {
  const root = (template.content.cloneNode(true) as DocumentFragment).firstElementChild as HTMLLIElement;
  const parts: Record<string, Element> = { root };
  for (const part of root.querySelectorAll("[data-p]")) parts[part.getAttribute("data-p") as string] = part;
  return parts as unknown as Tile;
}

/** Everything of a tile that a change of its person can change. */
function fill(tile: Tile, agent: Agent, at: number): void {
  const verdict = verdictOf(agent, at);
  const look = `tg-tile is-${agent.state} ${verdict}`;
  if (tile.root.className !== look) {
    tile.root.className = look;
    tile.sign.setAttribute("class", `g st-${agent.state}`);
    tile.use.setAttribute("href", `#v-${agent.state}`);
    tile.verdict.hidden = verdict === "";
    tile.line.className = `tg-lim ${agent.limit ? verdict : "none"}`;
    if (verdict !== "") {
      tile.mark.setAttribute("class", `g m-${verdict}`);
      tile.markUse.setAttribute("href", `#v-${verdict}`);
      write(tile.verdictWord, WORDS[verdict] as string);
    }
    write(tile.word, WORDS[agent.state] as string);
    tile.button.setAttribute("aria-label", `${agent.name}：${WORDS[agent.state]}${verdict === "" ? "" : `，${WORDS[verdict]}`}`);
  }
  write(tile.limit, agent.limit ? `/ ${span(agent.limit)}` : "");
  write(tile.aht, span((agent.talk + agent.hold + agent.wrap) / agent.handled));
  write(tile.missed, String(agent.missed));
  write(tile.done, String(agent.answered));
  tick(tile, agent, at);
}

/** What time alone changes. */
function tick(tile: Tile, agent: Agent, at: number): void {
  write(tile.timer, span(at - agent.since));
  const width = agent.limit ? `${Math.min(100, Math.floor(((at - agent.since) / agent.limit) * 100))}%` : "0";
  if (tile.bar.style.inlineSize !== width) tile.bar.style.inlineSize = width;
}

/** What stays as it is for as long as it is this person's tile. */
function settle(tile: Tile, agent: Agent, at: number): void {
  write(tile.name, agent.name);
  write(tile.seat, agent.seat);
  tile.badges.replaceChildren(
    ...agent.queues.map((queue) => {
      const badge = document.createElement("i");
      badge.textContent = QUEUES[queue] ?? queue;
      return badge;
    }),
  );
  const shares: Record<string, number> = { talk: 0, ready: 0, wrap: 0, away: 0 };
  for (const [state, seconds] of Object.entries(agent.times)) shares[PARTS[state] as string] = (shares[PARTS[state] as string] ?? 0) + seconds;
  shares[PARTS[agent.state] as string] = (shares[PARTS[agent.state] as string] ?? 0) + at - agent.times_at;
  for (const [part, bar] of ["talk", "ready", "wrap", "away"].map((part, i) => [part, (tile["stack"] as HTMLElement).children[i] as HTMLElement] as const)) bar.style.flexGrow = String(Math.round(shares[part] as number));
  fill(tile, agent, at);
}

function layOut(): void {
  const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
  columns = Math.max(1, Math.floor((list.clientWidth / rem + GAP) / (LEAST + GAP)));
  list.style.cssText = `--columns:${columns};--gap:${GAP}rem;--height:${HEIGHT}rem;block-size:${Math.ceil(order.length / columns) * (HEIGHT + GAP) - GAP}rem`;
}

/** Tiles for the rows near the window, and for no others. */
function look(): void {
  const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
  const top = -list.getBoundingClientRect().top / rem;
  const first = Math.max(0, Math.floor((top - AHEAD) / (HEIGHT + GAP))) * columns;
  const last = Math.min(order.length, Math.ceil((top + innerHeight / rem + AHEAD) / (HEIGHT + GAP)) * columns);
  const wanted = new Map(order.slice(first, last).map((id, i) => [id, first + i]));
  for (const [id, tile] of shown) {
    if (wanted.has(id)) continue;
    tile.root.remove();
    shown.delete(id);
    spare.push(tile);
  }
  const at = clock();
  for (const [id, place] of wanted) {
    let tile = shown.get(id);
    const isNew = tile === undefined;
    if (tile === undefined) {
      tile = spare.pop() ?? make();
      settle(tile, agents.get(id) as Agent, at);
      shown.set(id, tile);
    }
    const style = tile.root.style;
    const [block, inline] = [`${Math.floor(place / columns) * (HEIGHT + GAP)}rem`, place % columns === 0 ? "0px" : `calc(${place % columns} * var(--step))`];
    if (style.insetBlockStart !== block) style.insetBlockStart = block;
    if (style.insetInlineStart !== inline) style.insetInlineStart = inline;
    if (isNew) list.append(tile.root);
  }
}

const RANK: Readonly<Record<string, number>> = { breach: 0, warn: 2, "": 3 };
const STATE_RANK = ["ready", "ringing", "talking", "hold", "wrap", "break", "away"];

function sort(at: number): void {
  const rank = new Map(order.map((id) => [id, RANK[verdictOf(agents.get(id) as Agent, at)] as number]));
  order = [...order].sort((a, b) => {
    const [one, other] = [agents.get(a) as Agent, agents.get(b) as Agent];
    const worse = (rank.get(a) as number) - (rank.get(b) as number);
    if (worse !== 0) return worse;
    if ((rank.get(a) as number) < 3) return one.since + (one.limit ?? 0) - other.since - (other.limit ?? 0);
    return STATE_RANK.indexOf(one.state) - STATE_RANK.indexOf(other.state) || one.since - other.since;
  });
}

function count(): void {
  const counts = new Map<string, number>();
  for (const { state } of agents.values()) counts.set(state, (counts.get(state) ?? 0) + 1);
  for (const [state, node] of counters) write(node, String(counts.get(state) ?? 0));
}

function take(frame: string): void {
  const message = JSON.parse(frame) as { type: string; now: number; board: { agents: Record<string, Agent> }; set: [string[], unknown][] };
  [now, arrivedAt] = [message.now, performance.now()];
  if (message.type === "snapshot") {
    for (const [id, agent] of Object.entries(message.board.agents)) agents.set(id, agent);
    order = [...agents.keys()];
    sort(now);
    layOut();
    look();
    count();
  } else if (message.type === "patch") {
    const touched = new Set<string>();
    for (const [[, id, key], value] of message.set) {
      const agent = agents.get(id as string);
      if (agent === undefined || agent[key as string] === value) continue;
      agent[key as string] = value;
      touched.add(id as string);
    }
    for (const id of touched) {
      const tile = shown.get(id);
      if (tile !== undefined) fill(tile, agents.get(id) as Agent, message.now);
    }
    count();
  }
}

let touched = 0;
addEventListener("scroll", () => ((touched = performance.now()), look()), { passive: true });
addEventListener("resize", () => (layOut(), look()));
setInterval(() => {
  const at = clock();
  for (const [id, tile] of shown) fill(tile, agents.get(id) as Agent, at);
  // As on the other page: nothing changes its place under a hand.
  if (performance.now() - touched < 2000 || performance.now() - sorted < 2000) return;
  sorted = performance.now();
  sort(at);
  look();
}, 1000);
drive(take, () => shown.size);
