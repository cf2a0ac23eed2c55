"""The calls on the switch's table: who is in each, in which state."""

from dataclasses import dataclass, field
from typing import Literal

State = Literal["initiated", "alerting", "connected", "hold", "queued", "fail"]


@dataclass(slots=True)
class Call:
    """`key` is the floor's own; `caller` the device of whoever began it, `shown` what of it may be told (empty: restricted).
    `group` is where it queues or was given from."""

    id: str
    key: str
    caller: str
    shown: str
    called: str = ""
    group: str = ""
    parties: dict[str, State] = field(default_factory=dict)


class Table:
    """By the floor's key; ids say when the switch was started, so that they begin anew with it."""

    def __init__(self) -> None:
        self._calls: dict[str, Call] = {}
        self._started, self._count = 0, 0

    def start(self, at: float) -> None:
        self._calls.clear()
        self._started, self._count = int(at), 0

    def new_id(self) -> str:
        self._count += 1
        return f"FF{self._started:08X}{self._count:010X}"

    def begin(self, key: str, caller: str, shown: str) -> Call:
        call = self._calls[key] = Call(self.new_id(), key, caller, shown)
        call.parties[caller] = "connected"
        return call

    def get(self, key: str) -> Call | None:
        return self._calls.get(key)

    def alias(self, key: str, call: Call) -> None:
        """Two calls were put together."""
        self._calls[key] = call

    def forget(self, key: str) -> None:
        self._calls.pop(key, None)

    def by_id(self, id: str) -> Call | None:
        return next((call for call in self._calls.values() if call.id == id), None)

    def at(self, device: str) -> list[Call]:
        """The calls that this device is in."""
        return list({call.id: call for call in self._calls.values() if device in call.parties}.values())
