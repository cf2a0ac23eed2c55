"""What every wall needs to run: a listening socket, the web around a house, and an end by a signal."""

import asyncio
import contextlib
import gc
import ipaddress
import socket
from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from ccwall.access import Access
from ccwall.clock import SystemClock
from ccwall.config import Web
from ccwall.errors import CcwallError, ConfigError
from ccwall.events import Principal, Role
from ccwall.house import House
from ccwall.lifetime import Job, until_stopped
from ccwall.main.presence import roll_of

if TYPE_CHECKING:
    from ccwall_web.practice import Practice

FIRST_PORT, PORTS = 8800, 100

Say = Callable[[str], None]


async def together(
    house: House,
    access: Access,
    listening: socket.socket,
    jobs: Sequence[Job],
    welcome: Callable[[], Awaitable[None]],
    web: Web | None = None,
    practice: "Practice | None" = None,
) -> None:
    """Hub, web and jobs, until a signal; ``welcome`` when the web answers. ``practice``: what may be broken from a page."""
    from ccwall_web.app import create_app
    from ccwall_web.server import WallServer, config

    web = Web() if web is None else web
    app = create_app(house.floor, house.hub, access, practice=practice, frame_ancestors=web.frame_ancestors)
    answers = asyncio.Event()

    class Server(WallServer):
        @contextlib.contextmanager
        def capture_signals(self) -> Iterator[None]:
            yield  # they are ours

        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            answers.set()

    server = Server(config(app, tls_cert=web.tls_cert, tls_key=web.tls_key), house.hub)

    async def serve_web() -> None:
        await server.serve(sockets=[listening])

    async def greet() -> None:
        await answers.wait()
        settle_memory()
        await welcome()

    async def farewell() -> None:
        server.should_exit = True

    if (accounts := access.accounts) is not None:
        accounts.team_of = house.engine.team
        house.alarms.presence = roll_of(accounts, house.engine, SystemClock())
        jobs = [*jobs, ("accounts", accounts.run())]
    await until_stopped([*house.jobs(), *jobs, ("welcome", greet())], serve_web(), farewell)


def open_house(host: str, port: int | None, say: Say, role: Role = "lead") -> tuple[Access, socket.socket]:
    """Everybody on this machine may look, nobody else can. A ``lead`` sees contacts, callers masked."""
    if not loopback(host):
        text = "is not a loopback address, and here nobody must log in: leave it out, or use ccwall serve with a token and TLS"
        raise ConfigError("--host", [(host or "''", text)])
    viewer = Principal(id="demo", role=role)
    return Access(clock=SystemClock(), open_to=viewer), listen(host, port, say)


def listen(host: str, port: int | None, say: Say | None = None) -> socket.socket:
    """The socket of the web; without a port the first free one."""
    from ccwall_web.server import bound_socket

    for candidate in (port,) if port is not None else range(FIRST_PORT, FIRST_PORT + PORTS):
        try:
            found = bound_socket(host, candidate)
            found.listen(128)
        except OSError as error:
            problem = error
        else:
            if port is None and candidate != FIRST_PORT and say is not None:
                say(f"Port {FIRST_PORT} is taken, so this is {candidate}.")
            return found
    where = (
        f"{host}:{port}" if port is not None else f"{host}, ports {FIRST_PORT} to {FIRST_PORT + PORTS - 1}"
    )
    raise CcwallError(
        f"cannot listen on {where}: {problem.strerror or problem}; choose another with --port or [web] port"
    )


def settle_memory() -> None:
    """What was loaded to begin with stays for ever: looked through for garbage, it would hold up every screen for some 100 ms."""
    gc.collect()
    gc.freeze()


def loopback(host: str) -> bool:
    """Whether only this machine can reach it.

    >>> loopback("127.0.0.1"), loopback("::1"), loopback("localhost"), loopback("0.0.0.0")
    (True, True, True, False)
    """
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def url_of(host: str, listening: socket.socket) -> str:
    return f"http://{shown(host)}:{listening.getsockname()[1]}/"


def shown(host: str) -> str:
    return f"[{host}]" if ":" in host else host
