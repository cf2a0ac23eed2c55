"""How fast a channel may be spoken to, and when several notes go into one message."""

from collections import deque
from collections.abc import Sequence

import msgspec

from ccwall.delivery.contract import Limit

KEPT_BACK = 4
"""One in so many messages of a limit is kept back: for what is worse than what came first."""


class Plan(msgspec.Struct, frozen=True):
    """``wait`` seconds first, if any; then one note, or all that are there in one message."""

    wait: float = 0.0
    together: bool = False


class Pace:
    """``sent``: when messages went before, in order."""

    def __init__(self, limits: Sequence[Limit], sent: Sequence[float] = ()) -> None:
        self._limits = tuple(limits)
        self._longest = max((limit.seconds for limit in limits), default=0.0)
        self._sent: deque[float] = deque(sent, maxlen=max((limit.messages for limit in limits), default=1))

    def count(self, now: float) -> None:
        """A message goes now."""
        self._sent.append(now)

    def plan(self, notes: int, now: float) -> Plan:
        """What to do with so many notes that may go now.

        While there is room each goes alone, so that a telephone rings for each. When what is left is only what is kept back,
        messages are spread evenly over the limit's time, each with all that has come.
        """
        wait, together = 0.0, False
        for limit in self._limits:
            within = [at for at in self._sent if now - limit.seconds < at <= now]
            room = limit.messages - len(within)
            kept_back = limit.messages // KEPT_BACK
            if room <= 0:
                wait = max(wait, within[-limit.messages] + limit.seconds - now)
            elif room <= kept_back and within:
                wait = max(wait, within[-1] + limit.seconds / limit.messages - now)
            together = together or notes > max(1, room - kept_back)
        return Plan(max(0.0, wait), together)

    @property
    def window(self) -> float:
        """Seconds of the past that count."""
        return self._longest
