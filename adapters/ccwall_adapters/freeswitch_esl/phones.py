"""What the agents' phones do, by their channels: CHANNEL_CREATE, _ANSWER, _HOLD, _UNHOLD, _HANGUP_COMPLETE.

A phone is `user@domain` of the directory, as in `Channel-Presence-ID`; an agent's contact says which is whose. Channels
that carry no such id (gateways, loopback) are of nobody's phone. What is shown at the start comes from `show channels`.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from typing import Literal

from ccwall.adapter import Directory
from ccwall.events import AgentId, AnyEvent, DeviceId, DeviceStateChanged, PhoneState

from .event import Event

Doing = Literal["ringing", "talking", "held"]

MOST_CHANNELS = 50_000
"""Channels of agents' phones at once; more are not followed."""

CALL_STATES: Mapping[str, Doing] = {
    "RINGING": "ringing",
    "EARLY": "ringing",
    "DOWN": "ringing",
    "HELD": "held",
}
"""`callstate` of a list; everything else is talking."""

_VARIABLES = re.compile(r"^(?:\[[^\]]*\]|\{[^}]*\}|<[^>]*>)+")
_USER = re.compile(r"user/([^|,:\s]+@[^|,:\s]+)")


def phone_of(contact: str) -> str:
    """The phone an agent is called on; ``""`` when the contact leads elsewhere (a gateway, the dialplan).

    >>> phone_of("[leg_timeout=12]user/1008@pbx.example"), phone_of("loopback/1006/agents")
    ('1008@pbx.example', '')
    """
    found = _USER.fullmatch(_VARIABLES.sub("", contact))
    return found[1] if found else ""


class Phones:
    """Memory of the channels of agents' phones; facts are appended to `out`."""

    def __init__(self, directory: Directory, out: list[AnyEvent]) -> None:
        self._directory, self._out = directory, out
        self._owners: dict[str, tuple[AgentId, DeviceId]] = {}
        self._channels: dict[str, tuple[str, Doing]] = {}
        self._by_phone: dict[str, dict[str, Doing]] = {}
        self._said: dict[str, PhoneState] = {}
        self.listed = False
        """All channels are known, so a phone without one is idle."""

    def device(self, phone: str) -> DeviceId:
        return DeviceId(self._directory.own(phone))

    def follow(self, phone: str, before: str, agent: AgentId | None) -> None:
        """This phone is the agent's now, and the one before is nobody's."""
        if before and self._owners.pop(before, None) is not None:
            self._said.pop(before, None)
        if phone and agent is not None:
            self._owners[phone] = agent, self.device(phone)

    def begin_connection(self) -> None:
        self.listed = False
        self._channels.clear()
        self._by_phone.clear()

    # ── events ──

    def created(self, event: Event, at: float) -> None:
        """CHANNEL_CREATE: towards the phone it rings, from the phone it is in use."""
        phone = event.get(b"Channel-Presence-ID")
        if phone:
            ringing = event.get(b"Call-Direction") == "outbound"
            self._set(event, phone, "ringing" if ringing else "talking", at)

    def answered(self, event: Event, at: float) -> None:
        self._set(event, event.get(b"Channel-Presence-ID"), "talking", at)

    def held(self, event: Event, at: float) -> None:
        self._set(event, event.get(b"Channel-Presence-ID"), "held", at)

    def hung_up(self, uid: str, at: float) -> None:
        known = self._channels.pop(uid, None)
        if known is not None:
            self._by_phone.get(known[0], {}).pop(uid, None)
            self._tell(known[0], at)

    def _set(self, event: Event, phone: str, doing: Doing, at: float) -> None:
        if phone:
            self._put(event.get(b"Unique-ID"), phone, doing)
            self._tell(phone, at)

    def _put(self, uid: str, phone: str, doing: Doing) -> None:
        if uid and (uid in self._channels or len(self._channels) < MOST_CHANNELS):
            self._channels[uid] = (phone, doing)
            self._by_phone.setdefault(phone, {})[uid] = doing

    # ── lists ──

    def list_channels(self, rows: Iterable[Mapping[str, object]], at: float, *, quiet: bool) -> None:
        """All channels there are (`show channels as json`)."""
        self._channels.clear()
        self._by_phone.clear()
        for row in rows:
            uid, phone = row.get("uuid"), row.get("presence_id")
            if isinstance(uid, str) and isinstance(phone, str) and phone:
                doing = CALL_STATES.get(str(row.get("callstate")), "talking")
                self._put(
                    uid,
                    phone,
                    doing if doing != "ringing" or row.get("direction") == "outbound" else "talking",
                )
        self.listed = True
        if not quiet:
            for phone in list(self._owners):
                self._tell(phone, at)

    def say_all(self, at: float) -> None:
        """Everything that is true, for a resync."""
        self._said.clear()
        for phone in self._owners:
            self._tell(phone, at)

    def say_new(self, at: float) -> None:
        """Phones of which nothing was said yet."""
        for phone in [phone for phone in self._owners if phone not in self._said]:
            self._tell(phone, at)

    def _tell(self, phone: str, at: float) -> None:
        owner, channels = self._owners.get(phone), self._by_phone.get(phone)
        if not channels and channels is not None:
            del self._by_phone[phone]
        if owner is None or not (channels or self.listed or phone in self._said):
            return
        state = _state(channels.values()) if channels else "idle"
        if self._said.get(phone) != state:
            self._said[phone] = state
            agent, device = owner
            self._out.append(DeviceStateChanged(at=at, device=device, state=state, agent=agent))


def _state(doing: Collection[Doing]) -> PhoneState:
    """What a phone with such channels is in.

    >>> _state(["held", "ringing"]), _state(["held"]), _state(["talking", "held"])
    ('ringing_in_use', 'on_hold', 'in_use')
    """
    if "ringing" in doing:
        return "ringing" if len(doing) == 1 or set(doing) == {"ringing"} else "ringing_in_use"
    return "in_use" if "talking" in doing else "on_hold"
