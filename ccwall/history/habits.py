"""How the journal's writer goes about it, how it is begun, and what it says of itself."""

from typing import Literal

import msgspec

from ccwall.history.spool import MOST, MOST_BYTES

Reason = Literal["full", "error", "slow"]
"""Why nothing is recorded."""
SLOW = 10.0
"""Seconds after which a write that does not end counts as a recording that stopped."""
PAUSES = (0.25, 0.5, 1.0, 2.0, 4.0)
"""Before the next attempts; the last for ever. Recording is on again within 5 s of the disk being well."""


class Habits(msgspec.Struct, frozen=True, kw_only=True):
    """How often and how much. Seconds of the floor's clock, except where real ones are said."""

    keep: float = 400 * 86_400.0
    snapshot_every: float = 600.0
    snapshot_after: int = 50_000
    """facts"""
    snapshot_if_read: int = 1000
    """facts after the newest snapshot that a start had to read: a ccwall that dies again and again must start quickly"""
    beat: float = 1.0
    """real seconds"""
    pauses: tuple[float, ...] = PAUSES
    slow: float = SLOW
    most: int = MOST
    most_bytes: int = MOST_BYTES


USUAL = Habits()


class Beginning(msgspec.Struct, frozen=True, kw_only=True):
    """``after`` is the number given last, ``base`` that of the newest snapshot, ``run`` the number of this run.

    ``stopped`` and ``apart`` tell how the file was found: not writable, and not readable either.
    """

    after: int = 0
    base: int = 0
    run: int = 1
    stopped: Reason | None = None
    apart: bool = False


FIRST = Beginning()


class Status(msgspec.Struct, frozen=True, kw_only=True):
    """``bytes`` is what the journal takes on the disk, ``pending`` what is not committed yet."""

    state: Literal["on", "stopped"]
    since: float
    reason: str
    committed: int
    pending: int
    bytes: int
    events_per_second: float
