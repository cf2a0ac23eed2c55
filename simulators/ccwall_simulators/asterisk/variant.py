"""What one Asterisk is like: its version, what its manager.conf and asterisk.conf say, and what the manager user may."""

from dataclasses import dataclass

RIGHTS = frozenset(
    {
        "system",
        "call",
        "log",
        "verbose",
        "agent",
        "user",
        "config",
        "command",
        "dtmf",
        "reporting",
        "cdr",
        "dialplan",
        "originate",
        "security",
    }
)
"""The classes of manager.conf's `read` and `write`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """`timestamps`: timestampevents = yes. `system_name`: asterisk.conf, prefixes every Uniqueid. `channel_variables`:
    channelvars, their values follow every channel. `read`, `write`: the user's rights. `shared_lastcall`: queues.conf,
    a call counts in every queue of the member.
    """

    ami: str = "11.0.0"
    asterisk: str = "22.10.1"
    system_name: str = ""
    timestamps: bool = False
    channel_variables: tuple[str, ...] = ()
    read: frozenset[str] = RIGHTS
    write: frozenset[str] = RIGHTS
    shared_lastcall: bool = True


PLAIN = Variant()
READ_ONLY = Variant(read=frozenset({"agent"}), write=frozenset())
"""A user who sees queues and nothing else: no hang-up requests, no channels, no phones (asterisk-notes 33)."""
STAMPED = Variant(
    timestamps=True, system_name="pbx1", channel_variables=("DIDQUEUE", "TENANT", "QEHOLDTIME", "NOSUCHVAR")
)
