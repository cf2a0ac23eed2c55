"""What the queues' own counters say that nobody told, and never more than that."""

import pytest

from ccwall.events import QueueUnseen
from tests.adapters.contract import NOW
from tests.adapters.freeswitch_esl.pbx import Pbx, live, talking, waiting


def lose_the_link(pbx: Pbx, seconds: float) -> None:
    pbx.hang_up_the_link()
    pbx.now += seconds


def unseen(pbx: Pbx) -> list[tuple[str, int]]:
    return [(one.queue, one.visits) for one in pbx.of(QueueUnseen)]


def test_what_the_counters_gained_in_an_outage_and_nobody_told_is_unseen() -> None:
    pbx = live(queues={"consult": (10, 3), "promo": (5, 5)})
    pbx.pass_time(5)
    lost_at = pbx.now
    lose_the_link(pbx, 60)
    pbx.queues = {"consult": (12, 4), "promo": (5, 5)}
    pbx.live_again()
    assert unseen(pbx) == [("src/consult", 3)]
    assert pbx.of(QueueUnseen)[0].since == lost_at


def test_visits_that_are_known_explain_what_was_gained() -> None:
    pbx = live(queues={"consult": (10, 3)}, members=[waiting("m1"), waiting("m2"), waiting("m3")])
    pbx.pass_time(10)
    pbx.answer(uuid="m1")
    lose_the_link(pbx, 60)
    pbx.members = [talking("m2", bridged=pbx.now - 20), talking("m9", bridged=pbx.now - 15)]
    pbx.queues = {"consult": (13, 4)}  # m1, m2 and m9 were answered, m3 has left
    pbx.live_again()
    assert unseen(pbx) == []


def test_counters_that_fell_began_again() -> None:
    pbx = live(queues={"consult": (10, 3)})
    lose_the_link(pbx, 60)
    pbx.queues = {"consult": (2, 0)}
    pbx.live_again()
    assert unseen(pbx) == [("src/consult", 2)]


def test_after_a_restart_the_counters_begin_at_nothing() -> None:
    pbx = live(queues={"consult": (1, 0)})
    lose_the_link(pbx, 60)
    pbx.booted, pbx.queues = pbx.now - 30, {"consult": (4, 0)}
    pbx.live_again()
    assert unseen(pbx) == [("src/consult", 4)]


@pytest.mark.parametrize("core", ["c0ffee", "decade"])
def test_who_is_shown_by_the_first_list_after_a_restart_is_not_unseen(core: str) -> None:
    """The age says that it is another PBX, and the first event says it again."""
    pbx = live(queues={"consult": (10, 3)})
    pbx.event("HEARTBEAT")
    lose_the_link(pbx, 60)
    pbx.core, pbx.booted = core, pbx.now - 30
    pbx.queues, pbx.members = {"consult": (3, 0)}, [talking("m7", bridged=pbx.now - 10)]
    pbx.connect()
    pbx.answer_all()
    pbx.event("HEARTBEAT")
    pbx.pass_time(65)
    assert unseen(pbx) == [("src/consult", 2)]


def test_who_waited_when_it_restarted_explains_nothing_of_after() -> None:
    pbx = live(queues={"consult": (10, 3)}, members=[waiting("m1"), waiting("m2")])
    lose_the_link(pbx, 60)
    pbx.booted, pbx.queues, pbx.members = pbx.now - 30, {"consult": (3, 0)}, []
    pbx.live_again()
    assert unseen(pbx) == [("src/consult", 3)]


@pytest.mark.parametrize("gained", [(30, 30), (0, 0)])
def test_without_an_outage_nothing_is_unseen(gained: tuple[int, int]) -> None:
    pbx = live(queues={"consult": (10, 3)})
    pbx.queues = {"consult": gained}
    pbx.pass_time(70)
    assert unseen(pbx) == []


def test_what_was_told_around_the_lists_explains_either_side() -> None:
    pbx = live(queues={"consult": (10, 3)})
    pbx.pass_time(58.5)
    pbx.member("member-queue-start")
    pbx.cancel("TIMEOUT")  # the list may have counted it already, or not
    pbx.pass_time(1)
    pbx.pass_time(2)
    lose_the_link(pbx, 20)
    pbx.queues = {"consult": (10, 4)}
    pbx.live_again()
    assert unseen(pbx) == []


def test_bytes_thrown_away_are_an_outage_too() -> None:
    pbx = live(queues={"consult": (10, 3)})
    pbx.pass_time(10)
    pbx.facts += pbx.session.skipped(pbx.now - 2, pbx.now)
    pbx.queues = {"consult": (11, 3)}
    pbx.answer_all()
    pbx.wait(1.1)
    assert unseen(pbx) == [("src/consult", 1)]


def test_a_loss_before_the_first_lists_compares_nothing() -> None:
    pbx = Pbx("live")
    lose_the_link(pbx, 5)
    pbx.queues = {"consult": (100, 100)}
    pbx.live_again()
    assert unseen(pbx) == []
    assert pbx.now > NOW
