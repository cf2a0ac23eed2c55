"""One phone as its notifier describes it: its calls, whether it can be reached, and what follows of both.

    engaged ──▶ in_use   a call is confirmed, or this phone is calling
            ──▶ on_hold  every confirmed call renders no media here
            ──▶ ringing  a call for this phone is early
    no call ──▶ idle; unavailable when presence is closed or the notifier knows no such phone (noresource)
    nobody tells ──▶ unknown

Of several calls the most engaged counts, in that order.
"""

from collections.abc import Sequence

from ccwall.adapter import Directory
from ccwall.events import AnyEvent, DeviceFault, DeviceId, DeviceSeen, DeviceStateChanged, PhoneState

from .documents import Dialog, DialogInfo, Presence

_ORDER: Sequence[PhoneState] = ("in_use", "on_hold", "ringing")


def engaged(dialog: Dialog) -> PhoneState:
    """What one call makes of its phone.

    >>> engaged(Dialog("1", "early", "recipient")), engaged(Dialog("1", "early", "initiator"))
    ('ringing', 'in_use')
    """
    if dialog.state == "confirmed":
        return "on_hold" if dialog.held else "in_use"
    if dialog.state == "terminated":
        return "idle"
    if dialog.role == "initiator":
        return "in_use"
    # One who does not say the direction (Asterisk's hints) means somebody else's call. Trying: it does not ring yet.
    return "idle" if dialog.state == "trying" else "ringing"


class Phone:
    """`watched` is `user` or `user@host`, as configuration has it."""

    def __init__(self, watched: str, aor: str, directory: Directory, out: list[AnyEvent]) -> None:
        user = watched.partition("@")[0]
        self.name = watched
        self.device = DeviceId(directory.own(watched))
        keys = dict.fromkeys((f"sip:{aor}", aor, watched, f"sip:{watched}", user))
        self.agent = directory.person(*keys)
        self._out = out
        self._dialogs: dict[str, Dialog] | None = None
        self._gone = False
        self._presence: Presence | None = None
        self._told: PhoneState | None = None
        self._faults: dict[str, str] = {}
        self.by_dialogs = False
        """Calls are told by their own package; presence only says whether the phone can be reached."""

    # ── what is said ──

    def reset(self) -> None:
        """A connection begins."""
        self._told = None
        self._dialogs, self._presence, self._gone = None, None, False
        self._faults.clear()

    def dialogs(self, info: DialogInfo, now: float) -> None:
        """A whole description replaces what was known, a partial one is laid over it."""
        known = {} if info.full or self._dialogs is None else self._dialogs
        for dialog in info.dialogs:
            if dialog.state == "terminated":
                known.pop(dialog.id, None)
            else:
                known[dialog.id] = dialog
        self._dialogs, self._gone = known, False
        self._tell(now)

    def nothing_of_dialogs(self, now: float) -> None:
        """The notifier has nothing to say: who was idle stays it, of the others nobody knows."""
        if self._dialogs or self._gone:
            self._dialogs = None
        self._gone = False
        self._tell(now)

    def presence(self, said: Presence | None, now: float) -> None:
        self._presence = said
        self._gone = False
        self._tell(now)

    def lost(self, package: str, now: float) -> None:
        """Nobody tells any more."""
        if package == "dialog":
            self._dialogs = None
        else:
            self._presence = None
        self._tell(now)

    def gone(self, now: float) -> None:
        """The notifier knows no such phone."""
        self._gone, self._dialogs, self._presence = True, None, None
        self._tell(now)

    def fault(self, package: str, words: str, now: float) -> None:
        """Why nobody tells; empty when that is over."""
        before = self._faults.get(package, "")
        if words == before:
            return
        self._faults[package] = words
        told = f"{package}: {words or before}"
        self._out.append(
            DeviceFault(at=now, device=self.device, fault=told, agent=self.agent, cleared=not words)
        )

    # ── what follows ──

    @property
    def crowded(self) -> int:
        return len(self._dialogs or ())

    @property
    def state(self) -> PhoneState:
        if self._gone:
            return "unavailable"
        calls = {engaged(dialog) for dialog in (self._dialogs or {}).values()}
        busy = next((state for state in _ORDER if state in calls), None)
        if busy is not None:
            return busy
        if self._presence is not None and self._presence.open is False:
            return "unavailable"
        if self.by_dialogs:
            return "unknown" if self._dialogs is None else "idle"
        return _by_presence(self._presence)

    def _tell(self, now: float) -> None:
        """The first state after nobody told may have held for long."""
        if (state := self.state) == self._told:
            return
        first, self._told = self._told in (None, "unknown") and state != "unknown", state
        self._say(state, now, age_known=not first)

    def _say(self, state: PhoneState, now: float, age_known: bool = False) -> None:
        self._out.append(
            DeviceStateChanged(at=now, device=self.device, state=state, agent=self.agent, age_known=age_known)
        )

    def retell(self, now: float) -> None:
        """All that is known, once more."""
        self.seen(now)
        if self._told is not None:
            self._say(self._told, now)

    def tell_unknown(self, now: float) -> None:
        """Nothing was said of it in time."""
        if self._told is None:
            self._tell(now)

    def seen(self, now: float) -> None:
        self._out.append(
            DeviceSeen(at=now, device=self.device, kind="phone", name=self.name, agent=self.agent)
        )


def _by_presence(said: Presence | None) -> PhoneState:
    if said is None or said.open is None:
        return "unknown"
    if "ringing" in said.activities:
        return "ringing"
    return "in_use" if said.activities & {"on-the-phone", "busy"} else "idle"
