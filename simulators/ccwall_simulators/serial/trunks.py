"""The telephone lines of a floor, each with one call on it at a time: what a box, a modem and a printer beside them notice.

Here lines ring until a person answers, as in an office without queues.
"""

from collections.abc import Mapping
from typing import Protocol

import msgspec

from ccwall_simulators.callcentre import happening as h
from ccwall_simulators.callcentre.contract import Floor

RING_EVERY = 6.0
OUTSIDE = 5
"""Digits: whom an agent calls with fewer is in the house."""


class Call(msgspec.Struct, kw_only=True):
    """One call on a line (1 is the first). `answered`: None while it rings; of an outgoing call when it was dialled."""

    line: int
    number: str
    name: str = ""
    inbound: bool = True
    began: float
    answered: float | None = None
    agent: str = ""
    rings: int = 0


class Beside(Protocol):
    """What notices. `t` is an instant on the floor's clock."""

    def rings(self, call: Call, t: float) -> None: ...
    def lifted(self, call: Call, t: float) -> None: ...
    def over(self, call: Call, t: float) -> None: ...


class Trunks:
    """`lines` of them; who calls while all are busy is not noticed."""

    def __init__(self, floor: Floor, lines: int, beside: Beside) -> None:
        self._floor, self._beside = floor, beside
        self._free = list(range(lines, 0, -1))
        self._calls: dict[str, Call] = {}

    @property
    def calls(self) -> Mapping[str, Call]:
        return self._calls

    def advance(self, to: float) -> None:
        for happened in self._floor.advance(to):
            self._ring(happened.t)
            match happened:
                case h.CallArrived():
                    self._take(happened.call, happened.number, happened.name, happened.t)
                case h.CallAnswered():
                    self._lift(happened.call, happened.agent, happened.t)
                case h.SideCallBegan() if happened.number.isdigit() and len(happened.number) > OUTSIDE:
                    self._take(happened.call, happened.number, "", happened.t, inbound=False)
                    self._lift(happened.call, happened.agent, happened.t)
                case h.CallEnded() | h.SideCallEnded():
                    self._end(happened.call, happened.t)
                case _:
                    pass
        self._ring(to)

    def _take(self, key: str, number: str, name: str, t: float, *, inbound: bool = True) -> None:
        if self._free:
            self._calls[key] = Call(line=self._free.pop(), number=number, name=name, inbound=inbound, began=t)
            self._ring(t)

    def _ring(self, to: float) -> None:
        for call in self._calls.values():
            while call.inbound and call.answered is None:
                due = call.began + call.rings * RING_EVERY
                if due > to:
                    break
                call.rings += 1
                self._beside.rings(call, due)

    def _lift(self, key: str, agent: str, t: float) -> None:
        call = self._calls.get(key)
        if call is not None and call.answered is None:
            call.answered, call.agent = t, agent
            self._beside.lifted(call, t)

    def _end(self, key: str, t: float) -> None:
        call = self._calls.pop(key, None)
        if call is not None:
            self._free.append(call.line)
            self._beside.over(call, t)
