"""The configuration of an edge: `[edge]`, and `[[source]]` as on a server. Every mistake is named by its path."""

import tomllib
from collections.abc import Mapping
from pathlib import Path

import msgspec
import zmq

from ccwall.adapter import Adapter
from ccwall.config import LARGEST_FILE, Source, read
from ccwall.errors import ConfigError
from ccwall.sheet import Mistakes, Sheet
from ccwall.transport import Address, address
from ccwall.transport.zmq import loopback
from ccwall.wire.edge import LONGEST_NAME
from ccwall.wire.zmq_dial import ZmqDial, is_key, keys_trouble

PORT = 5570
SPOOL_LIMIT = 64 * 1024 * 1024
LEAST_SPOOL = 1024 * 1024


class EdgeConfig(msgspec.Struct, frozen=True, kw_only=True):
    """``folder`` is where the spool lies, ``limit`` how many bytes of facts it keeps."""

    file: str
    name: str
    server: Address
    dial: ZmqDial
    folder: Path
    limit: int
    sources: tuple[Source, ...]


def is_edge(path: Path) -> bool:
    """Whether this is the file of an edge, and not that of a server; a file that cannot be read is neither."""
    try:
        return "edge" in tomllib.loads(_beginning(path).decode("utf-8-sig"))
    except (OSError, ValueError, RecursionError):
        return False


def _beginning(path: Path) -> bytes:
    """As much of it as can be a configuration, whatever the file is."""
    with path.open("rb") as file:
        return file.read(LARGEST_FILE)


def load(path: str | Path, adapters: Mapping[str, Adapter] | None = None) -> EdgeConfig:
    """The configuration in a file, or ConfigError with everything that is wrong in it."""
    name = str(path)
    try:
        tree = tomllib.loads(_beginning(Path(name)).decode("utf-8-sig"))
    except OSError as error:
        raise ConfigError(name, [("file", f"cannot be read: {error.strerror or error}")]) from None
    except RecursionError:
        raise ConfigError(name, [("toml", "is nested too deeply")]) from None
    except ValueError as error:
        raise ConfigError(name, [("toml", str(error)[:300])]) from None
    mistakes: Mistakes = []
    root = Sheet("", tree, mistakes)
    found = _edge(name, root)
    sources = _sources(root, name, adapters, mistakes)
    root.finish()
    if not root.has("edge"):
        mistakes.append(("edge", "is missing: [edge] says who this is and where the server is"))
    if mistakes:
        raise ConfigError(name, mistakes)
    return msgspec.structs.replace(found, sources=sources)


def _edge(file: str, root: Sheet) -> EdgeConfig:
    sheet = root.table("edge")
    here = root.has("edge")
    name = sheet.text("name", required=here)
    if "/" in name or len(name) > LONGEST_NAME or not name.isprintable():
        sheet.wrong("name", f'must have at most {LONGEST_NAME} letters, and no "/"')
    server = _server(sheet, sheet.text("server", required=here))
    insecure = sheet.flag("insecure", False)
    folder = sheet.text("folder", "spool")
    limit = sheet.size("spool_limit", SPOOL_LIMIT, LEAST_SPOOL)
    dial = _dial(sheet, server, insecure)
    sheet.finish()
    return EdgeConfig(
        file=file,
        name=name,
        server=server or Address(scheme="zmq"),
        dial=dial,
        folder=Path(file).parent / folder,
        limit=limit,
        sources=(),
    )


def _server(sheet: Sheet, url: str) -> Address | None:
    try:
        return address(url, PORT, ("zmq",)) if url else None
    except ValueError as error:
        sheet.wrong("server", str(error))
        return None


def _dial(sheet: Sheet, server: Address | None, insecure: bool) -> ZmqDial:
    before = len(sheet.mistakes)
    secret, server_key = sheet.secret("secret", required=True), sheet.text("server_key").strip()
    if secret and not is_key(secret):
        sheet.wrong("secret", 'is not a CURVE key of 40 letters: make one with "ccwall edge --keys NAME"')
    elif server_key and not is_key(server_key):
        sheet.wrong(
            "server_key", "is not a CURVE key of 40 letters: it is the content of the server's NAME.public"
        )
    elif len(sheet.mistakes) == before:
        trouble = keys_trouble(
            bind=False, secret=secret or None, server_key=server_key, allowed={}, allowed_file=""
        )
        if trouble:
            sheet.wrong("server_key" if secret else "secret", "is missing: the two belong together")
        elif not secret and not insecure and server is not None and not loopback(server.host):
            sheet.wrong(
                "secret",
                f"is missing: {server.host} is another machine, and without keys anybody on the way could read and write. "
                'Make them with "ccwall edge --keys NAME", or say insecure = true',
            )
    if len(sheet.mistakes) > before:
        return ZmqDial(pattern="dealer")
    return ZmqDial(pattern="dealer", secret=secret, server_key=server_key, insecure=insecure)


def _sources(
    root: Sheet, name: str, adapters: Mapping[str, Adapter] | None, mistakes: Mistakes
) -> tuple[Source, ...]:
    written = root.raw("source")
    if written is None:
        mistakes.append(("source", "there is no [[source]], so there would be nothing to tell"))
        return ()
    try:
        return read({"source": written}, name, adapters=adapters).sources
    except ConfigError as error:
        mistakes += error.mistakes
        return ()


def described(config: EdgeConfig) -> str:
    """What is in it, in lines; with the public key that the server must have in its list."""
    key = zmq.curve_public(config.dial.secret.encode()).decode() if config.dial.secret else ""
    lines = [f"{config.file}: OK", f"  edge {config.name}: to {config.server}, spool in {config.folder}"]
    lines += [f"  its line in the server's list: {config.name} {key}"] if key else []
    return "\n".join(
        lines + [f"  source {each.name}: {each.type} at {each.address}" for each in config.sources]
    )
