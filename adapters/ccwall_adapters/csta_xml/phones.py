"""The agents' phones: which calls each has, in which state, and what that makes of the phone."""

from collections.abc import Callable, Mapping
from typing import Literal

from ccwall.adapter import Directory
from ccwall.events import AgentId, AnyEvent, DeviceFault, DeviceId, DeviceSeen, DeviceStateChanged, PhoneState

Local = Literal["initiated", "alerting", "connected", "hold", "fail"]
"""A LocalConnectionState at a phone; `null` and `queued` are none."""

LOCAL: Mapping[str, Local] = {
    "initiated": "initiated",
    "alerting": "alerting",
    "connected": "connected",
    "hold": "hold",
    "held": "hold",
    "fail": "fail",
}
MOST_CALLS = 100
"""Calls of one phone; more is a switch that forgets to clear them."""
UNKNOWN = "unknown to the switch"


class Phones:
    """Of the configured devices alone; facts are appended to `out`."""

    def __init__(self, devices: Mapping[str, str], directory: Directory, out: list[AnyEvent]) -> None:
        """`devices`: by number, as configured. `owner`: whose phone it is now."""
        self._devices, self._directory, self._out = devices, directory, out
        self.owner: Callable[[str], AgentId | None] = directory.person
        self._calls: dict[str, dict[str, Local]] = {device: {} for device in devices}
        self._where: dict[str, set[str]] = {}
        self._shown: dict[str, PhoneState] = {}
        self._faults: set[str] = set()
        self._dead: set[str] = set()
        self.quiet = False

    def __contains__(self, device: str) -> bool:
        return device in self._calls

    def own(self, device: str) -> DeviceId:
        return DeviceId(self._directory.own(device))

    def calls(self, device: str) -> Mapping[str, Local]:
        return self._calls.get(device, {})

    def with_call(self, call: str) -> list[str]:
        return sorted(self._where.get(call, ()))

    def put(self, device: str, call: str, state: Local | None, at: float) -> None:
        """The call is in this state there from now on; None: it is there no more."""
        calls = self._calls.get(device)
        if calls is None or calls.get(call) == state:
            return
        if state is None:
            self._remove(device, call)
        else:
            if call not in calls and len(calls) >= MOST_CALLS:
                self._remove(device, next(iter(calls)))
            calls[call] = state
            self._where.setdefault(call, set()).add(device)
        self._show(device, at)

    def replace(self, device: str, calls: Mapping[str, Local], at: float) -> None:
        """A snapshot: these and no others."""
        if device not in self._calls:
            return
        for call in list(self._calls[device]):
            self._remove(device, call)
        for call, state in list(calls.items())[:MOST_CALLS]:
            self._calls[device][call] = state
            self._where.setdefault(call, set()).add(device)
        self._show(device, at)

    def clear(self, call: str, at: float) -> None:
        """The call is gone from everywhere."""
        for device in self.with_call(call):
            self.put(device, call, None, at)

    def rename(self, old: str, new: str, at: float) -> None:
        """The call goes on under another id."""
        for device in self.with_call(old):
            state = self._calls[device][old]
            self._remove(device, old)
            self.put(device, new, state, at)
            self._show(device, at)

    def forget(self, device: str) -> None:
        """Nothing is known of this phone any more."""
        self.replace(device, {}, 0.0)
        self._shown.pop(device, None)

    def service(self, device: str, at: float, *, on: bool) -> None:
        """OutOfService and BackInService."""
        if device in self._calls:
            (self._dead.discard if on else self._dead.add)(device)
            self._show(device, at)

    def fault(self, device: str, at: float) -> None:
        """The switch does not know it, or does not let us watch it."""
        if device not in self._faults:
            self._faults.add(device)
            if not self.quiet:
                self._say_fault(device, at)

    def well(self, device: str, at: float) -> None:
        if device in self._faults:
            self._faults.remove(device)
            self._say_fault(device, at, cleared=True)

    def say_seen(self, at: float) -> None:
        """Once per connection, before anything else is said of them."""
        for device, name in self._devices.items():
            agent = self.owner(device)
            self._out.append(DeviceSeen(at=at, device=self.own(device), kind="phone", name=name, agent=agent))

    def say_all(self, at: float) -> None:
        for device in self._calls:
            if device in self._faults:
                self._say_fault(device, at)
            if device in self._shown:
                self._say(device, at)

    def _remove(self, device: str, call: str) -> None:
        if self._calls[device].pop(call, None) is not None:
            self._where[call].discard(device)
            if not self._where[call]:
                del self._where[call]

    def _show(self, device: str, at: float) -> None:
        state = "unavailable" if device in self._dead else _state(self._calls[device])
        if self._shown.get(device) != state:
            self._shown[device] = state
            if not self.quiet:
                self._say(device, at)

    def _say(self, device: str, at: float) -> None:
        agent = self.owner(device)
        self._out.append(
            DeviceStateChanged(at=at, device=self.own(device), state=self._shown[device], agent=agent)
        )

    def _say_fault(self, device: str, at: float, *, cleared: bool = False) -> None:
        agent = self.owner(device)
        self._out.append(
            DeviceFault(at=at, device=self.own(device), fault=UNKNOWN, agent=agent, cleared=cleared)
        )


def _state(calls: Mapping[str, Local]) -> PhoneState:
    states = set(calls.values())
    if "alerting" in states:
        return "ringing" if len(states) == 1 else "ringing_in_use"
    if states == {"hold"}:
        return "on_hold"
    return "in_use" if states else "idle"
