"""What every outlet keeps of itself: how it is since when, what it told, and its time."""

from collections.abc import Mapping

from ccwall.outlets.contract import Feed


class Going:
    """Base of outlets."""

    def __init__(self, feed: Feed) -> None:
        self._feed, self._clock = feed, feed.clock
        self._state, self._since, self._detail = "connecting", self._clock.now(), ""
        self._sent = self._lost = 0
        """messages; ``_lost``: facts that were there to be told, and could not be"""

    def vitals(self) -> Mapping[str, object]:
        return {
            "state": self._state,
            "since": self._since,
            "detail": self._detail,
            "sent": self._sent,
            "dropped": self._feed.dropped + self._lost,
        }

    def _turn(self, state: str, detail: str) -> None:
        if (state, detail) != (self._state, self._detail):
            self._state, self._since, self._detail = state, self._clock.now(), detail

    def _real(self) -> float:
        """Seconds of real time, whatever the rate of the floor's."""
        return self._clock.now() / self._clock.rate

    async def _sleep(self, seconds: float) -> None:
        """Of real time."""
        await self._clock.sleep(seconds * self._clock.rate)
