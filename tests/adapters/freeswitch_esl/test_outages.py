"""Floor, exchange, wire, adapter and engine in simulated time, and a link that breaks: nothing invented, nothing hidden."""

import random
from collections import Counter
from typing import Literal, get_args

import pytest

from ccwall.engine import Contact
from ccwall_simulators.freeswitch.truth import Visit
from tests.simulators.freeswitch.loop import SOURCE, STEP, Loop, gauges_of_board, gauges_of_floor

Loss = Literal["eof", "reset", "silent", "skipped"]
WHOLE_AGAIN = 1.5
SEEDS = range(4)


class BrokenLoop(Loop):
    """Notes when nothing was heard, and what was shown wrong right after."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self.dice = random.Random(seed)
        self.unheard: list[tuple[float, float]] = []
        self.wrong_gauges: list[object] = []
        self.connect()
        self.pass_time(3)
        self.began = self.now

    def lose(self, how: Loss, seconds: float) -> None:
        since = self.now
        if how == "skipped":
            self._skip(since, seconds)
        else:
            self.disconnect(how)
            self.pass_time(seconds)
            self.connect()
        for _ in self.live(5.0):
            if self.session.state == "live":
                break
        self.unheard.append((since, self.now))
        for _ in range(3):
            self.pass_time(WHOLE_AGAIN)
            if gauges_of_board(self) == gauges_of_floor(self):
                return
        self.wrong_gauges.append((since, self.now, gauges_of_floor(self), gauges_of_board(self)))

    def _skip(self, since: float, seconds: float) -> None:
        assert self.client is not None
        while self.now < since + seconds:
            self.pbx.advance(self.now + STEP)
            self.client.outgoing()
        self.intake.take(SOURCE, self.session.skipped(since, self.now), self.now)
        self._carry()


class Account:
    """Every visit since ccwall came, told or not."""

    def __init__(self, loop: BrokenLoop) -> None:
        self._loop = loop
        self.mistakes: list[object] = []
        self.truth: Counter[str] = Counter()
        self.told: Counter[str] = Counter()
        self._cards: dict[tuple[str, str], list[Contact]] = {}
        for contact in loop.engine.contacts():
            key = contact.call, contact.queue.removeprefix("src/")
            self._cards.setdefault(key, []).append(contact)
        for visit in loop.pbx.visits():
            self._judge(visit)
        self.mistakes += [("invented", contact) for rest in self._cards.values() for contact in rest]
        queues = loop.engine.board(loop.now)["queues"]
        assert isinstance(queues, dict)
        self.unseen = Counter(
            {name.removeprefix("src/"): one.get("unseen", 0) for name, one in queues.items()}
        )

    def _judge(self, visit: Visit) -> None:
        ended = float("inf") if visit.ended is None else visit.ended
        cards = self._cards.get((visit.call, visit.queue), [])
        contact = cards.pop(0) if cards else None
        if visit.queued <= self._loop.began:
            return
        self.truth[visit.queue] += 1
        inside = any(visit.queued >= a - STEP and ended <= b + STEP for a, b in self._loop.unheard)
        if contact is None:
            if not inside:
                self.mistakes.append(("not told", visit))
            return
        self.told[visit.queue] += 1
        touches = any(visit.queued <= b and ended >= a for a, b in self._loop.unheard)
        if contact.outcome not in (visit.outcome, *(("lost",) if touches else ())):
            self.mistakes.append(("told wrong", visit, contact))


@pytest.mark.parametrize("seed", SEEDS)
def test_after_every_loss_the_gauges_are_right_and_every_visit_is_told_or_counted_as_unseen(
    seed: int,
) -> None:
    loop = BrokenLoop(seed)
    end = loop.now + 20 * 60
    while loop.now < end:
        loop.pass_time(loop.dice.uniform(20, 240))
        loop.lose(loop.dice.choice(get_args(Loss)), loop.dice.choice([0.5, 3, 20, 60, 150]))
    loop.pass_time(3)
    account = Account(loop)
    assert loop.wrong_gauges == []
    assert account.mistakes == []
    for queue, visits in account.truth.items():
        known = account.told[queue] + account.unseen[queue]
        assert visits - 3 <= known <= visits, (queue, visits, account.told, account.unseen)
    assert sum(account.unseen.values()) > 0
