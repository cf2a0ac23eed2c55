"""A screen in a test: does with each frame what web/README.md says, and nothing more."""

import asyncio
import copy
import json
from collections.abc import Callable
from typing import Any, cast

import msgspec

from ccwall.clock import ManualClock
from ccwall.events import Principal, QueueId, Role
from ccwall.hub import Audience, Hub, Screen
from ccwall.mirror import Path, Tree


class Difference(msgspec.Struct):
    """What the engine's `changes` gives."""

    set: list[tuple[Path, object]] = []
    delete: list[Path] = []


class Board:
    """The engine's side of a test: `tell` what changes next."""

    def __init__(self, *first: tuple[Path, object]) -> None:
        self._next = Difference(set=list(first))
        self.asked = 0

    def tell(self, *values: tuple[Path, object], delete: tuple[Path, ...] = ()) -> None:
        self._next.set.extend(values)
        self._next.delete.extend(delete)

    def changes(self) -> Difference:
        self.asked += 1
        told, self._next = self._next, Difference()
        return told


class Glass:
    """What a browser has: the board it built from frames, and its seq; `lost` when a patch did not fit."""

    def __init__(self) -> None:
        self.board: dict[str, Any] = {}
        self.seq = 0
        self.lost = False

    def show(self, frame: bytes | str) -> str:
        """Apply it; its type."""
        message = json.loads(frame)
        match message["type"]:
            case "snapshot":
                self.board, self.seq, self.lost = message["board"], message["seq"], False
            case "patch" if message["base"] != self.seq:
                self.lost = True
            case "patch":
                apply(self.board, message["set"], message["del"])
                self.seq = message["seq"]
            case "pulse":
                self.lost = self.lost or message["seq"] != self.seq
        return cast(str, message["type"])


def apply(board: dict[str, Any], values: list[tuple[Path, Any]], gone: list[Path]) -> None:
    for path in gone:
        *parents, key = path
        here: Any = board
        for parent in parents:
            here = here.get(parent, {})
        here.pop(key, None)
    for path, value in values:
        *parents, key = path
        here = board
        for parent in parents:
            here = here.setdefault(parent, {})
        here[key] = copy.deepcopy(value)


def hub_of(board: Board, clock: ManualClock) -> Hub:
    return Hub(clock, "1.2.3", changes=board.changes, heard=lambda: {"pbx1": clock.now()})


def audience(
    queues: tuple[str, ...] | None = None,
    teams: tuple[str, ...] | None = None,
    who: str = "wall",
    role: Role = "display",
) -> Audience:
    narrowed = None if queues is None else tuple(QueueId(queue) for queue in queues)
    return Audience("floor", Principal(id=who, role=role, queues=narrowed, teams=teams))


def waiting(screen: Screen) -> list[bytes]:
    """The frames the screen would be sent now."""
    return list(iter(screen.take, None))


def a_floor() -> Tree:
    return {
        "floor": {"waiting": 3},
        "queues": {"q1": {"name": "One", "waiting": 1}, "q2": {"name": "Two", "waiting": 2}},
        "agents": {
            "a1": {"name": "张三", "team": "A", "queues": ["q1"], "state": "ready"},
            "a2": {"name": "Li", "team": "B", "queues": ["q2"], "state": "talking"},
            "a3": {"name": "Wu", "team": "B", "queues": ["q1", "q2"], "state": "ready"},
        },
        "sources": {"pbx1": {"name": "pbx1", "state": "live"}},
        "curve": [[0.0, 1.0, 3]],
    }


async def until(happened: Callable[[], bool]) -> None:
    """Let everything else run, sockets too, until it has happened; the test's own time limit is the end of it."""
    while not happened():  # noqa: ASYNC110  # what is waited for has no event to wait on
        await asyncio.sleep(0)


async def settled() -> None:
    for _ in range(20):
        await asyncio.sleep(0)
