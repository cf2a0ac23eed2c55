"""`ccwall simulate`: a simulated switch alone, for whatever wants to connect to it."""

import asyncio
import signal
import socket
import sys

import msgspec

from ccwall.access import Access
from ccwall.clock import SystemClock
from ccwall.errors import CcwallError, ConfigError
from ccwall.events import Principal
from ccwall.lifetime import log_to_stderr, run, until_stopped
from ccwall.main.practising import PRODUCTS, Simulated, Wanted, plan, switch
from ccwall.main.running import Say, listen, loopback, shown
from ccwall_simulators import keys
from ccwall_simulators.practice import HEAL, HEAL_KEY
from ccwall_simulators.server import BY_NAME, FAULTS

DEFAULT_SECRET = "practice"
QUIT_KEY = "q"
CONTROL_HOST = "127.0.0.1"


def simulate(wanted: Wanted, *, control: int | None, say: Say) -> None:
    """One simulated switch, until it is told to stop."""
    log_to_stderr(False)
    if not loopback(wanted.host) and not wanted.secret:
        text = f"is missing: {wanted.host} can be reached from the network, and the usual one is in the documentation"
        raise ConfigError("ccwall simulate", [("--secret", text)])
    wanted = msgspec.structs.replace(wanted, secret=wanted.secret or DEFAULT_SECRET)
    clock = SystemClock()
    start = clock.now()
    scenario = plan(wanted.scenario)
    simulated = switch(scenario, wanted, start)
    listening = _control(control)
    jobs = simulated.jobs(lambda: start + (clock.now() - start) * wanted.speed)
    jobs.append(("welcome", _welcome(simulated, wanted, scenario.key, listening, say)))
    if listening is not None:
        jobs.append(("control", _serve_control(simulated, listening)))
    if keys.available(sys.stdin.fileno()):
        jobs.append(("keys", _keys(simulated, say)))
    run(until_stopped(jobs))


async def _welcome(
    simulated: Simulated, wanted: Wanted, scenario: str, control: socket.socket | None, say: Say
) -> None:
    await simulated.server.ready.wait()
    fast = "" if wanted.speed == 1 else f", {wanted.speed:g} times as fast as real"
    say(
        f"{simulated.product}, simulated (scenario {scenario}, seed {wanted.seed}{fast}), listens at "
        f"tcp://{shown(wanted.host)}:{simulated.server.port}   (Ctrl-C stops)"
    )
    secret = f'secret "{DEFAULT_SECRET}"' if wanted.secret == DEFAULT_SECRET else "the secret you gave"
    say(PRODUCTS[wanted.product].login.format(username=wanted.username, secret=secret))
    if control is not None:
        say(f"Break it at http://{CONTROL_HOST}:{control.getsockname()[1]}/practice")


def _control(port: int | None) -> socket.socket | None:
    if port is None:
        return None
    try:
        return listen(CONTROL_HOST, port)
    except CcwallError as error:
        raise CcwallError(str(error).replace("--port or [web] port", "--control")) from None


async def _serve_control(simulated: Simulated, listening: socket.socket) -> None:
    """The practice API for everybody on this machine."""
    from ccwall_web.practice import create_practice_app, serve

    access = Access(clock=SystemClock(), open_to=Principal(id="practice", role="lead"))
    await serve(create_practice_app(simulated.practice, access), listening)


async def _keys(simulated: Simulated, say: Say) -> None:
    await simulated.server.ready.wait()
    say(help_line())

    def press(key: str) -> None:
        if key == QUIT_KEY:
            signal.raise_signal(signal.SIGINT)
        elif name := simulated.practice.key(key):
            say(_told(simulated, name))
        elif key.isprintable() and not key.isspace():
            say(help_line())

    with keys.pressed(sys.stdin.fileno(), press):
        await asyncio.Event().wait()


def help_line() -> str:
    """
    >>> help_line()[:29]
    'c cut · x reset · h half-open'
    """
    meanings = [(fault.key, fault.name) for fault in FAULTS] + [(HEAL_KEY, HEAL), (QUIT_KEY, "quit")]
    return " · ".join(f"{key} {name.replace('_', '-')}" for key, name in meanings)


def _told(simulated: Simulated, name: str) -> str:
    said = name.replace("_", "-")
    left = simulated.server.left(BY_NAME[name].name) if name in BY_NAME else None
    return f"{said} for {left:.0f} s" if left else said
