"""What may befall a simulated SIP server and its phones."""

from ccwall_simulators.breaking import Doing, Faulty, Kept, Pace

from .notifier import PRODUCT
from .server import SipServer
from .way import Mischief

BAD_WAY = Mischief(drop=0.2, double=0.1, late=0.3, delay=0.5)
LOST = 0.3
"""Share of the phones that lose their registration at once."""


def sip_server(server: SipServer, kept: Kept, pace: Pace) -> Faulty:
    """`kept` keeps it up, or down."""

    def silence(seconds: float) -> None:
        server.silence(seconds)

    def unregister(_: float) -> str:
        return ", ".join(server.unregister(LOST))

    doings = (
        Doing("silence", "n", "link", silence, 8.0, lambda: server.silence(0.0)),
        Doing(
            "drop", "d", "link", lambda _: server.disturb(BAD_WAY), 30.0, lambda: server.disturb(Mischief())
        ),
        Doing("forget", "f", "server", lambda _: server.restart(clean=False)),
        Doing("restart", "r", "server", lambda _: server.restart(clean=True)),
        Doing("kill", "k", "server", lambda _: kept.down(), 10.0, kept.up),
        Doing("unregister", "u", "device", unregister, 30.0, server.register),
    )
    return Faulty(PRODUCT, doings, pace, is_up=lambda: kept.is_up)


def kept(server: SipServer) -> Kept:
    async def stop() -> None:
        server.kill()

    return Kept(lambda: server.is_up, server.open, stop)
