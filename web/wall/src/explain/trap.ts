import { useLayoutEffect } from "preact/hooks";

const STOPS = 'button:not(:disabled), a[href], input, select, textarea, [tabindex="0"]';

/** A dialog holds the keyboard from the moment it is seen: Tab goes round in it, Esc leaves it, nothing behind it can be reached, and after it the focus is `home`. */
export function useTrap(dialog: { readonly current: HTMLElement | null }, leave: () => void, home: () => HTMLElement | undefined): void {
  useLayoutEffect(() => {
    dialog.current?.focus();
    const overlay = dialog.current?.parentElement;
    const others = [...(overlay?.parentElement?.children ?? [])].filter((other) => other !== overlay && !other.hasAttribute("inert"));
    for (const other of others) other.setAttribute("inert", "");
    const pressed = (event: KeyboardEvent) => {
      if (event.key === "Escape") leave();
      else if (event.key === "Tab") turn(event);
      else return;
      event.stopPropagation();
    };
    const turn = (event: KeyboardEvent) => {
      const stops = [...(dialog.current?.querySelectorAll<HTMLElement>(STOPS) ?? [])].filter((stop) => stop.checkVisibility());
      const at = stops.indexOf(document.activeElement as HTMLElement);
      const next = event.shiftKey ? (at <= 0 ? stops.at(-1) : stops[at - 1]) : (stops[at + 1] ?? stops[0]);
      event.preventDefault();
      next?.focus();
    };
    addEventListener("keydown", pressed, true);
    return () => {
      removeEventListener("keydown", pressed, true);
      for (const other of others) other.removeAttribute("inert");
      home()?.focus();
    };
  }, []);
}
