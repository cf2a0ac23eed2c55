import type { ComponentChildren } from "preact";
import { useRef } from "preact/hooks";

import { place } from "../ask";
import { useTrap } from "../explain/trap";
import { Glyph } from "../parts/Glyph";
import { say } from "./words";

interface Props {
  readonly title: string;
  readonly sub: ComponentChildren;
  readonly kind: string;
  readonly isOld: boolean;
  readonly children: ComponentChildren;
}

const close = (): void => {
  place.value = undefined;
};

/** A panel in the middle, over the page; on a phone it is the whole screen. */
export function Sheet({ title, sub, kind, isOld, children }: Props) {
  const dialog = useRef<HTMLElement>(null);
  const button = useRef(place.value?.button);
  useTrap(dialog, close, () => (button.current?.isConnected ? button.current : undefined));
  return (
    <div class="explain person detail">
      <div class="veil scrim" onClick={close} />
      <section ref={dialog} class={`panel ${isOld ? "old" : ""}`} role="dialog" aria-modal="true" aria-labelledby="detail-title" tabIndex={-1} data-panel={kind}>
        <header class="why-head">
          <h1 id="detail-title">
            <bdi>{title}</bdi>
          </h1>
          <div class="x">
            <button type="button" class="btn ghost" aria-label={say("close")} onClick={close}>
              <Glyph name="lost" />
            </button>
          </div>
          <div class="sub">{sub}</div>
        </header>
        <div class="person-body">{children}</div>
      </section>
    </div>
  );
}
