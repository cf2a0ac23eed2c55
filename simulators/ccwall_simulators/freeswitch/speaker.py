"""Events: their common head, their number, and the bytes of each format, made once for all who listen."""

from collections.abc import Iterable, Sequence
from random import Random
from typing import NamedTuple, Protocol

from ccwall_adapters.freeswitch_esl.wire import Format
from ccwall_simulators.timers import Timers

from .leg import Leg, gmt, micro, stamp
from .sheet import Stage, pairs_rendered, stage
from .variant import Variant

SUBCLASS = "callcenter::info"


class Place(NamedTuple):
    """Where in its source an event is made."""

    file: str
    function: str
    line: int


class Event:
    """One event. `name` and `subclass` are what one subscribes to."""

    def __init__(
        self,
        head: Sequence[tuple[str, str]],
        channel: tuple[Stage, dict[str, str]] | None,
        tail: Sequence[tuple[str, str]],
        body: str,
    ) -> None:
        self._head, self._channel, self._tail, self._body = head, channel, tail, body
        self._made: dict[Format, bytes] = {}
        told = dict(head)
        self.name, self.subclass = told["Event-Name"], told.get("Event-Subclass", "")

    def pairs(self) -> list[tuple[str, str]]:
        """Every header."""
        middle = self._channel[0].filled(self._channel[1]) if self._channel else []
        return [*self._head, *middle, *self._tail]

    def wire(self, form: Format) -> bytes:
        if form not in self._made:
            self._made[form] = self._framed(form)
        return self._made[form]

    def _framed(self, form: Format) -> bytes:
        parts = [pairs_rendered(self._head, form)]
        if self._channel is not None:
            parts.append(self._channel[0].rendered(self._channel[1], form))
        length = (("Content-Length", str(len(self._body.encode()))),) if self._body else ()
        rest = [*self._tail, *length]
        if form == "plain":
            parts.append(pairs_rendered(rest, form) + "\n" + self._body)
            block = "".join(parts).encode()
        else:
            rest += [("_body", self._body)] if self._body else []
            parts += [pairs_rendered(rest, form)] if rest else []
            block = ("{" + ",".join(parts) + "}").encode()
        return b"Content-Length: %d\nContent-Type: text/event-%s\n\n" % (len(block), form.encode()) + block


class Listener(Protocol):
    def wants(self, name: str, subclass: str) -> bool: ...
    def hear(self, event: Event) -> None: ...


class Speaker:
    """`core`: the UUID of this start of the switch."""

    def __init__(self, variant: Variant, timers: Timers, seed: int, core: str) -> None:
        self._variant, self._timers = variant, timers
        self._dice = Random(f"{seed} sequence")
        self._sequence = 0
        self.core = core
        self.listeners: list[Listener] = []

    @property
    def sequence(self) -> int:
        return self._sequence

    def restart(self, core: str) -> None:
        self.core, self._sequence = core, 0

    def custom(
        self, place: Place, tail: Sequence[tuple[str, str]], leg: Leg | None = None, moment: str = ""
    ) -> None:
        """An event of mod_callcenter; with `leg`, the channel as it is at this `moment` of its sheet."""
        self._say("CUSTOM", SUBCLASS, place, (), tail, leg, moment)

    def core_event(
        self,
        name: str,
        place: Place,
        leg: Leg | None = None,
        moment: str = "",
        *,
        tail: Sequence[tuple[str, str]] = (),
        body: str = "",
    ) -> None:
        self._say(name, "", place, _first(name, leg), tail, leg, moment, body)

    def _say(
        self,
        name: str,
        subclass: str,
        place: Place,
        first: Iterable[tuple[str, str]],
        tail: Sequence[tuple[str, str]],
        leg: Leg | None,
        moment: str,
        body: str = "",
    ) -> None:
        self._sequence += self._dice.randint(1, 7)
        hearing = [listener for listener in self.listeners if listener.wants(name, subclass)]
        if not hearing:
            return
        channel = (stage(leg.kind, moment), leg.values()) if leg is not None else None
        event = Event([*self._common(name, subclass, place), *first], channel, tail, body)
        for listener in hearing:
            listener.hear(event)

    def _common(self, name: str, subclass: str, place: Place) -> list[tuple[str, str]]:
        now = micro(self._timers.now)
        return [
            *([("Event-Subclass", subclass)] if subclass else []),
            ("Event-Name", name),
            ("Core-UUID", self.core),
            ("FreeSWITCH-Hostname", "vm"),
            ("FreeSWITCH-Switchname", self._variant.host),
            ("FreeSWITCH-IPv4", "192.0.2.2"),
            ("FreeSWITCH-IPv6", "fd00::2"),
            ("Event-Date-Local", stamp(now)),
            ("Event-Date-GMT", gmt(now)),
            ("Event-Date-Timestamp", str(now)),
            ("Event-Calling-File", place.file),
            ("Event-Calling-Function", place.function),
            ("Event-Calling-Line-Number", str(place.line)),
            ("Event-Sequence", str(self._sequence)),
        ]


def _first(name: str, leg: Leg | None) -> Sequence[tuple[str, str]]:
    """What some events of channels say before the channel itself."""
    if leg is not None and name == "CHANNEL_HANGUP_COMPLETE":
        return (("Hangup-Cause", leg.cause),)
    if leg is not None and name == "CHANNEL_BRIDGE" and leg.peer is not None:
        return (("Bridge-A-Unique-ID", leg.uuid), ("Bridge-B-Unique-ID", leg.peer.uuid))
    return ()
