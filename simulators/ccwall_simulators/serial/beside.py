"""Boxes, modems and printers beside the lines of a floor."""

from collections.abc import Callable
from datetime import datetime

from .modem import Modem
from .printer import Printed, PrinterOnPty
from .trunks import Call
from .whozz import Whozz

GROUP = "600"
"""Who is called when nobody answers."""
Wall = Callable[[float], datetime]
"""What the clock on the wall shows at an instant."""


class WhozzBeside:
    def __init__(self, box: Whozz) -> None:
        self._box = box

    def rings(self, call: Call, t: float) -> None:
        self._box.ring(call.line, t, call.number, _plain(call.name))

    def lifted(self, call: Call, t: float) -> None:
        self._box.lift(call.line, t, call.number)

    def over(self, call: Call, t: float) -> None:
        self._box.hang_up(call.line, t)


class ModemBeside:
    def __init__(self, modem: Modem, wall: Wall) -> None:
        self._modem, self._wall = modem, wall

    def rings(self, call: Call, t: float) -> None:
        self._modem.ring(call.number, _plain(call.name), self._wall(t))

    def lifted(self, call: Call, t: float) -> None:
        self._modem.stopped()

    def over(self, call: Call, t: float) -> None:
        self._modem.stopped()


class PrinterBeside:
    def __init__(self, printer: PrinterOnPty, wall: Wall) -> None:
        self._printer, self._wall, self._printed = printer, wall, 0

    def rings(self, call: Call, t: float) -> None:
        """Written when it is over."""

    def lifted(self, call: Call, t: float) -> None:
        """The same."""

    def over(self, call: Call, t: float) -> None:
        self._printed += 1
        answered = t if call.answered is None else call.answered
        record = Printed(
            started=self._wall(call.began),
            ended=self._wall(t),
            inbound=call.inbound,
            extension=call.agent or GROUP,
            line=call.line,
            number=call.number,
            ring=round(answered - call.began),
            talk=max(1, round(t - answered)) if call.answered is not None else 0,
            id=self._printed,
        )
        self._printer.log(record)


def _plain(name: str) -> str:
    """Caller names on such lines are ASCII or none."""
    return name if name.isascii() else ""
