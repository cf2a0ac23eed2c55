"""The board as the screens know it: one tree, changed in place, and what of it an audience may see.

The engine says what changed; the mirror holds the result, so that a snapshot at `seq` and the patches after it always
fit together. A patch needs only the *paths* that changed: their newest values are read here at the moment of sending.
"""

from collections.abc import Iterable, Iterator
from typing import Final, Protocol

import msgspec

from ccwall.access.sight import is_staff
from ccwall.events import Principal, QueueId

Path = tuple[str, ...]
Tree = dict[str, object]


class Missing:
    """The type of MISSING: nothing is there. (None cannot say it: it is a value in JSON.)"""


MISSING: Final = Missing()


TOTALS: Final = frozenset({"floor", "lines", "sites", "curve", "curve_incomplete", "curve_revised"})
"""Parts that are made of all queues."""
STRANGERS: Final = "strangers"
"""Who and what nobody knows is no team's and no queue's: it is for those who see everybody."""


class Changes(Protocol):
    """What differs: apply `delete` before `set`."""

    @property
    def set(self) -> list[tuple[Path, object]]: ...
    @property
    def delete(self) -> list[Path]: ...


class Mirror:
    """The board, and the one place that changes it."""

    def __init__(self) -> None:
        self.root: Tree = {}

    def apply(self, changes: Changes) -> list[Path]:
        """The paths that are different now, none below another; the root is the empty path."""
        touched = [path for path in changes.delete if self._delete(path)]
        touched += [self._set(path, value) for path, value in changes.set]
        return shallowest(touched)

    def read(self, path: Path) -> object:
        """The value there, or MISSING."""
        here: object = self.root
        for key in path:
            if not isinstance(here, dict) or key not in here:
                return MISSING
            here = here[key]
        return here

    def _delete(self, path: Path) -> bool:
        if not path:
            self.root.clear()
            return True
        parent = self.read(path[:-1])
        return isinstance(parent, dict) and parent.pop(path[-1], MISSING) is not MISSING

    def _set(self, path: Path, value: object) -> Path:
        """Set it, and say from where on the tree is new: parents that were missing are made."""
        if not path:
            self.root = own(value) if isinstance(value, dict) else {}
            return path
        here = self.root
        for depth, key in enumerate(path[:-1]):
            below = here.get(key)
            if not isinstance(below, dict):
                here[key] = nested(path[depth + 1 :], value)
                return path[: depth + 1]
            here = below
        here[path[-1]] = own(value) if isinstance(value, dict) else value
        return path


def own(tree: Tree) -> Tree:
    """A copy of the objects in it, so that changing ours changes nobody else's. Arrays are only ever replaced."""
    return {key: own(value) if isinstance(value, dict) else value for key, value in tree.items()}


def nested(keys: Path, value: object) -> Tree:
    """`value` below `keys`: nested(("a", "b"), 1) is {"a": {"b": 1}}."""
    inner: object = own(value) if isinstance(value, dict) else value
    for key in reversed(keys[1:]):
        inner = {key: inner}
    return {keys[0]: inner}


def shallowest(paths: Iterable[Path]) -> list[Path]:
    """Without repetition, and without those below another; a value read at a path includes all below it.

    >>> shallowest([("a", "b"), ("c",), ("a", "b", "d"), ("c",)])
    [('a', 'b'), ('c',)]
    """
    unique = dict.fromkeys(paths)
    depths = sorted({len(path) for path in unique})
    found = []
    for path in unique:
        for depth in depths:
            if depth >= len(path):
                found.append(path)
                break
            if path[:depth] in unique:
                break
    return found


class Sight(msgspec.Struct, frozen=True):
    """What may be seen: a filter over the mirror. Equal sights are sent the very same bytes.

    `queues`: the numbers of these queues, and the agents who are in one of them. `teams`: the agents and the numbers of
    these teams. None means all. Totals over floor, lines and sites are only for those who may see all of the queues they
    are made of; so are the teams, for whom no team is their own. `staff`: also the far ends' own words.
    """

    queues: frozenset[QueueId] | None = None
    teams: frozenset[str] | None = None
    staff: bool = False

    @classmethod
    def of(cls, principal: Principal) -> "Sight":
        return cls(
            None if principal.queues is None else frozenset(principal.queues),
            None if principal.teams is None else frozenset(principal.teams),
            is_staff(principal),
        )

    @property
    def everything(self) -> bool:
        return self.everybody and self.staff

    @property
    def everybody(self) -> bool:
        """All queues and all people."""
        return self.queues is None and self.teams is None

    def read(self, mirror: Mirror, path: Path) -> object:
        """The value at a path as this sight has it, or MISSING."""
        if self.everything or (self.everybody and path and path[0] != "sources"):
            return mirror.read(path)
        match path:
            case ():
                return self.board(mirror)
            case (part,):
                return self._part(part, mirror.read(path))
            case ("queues", queue, *_) if not self._sees_queue(queue):
                return MISSING
            case ("teams", team, *_) if not self._sees_team(team):
                return MISSING
            case ("sources", source, *rest):
                return inside(self._source(mirror.read(("sources", source))), rest)
            case ("agents", agent, *rest) if not self.everybody:
                seen = self._agent(mirror.read(("agents", agent)))
                return inside(seen, rest)
            case (part, *_) if self._part(part, {}) is MISSING:
                return MISSING
        return mirror.read(path)

    def agents(self, mirror: Mirror) -> frozenset[str]:
        """Who is in sight now; not worked out for those who see everything."""
        cards = mirror.root.get("agents")
        if self.everybody or not isinstance(cards, dict):
            return frozenset()
        return frozenset(agent for agent, card in cards.items() if self._agent(card) is not MISSING)

    def narrow(
        self, touched: Iterable[Path], before: frozenset[str], after: frozenset[str]
    ) -> Iterator[Path]:
        """Of the changed paths those that show. An agent comes into sight and leaves it as a whole."""
        everybody = self.everybody
        for path in touched:
            if everybody and path and path[0] != "sources":
                yield path
                continue
            match path:
                case ("agents", agent, *_) if not self.everybody:
                    if agent in before or agent in after:
                        yield path if agent in before and agent in after else path[:2]
                case ("queues", queue, *_):
                    if self._sees_queue(queue):
                        yield path
                case ("teams", team, *_):
                    if self._sees_team(team):
                        yield path
                case ("sources", _, "detail", *_) if not self.staff:
                    pass
                case (part, *_) if self._part(part, {}) is MISSING:
                    pass
                case _:
                    yield path

    def board(self, mirror: Mirror) -> Tree:
        """The whole board through this sight."""
        if self.everything:
            return mirror.root
        parts = ((part, self._part(part, value)) for part, value in mirror.root.items())
        return {part: value for part, value in parts if value is not MISSING}

    def _part(self, part: str, value: object) -> object:
        if part in TOTALS:
            return value if self.queues is None else MISSING
        if part == STRANGERS and not self.everybody:
            return MISSING
        if not isinstance(value, dict):
            return value
        if part == "teams":
            return {team: numbers for team, numbers in value.items() if self._sees_team(team)}
        if part == "queues":
            return {queue: numbers for queue, numbers in value.items() if self._sees_queue(queue)}
        if part == "sources" and not self.staff:
            return {source: self._source(card) for source, card in value.items()}
        if part == "agents" and not self.everybody:
            seen = ((agent, self._agent(card)) for agent, card in value.items())
            return {agent: card for agent, card in seen if card is not MISSING}
        return value

    def _sees_queue(self, queue: object) -> bool:
        return self.queues is None or queue in self.queues

    def _sees_team(self, team: object) -> bool:
        return self.queues is None if self.teams is None else team in self.teams

    def _source(self, card: object) -> object:
        """The source, with its own words for the staff only."""
        if self.staff or not isinstance(card, dict):
            return card
        return {key: value for key, value in card.items() if key != "detail"}

    def _agent(self, card: object) -> object:
        """The agent, with only the queues in sight; MISSING when out of sight."""
        if not isinstance(card, dict) or (self.teams is not None and card.get("team", "") not in self.teams):
            return MISSING
        if self.queues is None:
            return card
        seen = {key: self._in_sight(card[key]) for key in ("queues", "not_ready_in") if key in card}
        return {**card, **seen} if seen.get("queues") else MISSING

    def _in_sight(self, queues: object) -> list[object]:
        return (
            [queue for queue in queues if self._sees_queue(queue)] if isinstance(queues, list | tuple) else []
        )


def inside(value: object, keys: Iterable[str]) -> object:
    """The value below these keys, or MISSING."""
    for key in keys:
        if not isinstance(value, dict) or key not in value:
            return MISSING
        value = value[key]
    return value
