"""What any of the formats says of one call, before it is a fact."""

import re
from typing import Literal

import msgspec

Direction = Literal["in", "out", "internal", "unknown"]
Outcome = Literal["answered", "not_answered", "unknown"]


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """`at`: its end, or as near to it as the switch says. Durations in seconds, None where the record does not say. `id`: the
    switch's own number of the call."""

    at: float
    direction: Direction = "unknown"
    outcome: Outcome = "unknown"
    extension: str = ""
    line: str = ""
    number: str = ""
    name: str = ""
    started: float | None = None
    ring: float | None = None
    talk: float | None = None
    hold: float | None = None
    continued: bool = False
    id: str = ""


class Skipped(msgspec.Struct, frozen=True):
    """A line that the format has and that is no call: a log-in, a second line of a name, a page's head."""

    kind: str


Line = Record | Skipped | None
"""None: not of this format."""


def seconds(clock: str) -> float:
    """`HH:MM:SS` as seconds; also `HH:MM'SS` and `M'SS`.

    >>> seconds("00:01:05"), seconds("00:01'05"), seconds("5'15")
    (65.0, 65.0, 315.0)
    """
    total = 0
    for part in re.split(r"[:']", clock):
        total = total * 60 + int(part)
    return float(total)
