"""What the domains have in common: deeds with who and when, as remembered and as shown, and bounded memories."""

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

import msgspec

from ccwall.engine.desk.who import Who
from ccwall.events import AgentId

if TYPE_CHECKING:
    from ccwall.engine.state import State

Tree = dict[str, object]
Id = TypeVar("Id", bound=str)
Item = TypeVar("Item")


class Deed(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Something was done to an item. ``by`` None: the house did it, by a rule."""

    at: float
    what: str = ""
    by: Who | None = None
    note: str = ""

    def shown(self) -> Tree:
        told: Tree = {"at": self.at}
        if self.what:
            told["what"] = self.what
        if self.by is not None:
            told["by"] = who_shown(self.by)
        if self.note:
            told["note"] = self.note
        return told


def who_shown(who: Who) -> Tree:
    return {"id": who.id, "name": who.name or who.id, "role": who.role}


def filled(**fields: object) -> Tree:
    """Without what has no value: no null, no empty word, nothing of none."""
    return {
        name: value for name, value in fields.items() if value is not None and value not in ("", (), [], {})
    }


def team_of(state: "State", agent: AgentId | None) -> str:
    card = None if agent is None else state.policy.agents.get(agent)
    return "" if card is None else card.team


def forget(items: dict[Id, Item], over: Callable[[Item], float | None], before: float, most: int) -> None:
    """Drop what was over before an instant; then, while there are too many, what was over first, and at last the oldest."""
    for id in [id for id, item in items.items() if (ended := over(item)) is not None and ended < before]:
        del items[id]
    if len(items) <= most:
        return
    ends = sorted((at, id) for id, item in items.items() if (at := over(item)) is not None)
    gone = [id for _, id in ends] + [id for id, item in items.items() if over(item) is None]
    for id in gone[: len(items) - most]:
        del items[id]
