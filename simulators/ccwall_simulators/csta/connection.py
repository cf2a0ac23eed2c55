"""One client of the CSTA port: its session, its monitors, and the bytes in both directions, all of them bounded."""

from collections.abc import Collection
from typing import Protocol

from ccwall_adapters.csta_xml.frame import EVENT, LAST_INVOKE, Frames, ProtocolError, framed
from ccwall_adapters.csta_xml.reading import Element, device, number, read
from ccwall_adapters.csta_xml.writing import leaf
from ccwall_simulators.timers import Timers

from .saying import Saying
from .variant import Variant

UNREAD = 32 * 1024 * 1024
"""Bytes a client may leave unread before it is hung up on."""
MOST_MONITORS = 20_000
FIRST_REFERENCE = 1_173_673_890
FREE = frozenset({"StartApplicationSession", "RequestSystemStatus", "SystemStatus"})
"""What may be asked before there is a session."""


class Desk(Protocol):
    """Who answers what a client asks."""

    def answer(self, client: "CstaConnection", request: Element) -> bytes: ...
    def has(self, device: str) -> bool: ...
    def forget(self, client: "CstaConnection") -> None: ...


class CstaConnection:
    """See `far_end.Connection`. `pace`: floor seconds in a real one, for what is measured of the link."""

    def __init__(self, desk: Desk, saying: Saying, timers: Timers, variant: Variant, pace: float) -> None:
        self._desk, self._saying, self._timers, self._variant, self._pace = (
            desk,
            saying,
            timers,
            variant,
            pace,
        )
        self._frames, self._out = Frames(), bytearray()
        self._closed = False
        self._monitors: dict[str, list[str]] = {}
        self._reference = FIRST_REFERENCE
        self._session, self._expires = "", 0.0
        self._asked: dict[int, float] = {}
        self._invoke = 0
        if variant.status_every:
            timers.after(variant.status_every * pace, self._ask_status)

    # ── the contract ──

    @property
    def closed(self) -> bool:
        return self._closed

    def receive(self, data: bytes) -> None:
        if self._closed:
            return
        try:
            frames = self._frames.feed(data)
        except ProtocolError:
            self.hang_up()
            return
        for invoke, xml in frames:
            message = read(xml)
            if message is not None:
                self._take(invoke, message)

    def outgoing(self) -> bytes:
        data = bytes(self._out)
        self._out.clear()
        return data

    def close(self) -> None:
        self._out.clear()
        self.hang_up()

    # ── what the switch does with it ──

    def references(self, device: str) -> Collection[str]:
        return self._monitors.get(device, ())

    def hear(self, message: bytes) -> None:
        self._write(message)

    def hang_up(self) -> None:
        if not self._closed:
            self._closed = True
            self._desk.forget(self)

    def say(self, name: str, *inner: str) -> None:
        """A request of the switch's own."""
        self._invoke = (self._invoke + 1) % (LAST_INVOKE + 1)
        self._asked[self._invoke] = self._timers.now
        self._write(framed(self._invoke, self._saying.message(name, *inner)))

    def stop_monitors(self, device: str) -> None:
        """The switch watches this device for the client no more, and says so."""
        for reference in self._monitors.pop(device, []):
            self.say("MonitorStop", leaf("monitorCrossRefID", reference))

    def refuse(self, category: str, value: str) -> bytes:
        return self._saying.message("CSTAErrorCode", leaf(category, value))

    def _write(self, data: bytes) -> None:
        if self._closed:
            return
        self._out += data
        if len(self._out) > UNREAD:
            self._out.clear()
            self.hang_up()

    # ── messages in ──

    def _take(self, invoke: int, message: Element) -> None:
        if message.name.endswith("Response") or message.name == "CSTAErrorCode":
            self._asked.pop(invoke, None)
        elif invoke != EVENT:
            self._write(framed(invoke, self._answer(message)))

    def _answer(self, message: Element) -> bytes:
        if self._variant.session and not self._session and message.name not in FREE:
            return self.refuse("security", "securityViolation")
        match message.name:
            case "StartApplicationSession" if self._variant.session:
                self._session = f"S{self._timers.now:.0f}"
                return self._granted("StartApplicationSessionPosResponse", leaf("sessionID", self._session))
            case "ResetApplicationSessionTimer" if self._variant.session:
                return self._granted("ResetApplicationSessionTimerPosResponse")
            case "StopApplicationSession" if self._variant.session:
                self._session = ""
                return self._saying.message("StopApplicationSessionPosResponse", session=True)
            case "RequestSystemStatus":
                return self._saying.message("RequestSystemStatusResponse", leaf("systemStatus", "normal"))
            case "MonitorStart":
                return self._monitor(message)
            case "MonitorStop":
                gone = message.within("monitorCrossRefID")
                self._monitors = {at: [r for r in refs if r != gone] for at, refs in self._monitors.items()}
                return self._saying.message("MonitorStopResponse")
            case _:
                return self._desk.answer(self, message)

    def _granted(self, name: str, *inner: str) -> bytes:
        lasts = self._variant.session * self._pace
        self._expires = self._timers.now + lasts
        self._timers.after(lasts, self._expire)
        duration = leaf("actualSessionDuration", f"{self._variant.session:.0f}")
        return self._saying.message(name, *inner, duration, session=True)

    def _expire(self) -> None:
        if self._session and self._timers.now >= self._expires:
            self.hang_up()

    def _monitor(self, message: Element) -> bytes:
        watched = device(message.child("monitorObject"))
        if not self._desk.has(watched):
            return self.refuse("operation", "invalidDeviceID")
        if sum(map(len, self._monitors.values())) >= MOST_MONITORS:
            return self.refuse("systemResourceAvailability", "overallMonitorLimitExceeded")
        self._reference += 1
        self._monitors.setdefault(number(watched), []).append(str(self._reference))
        return self._saying.message("MonitorStartResponse", leaf("monitorCrossRefID", str(self._reference)))

    # ── whether it still lives ──

    def _ask_status(self) -> None:
        if self._closed:
            return
        limit = self._variant.answer_within * self._pace
        if any(self._timers.now - asked >= limit for asked in self._asked.values()):
            self.hang_up()
            return
        self.say("SystemStatus", leaf("systemStatus", "normal"))
        self._timers.after(self._variant.status_every * self._pace, self._ask_status)
