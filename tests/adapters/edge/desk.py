"""An edge's words as the server's link hands them on, for tests."""

from collections.abc import Sequence

import msgspec

from ccwall.events import AnyEvent
from ccwall.wire import edge as wire
from ccwall.wire.parcel import pack

NOW = 1_800_000_000.0


class Pc:
    """`off` is how far its clock is ahead of ours."""

    def __init__(self, name: str = "pc-1", series: str = "s1", id: str = "01", off: float = 0.0) -> None:
        self.name, self.series, self.id, self.off = name, series, id, off
        self.n = 0

    def _parcel(self, body: bytes, receipt: str = "") -> bytes:
        head = {"id": self.id, "user": self.name}
        return pack({**head, "receipt": receipt} if receipt else head, body)

    def word(self, word: wire.Word) -> bytes:
        return self._parcel(wire.written(word))

    def hello(self, now: float = NOW) -> bytes:
        return self.word(wire.Hello(edge=self.name, series=self.series, now=now + self.off, version="1"))

    def beat(self, now: float) -> bytes:
        return self.word(wire.Beat(now=now + self.off))

    def bye(self) -> bytes:
        return self.word(wire.Bye())

    def facts(
        self, told: Sequence[AnyEvent | None], now: float = NOW, first: int = 0, source: str = "box"
    ) -> bytes:
        """With the next numbers, or with those from `first` on."""
        begin = first or self.n + 1
        bodies = [wire.told(source if fact is not None else "", _at(fact, self.off)) for fact in told]
        self.n = max(self.n, begin + len(told) - 1)
        body = wire.facts(self.series, begin, now + self.off, bodies)
        return self._parcel(body, f"{self.series}:{begin + len(told) - 1}")


def _at(fact: AnyEvent | None, off: float) -> AnyEvent | None:
    """As its own clock says it."""
    if fact is None:
        return None
    moved: AnyEvent = msgspec.structs.replace(fact, at=fact.at + off)
    return moved
