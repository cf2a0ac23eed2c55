import { register } from "../board/registry";

/** The map comes with the first board that has one. */
register({
  kind: "seats",
  shelf: "people",
  glyph: "seat",
  size: [10, 16],
  least: [6, 8],
  options: [
    { key: "plan", type: "plan" },
    { key: "limits", type: "flag", default: false },
  ],
  stacked: 44,
  component: () => import("./Tile").then(({ SeatTile }) => SeatTile),
  isLazy: true,
});
