"""One floor that several products look at: its ACD, the phones' own server, the sensors on its desks.

Each has a `view`, a floor like any other: the happenings of the one floor come to every view once, whoever lets it live on.
"""

from collections import deque
from collections.abc import Mapping, Sequence

from .contract import DeviceState, Floor, QueueState, Talking, Visit
from .happening import AnyHappening

MOST = 200_000
"""Happenings kept for a view that is not looked at; the oldest go first."""


class SharedFloor:
    """Take the views before the floor first lives."""

    def __init__(self, floor: Floor) -> None:
        self._floor = floor
        self._views: list[deque[AnyHappening]] = []

    @property
    def floor(self) -> Floor:
        return self._floor

    def view(self, *, leading: bool = False) -> "View":
        """`leading`: its restarts and reloads are the floor's own; those of the others concern nobody but them."""
        waiting: deque[AnyHappening] = deque(maxlen=MOST)
        self._views.append(waiting)
        return View(self, waiting, leading)

    def live(self, to: float) -> None:
        happened = self._floor.advance(to)
        for waiting in self._views:
            waiting.extend(happened)


class View:
    """Implements `contract.Floor`. What it says of now may be ahead of the happenings it was given by as much as another
    view let the floor live on."""

    def __init__(self, shared: SharedFloor, waiting: deque[AnyHappening], leading: bool) -> None:
        self._shared, self._waiting, self._leading = shared, waiting, leading

    @property
    def now(self) -> float:
        return self._shared.floor.now

    def advance(self, to: float) -> Sequence[AnyHappening]:
        self._shared.live(to)
        found = list(self._waiting)
        self._waiting.clear()
        return found

    def queues(self) -> Sequence[QueueState]:
        return self._shared.floor.queues()

    def talking(self) -> Sequence[Talking]:
        return self._shared.floor.talking()

    def devices(self) -> Mapping[str, DeviceState]:
        return self._shared.floor.devices()

    def visits(self) -> Sequence[Visit]:
        return self._shared.floor.visits()

    def pause(self, interface: str, paused: bool, reason: str = "", queue: str = "") -> bool:
        return self._shared.floor.pause(interface, paused, reason, queue)

    def add_member(
        self, queue: str, interface: str, name: str = "", penalty: int = 0, paused: bool = False
    ) -> str:
        return self._shared.floor.add_member(queue, interface, name, penalty, paused)

    def remove_member(self, queue: str, interface: str) -> str:
        return self._shared.floor.remove_member(queue, interface)

    def reload(self) -> None:
        if self._leading:
            self._shared.floor.reload()

    def restart(self, down: float = 0.0) -> None:
        if self._leading:
            self._shared.floor.restart(down)
