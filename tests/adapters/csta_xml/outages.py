"""A floor in simulated time whose link breaks, and what was told of it beside the truth."""

import random
from collections import defaultdict
from typing import Literal, get_args

from ccwall.engine import Contact
from ccwall.errors import SourceError
from ccwall_simulators.csta import PLAIN, Variant
from ccwall_simulators.csta.switch import Seen
from tests.simulators.csta.loop import START, STEP, Loop, compare, gauges_of_board, gauges_of_floor

Loss = Literal["eof", "cut", "reset", "silent", "half_open", "garbage", "skipped", "restart", "kill"]
Fault = Literal["slow", "split", "silence", "flood", "reload"]
"""Nothing is lost by these, though it may come late."""
WHOLE_AGAIN = 2.5
"""Seconds until what only time decides is decided."""

Span = tuple[float, float]


class BrokenLoop(Loop):
    """Notes when nothing was heard, and what was shown wrong right after."""

    def __init__(self, seed: int, variant: Variant = PLAIN) -> None:
        super().__init__(seed, variant=variant)
        self.dice = random.Random(seed)
        self.unheard: list[Span] = []
        self.late: list[Span] = []
        self.wrong_gauges: list[object] = []
        self.lost_at = 0.0
        self.began = self.now
        self.connect()
        self.pass_time(3)

    def disconnect(self, reason: str = "eof") -> None:
        self.lost_at = self.now if self.line is not None else self.lost_at
        super().disconnect(reason)

    @property
    def is_connected(self) -> bool:
        return self.line is not None

    def come_back(self) -> None:
        """A switch hangs up on a client that did not answer what it never heard."""
        if self.line is None:
            since = self.lost_at
            self.connect()
            self.recover(since, "hung up")

    def lose(self, how: Loss, seconds: float) -> None:
        since = self.now
        assert self.line is not None
        match how:
            case "eof" | "reset" | "silent":
                self.disconnect(how)
                self.pass_time(seconds)
            case "restart" | "kill":
                self.switch.restart(seconds, clean=how == "restart")
                while not self.switch.is_up:
                    self.pass_time(STEP)
            case "skipped":
                self._skip(since, seconds)
            case "cut" | "garbage" | "half_open":
                self.line.fault(how, self.now + seconds)
                self._until_lost(20.0)
        if not self.is_connected:
            self.connect()
        self.recover(since, how)

    def _until_lost(self, longest: float) -> None:
        """The supervisor's part: whatever the session raises ends the connection."""
        end = self.now + longest
        while self.line is not None and self.now < end:
            try:
                self.pass_time(STEP)
            except SourceError as error:
                reason = "silent" if isinstance(error, TimeoutError) else "protocol"
                self.disconnect(reason)

    def _skip(self, since: float, seconds: float) -> None:
        assert self.line is not None
        while self.now < since + min(seconds, 4.0):
            self.switch.advance(self.now + STEP)
            piece = self.line.to_client(self.now)
        self.take(self.session.skipped(since, self.now))
        self.take(self.session.receive(piece[len(piece) // 2 :], self.now))
        self._carry()

    def bother(self, how: Fault) -> None:
        """What must change nothing."""
        assert self.line is not None
        match how:
            case "flood":
                self.switch.flood(2000)
            case "reload":
                self.switch.reload()
            case _:
                self.line.fault(how, self.now + 3.0)
        since = self.now
        self.pass_time(8.0)
        self.late.append((since, self.now))
        self._compare_gauges(how)

    def recover(self, since: float, how: str) -> None:
        for _ in self.live(5.0):
            if self.session.state == "live":
                break
        self.unheard.append((since, self.now))
        self._compare_gauges(how)

    def _compare_gauges(self, how: str) -> None:
        for _ in range(2):
            self.pass_time(WHOLE_AGAIN)
            told, true = gauges_of_board(self), gauges_of_floor(self)
            if told == true:
                return
        self.wrong_gauges.append((how, self.now - START, {q: (true[q], told.get(q)) for q in true}))

    def minutes(self, minutes: float) -> None:
        """Losses and bothers of every kind and length."""
        end = self.now + minutes * 60
        while self.now < end:
            self.pass_time(self.dice.uniform(20, 120))
            self.come_back()
            if self.dice.random() < 0.7:
                self.lose(self.dice.choice(get_args(Loss)), self.dice.choice([0.5, 3, 20, 60, 150]))
            else:
                self.bother(self.dice.choice(get_args(Fault)))
        self.pass_time(3)


class Account:
    """Every visit since ccwall came, told or not."""

    def __init__(self, loop: BrokenLoop) -> None:
        self._loop = loop
        self.mistakes: list[object] = []
        self.equal = self.touched = self.untold = 0
        self._cards: dict[tuple[str, str], list[Contact]] = defaultdict(list)
        for contact in loop.engine.contacts():
            self._cards[contact.call, contact.queue.removeprefix("src/")].append(contact)
        self._visits = loop.switch.visits()
        for seen in self._visits:
            self._judge(seen)
        self.mistakes += [("invented", contact) for rest in self._cards.values() for contact in rest]

    def _judge(self, seen: Seen) -> None:
        visit = seen.visit
        ended = float("inf") if visit.ended is None else visit.ended
        cards = self._cards[seen.call, visit.queue]
        near = [c for c in cards if c.inferred or abs(c.queued - visit.queued) < 6.0]
        contact = near[0] if near else None
        if contact is not None:
            cards.remove(contact)
        if ended <= self._loop.began:
            return
        touches = any(visit.queued <= b and ended >= a - 1.0 for a, b in self._loop.unheard)
        inside = any(visit.queued >= a - STEP and ended <= b + STEP for a, b in self._loop.unheard)
        again = self._is_again(seen)
        if contact is None:
            self.untold += 1
            if not inside and not again:
                self.mistakes.append(("not told", seen))
        elif not touches:
            self.equal += 1
            is_late = any(visit.queued <= b and ended >= a for a, b in self._loop.late)
            if wrong := compare(seen, contact, 6.0 if is_late else 1.0):
                self.mistakes.append((wrong, seen, contact))
        else:
            self.touched += 1
            if contact.outcome not in (visit.outcome, "lost") and not again:
                self.mistakes.append(("told wrong", seen, contact))

    def _is_again(self, seen: Seen) -> bool:
        """The call left the group and came back to it unheard: nobody can tell the two visits apart."""
        same = [s.visit for s in self._visits if (s.call, s.visit.queue) == (seen.call, seen.visit.queue)]
        return any(
            a - STEP <= visit.queued <= b + STEP
            for visit in same
            for a, b in self._loop.unheard
            if len(same) > 1
        )
