"""The door of the house: every fact gets its number and its id here, and goes to everyone who must have it at once."""

from collections.abc import Callable, Sequence
from hashlib import blake2b

import msgspec

from ccwall.events import AnyEvent, Envelope, Principal, SiteId, SourceId

Sink = Callable[[Envelope], None]


class Intake:
    """``seq`` orders state, and goes on after that of the journal; ``id`` comes from source and fact alone, so that a
    replay gives the same ids."""

    def __init__(self, site: SiteId, *sinks: Sink, after: int = 0) -> None:
        self.seq = after
        self._site, self._sinks = site, sinks
        self._encode = msgspec.json.Encoder().encode

    def take(
        self, source: SourceId, events: Sequence[AnyEvent], received: float, actor: Principal | None = None
    ) -> list[Envelope]:
        """Number the facts of one source and hand each to every sink, in order. ``actor``: the person who did it."""
        return [self._one(source, event, received, actor) for event in events]

    def _one(self, source: SourceId, event: AnyEvent, received: float, actor: Principal | None) -> Envelope:
        self.seq += 1
        key = blake2b(source.encode("utf-8", "surrogatepass"), digest_size=8)
        key.update(b"\0" + self._encode(event))
        envelope = Envelope(
            seq=self.seq,
            id=key.hexdigest(),
            source=source,
            site=self._site,
            received=received,
            event=event,
            actor=actor,
        )
        for sink in self._sinks:
            sink(envelope)
        return envelope
