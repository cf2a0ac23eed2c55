"""Events, written once and given to every client that may see them."""

from datetime import UTC, datetime
from typing import Protocol

from ccwall_adapters.asterisk_ami.frame import encode
from ccwall_simulators.timers import Timers

from .variant import Variant


class Listener(Protocol):
    def hear(self, right: str, message: bytes) -> None: ...


def lines(*pairs: tuple[str, str]) -> bytes:
    """Header lines, to be joined into a message."""
    return encode(pairs)[:-2] if pairs else b""


def iso(t: float) -> str:
    """An instant as the security events write it."""
    at = datetime.fromtimestamp(t, UTC)
    return f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03d}+0000"


class Speaker:
    """`event` costs next to nothing while nobody listens."""

    def __init__(self, variant: Variant, timers: Timers) -> None:
        self._variant, self._timers = variant, timers
        self.listeners: list[Listener] = []

    def event(self, name: str, right: str, *parts: bytes) -> None:
        if not self.listeners:
            return
        head = f"Event: {name}\r\nPrivilege: {right},all\r\n{self._stamp()}".encode()
        message = b"".join((head, *parts, b"\r\n"))
        for listener in list(self.listeners):
            listener.hear(right, message)

    def _stamp(self) -> str:
        stamp = f"Timestamp: {self._timers.now:.6f}\r\n" if self._variant.timestamps else ""
        name = self._variant.system_name
        return stamp + (f"SystemName: {name}\r\n" if name else "")
