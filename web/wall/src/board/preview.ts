import { useEffect, useRef, useState } from "preact/hooks";

import type { Complaint } from "../editor/lint";
import { SCENES, type Scene } from "../editor/scene";
import { later } from "../later";
import { understood, type Lang, lang } from "../words";
import { Wall } from "../wall";
import type { Json } from "../wire/messages";
import type { BoardDocument } from "./model";
import { readBoard } from "./source";

/** Whether this page is drawn inside the editor: then it is no screen. */
export const isPreview = (): boolean => new URLSearchParams(location.search).get("preview") === "1";

/** What the editor's frame is told to draw. */
export interface Told {
  readonly board: BoardDocument;
  readonly page: number;
  /** What floor it is shown with. */
  readonly scene: Scene;
  /** In place of this browser's language. */
  readonly lang?: Lang;
  /** Said back with what was drawn, so that the editor knows which of its words this answers. */
  readonly round: number;
}

/** A tile's place in CSS px of the frame. */
export interface Box {
  readonly id: string;
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

/** Where the cells are: the area they share, what is between two, and in how many rows. CSS px of the frame. */
export interface Lattice {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
  readonly gap: number;
  readonly rows: number;
}

/** A message of the editor, from a page of our own origin; `undefined` from anybody else. */
export function read(event: Pick<MessageEvent, "origin" | "data">, own: string): Told | undefined {
  const told: unknown = event.data;
  if (event.origin !== own || typeof told !== "object" || told === null || (told as { type?: unknown }).type !== "ccwall.preview") return undefined;
  const { board, page, scene, lang: spoken, round } = told as { [key: string]: unknown };
  const known = readBoard(board);
  if (known === undefined) return undefined;
  const language = typeof spoken === "string" ? understood(spoken) : undefined;
  return {
    board: known,
    page: typeof page === "number" && Number.isInteger(page) ? Math.min(Math.max(0, page), known.pages.length - 1) : 0,
    scene: SCENES.find((one) => one === scene) ?? "live",
    round: typeof round === "number" ? round : 0,
    ...(language === undefined ? {} : { lang: language }),
  };
}

export function boxes(root: ParentNode): readonly Box[] {
  return [...root.querySelectorAll<HTMLElement>("[data-cell]")].map((cell) => {
    const { left, top, width, height } = cell.getBoundingClientRect();
    return { id: cell.dataset["cell"] ?? "", x: left, y: top, w: width, h: height };
  });
}

/** `undefined` where the board is one column. */
export function lattice(wall: HTMLElement | null): Lattice | undefined {
  if (wall === null || wall.classList.contains("stacked")) return undefined;
  const style = getComputedStyle(wall);
  const px = (text: string) => Number.parseFloat(text) || 0;
  const [left, top] = [px(style.paddingLeft), px(style.paddingTop)];
  return {
    x: left,
    y: top,
    w: wall.clientWidth - left - px(style.paddingRight),
    h: wall.clientHeight - top - px(style.paddingBottom),
    gap: px(style.rowGap),
    rows: style.gridTemplateRows.split(" ").length,
  };
}

const sayToEditor = (message: object): void => {
  const editor = parent === window ? (opener as Window | null) : parent;
  editor?.postMessage(message, location.origin);
};

/** The board the editor holds, as it changes; what was drawn is told back each time. */
export function usePreview(): Told | undefined {
  const [told, setTold] = useState<Told>();
  useEffect(() => {
    const heard = (event: MessageEvent) => {
      const next = read(event, location.origin);
      if (next !== undefined) setTold(next);
    };
    addEventListener("message", heard);
    sayToEditor({ type: "ccwall.ready" });
    return () => removeEventListener("message", heard);
  }, []);
  useEffect(() => {
    if (told?.lang !== undefined) lang.value = told.lang;
  }, [told]);
  useEffect(() => (told === undefined ? undefined : answering(told)), [told]);
  return told;
}

/** Milliseconds in which tiles have measured themselves and what is drawn stands still. */
const SETTLED = 250;

function answering(told: Told): () => void {
  let isOver = false;
  const tell = (complaints?: readonly Complaint[]) => {
    const wall = document.querySelector<HTMLElement>("main.wall");
    if (!isOver) sayToEditor({ type: "ccwall.boxes", round: told.round, boxes: boxes(document), lattice: lattice(wall), ...(complaints === undefined ? {} : { complaints }) });
  };
  const look = async () => {
    const { complaints } = await import("../editor/lint");
    const wall = document.querySelector<HTMLElement>("main.wall");
    if (wall !== null && !isOver) tell(complaints(wall));
  };
  // After the tiles have measured themselves.
  const frame = requestAnimationFrame(() => requestAnimationFrame(() => tell()));
  // A page that is going away gets no code any more, and nobody waits for its word.
  const timer = setTimeout(() => void look().catch(() => undefined), SETTLED);
  const resized = () => tell();
  addEventListener("resize", resized);
  // What comes and goes with the floor's own troubles: a banner, a tile that does not cheer.
  const watch = new MutationObserver(() => requestAnimationFrame(() => tell()));
  const wall = document.querySelector(".screen");
  if (wall !== null) watch.observe(wall, { childList: true, subtree: false });
  const main = document.querySelector("main.wall");
  if (main !== null) watch.observe(main, { childList: true, attributes: true, attributeFilter: ["class", "style"] });
  return () => {
    isOver = true;
    cancelAnimationFrame(frame);
    clearTimeout(timer);
    removeEventListener("resize", resized);
    watch.disconnect();
  };
}

/** The wall a scene is shown on: the live one, or one that a made-up server tells of; `undefined` until it is made. */
export function useScene(live: Wall, scene: Scene): Wall | undefined {
  const made = useRef(new Map<Scene, Wall>());
  const [, again] = useState(0);
  const isThere = live.board.isPresent;
  useEffect(() => {
    if (scene === "live" || made.current.has(scene) || !isThere) return;
    let isOver = false;
    void later(() => import("../editor/scenes")).then(({ sceneWorld }) => {
      if (isOver) return;
      const wall = new Wall(sceneWorld(scene, live.board.json as Json, () => live.clock.now ?? Date.now() / 1000));
      wall.start();
      made.current.set(scene, wall);
      again((n) => n + 1);
    });
    return () => {
      isOver = true;
    };
  }, [scene, isThere]);
  return scene === "live" ? live : made.current.get(scene);
}
