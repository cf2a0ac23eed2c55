"""A session to be fed, and genuine stretches to begin with."""

from collections.abc import Sequence

import msgspec

from ccwall.adapter import Session
from ccwall.wire.parcel import pack
from ccwall_adapters.zeromq import ADAPTER, ZeromqSettings
from tests.adapters.contract import NOW, PlainDirectory
from tests.adapters.zeromq.publisher import JOINED, Publisher, waits


def make() -> Session:
    session = ADAPTER.session(ZeromqSettings(), PlainDirectory(), "observe")
    session.open(NOW)
    session.receive(JOINED, NOW)
    return session


def _lossy() -> bytes:
    publisher = Publisher()
    wire = publisher.beat() + publisher.queued("1") + publisher.queued("2")
    lost = publisher.n + 1
    publisher.lose(2)
    wire += publisher.queued("4") + publisher.queued("2", was=lost) + publisher.queued("3", was=lost + 1)
    return wire + publisher.resync(waits("1"), waits("4"))


def _upstream() -> bytes:
    publisher = Publisher("上海", "e9")
    wire = publisher.beat() + publisher.say("source.down", source="pbx1", reason="eof", at=NOW)
    wire += publisher.say("source.resync_finished", source="pbx1", at=NOW) + publisher.resync(waits("1"))
    return wire + pack({}, msgspec.msgpack.encode(publisher.body("agent.ready", agent="1001", at=NOW)))


SEEDS: Sequence[bytes] = (_lossy(), _upstream())
