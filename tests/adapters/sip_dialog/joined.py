"""A living session and a simulated SIP server, joined in memory, by a way that may lose and reorder."""

from collections.abc import Mapping

from ccwall.events import AnyEvent, DeviceFault, DeviceStateChanged
from ccwall.wire.parcel import Parcels, pack
from ccwall_adapters.sip_dialog import SipSession, SipSettings
from ccwall_adapters.sip_dialog.message import Stream
from ccwall_simulators.sip import Behaviour, Mischief, Notifier, Way
from ccwall_simulators.sip.phones import Handset
from tests.adapters.contract import NOW, PlainDirectory, Step

STEP = 0.05
OURS, THEIRS = ("192.0.2.7", 40_000), "192.0.2.1:5060"


class Switchboard(dict[str, Handset]):
    """Phones that a test rings by hand."""

    def __getitem__(self, user: str) -> Handset | None:  # type: ignore[override]
        return self.get(user)


class Joined:
    """`run` lets time pass for both. `facts` are all that were told."""

    def __init__(
        self,
        settings: SipSettings,
        users: tuple[str, ...] = ("1001", "1002"),
        behaviour: Behaviour | None = None,
        mischief: Mischief | None = None,
        *,
        scheme: str = "udp",
        seed: int = 0,
    ) -> None:
        self.phones = Switchboard({user: Handset(user) for user in users})
        self.notifier = Notifier(
            self.phones, "wall", "secret", "pbx.example", address=THEIRS, behaviour=behaviour
        )
        self.session = SipSession(settings, PlainDirectory(), "live")
        self.scheme = scheme
        self.now = NOW
        self.facts: list[AnyEvent] = []
        self.mischief = mischief
        self.forth: Way[bytes] = Way(seed, mischief)
        self.back: Way[bytes] = Way(seed + 1, mischief)
        self._cut = Stream() if scheme != "udp" else Parcels()
        self.up = True
        """Whether the server is on the network."""
        self.steps: list[Step] = []
        """All that came and went, as a recording has it."""

    def open(self) -> "Joined":
        self._cut.clear()
        self.steps.append(Step("open", b"", self.now))
        self.session.located(self.scheme, f"{OURS[0]}:{OURS[1]}", THEIRS)
        self.facts += self.session.open(self.now)
        self._carry()
        return self

    def close(self, reason: str = "reset") -> None:
        self.facts += self.session.close(self.now, reason)
        self._carry()

    def run(self, seconds: float) -> "Joined":
        ends = self.now + seconds
        while self.now < ends:
            self.now += STEP
            if self.up:
                self.notifier.tick(self.now)
            if round((self.now - NOW) / STEP) % 5 == 0:
                self.facts += self.session.tick(self.now)
            self._carry()
        return self

    def _carry(self) -> None:
        self._say()
        for wire in self.forth.take(self.now):
            if self.up:
                self.notifier.receive(wire, OURS, self.now, reliable=self.scheme != "udp")
        for _, wire in self.notifier.outgoing():
            if self.up:
                self.back.put(wire, self.now)
        for wire in self.back.take(self.now):
            self.hear(wire)

    def hear(self, wire: bytes) -> None:
        """One message comes to the session."""
        data = pack({}, wire) if self.scheme == "udp" else wire
        self.steps.append(Step("rx", data, self.now))
        self.facts += self.session.receive(data, self.now)
        self._say()

    def _say(self) -> None:
        data = self.session.outgoing()
        if data:
            self.steps.append(Step("tx", data, self.now))
        if isinstance(self._cut, Stream):
            messages = [head + b"\r\n\r\n" + body for head, body in self._cut.feed(data)]
        else:
            messages = [parcel.body for parcel in self._cut.feed(data)]
        for wire in messages:
            self.forth.put(wire, self.now)

    # ── what happens to the phones ──

    def phone(self, user: str, **changes: object) -> None:
        """`early="c1"`, `main="c1"`, `held=True`, `registered=False`; the server tells it."""
        handset = self.phones[user]
        assert handset is not None
        for name, value in changes.items():
            setattr(handset, name, value)
        self.notifier.tell({user}, self.now)
        self._carry()

    def settle(self) -> "Joined":
        """The way is good again, and time enough passes for all that is under way."""
        self.forth.mischief = self.back.mischief = Mischief()
        return self.run(45.0)

    # ── what was told ──

    @property
    def states(self) -> Mapping[str, str]:
        """The last state of each phone."""
        return {
            fact.device.removeprefix("src/"): fact.state
            for fact in self.facts
            if isinstance(fact, DeviceStateChanged)
        }

    @property
    def faults(self) -> Mapping[str, str]:
        """Of those whose last word is a fault."""
        told = {
            fact.device.removeprefix("src/"): fact for fact in self.facts if isinstance(fact, DeviceFault)
        }
        return {name: fact.fault for name, fact in told.items() if not fact.cleared}

    def kinds(self) -> list[str]:
        return [str(fact.__struct_config__.tag) for fact in self.facts]


def wall(**settings: object) -> SipSettings:
    """Settings of a wall that watches 1001 and 1002."""
    plain: dict[str, object] = {
        "username": "wall",
        "secret": "secret",
        "domain": "pbx.example",
        "watch": ("1001", "1002"),
    }
    return SipSettings(**(plain | settings))  # type: ignore[arg-type]
