"""What an outlet is given, and what it must do."""

from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from typing import Literal, Protocol

import msgspec

from ccwall.clock import Clock
from ccwall.events import Envelope
from ccwall.mirror import Tree
from ccwall.transport import Address

Callers = Literal["none", "masked", "full"]
"""What an outlet may say of callers' numbers and names; masked unless configuration says otherwise."""


class Feed(Protocol):
    """What the house gives to an outlet."""

    clock: Clock
    site: str
    zone: str

    @property
    def board(self) -> Callable[[], Tree]:
        """Gives the newest board, as the manager sees it; not to be changed, and not to be kept over an `await`."""
        ...

    async def next(self) -> Envelope:
        """The next fact, in order. What is not asked for in time is dropped."""
        ...

    @property
    def dropped(self) -> int:
        """Facts that were dropped so far because nobody asked for them in time."""
        ...


class Outlet(Protocol):
    """`run` for ever: connects, tells, comes back by itself. Cancelled to stop; then it says goodbye within a second."""

    async def run(self) -> None: ...
    def vitals(self) -> Mapping[str, object]:
        """How it is, for the health page: `state` (connecting, live, down), `since`, `detail`, `sent`, `dropped`."""
        ...


class OutletType(msgspec.Struct, frozen=True, kw_only=True):
    """How outlets of one type are made; `settings` are its own keys in `[[outlet]]`, beside name, type, url and tls_ca."""

    name: str
    port: int
    schemes: tuple[str, ...]
    settings: type[msgspec.Struct]
    outlet: Callable[[str, Address, msgspec.Struct, Feed], Outlet]
    """of its name, address, settings, and the feed"""


class _Types(Mapping[str, OutletType]):
    """By name; each is imported when somebody wants it."""

    _modules: Mapping[str, str] = {"mqtt": "ccwall.outlets.mqtt", "zeromq": "ccwall.outlets.zeromq"}

    def __getitem__(self, name: str) -> OutletType:
        found: OutletType = import_module(self._modules[name]).OUTLET
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._modules)

    def __len__(self) -> int:
        return len(self._modules)


BY_TYPE: Mapping[str, OutletType] = _Types()
