"""`ccwall record`: which source, from a configuration or from options, and the recording of it."""

from collections.abc import Callable, Mapping
from functools import partial
from itertools import chain
from pathlib import Path

import msgspec

from ccwall import __version__, registry
from ccwall.adapter import Adapter
from ccwall.clock import SystemClock
from ccwall.config import Config, Source, read
from ccwall.directory import ConfiguredDirectory
from ccwall.errors import CcwallError, ConfigError
from ccwall.lifetime import log_to_stderr, run, until_stopped
from ccwall.sheet import meant
from ccwall.supervise import Supervisor
from ccwall.transcript import Header, Writer
from ccwall.transport import connect

FLUSH_EVERY = 1.0

_WHO, _SECRET = ("username", "user"), ("secret", "password")
COMMAND = "ccwall record"


def configured(config: Config, name: str) -> Source:
    """The source of that name, or the only one."""
    names = [source.name for source in config.sources]
    if not name and len(names) == 1:
        return config.sources[0]
    for source in config.sources:
        if source.name == name:
            return source
    if not names:
        raise ConfigError(config.file, [("source", "there is no [[source]] to record")])
    problem = f"{name!r} is not a source{meant(name, names)}" if name else "say which one with --source"
    raise ConfigError(config.file, [("source", f"{problem}; there are: {', '.join(names)}")])


def from_options(
    *, url: str, kind: str, user: str, secret_env: str, adapters: Mapping[str, Adapter] | None = None
) -> Source:
    """A source described by options, judged as a configuration would be."""
    known = registry.adapters() if adapters is None else adapters
    missing = [(option, "is missing") for option, value in (("--url", url), ("--type", kind)) if not value]
    if missing:
        raise ConfigError(COMMAND, [*missing, ("or", "record a configured source: -c FILE --source NAME")])
    table: dict[str, object] = {"name": "recorded", "type": kind, "url": url}
    keys = _keys(known[kind]) if kind in known else ()
    table |= {key: user for key in keys if key in _WHO and user}
    table |= {key: {"env": secret_env} for key in keys if key in _SECRET and secret_env}
    try:
        return read({"source": [table]}, COMMAND, adapters=known).sources[0]
    except ConfigError as error:
        raise ConfigError(COMMAND, [(_option(path), text) for path, text in error.mistakes]) from None


def _keys(adapter: Adapter) -> tuple[str, ...]:
    return tuple(field.encode_name for field in msgspec.structs.fields(adapter.settings))


def _option(path: str) -> str:
    key = path.removeprefix("source[1].")
    options = chain(((who, "--user") for who in _WHO), ((secret, "--secret-env") for secret in _SECRET))
    return dict(options).get(key, f"--{key}")


def record(source: Source, out: Path, say: Callable[[str], None]) -> None:
    """Write what a live source says, and what we ask it, until Ctrl-C."""
    if source.address.scheme == "inlet":
        text = f"{source.name} is not read, it comes to ccwall serve: what it says is kept beside the journal there"
        raise ConfigError(COMMAND, [("--source", text)])
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
        source.name,
        session,
        partial(connect, source.address, adapter.dial(source.settings, source.name)),
        lambda _events, _now: None,
        clock,
        tap=writer,
    )

    async def watch() -> None:
        say(f"Recording {source.address} into {out}   (Ctrl-C ends it)")
        while supervisor.health.condition not in {"refused", "failed"}:
            await clock.sleep(FLUSH_EVERY)
            writer.flush()
        raise CcwallError(f"{source.address}: {supervisor.health.error}")

    try:
        run(until_stopped([("record", supervisor.run()), ("flush", watch())]))
    finally:
        writer.close()
        say(f"{out}: {writer.records} records")
