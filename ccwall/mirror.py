"""The board as the screens know it: one tree, changed in place, and what of it an audience may see.

The engine says what changed; the mirror holds the result, so that a snapshot at `seq` and the patches after it always
fit together. A patch needs only the *paths* that changed: their newest values are read here at the moment of sending.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Final, Protocol

import msgspec

from ccwall.access.sight import is_staff
from ccwall.desk_sight import LOOKS, PARTS, Glance, place
from ccwall.events import AgentId, Principal, QueueId

Path = tuple[str, ...]
Tree = dict[str, object]


class Missing:
    """The type of MISSING: nothing is there. (None cannot say it: it is a value in JSON.)"""


MISSING: Final = Missing()


TOTALS: Final = frozenset(
    {
        "floor", "lines", "sites", "curve", "curve_incomplete", "curve_revised",
        "yesterday", "yesterday_incomplete",
    }
)  # fmt: skip
"""Parts that are made of all queues."""
STRANGERS: Final = "strangers"
"""Who and what nobody knows is no team's and no queue's: it is for those who see everybody."""


AGENT_SEES: Final = frozenset({"site", "day", "interval", "sources", "agents", "teams"})
"""What is not hidden from somebody who only takes calls: themselves, their team's totals, and whether what is shown is fresh."""


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
    depths = {len(path) for path in unique}
    if len(depths) < 2:
        return list(unique)
    within: dict[Path, bool] = {}  # what is in one object is below another path, or all of it is not
    found = []
    for path in unique:
        parent = path[:-1]
        below = within.get(parent)
        if below is None:
            below = within[parent] = any(parent[:depth] in unique for depth in depths if depth <= len(parent))
        if not below or not path:
            found.append(path)
    return found


class Sight(msgspec.Struct, frozen=True):
    """What may be seen: a filter over the mirror. Equal sights are sent the very same bytes.

    `queues`: the numbers of these queues, and the agents who are in one of them. `teams`: the agents and the numbers of
    these teams. None means all. Totals over floor, lines and sites are only for those who may see all of the queues they
    are made of; so are the teams, for whom no team is their own. `staff`: also the far ends' own words.
    `agent`: only this one person (empty: nobody), and the totals of `teams`; of what is not in AGENT_SEES, nothing.
    `leads`: also the desk's parts, as `ccwall.desk_sight` has them; so do the staff. `keeps`: what it has for who keeps the
    register of cases.
    """

    queues: frozenset[QueueId] | None = None
    teams: frozenset[str] | None = None
    staff: bool = False
    agent: AgentId | None = None
    leads: bool = False
    keeps: bool = False

    @classmethod
    def of(cls, principal: Principal) -> "Sight":
        if principal.role == "agent":
            return cls(frozenset(), frozenset(principal.teams or ()), False, principal.agent or AgentId(""))
        return cls(
            None if principal.queues is None else frozenset(principal.queues),
            None if principal.teams is None else frozenset(principal.teams),
            is_staff(principal),
            leads=principal.role in LOOKS,
            keeps=principal.role == "complaints",
        )

    @property
    def everything(self) -> bool:
        return self.everybody and self.staff

    @property
    def everybody(self) -> bool:
        """All queues and all people."""
        return self.queues is None and self.teams is None

    @property
    def glance(self) -> Glance:
        """What of the desk is in sight."""
        return Glance(
            leads=self.leads or self.staff,
            keeps=self.keeps,
            agent=self.agent,
            teams=self.teams,
            queues=self.queues,
        )

    def read(self, mirror: Mirror, path: Path) -> object:
        """The value at a path as this sight has it, or MISSING."""
        if path and path[0] in PARTS and not self.glance.everything:
            return self._desk(mirror, path)
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
                seen = self._agent(agent, mirror.read(("agents", agent)))
                return inside(seen, rest)
            case (part, *_) if self._part(part, {}) is MISSING:
                return MISSING
        return mirror.read(path)

    def agents(self, mirror: Mirror) -> frozenset[str]:
        """Who is in sight now; not worked out for those who see everything."""
        cards = mirror.root.get("agents")
        if self.everybody or not isinstance(cards, dict):
            return frozenset()
        if self.agent is not None:
            return frozenset({self.agent} & cards.keys())
        return frozenset(agent for agent, card in cards.items() if self._agent(agent, card) is not MISSING)

    def items(self, mirror: Mirror) -> frozenset[Path]:
        """What of the desk is in sight now; not worked out for those who see all of it."""
        glance = self.glance
        if glance.everything:
            return frozenset()
        return frozenset(glance.items(mirror.root, self._knows(mirror)))

    def narrow(
        self,
        touched: Iterable[Path],
        before: frozenset[str],
        after: frozenset[str],
        items: tuple[frozenset[Path], frozenset[Path]] = (frozenset(), frozenset()),
    ) -> Iterator[Path]:
        """Of the changed paths those that show. An agent, and an item of the desk, comes into sight and leaves it as a whole;
        ``items``: those in sight before and after."""
        everybody, touched = self.everybody, list(touched)
        yield from self._narrow_desk(touched, *items)
        for path in touched:
            match path:
                case (part, *_) if part in PARTS:
                    pass
                case (part, *_) if everybody and part != "sources":
                    yield path
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

    def _narrow_desk(
        self, touched: Iterable[Path], before: frozenset[Path], after: frozenset[Path]
    ) -> Iterator[Path]:
        glance, stay = self.glance, before & after
        yield from before ^ after
        for path in touched:
            if path and path[0] in PARTS:
                item = place(path)
                if glance.everything or (glance.shows(path) and (item is None or item in stay)):
                    yield path

    def board(self, mirror: Mirror) -> Tree:
        """The whole board through this sight."""
        if self.everything:
            return mirror.root
        parts = ((part, self.read(mirror, (part,))) for part in mirror.root)
        return {part: value for part, value in parts if value is not MISSING}

    def _knows(self, mirror: Mirror) -> Callable[[str], bool]:
        cards = mirror.root.get("agents")

        def known(agent: str) -> bool:
            card = cards.get(agent) if isinstance(cards, dict) else None
            return card is not None and self._agent(agent, card) is not MISSING

        return known

    def _desk(self, mirror: Mirror, path: Path) -> object:
        glance, known = self.glance, self._knows(mirror)
        item = place(path)
        if item is None:
            part = mirror.read(path[:1])
            seen = None if part is MISSING else glance.part(path[0], part, known)
            return MISSING if seen is None else inside(seen, path[1:])
        value = mirror.read(item)
        seen = None if value is MISSING else glance.read(item, value, known)
        return MISSING if seen is None else inside(seen, path[len(item) :])

    def _part(self, part: str, value: object) -> object:
        if self.agent is not None and part not in AGENT_SEES:
            return MISSING
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
            seen = ((agent, self._agent(agent, card)) for agent, card in value.items())
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

    def _agent(self, agent: object, card: object) -> object:
        """The agent, with only the queues in sight; MISSING when out of sight. To themselves everything of them shows."""
        if self.agent is not None:
            return card if agent == self.agent else MISSING
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
