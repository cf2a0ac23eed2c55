import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

/** Milliseconds; `--t-slow` of css/tokens.css. */
const FADE = 600;

interface Shown {
  readonly id: string;
  readonly children: ComponentChildren;
}

/** What takes another's place in a cross-fade of 600 ms: never moves, never scrolls. */
export function Turned({ id, children }: Shown) {
  const last = useRef<Shown>({ id, children });
  const [gone, setGone] = useState<Shown>();
  const before = last.current;
  useEffect(() => {
    last.current = { id, children };
  });
  useEffect(() => {
    if (before.id === id || matchMedia("(prefers-reduced-motion: reduce)").matches) return;
    setGone(before);
    const timer = setTimeout(() => setGone(undefined), FADE);
    return () => {
      clearTimeout(timer);
      setGone(undefined);
    };
  }, [id]);
  return (
    <div class="turned">
      {gone !== undefined && gone.id !== id && (
        <div key={gone.id} class="turn leaves" aria-hidden="true">
          {gone.children}
        </div>
      )}
      <div key={id} class={`turn ${gone === undefined ? "" : "comes"}`}>
        {children}
      </div>
    </div>
  );
}
