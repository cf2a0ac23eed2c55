"""The command line. Each command imports what it needs when it runs, so that the small ones start at once.

Exit codes: 0 done, 1 it went wrong on the way, 2 what was given is wrong (options, configuration, recording).
"""

import functools
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated, ParamSpec

import typer

from ccwall import __version__
from ccwall.errors import CcwallError, ConfigError, TranscriptError

if TYPE_CHECKING:
    from ccwall.config import Config
    from ccwall.transcript import Transcript

FAILED, WRONG_INPUT, INTERRUPTED = 1, 2, 130
Parameters = ParamSpec("Parameters")

app = typer.Typer(
    name="ccwall",
    help="Real-time wallboard and CTI event processor for contact centres.",
    epilog="Begin with: ccwall demo",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,  # it would eat [[source]]
    pretty_exceptions_enable=False,  # a traceback must never print secrets among its locals
    context_settings={"help_option_names": ["-h", "--help"]},
)

ConfigOption = Annotated[
    Path | None, typer.Option("--config", "-c", metavar="FILE", help="The configuration, one TOML file.")
]
RecordingArgument = Annotated[
    str,
    typer.Argument(metavar="FILE", help="A recording (.wire.ndjson, gzipped or not); - is standard input."),
]
SourceOption = Annotated[
    str,
    typer.Option(
        "--source", metavar="NAME", help="Which configured source this is; needed when several fit."
    ),
]


def say(text: str) -> None:
    """One line for people, on standard error."""
    typer.echo(text, err=True)


def guarded(command: Callable[Parameters, None]) -> Callable[Parameters, None]:
    """Turn every expected error into one clear message and an exit code."""

    @functools.wraps(command)
    def run(*args: Parameters.args, **kwargs: Parameters.kwargs) -> None:
        try:
            command(*args, **kwargs)
            sys.stdout.flush()
        except (ConfigError, TranscriptError) as error:
            say(str(error))
            raise typer.Exit(WRONG_INPUT) from None
        except CcwallError as error:
            say(str(error))
            raise typer.Exit(FAILED) from None
        except BrokenPipeError:
            _let_go_of_output()  # who read it has enough
        except KeyboardInterrupt:
            raise typer.Exit(INTERRUPTED) from None

    return run


def _let_go_of_output() -> None:
    """What is still to be flushed goes nowhere: the interpreter must not complain at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"ccwall {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    pass


# ── what runs for ever ─────────────────────────────────────────────────────────────────────────────────────────────


@app.command(short_help="Read the configured sources and serve the wall.")
@guarded
def serve(
    config: ConfigOption = None,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Log every attempt to connect.")] = False,
) -> None:
    """Read the sources of a configuration and serve the wall, for ever.

    \b
    Example:
      ccwall serve -c /etc/ccwall.toml
    """
    if config is None:
        raise ConfigError("ccwall serve", [("-c", f"is missing. {SMALLEST_CONFIG}")])
    from ccwall import main as composition
    from ccwall.config import load

    composition.serve(load(config), say, verbose)


@app.command(short_help="Show a wall at once, of a simulated call centre you may break.")
@guarded
def demo(
    port: Annotated[
        int | None,
        typer.Option(min=1, max=65535, metavar="PORT", help="[default: the first free one from 8800]"),
    ] = None,
    host: Annotated[
        str, typer.Option(metavar="HOST", help="Loopback only: the demo asks for no log-in.")
    ] = "127.0.0.1",
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Do not open a browser.")] = False,
    speed: Annotated[
        float, typer.Option(min=0.1, max=100, metavar="N", help="Floor seconds per real second.")
    ] = 1.0,
    scenario: Annotated[
        str,
        typer.Option(
            metavar="NAME|FILE",
            help="A simulated Asterisk alone, with this kind of day.  [default: a whole floor]",
        ),
    ] = "",
    seed: Annotated[
        int, typer.Option(min=0, metavar="N", help="The same seed gives the same floor again.")
    ] = 1,
    transcript: Annotated[
        list[str] | None,
        typer.Option(
            "--transcript",
            metavar="FILE|DIR|shipped",
            help="Play genuine recordings in a loop instead; repeatable. shipped: those that come with ccwall.",
        ),
    ] = None,
) -> None:
    """Show a wall at once: a simulated floor, everything on it on a wire of its own, and ccwall reading it.

    \b
    Examples:
      ccwall demo
      ccwall demo --speed 5 --port 9000
      ccwall demo --scenario monday_peak --seed 7
      ccwall demo --transcript shipped
      ccwall demo --transcript monday.wire.ndjson.gz
    """
    from ccwall import main as composition

    composition.demo(
        host=host,
        port=port,
        browser=not no_browser,
        speed=speed,
        transcripts=transcript or [],
        scenario=scenario,
        seed=seed,
        say=say,
    )


# ── configuration ──────────────────────────────────────────────────────────────────────────────────────────────────


@app.command(short_help="Say everything that is wrong in a configuration.")
@guarded
def check(
    file: Annotated[Path | None, typer.Argument(metavar="FILE", help="The configuration to check.")] = None,
    config: ConfigOption = None,
    recordings: Annotated[
        bool, typer.Option("--recordings", help="For decode and replay only: no web, no log-ins.")
    ] = False,
) -> None:
    """Say everything that is wrong in a configuration, or what is in it.

    A path like source[1].url is the url of the first [[source]]. Exit code 2 when anything is wrong, also what
    only ccwall serve would refuse. A file with [edge] is that of ccwall edge.

    \b
    Example:
      ccwall check /etc/ccwall.toml
    """
    chosen = file or config
    if chosen is None:
        raise ConfigError("ccwall check", [("FILE", "is missing: say which configuration to check")])
    from ccwall.config import load
    from ccwall.edge import config as edge_file
    from ccwall.transport.ports import unstable

    if edge_file.is_edge(chosen):
        typer.echo(edge_file.described(edge_file.load(chosen)))
        return
    found = load(chosen, observe=recordings)
    if not recordings:
        from ccwall.main import guard

        guard(found)
    typer.echo(f"{chosen}: OK")
    for source in found.sources:
        typer.echo(f"  source {source.name}: {source.type} at {source.address}")
        if advice := unstable(source.address):
            typer.echo(f"    {advice}")
    seats = f", {_count(len(found.seats), 'seat')}" if found.seats else ""
    typer.echo(
        f"  {_count(len(found.queues), 'queue')}, {_count(len(found.agents), 'agent')}{seats}, zone {found.site.zone}"
    )
    if found.roster:
        typer.echo(f"  roster {found.roster}")


# ── recordings ─────────────────────────────────────────────────────────────────────────────────────────────────────


@app.command(short_help="Print the events in a recording, one JSON object a line.")
@guarded
def decode(file: RecordingArgument, config: ConfigOption = None, source: SourceOption = "") -> None:
    """Print the normalised events in a recording, one JSON object a line.

    \b
    Example:
      ccwall decode monday.wire.ndjson.gz | grep contact.abandoned
    """
    from ccwall.stage import decode as decode_recording

    found = _observing(config)
    with _opened(file, progress=not sys.stdout.isatty()) as recording:
        decode_recording(recording, found, sys.stdout.buffer, source)


@app.command(short_help="Say what a recording comes to: numbers and visits.")
@guarded
def replay(
    file: RecordingArgument,
    config: ConfigOption = None,
    source: SourceOption = "",
    speed: Annotated[
        str, typer.Option(metavar="N|max", help="Times real time. [default: max; with --serve 1]")
    ] = "",
    serve: Annotated[bool, typer.Option("--serve", help="Show the wall while it plays.")] = False,
    host: Annotated[
        str, typer.Option(metavar="HOST", help="With --serve: loopback only, there is no log-in.")
    ] = "127.0.0.1",
    port: Annotated[
        int | None,
        typer.Option(
            min=1, max=65535, metavar="PORT", help="With --serve. [default: the first free one from 8800]"
        ),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print counters and metrics per queue as JSON.")
    ] = False,
    contacts: Annotated[
        str,
        typer.Option(
            "--contacts", metavar="OUT", help="Write one NDJSON line per visit; - is standard output."
        ),
    ] = "",
) -> None:
    """Play a recording through adapter and engine, and say what it comes to.

    \b
    Examples:
      ccwall replay monday.wire.ndjson.gz --json
      ccwall replay monday.wire.ndjson.gz --contacts visits.ndjson
      ccwall replay monday.wire.ndjson.gz --serve --speed 10
    """
    rate = _rate(speed, 1.0 if serve else None)
    found = _observing(config)
    with _opened(file, progress=not serve) as recording, _output(contacts, unlike=file) as out:
        from ccwall import offline

        if serve:
            from ccwall import main as composition

            outcome = composition.replay(recording, found, source, rate, host=host, port=port, say=say)
        else:
            outcome = offline.replay(recording, found, source, rate)
        if out is not None:
            offline.write_visits(outcome.contacts, out)
        if as_json:
            offline.write_summary(outcome, sys.stdout.buffer)
        elif out is None and not serve:
            typer.echo(offline.table(outcome))
        if recording.backwards:
            say(f"{file}: out of order of time: {_count(recording.backwards, 'record')}")
        if outcome.error is not None:
            raise outcome.error


@app.command(short_help="Record a live source until Ctrl-C.")
@guarded
def record(
    out: Annotated[
        Path, typer.Option("--out", "-o", metavar="FILE", help="The new recording, *.wire.ndjson.gz.")
    ],
    url: Annotated[str, typer.Option(metavar="URL", help="Where the source is: tcp://host:5038")] = "",
    kind: Annotated[str, typer.Option("--type", metavar="TYPE", help="The adapter, e.g. asterisk-ami.")] = "",
    user: Annotated[str, typer.Option(metavar="NAME", help="Who logs in.")] = "",
    secret_env: Annotated[
        str, typer.Option(metavar="NAME", help="The environment variable that has the secret.")
    ] = "",
    config: ConfigOption = None,
    source: SourceOption = "",
) -> None:
    """Record a live source, both directions, until Ctrl-C. Secrets are starred out; the file is yours alone.

    \b
    Examples:
      ccwall record -c ccwall.toml --source pbx1 -o monday.wire.ndjson.gz
      ccwall record --url tcp://pbx:5038 --type asterisk-ami \\
          --user wall --secret-env AMI_SECRET -o monday.wire.ndjson.gz
    """
    from ccwall import recorder

    if config is not None:
        from ccwall.config import load

        chosen = recorder.configured(load(config), source)
    else:
        chosen = recorder.from_options(url=url, kind=kind, user=user, secret_env=secret_env)
    recorder.record(chosen, out, say)


# ── shared ─────────────────────────────────────────────────────────────────────────────────────────────────────────

SMALLEST_CONFIG = """To see a wall now: ccwall demo
The smallest configuration, then: AMI_SECRET=… WALL_TOKEN=… ccwall serve -c ccwall.toml

[web]
token = { env = "WALL_TOKEN" }

[[source]]
name = "pbx1"
type = "asterisk-ami"
url = "tcp://pbx.example:5038"
username = "wallboard"
secret = { env = "AMI_SECRET" }
"""


def _observing(file: Path | None) -> "Config":
    """A configuration to look at recordings with: its secrets are not needed."""
    from ccwall.config import Config, load

    return Config() if file is None else load(file, observe=True)


def _rate(speed: str, default: float | None) -> float | None:
    """Times real time; None is as fast as it goes."""
    if speed in {"", "max"}:
        return None if speed else default
    with suppress(ValueError):
        rate = float(speed.removesuffix("x"))
        if 0 < rate <= 1000:
            return rate
    raise typer.BadParameter(
        f"{speed!r} is neither max nor a number from above 0 to 1000", param_hint="--speed"
    )


@contextmanager
def _opened(file: str, progress: bool) -> Iterator["Transcript"]:
    """The recording; with a bar for people who wait at a terminal."""
    from ccwall.transcript import read

    with read(file) as recording:
        if not (progress and sys.stderr.isatty()):
            yield recording
            return
        from rich.console import Console
        from rich.progress import Progress

        bar = Progress(console=Console(stderr=True), transient=True)
        task = bar.add_task(f"reading {Path(file).name}", total=1.0)

        def notice(done: float) -> None:
            bar.update(task, completed=done)
            if done >= 1.0:
                bar.stop()

        recording.notice = notice
        bar.start()
        try:
            yield recording
        finally:
            bar.stop()


@contextmanager
def _output(path: str, unlike: str) -> Iterator[IO[bytes] | None]:
    """Where the visits go; opened before the work, so that a wrong path is told at once."""
    if not path or path == "-":
        yield sys.stdout.buffer if path else None
        return
    with suppress(OSError):
        if Path(path).samefile(unlike):
            raise ConfigError("--contacts", [(path, "is the recording itself, and would be lost")])
    try:
        file = Path(path).open("wb")  # noqa: SIM115
    except (OSError, ValueError) as error:
        raise ConfigError(
            "--contacts", [(path, f"cannot be written: {getattr(error, 'strerror', error)}")]
        ) from None
    try:
        yield file
        file.close()
    finally:
        with suppress(OSError):  # told already
            file.close()


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"


def main() -> None:
    """The entry point of the command `ccwall`."""
    for name, mode in {"stdin": "r", "stdout": "w", "stderr": "w"}.items():
        if getattr(sys, name) is None:  # whoever started us had closed it
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115
    try:
        app()
    except OSError as error:  # what cannot be read, or opened, has been told where it was tried
        _let_go_of_output()
        say(f"cannot write: {error.strerror or error}")
        sys.exit(FAILED)


from ccwall.cli import account as _account  # noqa: E402, F401
from ccwall.cli import devices as _devices  # noqa: E402, F401
from ccwall.cli import edge as _edge  # noqa: E402, F401
from ccwall.cli import retranslate as _retranslate  # noqa: E402, F401  # they add their commands to `app`
from ccwall.cli import roster as _roster  # noqa: E402, F401
from ccwall.cli import simulate as _simulate  # noqa: E402, F401
