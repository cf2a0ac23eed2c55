"""What Asterisk says of its queues itself is told once per list and queue, when it is news, and never from part of a list."""

import re
from itertools import pairwise

import pytest

from ccwall.events import AnyEvent, QueueDeclared, QueueDescribed, QueueId, SourceResyncFinished
from ccwall_adapters.asterisk_ami import AmiSession, AmiSettings
from tests.adapters.asterisk_ami.pbx import Pbx
from tests.adapters.asterisk_ami.test_resync import log_in_again
from tests.adapters.asterisk_ami.test_session import CAPTURES, answer_empty, logged_in, steps
from tests.adapters.asterisk_ami.test_transcripts import VISITS
from tests.adapters.contract import PlainDirectory, play

CONSULT = {
    "Calls": "2",
    "Completed": "22",
    "Abandoned": "20",
    "Holdtime": "25",
    "TalkTime": "20",
    "ServiceLevel": "20",
    "ServicelevelPerf": "54.5",
    "ServicelevelPerf2": "64.3",
}
PROMO = {"Calls": "0", "Completed": "11", "ServicelevelPerf": "100.0"}
Listed = tuple[str, dict[str, str]]


def params(queue: str, figures: dict[str, str]) -> Listed:
    return "QueueParams", {"Queue": queue, "Max": "0", "Strategy": "ringall", **figures, "Weight": "0"}


def listed(pbx: Pbx, *items: Listed, **only: str) -> list[QueueDeclared]:
    """The observed client asks for the queues; what is told of their figures."""
    pbx.asked("QueueStatus", f"list-{pbx.now}", **only)
    pbx.listing(f"list-{pbx.now}", items, "QueueStatusComplete")
    pbx.wait(2.0)
    return [fact for fact in pbx.take() if isinstance(fact, QueueDeclared)]


def floats(figures: dict[str, str]) -> dict[str, float]:
    return {name: float(text) for name, text in figures.items()}


def test_a_whole_list_tells_every_queue_under_asterisks_own_names() -> None:
    found = listed(Pbx(), params("consult", CONSULT), params("promo", PROMO))
    assert {fact.queue: fact.figures for fact in found} == {
        "src/consult": floats(CONSULT),
        "src/promo": floats(PROMO),
    }


def test_only_news_is_told_again() -> None:
    pbx = Pbx()
    listed(pbx, params("consult", CONSULT), params("promo", PROMO))
    assert listed(pbx, params("consult", CONSULT), params("promo", PROMO)) == []
    (fact,) = listed(pbx, params("consult", CONSULT), params("promo", PROMO | {"Completed": "12"}))
    assert (fact.queue, fact.figures["Completed"]) == ("src/promo", 12.0)


def test_a_list_of_one_queue_is_not_the_whole_truth() -> None:
    assert listed(Pbx(), params("consult", CONSULT), Queue="consult") == []


def test_a_queue_that_was_gone_is_told_again() -> None:
    pbx = Pbx()
    listed(pbx, params("consult", CONSULT), params("promo", PROMO))
    assert listed(pbx, params("consult", CONSULT)) == []
    assert [fact.queue for fact in listed(pbx, params("consult", CONSULT), params("promo", PROMO))] == [
        "src/promo"
    ]


def test_during_a_resync_it_is_told_with_everything_else_at_the_end() -> None:
    pbx, asked = logged_in()
    pbx.take()
    (status,) = (question["ActionID"] for question in asked if question["Action"] == "QueueStatus")
    pbx.listing(status, [params("consult", CONSULT)], "QueueStatusComplete")
    assert pbx.take() == []
    answer_empty(pbx, [question for question in asked if question["ActionID"] != status])
    pbx.wait(2.0)
    told = [type(fact) for fact in pbx.take()]
    assert told.index(QueueDescribed) < told.index(QueueDeclared) < told.index(SourceResyncFinished)
    assert told.count(QueueDeclared) == 1


def test_a_new_connection_tells_only_what_is_new() -> None:
    pbx, asked = logged_in()
    whole = [params("consult", CONSULT), params("promo", PROMO)]
    reset = [params("consult", CONSULT), params("promo", dict.fromkeys(PROMO, "0"))]
    for items in (whole, reset):
        (status,) = (question["ActionID"] for question in asked if question["Action"] == "QueueStatus")
        pbx.listing(status, items, "QueueStatusComplete")
        answer_empty(pbx, [question for question in asked if question["ActionID"] != status])
        pbx.wait(2.0)
        pbx.hang_up_the_link()
        asked = log_in_again(pbx)
    assert [fact.queue for fact in pbx.of(QueueDeclared)] == ["src/consult", "src/promo", "src/promo"]


@pytest.mark.parametrize("text", ["", "nan", "inf", "-1", "1e9", "٣", "9" * 30, "a lot", "1.2.3"])
def test_what_is_no_figure_is_left_out(text: str) -> None:
    (fact,) = listed(Pbx(), params("consult", CONSULT | {"Holdtime": text}))
    assert "Holdtime" not in fact.figures
    assert len(fact.figures) == len(CONSULT) - 1


def test_a_queue_without_any_figure_says_nothing() -> None:
    assert listed(Pbx(), params("consult", {})) == []


class OneQueue(PlainDirectory):
    def queue(self, name: str) -> QueueId:
        return QueueId("all")


def test_of_two_queues_that_are_one_of_ours_neither_speaks_for_the_whole() -> None:
    pbx = Pbx(directory=OneQueue())
    assert listed(pbx, params("consult", CONSULT), params("promo", PROMO)) == []
    assert [fact.queue for fact in listed(pbx, params("consult", CONSULT | {"Calls": "3"}))] == ["all"]


@pytest.mark.parametrize("scenario", VISITS)
def test_a_genuine_asterisk_is_quoted_to_the_letter_and_no_more_often_than_it_spoke(scenario: str) -> None:
    wire = list(steps(CAPTURES / scenario / "ami.wire.ndjson.gz"))
    received = b"".join(step.data for step in wire if step.kind == "rx")
    session = AmiSession(AmiSettings(username="", secret=""), PlainDirectory(), "observe")
    facts: list[AnyEvent] = play(session, wire)
    declared = [fact for fact in facts if isinstance(fact, QueueDeclared)]
    said = {
        (f"src/{queue.decode()}", float(completed), float(level))
        for queue, completed, level in re.findall(
            rb"Event: QueueParams\r\nQueue: (.*?)\r\n.*?Completed: (\d+)\r\n.*?ServicelevelPerf: ([\d.]+)\r\n",
            received,
            re.DOTALL,
        )
    }
    assert {(f.queue, f.figures["Completed"], f.figures["ServicelevelPerf"]) for f in declared} <= said
    assert {fact.queue for fact in declared} == {f"src/{queue}" for queue in QUEUES}
    for queue in QUEUES:
        own = [fact.figures for fact in declared if fact.queue == f"src/{queue}"]
        assert all(before != after for before, after in pairwise(own))


QUEUES = ("consult", "callback", "promo", "complaint", "overflow")
