"""`ccwall simulate`: something simulated alone, for whatever wants to connect to it."""

import asyncio
import signal
import socket
import sys
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import msgspec

from ccwall.access import Access
from ccwall.clock import SystemClock
from ccwall.errors import CcwallError, ConfigError
from ccwall.events import Principal
from ccwall.lifetime import log_to_stderr, run, until_stopped
from ccwall.main import furniture, serial_things
from ccwall.main.practising import PRODUCTS, Simulated, Thing, Wanted, floor_of, plan, switch
from ccwall.main.running import Say, listen, loopback
from ccwall_simulators import keys
from ccwall_simulators.breaking import HEAL, HEAL_KEY, Breakable, Together, Unknown
from ccwall_simulators.practice import Practices

if TYPE_CHECKING:
    from ccwall_simulators.callcentre import CallCentre, Scenario

DEFAULT_SECRET = "practice"
QUIT_KEY = "q"
CONTROL_HOST = "127.0.0.1"
THINGS: "Mapping[str, Callable[[Scenario, Wanted, CallCentre, furniture.Now], Thing]]" = {
    "sip": furniture.Phones,
    "mqtt": furniture.Desks,
    "headset": serial_things.Headset,
    "whozz": serial_things.Whozz,
    "modem": serial_things.Modem,
    "smdr": serial_things.Printer,
}
"""What is no switch; those are `PRODUCTS`."""


def simulate(wanted: Wanted, *, control: int | None, say: Say) -> None:
    """It alone, until it is told to stop."""
    log_to_stderr(False)
    if not loopback(wanted.host) and not wanted.secret:
        text = f"is missing: {wanted.host} can be reached from the network, and the usual one is in the documentation"
        raise ConfigError("ccwall simulate", [("--secret", text)])
    wanted = msgspec.structs.replace(wanted, secret=wanted.secret or DEFAULT_SECRET)
    listening = _control(control)
    clock = SystemClock()
    start = clock.now()
    scenario = plan(wanted.scenario)
    wanted = msgspec.structs.replace(wanted, scenario=scenario.key)

    def now() -> float:
        return start + (clock.now() - start) * wanted.speed

    thing: Thing = (
        switch(scenario, wanted, start)
        if wanted.product in PRODUCTS
        else THINGS[wanted.product](scenario, wanted, floor_of(scenario, wanted.seed, start), now)
    )
    run(_live(thing, wanted, now, listening, say))


async def _live(
    thing: Thing, wanted: Wanted, now: Callable[[], float], listening: socket.socket | None, say: Say
) -> None:
    try:
        await thing.begin()
        jobs = thing.jobs(now)
        jobs.append(("welcome", _welcome(thing, wanted, listening, say)))
        if listening is not None:
            jobs.append(("control", _serve_control(thing, wanted, listening)))
        if keys.available(sys.stdin.fileno()):
            jobs.append(("keys", _keys(thing, wanted.product, say)))
        await until_stopped(jobs)
    finally:
        await thing.end()


async def _welcome(thing: Thing, wanted: Wanted, control: socket.socket | None, say: Say) -> None:
    await thing.ready()
    fast = "" if wanted.speed == 1 else f", {wanted.speed:g} times as fast as real"
    say(
        f"{thing.product}, simulated (scenario {wanted.scenario}, seed {wanted.seed}{fast}), {thing.stands} "
        f"{thing.where}   (Ctrl-C stops)"
    )
    secret = f'secret "{DEFAULT_SECRET}"' if wanted.secret == DEFAULT_SECRET else "the secret you gave"
    say(thing.login.format(secret=secret))
    say("A ccwall reads it with:\n\n" + "".join(f"  {line}\n" for line in thing.source().splitlines()))
    if control is not None:
        say(f"Break it at http://{CONTROL_HOST}:{control.getsockname()[1]}/practice")


def _control(port: int | None) -> socket.socket | None:
    if port is None:
        return None
    try:
        return listen(CONTROL_HOST, port)
    except CcwallError as error:
        raise CcwallError(str(error).replace("--port or [web] port", "--control")) from None


async def _serve_control(thing: Thing, wanted: Wanted, listening: socket.socket) -> None:
    """The practice API for everybody on this machine."""
    from ccwall_web.practice import create_practice_app, serve

    access = Access(clock=SystemClock(), open_to=Principal(id="practice", role="lead"))
    about = {"scenario": wanted.scenario, "seed": wanted.seed}
    practice = Practices(_things(thing, wanted.product), about=about)
    await serve(create_practice_app(practice, access), listening)


def _things(thing: Thing, name: str) -> dict[str, Breakable]:
    """It, and of a switch those who call it."""
    things: dict[str, Breakable] = {name: thing.practice}
    return {**things, "callers": thing.callers(name)} if isinstance(thing, Simulated) else things


async def _keys(thing: Thing, name: str, say: Say) -> None:
    await thing.ready()
    practice = Together(*_things(thing, name).values())
    helps = help_line(practice)
    say(helps)

    def press(key: str) -> None:
        try:
            name = practice.key(key)
        except Unknown as error:
            say(f"not done: {error}")
            return
        if key == QUIT_KEY:
            signal.raise_signal(signal.SIGINT)
        elif name:
            say(_told(practice, name))
        elif key.isprintable() and not key.isspace():
            say(helps)

    with keys.pressed(sys.stdin.fileno(), press):
        await asyncio.Event().wait()


def help_line(practice: Breakable) -> str:
    meanings = {**practice.menu(), HEAL_KEY: HEAL, QUIT_KEY: "quit"}
    return " · ".join(f"{key} {name.replace('_', '-')}" for key, name in meanings.items())


def _told(practice: Breakable, name: str) -> str:
    said = name.replace("_", "-")
    if about := practice.about(name):
        said = f"{said}: {about},"
    left = practice.left(name)
    return f"{said} for {left:.0f} s" if left else said.rstrip(",")
