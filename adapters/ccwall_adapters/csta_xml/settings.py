"""The configuration keys of one CSTA source, beside `name`, `type` and `url`."""

import re
from collections.abc import Mapping, Sequence
from typing import Literal

import msgspec

Edition = Literal["ed3", "ed4", "ed5", "ed6"]
MOST_DEVICES = 20_000
"""Devices and groups of one source; a range that gives more is a slip of the pen."""
_RANGE = re.compile(r"(\d{1,9})-(\d{1,9})")


class CstaSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Durations are seconds (`"60s"` in TOML).

    `devices`: the agents' phones to be monitored, as the switch numbers them; `"3001-3040"` is forty. `groups`: the ACD groups,
    either a list or a table that gives each a queue's name. `session` 0: the switch has no application sessions (ECMA-354);
    else how long one is asked for. `silent_after`: with the tick after it, a silent link is known within 10 s.
    """

    devices: tuple[str, ...] = ()
    groups: dict[str, str] | tuple[str, ...] = ()
    edition: Edition = "ed4"
    session: float = 180.0
    application: str = "ccwall"
    ping_every: float = 3.0
    silent_after: float = 9.5

    def __post_init__(self) -> None:
        if len(self.all_devices()) + len(self.groups) > MOST_DEVICES:
            raise ValueError(f"`devices` and `groups` name more than {MOST_DEVICES:,} devices")
        if self.session and not 10.0 <= self.session <= 86_400.0:
            raise ValueError('`session` must be 0 (the switch has none) or between "10s" and "24h"')

    def all_devices(self) -> Sequence[str]:
        """Each once, ranges spelled out.

        >>> CstaSettings(devices=("0099-0101", "2000", "0100")).all_devices()
        ['0099', '0100', '0101', '2000']
        """
        found: dict[str, None] = {}
        for device in self.devices:
            for number in _spelled(device):
                found[number] = None
        return list(found)

    def queue_names(self) -> Mapping[str, str]:
        """By group, what its queue is called; the group's own number when nobody says."""
        return self.groups if isinstance(self.groups, dict) else {group: group for group in self.groups}


def _spelled(device: str) -> Sequence[str]:
    found = _RANGE.fullmatch(device)
    if found is None:
        return [device]
    first, last = int(found[1]), int(found[2])
    if not 0 <= last - first < MOST_DEVICES:
        raise ValueError(f"the range {device!r} in `devices` has {max(0, last - first + 1):,} numbers")
    return [str(number).zfill(len(found[1])) for number in range(first, last + 1)]
