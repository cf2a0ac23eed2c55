const LINE = { stroke: "currentColor", "stroke-width": 2.2, "stroke-linecap": "round", "stroke-linejoin": "round", fill: "none" } as const;

/** Signs that stand for no state and no severity; those are Glyphs. */
export const sign = (path: string) =>
  function Sign() {
    return (
      <svg class="g" viewBox="0 0 24 24" aria-hidden="true">
        <path d={path} {...LINE} />
      </svg>
    );
  };

export const SearchSign = sign("M10.5 3.5a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM15.8 15.8l5.2 5.2");
export const MenuSign = sign("M4 6.5h16M4 12h16M4 17.5h16");
export const DownSign = sign("M5 9l7 7 7-7");
export const TilesSign = sign("M3.5 3.5h7v7h-7zM13.5 3.5h7v7h-7zM3.5 13.5h7v7h-7zM13.5 13.5h7v7h-7z");
export const CompactSign = sign("M3.5 4.5h4.5M3.5 12h4.5M3.5 19.5h4.5M10 4.5h4.5M10 12h4.5M10 19.5h4.5M16.5 4.5h4M16.5 12h4M16.5 19.5h4");
export const TableSign = sign("M3.5 4.5h17v15h-17zM3.5 9.5h17M3.5 14.5h17M9 9.5v10");

export function Brand() {
  return (
    <i class="dk-mark" aria-hidden="true">
      <b />
      <b />
      <b />
    </i>
  );
}
