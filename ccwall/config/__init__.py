"""One TOML file to frozen Structs; every mistake of the file is named by its path, all in one go.

docs/configuration.md describes every key. Secrets are never in the file: ``{ env = "NAME" }`` or ``{ file = "path" }``.
"""

import re
import tomllib
from collections.abc import Mapping
from hashlib import blake2b
from pathlib import Path

from ccwall import registry
from ccwall.adapter import Adapter
from ccwall.config.house import LONGEST_TOKEN, SHORTEST_TOKEN, is_zone
from ccwall.config.people import KINDS
from ccwall.config.reader import Reader
from ccwall.config.shape import (
    HOUSE,
    SITE,
    Agent,
    Config,
    Journal,
    Outlet,
    Queue,
    Site,
    Source,
    Web,
    policy,
)
from ccwall.errors import ConfigError
from ccwall.sheet import Mistakes, Sheet

LARGEST_FILE = 4 * 1024 * 1024
_DEEP_KEY = re.compile(rb"(?m)^[ \t\[{]*(?:[^.=#\n]{0,200}\.){64}")


def load(path: str | Path, adapters: Mapping[str, Adapter] | None = None, *, observe: bool = False) -> Config:
    """The configuration in a file, or ConfigError with everything that is wrong in it.

    ``observe``: only recordings will be read with it, so nobody logs in, and secrets may be out of reach.
    """
    name = str(path)
    content = _content(name)
    if _DEEP_KEY.search(content):  # a dotted key costs tomllib the square of its length
        raise ConfigError(name, [("toml", "has a key of more than 64 dotted parts: is nested too deeply")])
    try:
        tree = tomllib.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise ConfigError(
            name, [(f"byte {error.start + 1}", "is not UTF-8: save the file as UTF-8")]
        ) from None
    except RecursionError:
        raise ConfigError(name, [("toml", "is nested too deeply")]) from None
    except ValueError as error:  # TOMLDecodeError, and a number of thousands of digits
        raise ConfigError(name, [("toml", str(error)[:300])]) from None
    return read(tree, name, blake2b(content, digest_size=8).hexdigest(), adapters, observe=observe)


def read(
    tree: Mapping[str, object],
    name: str,
    digest: str = "",
    adapters: Mapping[str, Adapter] | None = None,
    *,
    observe: bool = False,
) -> Config:
    """The configuration in a tree as TOML gives it; ``name`` stands in messages."""
    mistakes: Mistakes = []
    known = registry.adapters() if adapters is None else adapters
    config = Reader(name, Sheet("", tree, mistakes), known, observe).config(digest)
    if mistakes:
        raise ConfigError(name, mistakes)
    return config


def journal_folder(config: Config) -> Path:
    """Where the journal is: beside the configuration, unless it says otherwise."""
    return Path(config.file).parent / config.journal.folder


def _content(name: str) -> bytes:
    try:
        with Path(name).open("rb") as file:
            content = file.read(LARGEST_FILE + 1)
    except (OSError, ValueError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
        raise ConfigError(name, [("file", f"cannot be read: {reason}")]) from None
    if len(content) > LARGEST_FILE:
        raise ConfigError(
            name, [("file", f"is larger than {LARGEST_FILE // 1024 // 1024} MiB: not a configuration")]
        )
    return content


__all__ = [
    "HOUSE",
    "KINDS",
    "LONGEST_TOKEN",
    "SHORTEST_TOKEN",
    "SITE",
    "Agent",
    "Config",
    "Journal",
    "Outlet",
    "Queue",
    "Site",
    "Source",
    "Web",
    "is_zone",
    "journal_folder",
    "load",
    "policy",
    "read",
]
