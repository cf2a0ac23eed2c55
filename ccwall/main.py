"""The composition root: the one place where engine, sources, hub and web meet, and where they are started and stopped."""

import asyncio
import contextlib
import ipaddress
import logging
import os
import signal
import socket
import ssl
import sys
import webbrowser
from collections.abc import Awaitable, Callable, Coroutine, Iterator, Mapping, Sequence
from functools import partial
from itertools import count
from math import ceil, floor
from pathlib import Path

import msgspec
import structlog

from ccwall import __version__, registry
from ccwall.access import Access, Key
from ccwall.api import Floor
from ccwall.clock import Clock, SystemClock
from ccwall.config import SITE, Config, Source, Web, load
from ccwall.directory import ConfiguredDirectory
from ccwall.engine import Engine
from ccwall.errors import CcwallError, ConfigError, TranscriptError
from ccwall.events import AnyEvent, Principal, SourceId
from ccwall.hub import Hub
from ccwall.intake import Intake
from ccwall.offline import Outcome, Performance
from ccwall.replay import Player, ReplayClock, follow, pace
from ccwall.stage import apply_policy, observer
from ccwall.supervise import Emit, Supervisor
from ccwall.transcript import Header, Record, Transcript, Writer, read
from ccwall.transport import connect
from ccwall_simulators import rounds

FIRST_PORT, PORTS = 8800, 100
FLUSH_EVERY = 1.0

Say = Callable[[str], None]
Job = tuple[str, Coroutine[object, object, None]]


class House:
    """Everything behind one wall. ``clock`` is the floor's."""

    def __init__(self, config: Config, clock: Clock, engine: Engine | None = None) -> None:
        self.clock = clock
        self.engine = Engine(SITE) if engine is None else engine
        self.intake = Intake(SITE, self.engine.apply)
        self.supervisors: list[Supervisor] = []
        self.played: dict[str, float] = {}
        self.hub = Hub(clock, __version__, changes=lambda: self.engine.changes(clock.now()), heard=self.heard)
        self.floor = Floor(
            self.engine,
            clock,
            heard=self.heard,
            counts=self.counts,
            running=lambda: self.hub.running,
            version=__version__,
        )
        self._config = config

    def heard(self) -> Mapping[str, float]:
        """When each source last said anything."""
        live: dict[str, float] = {
            each.name: each.health.heard for each in self.supervisors if each.health.heard is not None
        }
        return {**self.played, **live}

    def counts(self) -> Mapping[str, Mapping[str, int]]:
        return {each.name: each.counts for each in self.supervisors}

    def begin(self) -> None:
        """The first fact: what is configured."""
        apply_policy(self.intake, self._config, self.clock.now())

    def emit(self, source: SourceId) -> Emit:
        """Where the facts of a source go."""

        def emit(events: Sequence[AnyEvent], now: float) -> None:
            self.intake.take(source, events, now)
            self.hub.touch()

        return emit

    def supervise(self, source: Source) -> Supervisor:
        adapter = registry.adapters()[source.type]
        directory = ConfiguredDirectory(source.name, self._config)
        supervisor = Supervisor(
            source.name,
            adapter.session(source.settings, directory, "live"),
            partial(connect, source.address),
            self.emit(source.name),
            self.clock,
        )
        self.supervisors.append(supervisor)
        return supervisor


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
    say(
        f"ccwall {__version__}: the wall is at {scheme}://{_shown(web.host)}:{web.port}/?token=… (Ctrl-C stops)"
    )
    run(_together(house, access, listening, jobs, web))


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
    paths = _recordings(transcripts)
    config = demo_configuration(shipped=not transcripts)
    access, listening = _open_house(host, port, say)
    house = House(config, SystemClock(rate=speed))
    house.begin()
    jobs = [(f"demo: {protocol}", loop(house, config, names)) for protocol, names in paths.items()]
    url = f"http://{_shown(host)}:{listening.getsockname()[1]}/"
    what = "recorded from a live Asterisk" if not transcripts else "your recordings"
    say(f"The wall is at {url}   (Ctrl-C stops)")
    say(
        f"It shows genuine traffic, {what}, played in a loop as if it were now{'' if speed == 1 else f', {speed:g} times as fast'}."
    )
    if browser:
        jobs.append(("browser", _open_browser(url)))
    run(_together(house, access, listening, jobs))


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
    from ccwall.config import is_zone

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
    access, listening = _open_house(host, port, say)
    house = House(config, clock, performance.engine)
    errors: list[CcwallError] = []

    async def play() -> None:
        try:
            if rate is None:
                for record in recording:
                    performance.play(record)
                clock.stop(performance.now)
                performance.finish()
            else:
                await follow(_heard(recording, house, performance), performance, clock)
        except CcwallError as error:
            errors.append(error)
            say(str(error))
        house.hub.touch()
        say("The recording is over; the wall stays as it was (Ctrl-C ends it).")

    say(f"The wall is at http://{_shown(host)}:{listening.getsockname()[1]}/   (Ctrl-C stops)")
    run(_together(house, access, listening, [("replay", play())]))
    return performance.outcome(errors[0] if errors else None)


def _heard(recording: Transcript, house: House, performance: Performance) -> Iterator[Record]:
    for record in recording:
        yield record
        house.hub.touch()
        if record.kind == "rx":
            house.played[performance.staged.source] = record.t


# ── record ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def record(source: Source, out: Path, say: Say) -> None:
    """Write what a live source says, and what we ask it, until Ctrl-C."""
    log_to_stderr(False)
    adapter = registry.adapters()[source.type]
    try:
        writer = Writer(
            out, Header(wire=1, protocol=adapter.protocol, client=f"ccwall {__version__}"), source.secrets
        )
    except OSError as error:
        raise ConfigError("--out", [(str(out), f"cannot be written: {error.strerror}")]) from None
    clock = SystemClock()
    session = adapter.session(source.settings, ConfiguredDirectory(source.name, Config()), "live")
    supervisor = Supervisor(
        source.name, session, partial(connect, source.address), lambda _events, _now: None, clock, tap=writer
    )

    async def watch() -> None:
        while supervisor.health.condition not in {"refused", "failed"}:
            await clock.sleep(FLUSH_EVERY)
            writer.flush()
        raise CcwallError(f"{source.address}: {supervisor.health.error}")

    say(f"Recording {source.address} into {out}   (Ctrl-C ends it)")
    try:
        run(_until_stopped([("record", supervisor.run()), ("flush", watch())]))
    finally:
        writer.close()
        say(f"{out}: {writer.records} records")


# ── running ────────────────────────────────────────────────────────────────────────────────────────────────────────


def run(work: Coroutine[object, object, None]) -> None:
    """The event loop, uvloop where there is one; an expected error comes out as itself."""
    try:
        import uvloop
    except ImportError:
        factory: Callable[[], asyncio.AbstractEventLoop] = asyncio.new_event_loop
    else:
        factory = uvloop.new_event_loop
    try:
        with asyncio.Runner(loop_factory=factory) as runner:
            runner.run(work)
    except* CcwallError as group:
        first: BaseException = group
        while isinstance(first, BaseExceptionGroup):
            first = first.exceptions[0]
        raise first from None


async def _together(
    house: House, access: Access, listening: socket.socket, jobs: Sequence[Job], web: Web | None = None
) -> None:
    """Hub, web and jobs, until a signal."""
    from ccwall_web.app import create_app
    from ccwall_web.server import WallServer, config

    web = Web() if web is None else web
    app = create_app(house.floor, house.hub, access)

    class Server(WallServer):
        @contextlib.contextmanager
        def capture_signals(self) -> Iterator[None]:
            yield  # they are ours

    server = Server(config(app, tls_cert=web.tls_cert, tls_key=web.tls_key), house.hub)

    async def serve_web() -> None:
        await server.serve(sockets=[listening])

    async def farewell() -> None:
        server.should_exit = True

    await _until_stopped([("hub", house.hub.run()), *jobs], serve_web(), farewell)


async def _until_stopped(
    jobs: Sequence[Job],
    last: Coroutine[object, object, None] | None = None,
    farewell: Callable[[], Awaitable[None]] | None = None,
) -> None:
    """Run the jobs until SIGINT or SIGTERM; then ``farewell``, wait for ``last`` to end, and cancel what still runs."""
    stop = asyncio.Event()
    running = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        running.add_signal_handler(number, stop.set)
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(work, name=name) for name, work in jobs]
            end = group.create_task(last, name="web") if last is not None else None
            await stop.wait()
            if farewell is not None:
                await farewell()
            if end is not None:
                await end
            for task in tasks:
                task.cancel()
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            running.remove_signal_handler(number)


def _open_house(host: str, port: int | None, say: Say) -> tuple[Access, socket.socket]:
    """Everybody on this machine may look, nobody else can."""
    if not loopback(host):
        text = f"{host} is not a loopback address, and here nobody must log in: leave it out, or use ccwall serve with a token and TLS"
        raise ConfigError("--host", [("host", text)])
    viewer = Principal(id="demo", role="manager")
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


def _shown(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def log_to_stderr(verbose: bool) -> None:
    """One line an event, coloured on a terminal."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty()),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.DEBUG if verbose else logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
