/** What a board is looked at with beside the live floor. `names`: as live, with every queue called by the longest name of all. */
export const SCENES = ["live", "stale", "busy", "empty", "names"] as const;
export type Scene = (typeof SCENES)[number];
