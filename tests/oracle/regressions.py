"""Seeds that once found something, and what: they are tried for ever, whatever other seeds a round takes."""

FOUND: dict[int, str] = {
    0: "a line that is configured and has no queue stopped the board",
    1: "a screen's outlook was not that of the board",
    3: "the people of a quiet team stood still on the screen",
    8: "the callers waiting for a team were judged by another T than those it answered",
    18: "a team's service level judged who waits by another T than who was answered",
    124: "a number of this moment needs every fact of this moment",
    494: "a screen that was made anew between two steps forgot whose turn it was to be estimated",
    574: "the longest wait of a window left the short abandons out",
    1103: "a revised wait that was the longest of its step, not of its minute, stayed the longest",
    1168: "the same as 494, on another floor",
}
