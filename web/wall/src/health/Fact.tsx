import type { ComponentChildren } from "preact";

import { Glyph } from "../parts/Glyph";

/** A figure and its name; `isBad` asks for a look at it. */
export function Fact({ name, value, why, isBad }: { name: string; value: ComponentChildren; why?: string; isBad?: boolean }) {
  return (
    <div class={`fact ${isBad ? "warn" : ""}`} title={why}>
      <dt>{name}</dt>
      <dd>
        {isBad && <Glyph name="warn" class="m-warn" />}
        {value}
      </dd>
    </div>
  );
}
