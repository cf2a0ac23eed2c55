"""Sums of the present day's time by team, made from the persons and nothing else.

They are derived: `ccwall.engine.spells.recount` makes them anew. Between two recounts `Shift.put` and `Shift.withdraw`
follow each person's spell, so that no look at a team has to visit its people.
"""

from bisect import bisect_left, insort

import msgspec

from ccwall.engine.persons import OFF, Agent
from ccwall.events import AgentId, SourceId

Due = dict[SourceId | None, list[tuple[int, AgentId]]]
"""By source, soonest first: the instant (epoch milliseconds) at which time alone changes this person."""


class Sums(msgspec.Struct, gc=False):
    """Time of a team on the present business day, milliseconds.

    ``closed`` is the finished time by state. ``begun`` is by source and state how many do that now, and Σ of when they
    began, no earlier than the day. ``persons`` are those who were logged on at any time of the day.
    """

    closed: dict[str, int] = {}
    begun: dict[tuple[SourceId | None, str], list[int]] = {}
    persons: int = 0


class Shift:
    """The sums of one day [start, end), milliseconds, and whom time alone changes.

    ``ending``: wrap-up that ends by itself. ``ahead``: spells that begin later than their source is known to, because its
    clock is ahead of ours or it is away.
    """

    __slots__ = ("ahead", "end", "ending", "start", "teams")

    def __init__(self, start: int = 0, end: int = 0) -> None:
        self.start, self.end = start, end
        self.teams: dict[str, Sums] = {}
        self.ending: Due = {}
        self.ahead: Due = {}

    def put(self, agent: Agent, team: str, known: int) -> None:
        """Count this person's spell; ``known`` is until when its source is known."""
        sums, spell = self._of(team), agent.spell
        sums.persons += self._is_counted(agent)
        if spell.state == OFF:
            return
        begun = sums.begun.setdefault((spell.source, spell.state), [0, 0])
        begun[0] += 1
        begun[1] += max(spell.since, self.start)
        if spell.since > known:
            insort(self.ahead.setdefault(spell.source, []), (spell.since, agent.id))
        if spell.until is not None:
            insort(self.ending.setdefault(spell.source, []), (spell.until, agent.id))

    def withdraw(self, agent: Agent, team: str) -> None:
        """The inverse of `put`."""
        sums, spell = self._of(team), agent.spell
        sums.persons -= self._is_counted(agent)
        if spell.state == OFF:
            return
        key = (spell.source, spell.state)
        begun = sums.begun[key]
        begun[0] -= 1
        begun[1] -= max(spell.since, self.start)
        if not begun[0]:
            del sums.begun[key]
        _take(self.ahead.get(spell.source), (spell.since, agent.id))
        if spell.until is not None:
            _take(self.ending.get(spell.source), (spell.until, agent.id))

    def close(self, team: str, status: str, length: int) -> None:
        """So much more time of the present day is finished."""
        closed = self._of(team).closed
        closed[status] = closed.get(status, 0) + length

    def _of(self, team: str) -> Sums:
        sums = self.teams.get(team)
        if sums is None:
            sums = self.teams[team] = Sums()
        return sums

    def _is_counted(self, agent: Agent) -> bool:
        if agent.spell.state != OFF and agent.spell.since < self.end:
            return True
        day = agent.days.get(self.start // 1000)
        return day is not None and bool(day.states)


def _take(due: list[tuple[int, AgentId]] | None, entry: tuple[int, AgentId]) -> None:
    if due:
        place = bisect_left(due, entry)
        if place < len(due) and due[place] == entry:
            del due[place]
