"""Who was seen to leave, and nobody can say why: lost, with a wait that is known and counts nowhere."""

import pytest

from ccwall.engine import Engine
from ccwall.events import AnyEvent, ContactId, ContactLost, ContactQueued, QueueId, SiteId, SourceId
from ccwall.intake import Intake

NOW = 1_800_000_000.0


@pytest.mark.parametrize(("known", "wait"), [(True, 30.0), (False, None)])
def test_a_wait_is_known_only_if_its_end_was_seen(*, known: bool, wait: float | None) -> None:
    engine = Engine(SiteId("site"))
    intake, contact, queue = Intake(SiteId("site"), engine.apply), ContactId("c1"), QueueId("q")
    facts: list[AnyEvent] = [
        ContactQueued(at=NOW, contact=contact, queue=queue),
        ContactLost(at=NOW + 30, contact=contact, queue=queue, reason="shutdown", exit_known=known),
    ]
    intake.take(SourceId("pbx"), facts, NOW + 30)
    (lost,) = engine.contacts()
    assert (lost.outcome, lost.wait) == ("lost", wait)
    queues = engine.board(NOW + 31)["queues"]
    assert isinstance(queues, dict)
    assert (queues["q"]["abandoned"], queues["q"]["lost"]) == (0, 1)
