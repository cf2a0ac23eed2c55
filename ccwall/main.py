"""The composition root: the one place where engine, sources, hub and web meet, and where they are started and stopped."""

import asyncio
import contextlib
import ipaddress
import os
import socket
import ssl
import sys
import webbrowser
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from itertools import chain, count
from math import ceil, floor
from pathlib import Path

import msgspec

from ccwall import __version__
from ccwall.access import Access, Key
from ccwall.clock import SystemClock
from ccwall.config import Config, Web, is_zone, load
from ccwall.errors import CcwallError, ConfigError, TranscriptError
from ccwall.events import Principal, SourceId
from ccwall.house import House
from ccwall.lifetime import Job, log_to_stderr, run, until_stopped
from ccwall.offline import Outcome, Performance
from ccwall.replay import Player, ReplayClock, follow, pace
from ccwall.stage import observer
from ccwall.transcript import Record, Transcript, read
from ccwall_simulators import rounds

FIRST_PORT, PORTS = 8800, 100
AT_ONCE = 200
"""Records of a replay that are played before others have their turn: some milliseconds."""

Say = Callable[[str], None]


# ── serve ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def serve(config: Config, say: Say, verbose: bool = False) -> None:
    """The wall of a configuration, until it is told to stop."""
    guard(config)
    log_to_stderr(verbose)
    house = House(config, SystemClock())
    house.begin()
    web = config.web
    keys = [Key.of(web.token, Principal(id="display", role="display"))]
    if web.staff_token:
        keys.append(Key.of(web.staff_token, Principal(id="staff", role="manager")))
    access = Access(keys, clock=house.clock, hosts=(web.host, *web.hosts))
    listening = _listen(web.host, web.port)
    scheme = "https" if web.tls_cert else "http"
    jobs = [(f"source: {source.name}", house.supervise(source).run()) for source in config.sources]

    async def welcome() -> None:
        say(
            f"ccwall {__version__}: the wall is at {scheme}://{_shown(web.host)}:{web.port}/?token=…   (Ctrl-C stops)"
        )

    run(_together(house, access, listening, jobs, welcome, web))


def guard(config: Config) -> None:
    """Refuse what would show callers to the network."""
    web, mistakes = config.web, []
    if not web.token:
        text = 'is missing: without it anyone could look. Write token = { env = "WALL_TOKEN" } (ccwall demo needs none)'
        mistakes.append(("web.token", text))
    if not loopback(web.host) and not web.tls_cert:
        text = f"{web.host} is reachable from the network, and without TLS callers' numbers and the token would be readable there: "
        mistakes.append(
            (
                "web.host",
                text + "set tls_cert and tls_key, or stay on 127.0.0.1 behind a proxy that speaks TLS",
            )
        )
    if not config.sources:
        mistakes.append(("source", "there is no [[source]], so there would be nothing to show"))
    if web.tls_cert and (problem := _tls_problem(web)):
        mistakes.append(("web.tls_cert", problem))
    if mistakes:
        raise ConfigError(config.file, mistakes)


def _tls_problem(web: Web) -> str:
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(web.tls_cert, web.tls_key)
    except (OSError, ssl.SSLError) as error:
        return f"cannot be used with {web.tls_key}: {error.strerror or error}"
    return ""


# ── demo ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def demo(
    *, host: str, port: int | None, browser: bool, speed: float, transcripts: Sequence[str], say: Say
) -> None:
    """A wall of recordings, played in a loop as if they were now."""
    log_to_stderr(False)
    paths = _recordings(transcripts)
    config = demo_configuration(shipped=not transcripts)
    access, listening = _open_house(host, port, say)
    house = House(config, SystemClock(rate=speed))
    house.begin("demo")
    jobs = [(f"demo: {protocol}", loop(house, config, names)) for protocol, names in paths.items()]
    url = _url(host, listening)

    async def welcome() -> None:
        what = "your recordings" if transcripts else "recorded from a live Asterisk"
        fast = "" if speed == 1 else f", {speed:g} times as fast"
        say(f"The wall is at {url}   (Ctrl-C stops)")
        say(f"It shows genuine traffic, {what}, played in a loop as if it were now{fast}.")
        if browser:
            await _open_browser(url)

    run(_together(house, access, listening, jobs, welcome))


def demo_configuration(shipped: bool = True) -> Config:
    """The demo floor, in the time zone of this machine."""
    config = load(rounds.configuration(), observe=True) if shipped else Config()
    return msgspec.structs.replace(config, site=msgspec.structs.replace(config.site, zone=_zone_here()))


async def loop(house: House, config: Config, names: Sequence[str]) -> None:
    """Play them one after the other for ever, each round at now, with ids of its own and a session of its own.

    Nothing says between two rounds that the source went away: to the floor the next one is a new snapshot.
    """
    for turn in count():
        with read(names[turn % len(names)]) as recording:
            source, session = observer(recording, config)
            player = Player(session, house.emit(source), recording.name)
            await pace(_as_if_now(recording, house, source, first=turn == 0), player, house.clock)
            player.finish()


def _as_if_now(recording: Transcript, house: House, source: SourceId, first: bool) -> Iterator[Record]:
    """The records, moved so that the first of them is now; the wall's age of the source moves with them."""
    shifts: dict[str, rounds.Shift] = {}
    seconds = 0
    for record in recording:
        if not shifts:
            # the first round may begin in the past by a part of a second, later ones not: time never goes back
            seconds = (floor if first else ceil)(house.clock.now() - record.t)
            shifts = {kind: rounds.Shift(record.t, seconds) for kind in ("rx", "tx")}
        body = record.body
        if record.event == "client-close":
            continue  # that the recorder left is no fact of the floor
        if record.kind == "rx":
            body = shifts["rx"].feed(body)
        elif record.kind == "tx":
            body = shifts["tx"].whole(body)
        yield msgspec.structs.replace(record, t=record.t + seconds, body=body)
        if record.kind == "rx":
            house.played[source] = record.t + seconds


def _recordings(transcripts: Sequence[str]) -> dict[str, list[str]]:
    """The files to play, by protocol; TranscriptError when one cannot be."""
    paths: list[Path] = [] if transcripts else list(rounds.shipped())
    for given in map(Path, transcripts):
        inside = sorted(given.glob("*.wire.ndjson*")) if given.is_dir() else [given]
        if not inside:
            raise TranscriptError(f"{given}: there is no *.wire.ndjson or *.wire.ndjson.gz in this folder")
        paths += inside
    found: dict[str, list[str]] = {}
    for path in paths:
        with read(path) as recording:
            observer(recording, Config())
            if next(iter(recording), None) is None:
                raise TranscriptError(f"{path}: has no records to play")
            found.setdefault(recording.header.protocol, []).append(str(path))
    return found


def _zone_here() -> str:
    """The machine's zone by its IANA name."""
    named = os.environ.get("TZ", "").removeprefix(":")
    with contextlib.suppress(OSError):
        named = named or str(Path("/etc/localtime").resolve()).partition("zoneinfo/")[2]
    with contextlib.suppress(OSError):
        named = named or Path("/etc/timezone").read_text(encoding="ascii", errors="replace").strip()
    return named if named and is_zone(named) else "Asia/Shanghai"


async def _open_browser(url: str) -> None:
    """Only where there is a screen: elsewhere Python would start a browser inside this terminal."""
    if sys.platform.startswith("linux") and not (
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    ):
        return
    await asyncio.to_thread(webbrowser.open, url)


# ── replay ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def replay(
    recording: Transcript,
    config: Config,
    source: str,
    rate: float | None,
    *,
    host: str,
    port: int | None,
    say: Say,
) -> Outcome:
    """Play a recording onto a wall; the wall stays when it is over, until it is told to stop."""
    clock = ReplayClock(1.0 if rate is None else rate)
    performance = Performance(recording, config, source)
    records = iter(recording)
    first = next(records, None)
    if first is None:
        raise TranscriptError(f"{recording.name}: has no records to show")
    clock.stand(first.t)
    performance.begin(first.t)
    access, listening = _open_house(host, port, say)
    house = House(config, clock, performance.engine)
    shown = _heard(chain([first], records), house, performance.staged.source)
    errors: list[CcwallError] = []

    async def welcome() -> None:
        say(f"The wall is at {_url(host, listening)}   (Ctrl-C stops)")
        try:
            if rate is None:
                await _hurry(shown, performance, clock)
            else:
                await follow(shown, performance, clock)
        except CcwallError as error:
            errors.append(error)
        say("The recording is over; the wall stays as it was (Ctrl-C ends it).")

    run(_together(house, access, listening, [], welcome))
    return performance.outcome(errors[0] if errors else None)


async def _hurry(records: Iterable[Record], performance: Performance, clock: ReplayClock) -> None:
    """All of it as fast as it goes; in between the wall is served, and Ctrl-C heard."""
    for number, record in enumerate(records):
        performance.play(record)
        if number % AT_ONCE == 0:
            clock.stand(performance.now)
            await asyncio.sleep(0)
    performance.finish()
    clock.stand(performance.now)


def _heard(records: Iterable[Record], house: House, source: SourceId) -> Iterator[Record]:
    """The records; the wall is told when each was played."""
    for record in records:
        yield record
        house.hub.touch()
        if record.kind == "rx":
            house.played[source] = record.t


# ── running ────────────────────────────────────────────────────────────────────────────────────────────────────────


async def _together(
    house: House,
    access: Access,
    listening: socket.socket,
    jobs: Sequence[Job],
    welcome: Callable[[], Awaitable[None]],
    web: Web | None = None,
) -> None:
    """Hub, web and jobs, until a signal; ``welcome`` when the web answers."""
    from ccwall_web.app import create_app
    from ccwall_web.server import WallServer, config

    web = Web() if web is None else web
    app = create_app(house.floor, house.hub, access)
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
        await welcome()

    async def farewell() -> None:
        server.should_exit = True

    await until_stopped([("hub", house.hub.run()), *jobs, ("welcome", greet())], serve_web(), farewell)


def _open_house(host: str, port: int | None, say: Say) -> tuple[Access, socket.socket]:
    """Everybody on this machine may look, nobody else can."""
    if not loopback(host):
        text = "is not a loopback address, and here nobody must log in: leave it out, or use ccwall serve with a token and TLS"
        raise ConfigError("--host", [(host or "''", text)])
    viewer = Principal(id="demo", role="lead")  # sees contacts, callers masked
    return Access(clock=SystemClock(), open_to=viewer), _listen(host, port, say)


def _listen(host: str, port: int | None, say: Say | None = None) -> socket.socket:
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


def _url(host: str, listening: socket.socket) -> str:
    return f"http://{_shown(host)}:{listening.getsockname()[1]}/"


def _shown(host: str) -> str:
    return f"[{host}]" if ":" in host else host
