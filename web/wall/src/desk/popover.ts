import { useLayoutEffect, useRef, useState } from "preact/hooks";

/** Something that opens under its button and closes by itself: on Esc, a press outside, or when the focus goes elsewhere. */
export function useOpening() {
  const [isOpen, setOpen] = useState(false);
  const frame = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  useLayoutEffect(() => {
    if (!isOpen) return;
    const outside = (event: Event) => {
      if (event.target instanceof Node && frame.current?.contains(event.target)) return;
      setOpen(false);
    };
    const pressed = (event: KeyboardEvent) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      setOpen(false);
      button.current?.focus();
    };
    addEventListener("pointerdown", outside, true);
    addEventListener("focusin", outside);
    addEventListener("keydown", pressed, true);
    return () => {
      removeEventListener("pointerdown", outside, true);
      removeEventListener("focusin", outside);
      removeEventListener("keydown", pressed, true);
    };
  }, [isOpen]);
  return { isOpen, setOpen, frame, button };
}
