"""When something happened, by FreeSWITCH's own stamps, in our time.

What comes late by a slow line still carries the moment of its own. So how far the two clocks are apart is learned while
events are prompt: it is the smallest difference between a stamp and its arrival of the last minute or two.
"""

SLACK = 2.0
"""Seconds by which the clocks may differ without being corrected; and by which an event may be told of before another that
came earlier."""
LATEST = 60.0
"""Seconds that something may have been on its way; who says it was longer has a clock that cannot be followed."""
FARTHEST = 86_400.0
"""Seconds by which the clocks may differ and be corrected; one that is farther off is not followed at all."""
WINDOW = 60.0
"""Seconds for which the smallest difference counts, and again so many for which it is the one of before."""

_NEVER = float("inf")


class Clock:
    """The far end's clock as seen from here. It never tells a moment to come."""

    def __init__(self) -> None:
        self._slack, self._latest, self._window = SLACK, LATEST, WINDOW
        self._least = self._before = _NEVER
        self._until = self._told = 0.0
        self._ahead = 0.0

    def at_pace(self, rate: float) -> None:
        """See `Session.at_pace`: what is measured here is the way over the network."""
        self._slack, self._latest, self._window = SLACK * rate, LATEST * rate, WINDOW * rate

    def begin(self, now: float) -> None:
        """A connection begins: nothing that comes over it is older. The clock may be another, as its first event will show."""
        self._least = self._before = _NEVER
        self._told = now
        self._until = now + self._window

    def at(self, stamp: float, now: float) -> float:
        """When it happened; `stamp` is epoch seconds of the far end, 0 when it has none."""
        if not stamp:
            self._told = now
            return now
        late = now - stamp
        if late < self._least or now > self._until:
            self._learn(late, now)
        told = stamp + self._ahead
        if told > now or told < now - self._latest:
            told = now
        if told > self._told:
            self._told = told
        elif told < self._told - self._slack:
            told = self._told - self._slack
        return told

    def ours(self, stamp: float, now: float) -> float:
        """A moment that is written somewhere, in whole seconds of the far end; 0 when it is none, or cannot be one."""
        told = stamp + self._ahead
        return min(told, now) if stamp > 0 and told <= now + self._slack else 0.0

    def theirs(self, moment: float) -> float:
        """A moment of ours as the far end would write it."""
        return moment - self._ahead

    def _learn(self, late: float, now: float) -> None:
        """How far ours is ahead."""
        if now > self._until:
            self._before, self._least, self._until = self._least, late, now + self._window
        self._least = min(self._least, late)
        least = min(self._least, self._before)
        self._ahead = least if self._slack < abs(least) <= FARTHEST else 0.0
