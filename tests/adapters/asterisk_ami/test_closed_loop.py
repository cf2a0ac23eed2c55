"""Floor, exchange, wire, adapter and engine in simulated time, and a link that breaks: nothing invented, nothing hidden."""

import pytest

from tests.adapters.asterisk_ami.outages import Account, BrokenLoop

SEEDS = range(6)


@pytest.mark.parametrize("seed", SEEDS)
def test_after_every_loss_the_gauges_are_right_and_every_visit_is_told_or_marked_or_counted_as_unseen(
    seed: int,
) -> None:
    loop = BrokenLoop(seed)
    loop.minutes(25)
    account = Account(loop)
    assert loop.wrong_gauges == []
    assert account.mistakes == []
    for queue, visits in account.truth.items():
        known = account.told[queue] + account.unseen[queue]
        assert visits - 3 <= known <= visits, (queue, visits, account.told, account.unseen)
    assert sum(account.unseen.values()) > 3


@pytest.mark.parametrize("clean", [True, False])
def test_a_restart_loses_what_was_open_and_hides_no_visit_behind_counters_that_began_again(
    clean: bool,
) -> None:
    loop = BrokenLoop(11)
    for seconds in (5.0, 40.0, 90.0):
        loop.pass_time(150)
        loop.restart(seconds, clean=clean)
    loop.pass_time(3)
    account = Account(loop)
    assert loop.wrong_gauges == []
    assert account.mistakes == []
    assert sum(account.unseen.values()) == 0


@pytest.mark.parametrize("seed", SEEDS)
def test_without_an_outage_nothing_is_unseen_whatever_is_reset_or_reloaded(seed: int) -> None:
    loop = BrokenLoop(seed)
    for _ in range(4):
        loop.pass_time(70)
        loop.pbx.reset_statistics()
        loop.pass_time(70)
        loop.pbx.reload()
    loop.pass_time(70)
    account = Account(loop)
    assert account.mistakes == []
    assert sum(account.unseen.values()) == 0


@pytest.mark.parametrize("seed", SEEDS)
def test_counters_reset_around_an_outage_never_count_too_many(seed: int) -> None:
    loop = BrokenLoop(seed)
    for _ in range(4):
        loop.pass_time(loop.dice.uniform(20, 90))
        loop.pbx.reset_statistics()
        loop.pass_time(loop.dice.uniform(1, 70))
        loop.lose("reset", 60)
    account = Account(loop)
    for queue, visits in account.truth.items():
        assert account.told[queue] + account.unseen[queue] <= visits
