"""What a house has to say and to remember after it was not there for a while."""

from collections.abc import Iterable

from ccwall.adapter import Known
from ccwall.engine import Engine
from ccwall.events import SourceDown, SourceId


def outage(engine: Engine, lived: float | None) -> list[tuple[SourceId, SourceDown]]:
    """Every source that was heard when ccwall last lived is not heard since: nobody was there to listen."""
    if lived is None:
        return []
    return [
        (source.id, SourceDown(at=lived, reason="house"))
        for source in engine.sources()
        if source.was_up and source.down_since is None
    ]


def known_visits(engine: Engine, source: SourceId) -> Iterable[Known]:
    """Today's visits of one source, for `Session.remember`."""
    return [
        Known(
            contact=contact.id,
            queue=contact.queue,
            call=contact.call,
            queued=contact.queued,
            over=contact.ended is not None,
        )
        for contact in engine.contacts()
        if contact.source == source
    ]
