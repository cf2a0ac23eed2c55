"""What every simulated product looks like to the line that carries its bytes: sans-I/O, in simulated time."""

from collections.abc import Sequence
from typing import Protocol

from .callcentre.contract import Floor


class Connection(Protocol):
    """One client of the product."""

    @property
    def closed(self) -> bool:
        """The product has hung up; what is still in `outgoing` goes first."""
        ...

    def receive(self, data: bytes) -> None: ...
    def outgoing(self) -> bytes: ...
    def close(self) -> None:
        """The client is gone."""
        ...


class FarEnd(Protocol):
    """A product on its simulated floor."""

    @property
    def floor(self) -> Floor: ...
    @property
    def now(self) -> float: ...
    @property
    def is_up(self) -> bool:
        """Whether it takes connections."""
        ...

    def advance(self, to: float) -> None:
        """Let the floor live up to `to` (epoch seconds), and write what it says to every connection."""
        ...

    def connect(self) -> Connection:
        """ConnectionRefusedError when it is not up."""
        ...

    # ── what may go wrong inside the product; what may go wrong on the way is the line's ──
    def restart(self, down: float, *, clean: bool) -> None:
        """Stop now and be back after `down` seconds of the floor. `clean` says goodbye first; else it is killed."""
        ...

    def reload(self) -> None: ...
    def reset_statistics(self) -> None: ...
    def flood(self, events: int) -> None:
        """Say so many true but needless things at once."""
        ...

    def products(self) -> Sequence[str]:
        """What it says it is, for the log."""
        ...
