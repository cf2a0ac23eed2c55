"""What a person in the group would see, and whom it would ring."""

from collections import deque

import msgspec

MOST = 500


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """As it came, with its markup. ``rings``: the ids and numbers of who is named; ``everybody`` when all are."""

    at: float
    robot: str
    text: str
    rings: tuple[str, ...] = ()
    everybody: bool = False


class Phone:
    """The newest messages, oldest first."""

    def __init__(self, most: int = MOST) -> None:
        self._messages: deque[Message] = deque(maxlen=most)
        self.count = 0

    def take(self, message: Message) -> None:
        self.count += 1
        self._messages.append(message)

    @property
    def messages(self) -> list[Message]:
        return list(self._messages)


class Pace:
    """Counts messages against a limit of so many in so many seconds; `too_fast` counts this one as well."""

    def __init__(self, messages: int, seconds: float) -> None:
        self._messages, self._seconds = messages, seconds
        self._taken: deque[float] = deque(maxlen=messages)

    def too_fast(self, now: float) -> bool:
        while self._taken and self._taken[0] <= now - self._seconds:
            self._taken.popleft()
        if len(self._taken) >= self._messages:
            return True
        self._taken.append(now)
        return False
