import { signal } from "@preact/signals";

/** What is asked of a number on the wall, and the button it was asked with. */
export interface Asked {
  readonly metric: string;
  readonly scope: string;
  readonly window: string;
  readonly button: HTMLElement;
}

/** The question the panel is open for; undefined while it is closed. */
export const asked = signal<Asked | undefined>(undefined);

/** Whose senses are looked at, and the button it was asked with. */
export interface Person {
  readonly id: string;
  readonly button: HTMLElement;
}

/** The person the panel is open for; undefined while it is closed. */
export const person = signal<Person | undefined>(undefined);

/** A queue or a source that is looked at, and the button it was asked with. */
export interface Place {
  readonly kind: "queue" | "source";
  readonly id: string;
  readonly button: HTMLElement;
}

/** What the panel of queues and sources is open for; undefined while it is closed. */
export const place = signal<Place | undefined>(undefined);

/** Whether some panel lies over the page and has the keyboard. */
export const isAsking = (): boolean => asked.peek() !== undefined || person.peek() !== undefined || place.peek() !== undefined;

export const ASK = "button.ask";
export const buttons = (): readonly HTMLElement[] => [...document.querySelectorAll<HTMLElement>(ASK)].filter((button) => button.checkVisibility());

/** Those over numbers, without those over people, queues and sources. */
export const numberButtons = (): readonly HTMLElement[] => buttons().filter((button) => button.dataset["metric"] !== undefined);

export function askOf(button: HTMLElement): void {
  const { metric = "", scope = "floor", window = "today", person: id, queue, source } = button.dataset;
  if (id !== undefined) {
    person.value = { id, button };
    return;
  }
  if (queue !== undefined || source !== undefined) {
    place.value = { kind: queue === undefined ? "source" : "queue", id: queue ?? source ?? "", button };
    return;
  }
  asked.value = { metric, scope, window, button };
}

const ARROWS: Readonly<Record<string, readonly [x: number, y: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

interface Rect {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Which of `all` the eye goes to from `from` in a direction: the nearest one ahead, what lies aside counting twice. */
export function nearest<T extends Rect>(from: Rect, all: readonly T[], [x, y]: readonly [number, number]): T | undefined {
  let best: T | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const one of all) {
    const across = one.left + one.width / 2 - from.left - from.width / 2;
    const down = one.top + one.height / 2 - from.top - from.height / 2;
    const [ahead, aside] = x === 0 ? [down * y, Math.abs(across)] : [across * x, Math.abs(down)];
    const far = ahead + 2 * aside;
    if (ahead > 1 && far < least) [best, least] = [one, far];
  }
  return best;
}

/** The wall by keyboard: arrows go from number to number, `?` asks the one in focus, else the one under the pointer. */
export function pressed(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || isAsking()) return;
  if (event.target instanceof HTMLInputElement) return;
  const all = buttons();
  const focused = all.find((button) => button === document.activeElement);
  if (event.key === "?") {
    const button = focused ?? all.find((one) => one.matches(":hover")) ?? all[0];
    if (button !== undefined) askOf(button);
    return;
  }
  const direction = ARROWS[event.key];
  if (direction === undefined) return;
  event.preventDefault();
  const places = all.map((button) => Object.assign(button.getBoundingClientRect(), { button }));
  const next = focused === undefined ? places[0] : nearest(focused.getBoundingClientRect(), places, direction);
  next?.button.focus();
}
