"""What `ccwall record` is told: which source, from a configuration or from options."""

from collections.abc import Mapping
from itertools import chain

import msgspec

from ccwall import registry
from ccwall.adapter import Adapter
from ccwall.config import Config, Source, read
from ccwall.errors import ConfigError
from ccwall.sheet import meant

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
