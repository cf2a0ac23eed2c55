"""Who sees which part of the desk, and which of its items: one table.

Leads (and quality, who only look) see what is their teams', their queues' and nobody's; an agent sees what is their own; on
a wall hangs what is for everybody, without the names of who decided it. A part that is not in the table is none of the desk's.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Final, Literal

import msgspec

from ccwall.events import QueueId, Role

Path = tuple[str, ...]
Tree = dict[str, object]

LOOKS: Final[frozenset[Role]] = frozenset(
    {"system", "manager", "operations", "supervisor", "lead", "quality"}
)
"""The roles for which the desk is."""

Key = Literal["item", "team", "scope", "agent", "whole"]
"""What the keys of a part are: ids of items, teams, scopes (`team:north`, `floor`), people; or it is one whole."""
Agents = Literal["none", "own", "room", "all"]
"""What an agent sees of it: nothing; what is about themselves; what hangs in the room; all of it."""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """``everywhere``: leads see it whatever their scope is. ``room``: these fields of an item hang in the room; None: nothing does.
    ``only``: an item hangs there only when this is so. ``kept``: who keeps the register sees such an item whole."""

    key: Key = "item"
    agents: Agents = "none"
    everywhere: bool = False
    room: frozenset[str] | None = None
    only: Callable[[Tree], bool] = lambda item: True
    kept: Callable[[Tree], bool] | None = None


def _is_confirmed(incident: Tree) -> bool:
    return incident.get("state") == "confirmed"


def _is_for_the_wall(alert: Tree) -> bool:
    return alert.get("wall") is True and not alert.get("agent") and alert.get("state") != "pending"


def _is_of_a_case(alert: Tree) -> bool:
    return str(alert.get("scope", "")).startswith("case:")


DESK: Final[Mapping[Path, Row]] = {
    ("alerts",): Row(
        agents="own",
        room=frozenset(
            {
                "rule", "scope", "severity", "state", "since", "fired", "from", "value", "threshold", "worst", "hints", "team", "queue",
                "source", "wall", "inhibited_by",
            }
        ),
        only=_is_for_the_wall,
        kept=_is_of_a_case,
    ),
    ("alert_rules",): Row(key="whole", agents="all", room=frozenset()),
    ("breaks",): Row(agents="own"),
    ("break_desk", "kinds"): Row(key="whole", agents="all"),
    ("break_desk", "unused"): Row(key="whole", agents="all"),
    ("break_desk", "automatic"): Row(key="whole", agents="all"),
    ("break_desk", "scopes"): Row(key="scope"),
    ("break_desk", "used"): Row(key="agent", agents="own"),
    ("break_desk", "budgets"): Row(key="agent", agents="own"),
    ("moves",): Row(agents="own"),
    ("help",): Row(agents="own"),
    ("help_limit",): Row(key="whole", agents="all"),
    ("incidents",): Row(
        agents="room",
        everywhere=True,
        room=frozenset({"kind", "scope", "state", "began", "texts", "expected_end"}),
        only=_is_confirmed,
    ),
    ("announcements",): Row(agents="room", room=frozenset({"texts", "until", "teams", "weight", "at"})),
    ("thanks",): Row(
        agents="room", everywhere=True, room=frozenset({"text", "until", "agent", "team", "at"})
    ),
    ("patrols",): Row(key="team"),
    ("handover",): Row(),
    ("faults",): Row(agents="own"),
    ("rota",): Row(agents="own"),
    ("meetings",): Row(agents="room", room=frozenset({"title", "begins", "lasts", "teams"})),
    ("cases",): Row(kept=lambda case: True),
    ("case_desk",): Row(key="whole"),
}  # fmt: skip

PARTS: Final = frozenset(path[0] for path in DESK)


class Glance(msgspec.Struct, frozen=True, kw_only=True):
    """One audience's look at the desk. None means all of them; ``agent`` and ``keeps`` as in `ccwall.mirror.Sight`."""

    leads: bool
    keeps: bool = False
    agent: str | None
    teams: frozenset[str] | None
    queues: frozenset[QueueId] | None

    @property
    def everything(self) -> bool:
        return self.leads and self.agent is None and self.teams is None and self.queues is None

    def part(self, name: str, value: object, known: Callable[[str], bool]) -> object | None:
        """The part as it shows; None when none of it does. ``known``: whether a person's own card is in sight."""
        row = DESK.get((name,))
        if row is not None:
            return self._table(row, value, known)
        if not isinstance(value, dict):
            return None
        below = {key: self._table(DESK[name, key], value[key], known) for key in value if (name, key) in DESK}
        seen = {key: table for key, table in below.items() if table is not None}
        return seen if seen or self._may((name,)) else None

    def read(self, path: Path, value: object, known: Callable[[str], bool]) -> object | None:
        """The item at a path that `place` gives, as it shows."""
        row = DESK[path[:-1]]
        return self._item(row, path[-1], value, known)

    def items(self, root: Tree, known: Callable[[str], bool]) -> Iterator[Path]:
        """The paths of all items that show."""
        for path, row in DESK.items():
            if row.key == "whole" or not self._may(path):
                continue
            table: object = root
            for key in path:
                table = table.get(key) if isinstance(table, dict) else None
            if isinstance(table, dict):
                yield from (
                    (*path, key)
                    for key, item in table.items()
                    if self._item(row, key, item, known) is not None
                )

    def shows(self, path: Path) -> bool:
        """Whether a change there may show at all, as far as the table alone can say."""
        item = place(path)
        if item is None:
            return self._may(path)
        row = DESK[item[:-1]]
        fields = None if self._keeps(row) else self._fields(row)
        return self._may(item[:-1]) and (
            fields is None or len(path) <= len(item) or path[len(item)] in fields
        )

    def _may(self, path: Path) -> bool:
        """Whether anything of a table, or of what is above tables, is for this audience."""
        rows = [
            row for place, row in DESK.items() if path[: len(place)] == place or place[: len(path)] == path
        ]
        if self.agent is not None:
            return any(row.agents != "none" for row in rows)
        return self.leads or any(row.room is not None or self._keeps(row) for row in rows)

    def _fields(self, row: Row) -> frozenset[str] | None:
        """The fields that show; None: all."""
        if self.agent is not None:
            return row.room if row.agents == "room" else None
        return None if self.leads else row.room

    def _table(self, row: Row, value: object, known: Callable[[str], bool]) -> object | None:
        if not self._open(row):
            return None
        if row.key == "whole":
            return value
        if not isinstance(value, dict):
            return None
        seen = ((key, self._item(row, key, item, known)) for key, item in value.items())
        return {key: item for key, item in seen if item is not None}

    def _open(self, row: Row) -> bool:
        if self.agent is not None:
            return row.agents != "none"
        return self.leads or row.room is not None or self._keeps(row)

    def _keeps(self, row: Row) -> bool:
        return self.keeps and row.kept is not None

    def _item(self, row: Row, key: str, item: object, known: Callable[[str], bool]) -> object | None:
        if not self._open(row):
            return None
        if row.key == "agent":
            return item if self._sees_person(key, known) else None
        if row.key == "team":
            return item if self._sees_team(key) else None
        if row.key == "scope":
            kind, _, id = key.partition(":")
            return item if kind != "team" or self._sees_team(id) else None
        if not isinstance(item, dict):
            return None
        return self._of_item(row, item, known)

    def _of_item(self, row: Row, item: Tree, known: Callable[[str], bool]) -> object | None:
        if self.agent is not None and row.agents in {"own", "all"}:
            return item if row.agents == "all" or item.get("agent") == self.agent else None
        if self.agent is None and self.leads:
            return item if row.everywhere or self._is_ours(item, known) else None
        if self.keeps and row.kept is not None and row.kept(item):
            return item
        fields = row.room or frozenset()
        if not row.only(item) or not self._is_for(item):
            return None
        return {name: value for name, value in item.items() if name in fields}

    def _is_ours(self, item: Tree, known: Callable[[str], bool]) -> bool:
        """Nobody's is everybody's. Who sees a person sees what is about them."""
        team, agent, queue = item.get("team"), item.get("agent"), item.get("queue")
        if not self._is_for(item) or (team and not self._sees_team(str(team))):
            return False
        if self.queues is not None and queue:
            return queue in self.queues
        hidden = self.queues is not None or (self.teams is not None and not team)
        return not (agent and hidden) or known(str(agent))

    def _is_for(self, item: Tree) -> bool:
        """What names teams is for those teams."""
        teams = item.get("teams")
        if not isinstance(teams, list | tuple) or not teams or self.teams is None:
            return True
        return any(team in self.teams for team in teams)

    def _sees_team(self, team: str) -> bool:
        return not team or self.teams is None or team in self.teams

    def _sees_person(self, agent: str, known: Callable[[str], bool]) -> bool:
        if self.agent is not None:
            return agent == self.agent
        return (self.teams is None and self.queues is None) or known(agent)


def place(path: Path) -> Path | None:
    """The path of the item that a path leads to or into; None above items and in what is one whole.

    >>> place(("help", "h1", "state")), place(("break_desk", "used", "7")), place(("help",)), place(("alert_rules", "a"))
    (('help', 'h1'), ('break_desk', 'used', '7'), None, None)
    """
    for depth in (1, 2):
        row = DESK.get(path[:depth])
        if row is not None:
            return path[: depth + 1] if row.key != "whole" and len(path) > depth else None
    return None
