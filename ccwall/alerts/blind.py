"""What cannot be judged while an ACD is not heard."""

from collections.abc import Collection, Iterator

from ccwall.alerts.metrics import NUMBERS, Tree, number, subjects
from ccwall.alerts.ruleset import Ruleset
from ccwall.events import AlertId

WATCHED_BY_SOURCES = frozenset({*NUMBERS, "agent"})
"""Kinds of subjects that an ACD must be there for."""


class Blind:
    """``away``: the ACDs that are not heard, and since when."""

    def __init__(self, board: Tree) -> None:
        self._board = board
        self.away = dict(_away(board))

    def wanted(self, rules: Ruleset, asleep: Collection[str]) -> dict[AlertId, tuple[str, str]]:
        """The alerts that say that a rule has nothing to judge by, once for each source: rule and source."""
        wanted = dict[AlertId, tuple[str, str]]()
        for source in self.away:
            for kind in sorted(WATCHED_BY_SOURCES & rules.by_scope.keys()):
                for rule in rules.by_scope[kind]:
                    if rule.id not in asleep:
                        wanted[AlertId(f"{rule.id}@source:{source}")] = rule.id, source
        return wanted

    def source_of(self, kind: str, subject: Tree) -> str:
        """The source that is away and that this subject is judged by; empty when it can be judged."""
        if not self.away or kind not in WATCHED_BY_SOURCES:
            return ""
        if kind in ("queue", "agent"):
            source = subject.get("source")
            return source if isinstance(source, str) and source in self.away else ""
        if kind == "line":
            queues, known = subject.get("queues"), subjects(self._board, "queue")
            for queue in queues if isinstance(queues, list) else ():
                if source := self.source_of("queue", known.get(queue, {})):
                    return source
            return ""
        return min(self.away)


def _away(board: Tree) -> Iterator[tuple[str, float]]:
    """The ACDs that are not heard, and since when."""
    for id, source in subjects(board, "source").items():
        since = number(source, ("as_of",))
        if since is not None and "sense" not in source:
            yield id, since
