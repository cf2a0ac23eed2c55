"""A floor in simulated time whose link breaks, and what was told of it beside the truth."""

import random
from collections import Counter, defaultdict
from typing import Literal, get_args

from ccwall.engine import Contact
from ccwall_simulators.asterisk.truth import Visit
from tests.simulators.asterisk.loop import (
    SOURCE,
    START,
    STEP,
    Loop,
    compare,
    gauges_of_board,
    gauges_of_floor,
)

Loss = Literal["eof", "reset", "silent", "skipped"]
WHOLE_AGAIN = 1.5
"""Seconds until an exit is decided that only time decides."""

Span = tuple[float, float]


class BrokenLoop(Loop):
    """Notes when nothing was heard, and what was shown wrong right after."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self.dice = random.Random(seed)
        self.unheard: list[Span] = []
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
        self.recover(since)

    def _skip(self, since: float, seconds: float) -> None:
        assert self.client is not None
        while self.now < since + seconds:
            self.pbx.advance(self.now + STEP)
            self.client.outgoing()
        self.intake.take(SOURCE, self.session.skipped(since, self.now), self.now)
        self._carry()

    def restart(self, seconds: float, *, clean: bool) -> None:
        since = self.now
        self.pbx.restart(seconds, clean=clean)
        while not self.pbx.is_up:
            self.pass_time(STEP)
        self.disconnect()
        self.connect()
        self.recover(since)

    def recover(self, since: float) -> None:
        for _ in self.live(5.0):
            if self.session.state == "live":
                break
        self.unheard.append((since, self.now))
        for _ in range(2):
            self.pass_time(WHOLE_AGAIN)
            told, true = gauges_of_board(self), gauges_of_floor(self)
            if told == true:
                return
        self.wrong_gauges.append((since - START, self.now - START, {q: (true[q], told[q]) for q in true}))

    def minutes(self, minutes: float) -> None:
        """Losses of every kind and length."""
        end = self.now + minutes * 60
        while self.now < end:
            self.pass_time(self.dice.uniform(20, 240))
            self.lose(self.dice.choice(get_args(Loss)), self.dice.choice([0.5, 3, 20, 60, 150]))
        self.pass_time(3)


class Account:
    """Every visit since ccwall came, told or not."""

    def __init__(self, loop: BrokenLoop) -> None:
        self._loop = loop
        self.mistakes: list[object] = []
        self.truth: Counter[str] = Counter()
        self.told: Counter[str] = Counter()
        self.unseen: Counter[str] = Counter()
        self._cards: dict[tuple[str, str], list[Contact]] = defaultdict(list)
        for contact in loop.engine.contacts():
            self._cards[contact.call, contact.queue.removeprefix("src/")].append(contact)
        for visit in loop.pbx.visits():
            self._judge(visit)
        self.mistakes += [("invented", contact) for rest in self._cards.values() for contact in rest]
        queues = loop.engine.board(loop.now)["queues"]
        assert isinstance(queues, dict)
        for name, numbers in queues.items():
            self.unseen[name.removeprefix("src/")] += numbers.get("unseen", 0)

    def _judge(self, visit: Visit) -> None:
        ended = float("inf") if visit.ended is None else visit.ended
        cards = self._cards[visit.call, visit.queue]
        near = [c for c in cards if c.inferred or abs(c.queued - visit.queued) < 2.0]
        contact = near[0] if near else None
        if contact is not None:
            cards.remove(contact)
        if visit.queued <= self._loop.began:
            return
        self.truth[visit.queue] += visit.cause != "key"
        touches = any(visit.queued <= b and ended >= a for a, b in self._loop.unheard)
        inside = any(visit.queued >= a - STEP and ended <= b + STEP for a, b in self._loop.unheard)
        if contact is None:
            if not inside:
                self.mistakes.append(("not told", visit))
            return
        self.told[visit.queue] += visit.cause != "key"
        if not touches and (wrong := compare(visit, contact)):
            self.mistakes.append((wrong, visit, contact))
        if touches and contact.outcome not in (visit.outcome, "lost"):
            self.mistakes.append(("told wrong", visit, contact))
        marked = self._loop.engine.incomplete(contact)
        deep = any(visit.queued < b - STEP and ended > a + STEP for a, b in self._loop.unheard)
        clear = all(visit.queued > b + STEP or ended < a - STEP for a, b in self._loop.unheard)
        if (deep and not marked) or (clear and marked):
            self.mistakes.append(("marked wrongly", marked, visit, contact))
