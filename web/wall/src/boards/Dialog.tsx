import type { ComponentChildren } from "preact";
import { useId, useRef } from "preact/hooks";

import { useTrap } from "../explain/trap";
import { Glyph } from "../parts/Glyph";
import { say } from "./words";

interface Props {
  readonly title: ComponentChildren;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
  readonly foot?: ComponentChildren;
  /** Where the focus goes afterwards; else to who had it before. */
  readonly home?: () => HTMLElement | undefined;
  readonly isWide?: boolean;
}

/** A sheet over the page that holds the keyboard until it is closed. */
export function Dialog({ title, onClose, children, foot, home, isWide = false }: Props) {
  const ref = useRef<HTMLElement>(null);
  const id = useId();
  const before = useRef(document.activeElement);
  const latest = useRef(onClose);
  latest.current = onClose;
  useTrap(ref, () => latest.current(), () => home?.() ?? (before.current instanceof HTMLElement && before.current.isConnected ? before.current : undefined));
  return (
    <div class="bd-over">
      <div class="bd-scrim" onClick={onClose} />
      <section ref={ref} class={`bd-sheet ${isWide ? "wide" : ""}`} role="dialog" aria-modal="true" aria-labelledby={id} tabIndex={-1}>
        <header>
          <h1 id={id}>{title}</h1>
          <button type="button" class="dk-icon" aria-label={say("close")} onClick={onClose}>
            <Glyph name="lost" />
          </button>
        </header>
        <div class="bd-body">{children}</div>
        {foot !== undefined && <footer>{foot}</footer>}
      </section>
    </div>
  );
}
