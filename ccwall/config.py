"""One TOML file to frozen Structs; every mistake of the file is named by its path, all in one go.

docs/configuration.md describes every key. Secrets are never in the file: ``{ env = "NAME" }`` or ``{ file = "path" }``.
"""

import re
import tomllib
from collections.abc import Mapping
from hashlib import blake2b
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

import msgspec

from ccwall import registry
from ccwall.adapter import Adapter
from ccwall.errors import ConfigError
from ccwall.events import AgentCard, AgentId, Policy, QueueCard, QueueId, SeatId, SiteId, SourceId
from ccwall.own_keys import own_keys
from ccwall.sheet import Mistakes, Sheet, meant, shown
from ccwall.transport import Address, address

ANY_PORT = 1
"""Stands for the default of an adapter that is not known, so that only the adapter is a mistake."""
LARGEST_FILE = 4 * 1024 * 1024
DAY = 86_400.0
LONGEST_KEPT = 20 * 366 * DAY
LEAST_WIRE = 16 * 1024 * 1024
INTERVALS = {"15m": 900, "30m": 1800}
KINDS = ("break", "meal", "breather", "away", "training")
"""What a not-ready reason may mean to the floor."""

_COMMON_SOURCE_KEYS = ("name", "type", "url", "tls_ca")


_DEEP_KEY = re.compile(rb"(?m)^[ \t\[{]*(?:[^.=#\n]{0,200}\.){64}")


class Site(msgspec.Struct, frozen=True, kw_only=True):
    names: dict[str, str] = {}
    zone: str = "UTC"
    day_starts: int = 0
    interval: int = 900


class Web(msgspec.Struct, frozen=True, kw_only=True):
    """``token`` opens the wall as it hangs in the room, ``staff_token`` with callers' numbers. ``hosts`` are names of this server."""

    host: str = "127.0.0.1"
    port: int = 8800
    token: str = ""
    staff_token: str = ""
    hosts: tuple[str, ...] = ()
    tls_cert: str = ""
    tls_key: str = ""


class Journal(msgspec.Struct, frozen=True, kw_only=True):
    """``folder`` as it was written, see `journal_folder`; ``keep`` in seconds, ``wire_limit`` in bytes."""

    enabled: bool = True
    folder: str = "journal"
    keep: float = 400 * DAY
    wire_days: int = 3
    wire_limit: int = 2 * 1024 * 1024 * 1024


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """``settings`` is the adapter's own Struct; ``secrets`` are the values that must never be written anywhere."""

    name: SourceId
    type: str
    address: Address
    settings: msgspec.Struct
    secrets: tuple[str, ...] = ()


class Queue(msgspec.Struct, frozen=True, kw_only=True):
    """One business queue and the sources' queues it is made of."""

    id: QueueId
    natives: tuple[tuple[SourceId, str], ...]
    card: QueueCard
    wrap_up: float = 0.0


class Agent(msgspec.Struct, frozen=True, kw_only=True):
    id: AgentId
    card: AgentCard
    interfaces: dict[SourceId, tuple[str, ...]] = {}


class Config(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that was configured; without arguments, what holds when nothing was."""

    file: str = ""
    site: Site = Site()
    web: Web = Web()
    journal: Journal = Journal()
    default: QueueCard = QueueCard()
    wrap_up: float = 0.0
    sources: tuple[Source, ...] = ()
    queues: tuple[Queue, ...] = ()
    agents: tuple[Agent, ...] = ()
    not_ready: dict[str, str] = {}
    digest: str = ""


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
    config = _Reader(name, Sheet("", tree, mistakes), known, observe).config(digest)
    if mistakes:
        raise ConfigError(name, mistakes)
    return config


def journal_folder(config: Config) -> Path:
    """Where the journal is: beside the configuration, unless it says otherwise."""
    return Path(config.file).parent / config.journal.folder


def policy(config: Config, mode: Literal["", "demo", "replay"] = "") -> Policy:
    """What of a configuration the engine may know: no address, no secret."""
    return Policy(
        site=SITE,
        mode=mode,
        names=config.site.names,
        zone=config.site.zone,
        day_starts=config.site.day_starts,
        interval=config.site.interval,
        default=config.default,
        queues={queue.id: queue.card for queue in config.queues},
        agents={agent.id: agent.card for agent in config.agents},
        sources={source.name: source.type for source in config.sources},
        not_ready_kinds=config.not_ready,
    )


SITE = SiteId("site")
HOUSE = SourceId("ccwall")
"""The source of what the house itself says: its configuration."""


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


class _Reader:
    """Reads the whole tree, keeping what later sections refer to."""

    def __init__(self, file: str, root: Sheet, adapters: Mapping[str, Adapter], observe: bool) -> None:
        self._file, self._root, self._adapters, self._observe = file, root, adapters, observe
        self._sources: dict[SourceId, Source] = {}
        self._named: set[str] = set()
        self._default = QueueCard()
        self._wrap_up = 0.0

    def config(self, digest: str) -> Config:
        root = self._root
        site, web = self._site(root.table("site")), self._web(root.table("web"))
        journal = self._journal(root.table("journal"))
        self._default, self._wrap_up = self._card(root.table("defaults"), QueueCard(), 0.0)
        sources = [source for sheet in root.tables("source") if (source := self._source(sheet))]
        queues, agents = self._queues(root.tables("queue")), self._agents(root.tables("agent"))
        not_ready = self._not_ready(root.table("not_ready"))
        root.finish()
        return Config(
            file=self._file,
            site=site,
            web=web,
            journal=journal,
            default=self._default,
            wrap_up=self._wrap_up,
            sources=tuple(sources),
            queues=queues,
            agents=agents,
            not_ready=not_ready,
            digest=digest,
        )

    def _site(self, sheet: Sheet) -> Site:
        zone = sheet.text("zone", "UTC")
        if not is_zone(zone):
            sheet.wrong("zone", f"{shown(zone)} is not an IANA time zone like Asia/Shanghai")
        site = Site(
            names=sheet.names("name", {}),
            zone=zone,
            day_starts=sheet.whole("day_starts", 0, 0, 23),
            interval=INTERVALS[sheet.choice("interval", INTERVALS, "15m")],
        )
        sheet.finish()
        return site

    def _web(self, sheet: Sheet) -> Web:
        web = Web(
            host=sheet.text("host", "127.0.0.1"),
            port=sheet.whole("port", 8800, 1, 65535),
            token=self._token(sheet, "token"),
            staff_token=self._token(sheet, "staff_token"),
            hosts=sheet.texts("hosts"),
            tls_cert=sheet.text("tls_cert"),
            tls_key=sheet.text("tls_key"),
        )
        if not web.host or not web.host.isprintable() or " " in web.host:
            sheet.wrong("host", f"{shown(web.host)} is not an address to listen on, like 127.0.0.1")
        for key, file in (("tls_cert", web.tls_cert), ("tls_key", web.tls_key)):
            if file and not Path(file).is_file():
                sheet.wrong(key, f"{shown(file)} is not a file")
        if bool(web.tls_cert) != bool(web.tls_key):
            sheet.wrong(
                "tls_key" if web.tls_cert else "tls_cert", "is missing: TLS needs tls_cert and tls_key"
            )
        if web.token and web.token == web.staff_token:
            sheet.wrong("staff_token", "must not be the same as token")
        sheet.finish()
        return web

    def _journal(self, sheet: Sheet) -> Journal:
        usual = Journal()
        folder = sheet.text("folder", usual.folder)
        if not folder or "\0" in folder:
            sheet.wrong("folder", "must name a folder")
            folder = usual.folder
        journal = Journal(
            enabled=sheet.flag("enabled", usual.enabled),
            folder=folder,
            keep=sheet.duration("keep", usual.keep, longest=LONGEST_KEPT),
            wire_days=sheet.whole("wire_days", usual.wire_days, 0, 400),
            wire_limit=sheet.size("wire_limit", usual.wire_limit, LEAST_WIRE),
        )
        if journal.keep < 2 * DAY:
            sheet.wrong("keep", 'must be at least "2d": today and yesterday')
        sheet.finish()
        return journal

    def _token(self, sheet: Sheet, key: str) -> str:
        token = sheet.secret(key, required=not self._observe)
        if token and not SHORTEST_TOKEN <= len(token) <= LONGEST_TOKEN:
            sheet.wrong(key, f"must have {SHORTEST_TOKEN} to {LONGEST_TOKEN} characters, not {len(token)}")
        return token

    def _card(self, sheet: Sheet, base: QueueCard, wrap_up: float, **more: object) -> tuple[QueueCard, float]:
        card = msgspec.structs.replace(
            base,
            threshold=sheet.duration("threshold", base.threshold, 3600),
            short=sheet.duration("short", base.short, 3600),
            service_level_target=sheet.share("service_level_target", base.service_level_target),
            answer_rate_target=sheet.share("answer_rate_target", base.answer_rate_target),
            longest_wait_limit=sheet.duration("longest_wait_limit", base.longest_wait_limit),
            waiting_limit=sheet.whole("waiting_limit", base.waiting_limit, 0, 100_000),
            **more,
        )
        wrap_up = sheet.duration("wrap_up", wrap_up, 3600)
        sheet.finish()
        return card, wrap_up

    def _source(self, sheet: Sheet) -> Source | None:
        name = SourceId(sheet.text("name", required=True))
        if name in self._named:
            sheet.wrong("name", f"{shown(name)} is already the name of another source")
        elif "/" in name:
            sheet.wrong("name", 'must not have a "/" in it')
        elif name == HOUSE:
            sheet.wrong("name", f"must not be {shown(HOUSE)}: that is what ccwall itself says things as")
        self._named.add(name)
        kind, url, ca = (
            sheet.text("type", required=True),
            sheet.text("url", required=True),
            sheet.text("tls_ca"),
        )
        adapter = self._adapters.get(kind)
        if kind and adapter is None:
            sheet.wrong(
                "type",
                f"{shown(kind)} is not an adapter I have: {', '.join(self._adapters)}{meant(kind, self._adapters)}",
            )
        where = self._address(sheet, url, adapter.port if adapter else ANY_PORT, ca)
        if adapter is None:
            return None  # its own keys cannot be judged
        before = len(sheet.mistakes)
        chosen, secrets = own_keys(sheet, adapter, self._observe)
        if where is None or chosen is None or len(sheet.mistakes) > before:
            return None
        self._sources[name] = source = Source(
            name=name, type=kind, address=where, settings=chosen, secrets=secrets
        )
        return source

    @staticmethod
    def _address(sheet: Sheet, url: str, port: int, ca: str) -> Address | None:
        if ca and not Path(ca).is_file():
            sheet.wrong("tls_ca", f"{shown(ca)} is not a file")
        if not url:
            return None
        try:
            return msgspec.structs.replace(address(url, port), ca=ca)
        except ValueError as error:
            sheet.wrong("url", str(error))
            return None

    def _known_source(self, sheet: Sheet, key: str, name: str) -> bool:
        if name in self._named:
            return True
        sheet.wrong(key, f"{shown(name)} is not the name of a [[source]]{meant(name, self._named)}")
        return False

    def _queues(self, sheets: list[Sheet]) -> tuple[Queue, ...]:
        queues: dict[QueueId, Queue] = {}
        taken: dict[tuple[SourceId, str], str] = {}
        for place, sheet in enumerate(sheets, 1):
            natives = self._natives(sheet)
            for native in natives:
                if native in taken:
                    sheet.wrong("native", f"{native[1]} of {native[0]} is already {taken[native]}")
                taken[native] = sheet.path
            first = f"{natives[0][0]}/{natives[0][1]}" if natives else ""
            queue = self._queue(sheet, QueueId(sheet.text("id", first)), natives, place)
            if queue.id in queues and queue.id:
                self._root.mistakes.append(
                    (f"{sheet.path}.id", f"{shown(queue.id)} is already the id of another queue")
                )
            queues[queue.id] = queue
        return tuple(queues.values())

    def _queue(
        self, sheet: Sheet, key: QueueId, natives: tuple[tuple[SourceId, str], ...], place: int
    ) -> Queue:
        card, wrap_up = self._card(
            sheet,
            self._default,
            self._wrap_up,
            names=sheet.names("name", {}),
            line=sheet.text("line"),
            order=sheet.whole("order", place, -100_000, 100_000),
        )
        return Queue(id=key, natives=natives, card=card, wrap_up=wrap_up)

    def _natives(self, sheet: Sheet) -> tuple[tuple[SourceId, str], ...]:
        """``source`` and ``native``, or a list of ``{ source, name }`` in ``native``."""
        if not isinstance(sheet.raw("native"), list):
            native = sheet.text("native", required=True)
            only = next(iter(self._named)) if len(self._named) == 1 else ""
            source = sheet.text("source", only, required=not only)
            return (
                ((SourceId(source), native),)
                if native and self._known_source(sheet, "source", source)
                else ()
            )
        found = []
        for part in sheet.tables("native"):
            source, native = part.text("source", required=True), part.text("name", required=True)
            if source and self._known_source(part, "source", source) and native:
                found.append((SourceId(source), native))
            part.finish()
        return tuple(found)

    def _agents(self, sheets: list[Sheet]) -> tuple[Agent, ...]:
        agents: dict[AgentId, Agent] = {}
        taken: dict[tuple[str, str], str] = {}
        for sheet in sheets:
            key = AgentId(sheet.text("id", required=True))
            if key and key in agents:
                sheet.wrong("id", f"{shown(key)} is already the id of another agent")
            interfaces = self._interfaces(sheet.table("interfaces"), key, taken)
            seat = sheet.text("seat")
            card = AgentCard(
                names=sheet.names("name", {}), team=sheet.text("team"), seat=SeatId(seat) if seat else None
            )
            sheet.finish()
            agents[key] = Agent(id=key, card=card, interfaces=interfaces)
        return tuple(agents.values())

    def _interfaces(
        self, sheet: Sheet, agent: AgentId, taken: dict[tuple[str, str], str]
    ) -> dict[SourceId, tuple[str, ...]]:
        found: dict[SourceId, tuple[str, ...]] = {}
        for source in sheet.written():
            interfaces = sheet.texts(source)
            if not self._known_source(sheet, source, source):
                continue
            for interface in interfaces:
                if taken.setdefault((source, interface), agent) != agent:
                    sheet.wrong(
                        source, f"{shown(interface)} is already the agent {shown(taken[source, interface])}"
                    )
            found[SourceId(source)] = interfaces
        return found

    @staticmethod
    def _not_ready(sheet: Sheet) -> dict[str, str]:
        found = {reason: sheet.choice(reason, KINDS, "away") for reason in sheet.written()}
        sheet.finish()
        return found


SHORTEST_TOKEN, LONGEST_TOKEN = 16, 512
"""A token that may be guessed from the network must be long; `openssl rand -hex 16` makes one."""


def is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ValueError, OSError):  # ZoneInfoNotFoundError is a KeyError
        return False
    except KeyError:
        return False
    return True
