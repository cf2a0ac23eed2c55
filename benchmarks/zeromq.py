"""From ZeroMQ messages to facts, against bare pyzmq and msgspec over the same messages.

The rival stops at a struct per message; ccwall watches the numbers, knows what is missing, and goes on to facts with ids
of its own. Both read a PUSH socket in the same process, over inproc, so that what is compared is what is done with a
message and not the network; and both once more without any socket.
"""

from statistics import median

import msgspec
import zmq

from benchmarks.timing import Work, interleaved, spread, table
from ccwall.config import Config
from ccwall.directory import ConfiguredDirectory
from ccwall.events import AnyEvent, ContactQueued, SourceId
from ccwall.wire.parcel import pack
from ccwall_adapters.zeromq import ZeromqSession, ZeromqSettings

MESSAGES = 20_000
BATCH = 500
"""Messages that wait in the socket at once, as on a busy link."""
NOW = 1_800_000_000.0
WANTED = 20_000
"""Messages a second, from the socket to facts: some hundred times the traffic of a floor of a thousand people."""

_plain = msgspec.json.Decoder(AnyEvent).decode


def bodies() -> list[bytes]:
    """A day of calls, as ccwall's own outlet writes it."""
    said = []
    for n in range(1, MESSAGES + 1):
        fact = msgspec.json.encode(
            ContactQueued(at=NOW + n / 100, contact=f"pbx1/{n}", queue="consult", caller="138****1111")  # type: ignore[arg-type]
        )
        said.append(b'{"publisher":"sh","epoch":"3f9c","n":%d,"source":"pbx1",%b' % (n, fact[1:]))
    return said


class Wire:
    """A pusher and a puller in one process."""

    def __init__(self) -> None:
        self._context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
        self.inside, self.outside = self._context.socket(zmq.PULL), self._context.socket(zmq.PUSH)
        for socket in (self.inside, self.outside):
            socket.setsockopt(zmq.LINGER, 0)
            socket.set_hwm(2 * BATCH)
        self.inside.bind("inproc://bench")
        self.outside.connect("inproc://bench")

    def batches(self, said: list[bytes]) -> "list[list[bytes]]":
        return [said[place : place + BATCH] for place in range(0, len(said), BATCH)]

    def close(self) -> None:
        self._context.destroy(0)


def session() -> ZeromqSession:
    found = ZeromqSession(ZeromqSettings(), ConfiguredDirectory(SourceId("sh"), Config()), "observe")
    found.open(NOW)
    found.receive(pack({"link": "joined"}), NOW)
    return found


def ours(wire: Wire, said: list[bytes]) -> int:
    """As the link does it: each message a parcel, what waits handed on together."""
    reader, facts = session(), 0
    for batch in wire.batches(said):
        for body in batch:
            wire.outside.send(body)
        parcels = b"".join(pack({}, wire.inside.recv(zmq.NOBLOCK)) for _ in batch)
        facts += len(reader.receive(parcels, NOW))
    return facts


def bare(wire: Wire, said: list[bytes]) -> int:
    facts = 0
    for batch in wire.batches(said):
        for body in batch:
            wire.outside.send(body)
        facts += len([_plain(wire.inside.recv(zmq.NOBLOCK)) for _ in batch])
    return facts


def run(rounds: int) -> bool:
    """Print the table; whether facts and speed are as they must be."""
    said, wire = bodies(), Wire()
    stream = [b"".join(pack({}, body) for body in batch) for batch in wire.batches(said)]
    expected = ours(wire, said) == bare(wire, said) == MESSAGES

    def without_socket() -> int:
        reader = session()
        return sum(len(reader.receive(data, NOW)) for data in stream)

    rivals: dict[str, Work] = {
        "ccwall: socket to facts": lambda: ours(wire, said),
        "ccwall: parcels to facts": without_socket,
        "pyzmq and msgspec, bare": lambda: bare(wire, said),
        "msgspec alone": lambda: [_plain(body) for body in said],
    }
    try:
        taken = interleaved(rivals, rounds)
    finally:
        wire.close()
    print(f"zeromq: {MESSAGES:,} messages of {len(said[0])} bytes; medians of {rounds} rounds\n")
    table(
        ["", "ms", "± %", "messages/s", "µs each"],
        [
            [
                name,
                f"{median(times) * 1e3:.1f}",
                f"{spread(times) * 100:.0f}",
                f"{MESSAGES / median(times):,.0f}",
                f"{median(times) / MESSAGES * 1e6:.2f}",
            ]
            for name, times in taken.items()
        ],
    )
    rate = MESSAGES / median(taken["ccwall: socket to facts"])
    print(f"  facts are {'complete' if expected else 'NOT COMPLETE'}")
    print(f"  {rate:,.0f} messages a second from the socket to facts; wanted: {WANTED:,}\n")
    return expected and rate >= WANTED
