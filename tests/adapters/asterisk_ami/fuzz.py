"""For the fuzzer: an observer who was let in, and genuine wire in stretches."""

from collections.abc import Sequence

from ccwall.adapter import Session
from tests.adapters.asterisk_ami.test_session import TestContract
from tests.adapters.contract import NOW

_WIRE = b"".join(step.data for step in TestContract.wire if step.kind == "rx")
_STRETCH = 4096
SEEDS: Sequence[bytes] = [_WIRE[at : at + _STRETCH] for at in range(0, len(_WIRE), _STRETCH)]


def make() -> Session:
    session = TestContract().session()
    session.open(NOW)
    session.receive(TestContract.greeting, NOW)
    return session
