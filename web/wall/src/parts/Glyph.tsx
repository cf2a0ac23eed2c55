import type { VNode } from "preact";

const LINE = { stroke: "currentColor", "stroke-width": 2.2, "stroke-linecap": "round", "stroke-linejoin": "round", fill: "none" } as const;
/** Cut out of a filled state shape, and out of a severity mark. */
const CUT = { ...LINE, stroke: "var(--on-st)", "stroke-width": 2.4 } as const;
const MARK = { stroke: "var(--cut, var(--surface))", "stroke-width": 2.6, "stroke-linecap": "round", fill: "none" } as const;

/**
 * Who is away from calls has one hue; a foot under the silhouette says which way: a whole line for a rest that ends by
 * itself, two halves for work elsewhere, dots for somebody who is just gone.
 */
const FOOT = { stroke: "currentColor", "stroke-width": 2.6, "stroke-linecap": "round", fill: "none" } as const;
const REST = "M3 22.6h18";
const DUTY = "M3 22.6h6.6M14.4 22.6H21";
const GONE = "M3 22.6h.1M9 22.6h.1M15 22.6h.1M20.9 22.6h.1";

/** One 24 x 24 drawing each; no two states share a silhouette, so no state needs its colour to be known. */
const DRAWINGS = {
  ready: (
    <>
      <circle cx="12" cy="12" r="10.4" fill="currentColor" />
      <path d="M7.4 12.4l3.2 3.2 6.1-6.8" {...CUT} />
    </>
  ),
  ringing: (
    <>
      <path d="M12 2.4a6.2 6.2 0 0 0-6.2 6.2v4.6L3.6 17h16.8l-2.2-3.8V8.6A6.2 6.2 0 0 0 12 2.4zM9.2 18.6a2.8 2.8 0 0 0 5.6 0z" fill="currentColor" />
      <path d="M3.4 3.2A9 9 0 0 0 1.4 7.6M20.6 3.2a9 9 0 0 1 2 4.4" {...LINE} />
    </>
  ),
  talking: (
    <>
      <rect x="1.6" y="1.6" width="20.8" height="20.8" rx="3.6" fill="currentColor" />
      <path d="M7.3 5.9c.6-.6 1.6-.5 2 .2l1.1 1.9c.3.6.2 1.3-.2 1.8l-.8.8c.8 1.6 2 2.8 3.6 3.6l.8-.8c.5-.4 1.2-.5 1.8-.2l1.9 1.1c.7.4.8 1.4.2 2l-.9.9c-.8.8-2 1.1-3 .6-3.8-1.5-6.8-4.5-8.3-8.3-.4-1-.1-2.2.6-3z" fill="var(--on-st)" />
    </>
  ),
  hold: (
    <>
      <rect x="2.7" y="2.7" width="18.6" height="18.6" rx="3" fill="none" stroke="currentColor" stroke-width="2.6" />
      <path d="M9.3 8v8M14.7 8v8" stroke="currentColor" stroke-width="2.9" stroke-linecap="round" />
    </>
  ),
  busy: <path d="M6.2 3.6c.7-.7 1.9-.6 2.4.3l1.3 2.3c.4.7.3 1.6-.3 2.2l-1 1c1 1.9 2.4 3.4 4.4 4.4l1-1c.6-.6 1.5-.7 2.2-.3l2.3 1.3c.9.5 1 1.7.3 2.4l-1.1 1.1c-1 1-2.4 1.3-3.7.8C9.4 16.3 5.8 12.7 4 8c-.5-1.3-.2-2.7.8-3.7z" {...LINE} />,
  wrap: (
    <>
      <path d="M12 1l9.6 5.5v11L12 23l-9.6-5.5v-11z" fill="currentColor" />
      <path d="M8 9h8M8 12.6h8M8 16.2h4.6" {...CUT} />
    </>
  ),
  break: (
    <>
      <g transform="translate(1.6 -.4) scale(.87)">
        <path d="M4 9.5h12.5v6.3a4.7 4.7 0 0 1-4.7 4.7H8.7A4.7 4.7 0 0 1 4 15.8zM16.5 11h1.7a2.7 2.7 0 0 1 0 5.4h-1.7M8 3v3M12.6 3v3" {...LINE} />
      </g>
      <path d={REST} {...FOOT} />
    </>
  ),
  meal: (
    <>
      <g transform="translate(1.6 -.4) scale(.87)">
        <path d="M2.6 11.5h18.8c0 4-2.4 6.7-5.4 8v1.5H8v-1.5c-3-1.3-5.4-4-5.4-8zM12.4 8.6l7.4-6M8.6 8.6l5-6" {...LINE} />
      </g>
      <path d={REST} {...FOOT} />
    </>
  ),
  breather: (
    <>
      <g transform="translate(1.6 -.4) scale(.87)">
        <path d="M2.5 8.2c3.2-3.4 6.3-3.4 9.5 0s6.3 3.4 9.5 0M2.5 15.8c3.2-3.4 6.3-3.4 9.5 0s6.3 3.4 9.5 0" {...LINE} />
      </g>
      <path d={REST} {...FOOT} />
    </>
  ),
  away: (
    <>
      <g transform="translate(1.6 -.4) scale(.87)">
        <path d="M13.5 3.2H4.2v17.6h9.3M9.8 12h12M17.6 7.6L22 12l-4.4 4.4" {...LINE} />
      </g>
      <path d={GONE} {...FOOT} />
    </>
  ),
  training: (
    <>
      <g transform="translate(1.6 -.4) scale(.87)">
        <path d="M12 6.2C9.3 4.4 6 4 2.4 4.6v14C6 18 9.3 18.4 12 20.2c2.7-1.8 6-2.2 9.6-1.6v-14C18 4 14.7 4.4 12 6.2zM12 6.2v14" {...LINE} />
      </g>
      <path d={DUTY} {...FOOT} />
    </>
  ),
  off: (
    <>
      <circle cx="12" cy="12" r="9.8" fill="none" stroke="currentColor" stroke-width="2.2" stroke-dasharray="3.6 2.56" />
      <path d="M8 12h8" {...LINE} />
    </>
  ),
  unknown: (
    <>
      <rect x="2.4" y="2.4" width="19.2" height="19.2" rx="2" fill="none" stroke="currentColor" stroke-width="2.2" stroke-dasharray="4 2.6" />
      <path d="M9 9.3a3 3 0 1 1 4.4 2.7c-.9.5-1.4 1.1-1.4 2.2" {...LINE} />
      <circle cx="12" cy="17.7" r="1.5" fill="currentColor" />
    </>
  ),
  fault: <path d="M14.5 3.2a5.6 5.6 0 0 0-6.9 7.2L2.8 15.2a2.8 2.8 0 0 0 0 4l2 2a2.8 2.8 0 0 0 4 0l4.8-4.8a5.6 5.6 0 0 0 7.2-6.9l-3.6 3.6-3.7-.9-.9-3.7z" {...LINE} />,
  warn: (
    <>
      <path d="M12 1.6c.5 0 1 .3 1.3.8l9.8 17.7c.6 1-.2 2.3-1.3 2.3H2.2c-1.1 0-1.9-1.3-1.3-2.3L10.7 2.4c.3-.5.8-.8 1.3-.8z" fill="currentColor" stroke="var(--edge, transparent)" stroke-width="1.6" />
      <path d="M12 9.2v5.4M12 18.6v.1" {...MARK} />
    </>
  ),
  breach: (
    <>
      <path d="M7.4 1h9.2L23 7.4v9.2L16.6 23H7.4L1 16.6V7.4z" fill="currentColor" />
      <path d="M12 6.4v6.8M12 17.6v.1" {...MARK} />
    </>
  ),
  ok: <path d="M4 12.8l5.2 5.2L20.2 6.4" stroke="currentColor" stroke-width="3" stroke-linecap="round" stroke-linejoin="round" fill="none" />,
  live: <circle cx="12" cy="12" r="7" fill="currentColor" />,
  slow: (
    <>
      <circle cx="12" cy="12" r="8" {...LINE} />
      <path d="M12 4a8 8 0 0 1 0 16z" fill="currentColor" />
    </>
  ),
  lost: <path d="M5 5l14 14M19 5L5 19" stroke="currentColor" stroke-width="4" stroke-linecap="round" />,
  clock: (
    <>
      <circle cx="12" cy="12" r="9.6" {...LINE} />
      <path d="M12 6.5V12l3.6 2.4" {...LINE} />
    </>
  ),
  info: (
    <>
      <circle cx="12" cy="12" r="9.6" {...LINE} />
      <path d="M12 11v6M12 7.2v.1" {...LINE} />
    </>
  ),
  conflict: (
    <>
      <path d="M12 .8L23.2 12 12 23.2.8 12z" fill="currentColor" />
      <path d="M7.6 10h8.8M7.6 14.2h8.8M14.4 7l-4.8 10" {...MARK} stroke-width="2.2" />
    </>
  ),
  acd: <path d="M3 5.5h18v6H3zM3 15h18v4.5H3zM7 8.5h.1M11 8.5h.1M7 17.2h.1" {...LINE} />,
  phone: <path d="M6 1.8h12v20.4H6zM10 18.6h4" {...LINE} />,
  desk: <path d="M4 14.5v-3a8 8 0 0 1 16 0v3M4 13h3.2v6.5H4zM16.8 13H20v6.5h-3.2zM20 19.5c0 2-2.4 2.7-5.4 2.7" {...LINE} />,
  seat: <path d="M6.5 2.5h11v9h-11zM5 11.5h14v4.2H5zM12 15.7v5.8M7.5 21.5h9" {...LINE} />,
  unplug: <path d="M2 22l4.3-4.3M9.2 9.2L5.5 13a4 4 0 0 0 5.6 5.6l3.7-3.8M14.8 14.8l3.7-3.7A4 4 0 0 0 12.9 5.5L9.2 9.2M17.6 6.4L22 2M11 7l-1-3.5M7 11l-3.5-1" {...LINE} />,
  thanks: <path d="M12 20.6C6 16.7 2.6 13 2.6 9a4.9 4.9 0 0 1 9.4-2 4.9 4.9 0 0 1 9.4 2c0 4-3.4 7.7-9.4 11.6z" {...LINE} />,
  horn: <path d="M3.6 9.4v5.2h3.6l9.6 5V4.4l-9.6 5zM20 9.2a4 4 0 0 1 0 5.6M7.2 14.6l1.5 6" {...LINE} />,
} satisfies Record<string, VNode>;

export type GlyphName = keyof typeof DRAWINGS;

/** A drawing beside the word that says the same; readers hear the word only. */
export function Glyph({ name, class: kind = "" }: { name: GlyphName; class?: string }) {
  return glyph(name, kind);
}

/** The same for what is drawn by the hundred: no component of its own, which costs more than the drawing. */
export function glyph(name: GlyphName, kind = "") {
  return (
    <svg class={`g ${kind}`} viewBox="0 0 24 24" aria-hidden="true">
      <use href={`#g-${name}`} />
    </svg>
  );
}

/** Once on the page: what every `<use>` refers to. */
export function Sprite() {
  return (
    <svg class="sprite" width="0" height="0" aria-hidden="true">
      {Object.entries(DRAWINGS).map(([name, drawing]) => (
        <symbol key={name} id={`g-${name}`} viewBox="0 0 24 24">
          {drawing}
        </symbol>
      ))}
    </svg>
  );
}
