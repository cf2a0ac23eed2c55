"""A headset that is gone makes no number of calls old or incomplete; an ACD that is gone does."""

import pytest

from ccwall import events
from ccwall.engine import Engine
from ccwall.events import Policy, QueueId, Sense, SiteId, SourceId
from ccwall.intake import Intake

T = 1_795_348_800.0


@pytest.mark.parametrize(
    ("sense", "touched"), [("desk", False), ("phone", False), ("seat", False), ("acd", True)]
)
def test_only_what_an_acd_did_not_tell_makes_numbers_incomplete(sense: Sense, touched: bool) -> None:
    engine = Engine(SiteId("site"))
    intake = Intake(SiteId("site"), engine.apply)
    policy = Policy(senses={SourceId("pbx1"): "acd", SourceId("other"): sense})
    intake.take(SourceId("ccwall"), [events.ConfigApplied(at=T, hash="", policy=policy)], T)
    for source in ("pbx1", "other"):
        up: list[events.AnyEvent] = [
            events.SourceUp(at=T),
            events.SourceResyncStarted(at=T),
            events.SourceResyncFinished(at=T),
        ]
        intake.take(SourceId(source), up, T)
    intake.take(SourceId("pbx1"), [events.QueueDescribed(at=T, queue=QueueId("pbx1/q"), name="q")], T)
    intake.take(SourceId("other"), [events.SourceDown(at=T + 5, reason="eof")], T + 5)
    board = engine.board(T + 20)
    floor, sources = board["floor"], board["sources"]
    assert isinstance(floor, dict)
    assert isinstance(sources, dict)
    assert ("incomplete" in floor) is touched
    assert bool(board["curve_incomplete"]) is touched
    assert sources["other"]["state"] == "down", "the source itself is shown as it is"
    assert sources["other"].get("sense", "acd") == sense
