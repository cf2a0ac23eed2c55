"""The phones of a floor and their calls, as a SIP server sees them."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ccwall_adapters.sip_dialog.documents import Dialog
from ccwall_simulators.callcentre import happening as h
from ccwall_simulators.callcentre.contract import DeviceState, Floor


def user_of(device: str) -> str:
    """The extension of "PJSIP/1003"; empty for what is no phone."""
    technology, _, name = device.rpartition("/")
    return "" if technology.startswith("Local") or "@" in name else name


class Handset:
    """One phone. `main` and `early` are calls that queues gave, `sides` those that none did."""

    def __init__(self, user: str) -> None:
        self.user = user
        self.registered = True
        self.main = self.early = ""
        self.held = False
        self.sides: dict[str, None] = {}

    def dialogs(self) -> tuple[Dialog, ...]:
        told = [Dialog(self.main, "confirmed", "recipient", self.held)] if self.main else []
        told += [Dialog(self.early, "early", "recipient")] if self.early else []
        return (*told, *(Dialog(side, "confirmed", "initiator") for side in self.sides))

    @property
    def engaged(self) -> bool:
        return bool(self.main or self.early or self.sides)


class Phones:
    """`live` lets their calls happen; `changed` are the users of whom there is something new to tell."""

    def __init__(self, floor: Floor) -> None:
        self._floor = floor
        self._calls = 0
        self._lost: set[str] = set()
        self._of_agent: dict[str, str] = {}
        self.handsets: dict[str, Handset] = {}
        self._handlers: Mapping[type[h.Happening], Callable[[Any], str]] = {
            h.DeviceChanged: self._device,
            h.CallHeld: lambda happened: self._hold(happened.agent, True),
            h.CallRetrieved: lambda happened: self._hold(happened.agent, False),
            h.SideCallBegan: self._side_began,
            h.SideCallEnded: self._side_ended,
            h.CallCompleted: self._completed,
        }
        for device, state in floor.devices().items():
            if user_of(device):
                self._show(self._handset(device), state)

    def live(self, to: float | None = None) -> set[str]:
        """Up to the floor's `to`, or as far as others let it live on. Gives the users whose phones have changed."""
        happened: Iterable[h.AnyHappening] = self._floor.advance(self._floor.now if to is None else to)
        changed = {self._handlers[type(each)](each) for each in happened if type(each) in self._handlers}
        return changed - {""}

    def __getitem__(self, user: str) -> Handset | None:
        return self.handsets.get(user)

    # ── what may be done to them ──

    def lose(self, share: float) -> list[str]:
        """Phones whose registration runs out while they stand idle, as if unplugged: every so manieth of them."""
        idle = [phone.user for phone in self.handsets.values() if phone.registered and not phone.engaged]
        lost = idle[:: max(1, round(1.0 / share))]
        self._lost.update(lost)
        for user in lost:
            self.handsets[user].registered = False
        return lost

    def find(self) -> set[str]:
        """They are all back, those that the floor knows of."""
        found, self._lost = self._lost, set()
        for device, state in self._floor.devices().items():
            if (user := user_of(device)) in found:
                self.handsets[user].registered = state != "unavailable"
        return found

    # ── happenings; each gives the user it changed ──

    def _handset(self, device: str) -> Handset:
        user = user_of(device)
        return self.handsets.setdefault(user, Handset(user))

    def _device(self, happened: h.DeviceChanged) -> str:
        if not user_of(happened.device):
            return ""
        phone = self._handset(happened.device)
        if happened.state != "unavailable":
            self._of_agent[happened.agent] = phone.user
        self._show(phone, happened.state)
        return phone.user

    def _show(self, phone: Handset, state: DeviceState) -> None:
        phone.registered = state != "unavailable" and phone.user not in self._lost
        if state in ("idle", "unavailable"):
            phone.main = phone.early = ""
            phone.held = False
            phone.sides.clear()
            return
        if state in ("ringing", "ringing_in_use"):
            phone.early = phone.early or self._key()
        if state in ("in_use", "ringing_in_use") and not (phone.main or phone.sides):
            phone.main, phone.early = (phone.early or self._key()), ""
        elif state == "in_use" and phone.early:
            phone.early = ""
        if state == "ringing_in_use" and not phone.early:
            phone.early = self._key()

    def _hold(self, agent: str, held: bool) -> str:
        phone = self.handsets.get(self._of_agent.get(agent, ""))
        if phone is None or not phone.main:
            return ""
        phone.held = held
        return phone.user

    def _side_began(self, happened: h.SideCallBegan) -> str:
        if not user_of(happened.device):
            return ""
        phone = self._handset(happened.device)
        self._of_agent[happened.agent] = phone.user
        phone.sides[happened.call] = None
        return phone.user

    def _side_ended(self, happened: h.SideCallEnded) -> str:
        if not user_of(happened.device):
            return ""
        phone = self._handset(happened.device)
        phone.sides.pop(happened.call, None)
        return phone.user

    def _completed(self, happened: h.CallCompleted) -> str:
        """A caller hung up on an agent who has somebody else on another line."""
        phone = self.handsets.get(self._of_agent.get(happened.agent, ""))
        if phone is None or not phone.main:
            return ""
        phone.held = False
        if phone.sides:
            phone.main = ""
        return phone.user

    def _key(self) -> str:
        self._calls += 1
        return f"d{self._calls}"
