"""What comes late, or in pieces, comes all the same: nothing is missed or told twice, and everything by its own time."""

import pytest

from ccwall_simulators.freeswitch import CALM
from ccwall_simulators.line import Line, LinkFault
from tests.simulators.freeswitch.loop import START, Loop, differences, gauges_of_board, gauges_of_floor

FROM, UNTIL = 120.0, 600.0
LASTS: dict[LinkFault, float] = {"slow": 20.0, "silence": 8.0, "split": 240.0}


class Lined:
    """A client of the switch, as it is seen through a line."""

    def __init__(self, loop: Loop) -> None:
        self._loop = loop
        self.line = Line(loop.pbx.connect(), seed=1)

    @property
    def closed(self) -> bool:
        return bool(self.line.ended)

    def outgoing(self) -> bytes:
        """Up to a piece: what is split is read in the pieces in which it comes."""
        return self.line.to_client(self._loop.now)

    def receive(self, data: bytes) -> None:
        self.line.from_client(data, self._loop.now)

    def close(self) -> None:
        self.line.close()


class LinedLoop(Loop):
    def connect(self) -> None:
        self.lined = Lined(self)
        self.joined(self.lined)


@pytest.mark.parametrize("fault", LASTS)
def test_what_is_only_late_is_told_as_it_was(fault: LinkFault) -> None:
    loop = LinedLoop(3, variant=CALM)
    loop.connect()
    loop.pass_time(FROM)
    loop.lined.line.fault(fault, until=loop.now + LASTS[fault])
    loop.pass_time(UNTIL - FROM)
    assert not loop.lined.closed
    assert gauges_of_board(loop) == gauges_of_floor(loop)
    assert differences(loop, since=START) == []
