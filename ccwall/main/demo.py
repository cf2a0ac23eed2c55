"""`ccwall demo`: a simulated call centre on this machine, everything in it on a wire of its own, and its wall."""

import asyncio
import os
import secrets
import sys
import tomllib
import webbrowser
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING

import msgspec

from ccwall.clock import SystemClock
from ccwall.config import HOUSE, Config, Source, read
from ccwall.events import SourceId
from ccwall.house import House
from ccwall.lifetime import log_to_stderr, run
from ccwall.main import recordings
from ccwall.main.accounts import personas
from ccwall.main.asking import Askers
from ccwall.main.day_before import Behind, day_before
from ccwall.main.leading import Leading
from ccwall.main.practising import Wanted, plan, switch
from ccwall.main.robots import told_by_robots
from ccwall.main.rota import register, rota
from ccwall.main.running import Say, open_house, together, url_of
from ccwall.main.whole_floor import WholeFloor
from ccwall_simulators.practice import Practices

if TYPE_CHECKING:
    from ccwall_simulators.callcentre import Scenario

SOURCE = "pbx1"
FIRST_PORT, FIRST_ESL_PORT, FIRST_CSTA_PORT = 15038, 18021, 16001
"""Of the demo's own switches: below the ports that systems give to connections by themselves."""
PORTS = 100


def demo(
    *,
    host: str,
    port: int | None,
    browser: bool,
    speed: float,
    transcripts: Sequence[str],
    scenario: str,
    seed: int,
    say: Say,
) -> None:
    """A wall: of a whole simulated floor, of one switch on the floor of a scenario, or of recordings."""
    welcomed = _open_browser if browser else _leave_it
    if transcripts:
        recordings.play(
            host=host, port=port, speed=speed, transcripts=transcripts, say=say, welcomed=welcomed
        )
    elif scenario:
        _simulated(host, port, speed, Wanted(scenario=scenario, seed=seed, speed=speed), say, welcomed)
    else:
        _whole(host, port, speed, seed, say, welcomed)


def _whole(
    host: str,
    port: int | None,
    speed: float,
    seed: int,
    say: Say,
    welcomed: Callable[[str], Awaitable[None]],
) -> None:
    log_to_stderr(False)
    clock = SystemClock(rate=speed)
    access, listening = open_house(host, port, say, role="supervisor")
    wanted = Wanted(scenario="", seed=seed, speed=speed, secret=secrets.token_hex(16), steady=True)
    ports = [range(first, first + PORTS) for first in (FIRST_PORT, FIRST_ESL_PORT, FIRST_CSTA_PORT)]
    url = url_of(host, listening)

    async def work() -> None:
        floor = WholeFloor(wanted, clock.now(), clock.now, ports)
        try:
            await floor.begin()
            async with told_by_robots(floor.configuration(recordings.zone_here())) as config:
                house = House(config, clock)
                house.begin("demo")
                floors = [
                    Behind(SourceId(name), each.scenario, each.wanted.product)
                    for name, each in floor.switches.items()
                ]
                house.engine.remember(*day_before(config, floors, seed, clock.now()))
                house.intake.take(
                    HOUSE, [*rota(config, clock.now()), *register(config, clock.now())], clock.now()
                )
                access.accounts = personas(config, SystemClock())

                async def source(each: Source) -> None:
                    await floor.ready()
                    await house.supervise(each).run()

                async def welcome() -> None:
                    fast = "" if speed == 1 else f", {speed:g} times as fast as real"
                    say(f"The wall is at {url}   (Ctrl-C stops)")
                    say(
                        f"It shows a simulated floor (seed {seed}{fast}): {'; '.join(floor.products)}; phones over SIP, seats and "
                        f"buttons over MQTT, {len(floor.headsets)} headsets on serial lines. Adapters, engine and wall are the real ones."
                    )
                    say(f"Break something at {url}practice and watch the wall.")
                    await welcomed(url)

                askers = Askers(house, floor.rest, config, SOURCE, seed)
                leading = Leading(house, config, seed)
                jobs = [*floor.jobs(), ("askers", askers.run()), ("leads", leading.run())]
                jobs += [*((f"source: {each.name}", source(each)) for each in config.sources)]
                await together(house, access, listening, jobs, welcome, practice=floor.practice())
        finally:
            await floor.end()

    run(work())


def _simulated(
    host: str,
    port: int | None,
    speed: float,
    wanted: Wanted,
    say: Say,
    welcomed: Callable[[str], Awaitable[None]],
) -> None:
    log_to_stderr(False)
    clock = SystemClock(rate=speed)
    scenario = plan(wanted.scenario)
    access, listening = open_house(
        host, port, say, role="supervisor"
    )  # nobody here is real: show the health page
    secret = secrets.token_hex(16)
    simulated = switch(
        scenario,
        msgspec.structs.replace(
            wanted, secret=secret, ports=range(FIRST_PORT, FIRST_PORT + PORTS), steady=True
        ),
        clock.now(),
    )
    config = configuration(scenario, simulated.server.port, simulated.username, secret)
    house = House(config, clock)
    house.begin("demo")
    house.engine.remember(*day_before(config, [Behind(SourceId(SOURCE), scenario)], wanted.seed, clock.now()))
    access.accounts = personas(config, SystemClock())

    async def source() -> None:
        await simulated.server.ready.wait()
        await house.supervise(config.sources[0]).run()

    jobs = [*simulated.jobs(clock.now), (f"source: {SOURCE}", source())]
    url = url_of(host, listening)

    async def welcome() -> None:
        fast = "" if speed == 1 else f", {speed:g} times as fast as real"
        say(f"The wall is at {url}   (Ctrl-C stops)")
        say(
            f"It shows {simulated.product}, simulated (scenario {scenario.key}, seed {wanted.seed}{fast}); "
            "adapter, engine and wall are the real ones."
        )
        say(f"Break something at {url}practice and watch the wall.")
        await welcomed(url)

    practice = Practices({SOURCE: simulated.practice, "callers": simulated.callers(SOURCE)})
    run(together(house, access, listening, jobs, welcome, practice=practice))


def configuration(scenario: "Scenario", port: int, username: str, secret: str) -> Config:
    """The floor of a scenario, in the time zone of this machine."""
    text = scenario.configuration(source=SOURCE, url=f"tcp://127.0.0.1:{port}")
    config = read(tomllib.loads(text), scenario.key, "", observe=True)
    source = config.sources[0]
    settings = msgspec.structs.replace(source.settings, username=username, secret=secret)
    return msgspec.structs.replace(
        config,
        site=msgspec.structs.replace(config.site, zone=recordings.zone_here()),
        sources=(msgspec.structs.replace(source, settings=settings, secrets=(secret,)),),
    )


async def _leave_it(url: str) -> None:
    """The browser is somebody else's to open."""


async def _open_browser(url: str) -> None:
    """Only where there is a screen: elsewhere Python would start a browser inside this terminal."""
    if sys.platform.startswith("linux") and not (
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    ):
        return
    await asyncio.to_thread(webbrowser.open, url)
