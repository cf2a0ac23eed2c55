"""One channel: what its events say of it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random

from .names import DOMAIN
from .sheet import Kind

CAUSES = {
    "NORMAL_CLEARING": "16",
    "USER_BUSY": "17",
    "NO_ANSWER": "19",
    "CALL_REJECTED": "21",
    "ORIGINATOR_CANCEL": "487",
    "LOSE_RACE": "502",
    "SYSTEM_SHUTDOWN": "493",
}
"""Hangup-Cause and its number (switch_types.h)."""
TICK = 20_000
"""Microseconds of the core's timer: instants come no finer."""
_LETTERS = "0123456789ABCDEFGHJKMNQRSUXZabcdefghjkmnpqrstuvyz"


def micro(t: float) -> int:
    """An instant as events write it: whole ticks, and the little by which each is late.

    >>> micro(1_800_000_000.019), micro(1_800_000_000.02)
    (1800000000000005, 1800000000020012)
    """
    ticks = int(t * 50 + 1e-6)
    return ticks * TICK + ticks * 7 % 31


def stamp(us: int) -> str:
    return f"{datetime.fromtimestamp(us // 1_000_000, UTC):%Y-%m-%d %H:%M:%S}"


def gmt(us: int) -> str:
    return f"{datetime.fromtimestamp(us // 1_000_000, UTC):%a, %d %b %Y %H:%M:%S} GMT"


class Numbers:
    """Ids that look random and are the same again for the same seed."""

    def __init__(self, seed: int) -> None:
        self._dice = Random(f"{seed} ids")
        self.sessions = 0

    def uuid(self) -> str:
        text = f"{self._dice.getrandbits(128):032x}"
        return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-a{text[17:20]}-{text[20:]}"

    def tag(self) -> str:
        return "".join(self._dice.choices(_LETTERS, k=13))

    def session(self) -> str:
        self.sessions += 1
        return str(self.sessions)

    def ssrc(self) -> str:
        return str(self._dice.getrandbits(32))


@dataclass(slots=True, eq=False, kw_only=True)
class Leg:
    """`number`, `name`: the caller's on every leg of the call. `dialled`: whom this leg was made for. Instants in
    microseconds, 0 is never; `hold` in microseconds, too. `more`: what the queue put on it."""

    kind: Kind
    uuid: str
    channel: str
    number: str
    name: str
    dialled: str
    session: str
    created: int
    core: str
    sequence: int = 0
    ref: str = ""
    call_id: str = ""
    tag: str = ""
    far_tag: str = ""
    branch: str = ""
    ssrc: str = ""
    bond: str = ""
    answered: int = 0
    progress: int = 0
    profile: int = 0
    bridged: int = 0
    hungup: int = 0
    held_at: int = 0
    hold: int = 0
    held: bool = False
    cause: str = "NORMAL_CLEARING"
    peer: "Leg | None" = None
    alive: bool = True
    more: dict[str, str] = field(default_factory=dict)

    def values(self) -> dict[str, str]:
        """Everything a sheet may ask for."""
        values = {
            "uuid": self.uuid,
            "channel": self.channel,
            "number": self.number,
            "number_bare": self.number.removeprefix("+"),
            "name": self.name,
            "dialled": self.dialled,
            "session": self.session,
            "core": self.core,
            "domain": DOMAIN,
            "sequence": str(self.sequence),
            "ref": self.ref or self.session,
            "call_id": self.call_id,
            "tag": self.tag,
            "far_tag": self.far_tag,
            "branch": self.branch,
            "ssrc": self.ssrc,
            "bond": self.bond,
            "cause": self.cause,
            "q850": CAUSES.get(self.cause, "16"),
            "created_gmt": gmt(self.created),
            "hold_accum": str(self.hold),
            "hold_usec": str(self.hold),
            "hold_ms": str(self.hold // 1000),
            "hold_seconds": str(self.hold // 1_000_000),
            **_NOBODY,
            **self.more,
        }
        values |= self._times()
        values |= self._lengths()
        if self.peer is not None:
            values |= self._other(self.peer)
        return values

    def _times(self) -> dict[str, str]:
        times: dict[str, str] = {}
        for name in ("created", "answered", "progress", "profile", "bridged", "hungup", "held_at"):
            us: int = getattr(self, name) or (self.created if name == "profile" else 0)
            times[name] = str(us)
            times[f"{name}_s"] = str(us // 1_000_000)
            times[f"{name}_stamp"] = stamp(us)
        return times

    def _lengths(self) -> dict[str, str]:
        end = self.hungup or self.created
        told: dict[str, str] = {}
        for name, us in (
            ("duration", end - self.created),
            ("bill", max(0, end - self.answered) if self.answered else 0),
            ("progress", max(0, self.progress - self.created) if self.progress else 0),
            ("answer", max(0, self.answered - self.created) if self.answered else 0),
            ("wait", max(0, self.bridged - self.created) if self.bridged else 0),
            ("progress_media", 0),
            ("flow_bill", end - self.created),
        ):
            told |= dict(_in_units(name, us))
        return told

    def _other(self, peer: "Leg") -> dict[str, str]:
        other = {
            "other": peer.uuid,
            "other_channel": peer.channel,
            "other_dialled": peer.dialled,
            "other_hold_accum": str(peer.hold),
        }
        for name in ("created", "answered", "progress", "bridged", "hungup", "held_at"):
            other[f"other_{name}"] = str(getattr(peer, name))
        other["other_profile"] = str(peer.profile or peer.created)
        return other


_NOBODY = {
    "queue": "",
    "agent": "",
    "member": "",
    "joined_s": "0",
    "left_s": "0",
    "cancel_reason": "NONE",
    "other": "",
    "other_channel": "",
    "other_dialled": "",
    "other_hold_accum": "0",
    **{
        f"other_{name}": "0"
        for name in ("created", "answered", "progress", "bridged", "hungup", "held_at", "profile")
    },
}
"""Of a channel that never met a queue, or another channel."""


def _in_units(name: str, us: int) -> Iterator[tuple[str, str]]:
    """In whole seconds, thousandths and millionths, under the names they have."""
    if name == "duration":
        yield from (
            ("duration", str(us // 1_000_000)),
            ("mduration", str(us // 1000)),
            ("uduration", str(us)),
        )
        return
    yield from (
        (f"{name}sec", str(us // 1_000_000)),
        (f"{name}msec", str(us // 1000)),
        (f"{name}usec", str(us)),
    )
