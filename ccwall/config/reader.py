"""A whole tree of TOML to a `Config`, keeping what later sections refer to: the sources."""

from collections.abc import Mapping, Sequence
from hashlib import blake2b
from pathlib import Path

import msgspec

from ccwall.adapter import Adapter
from ccwall.config import breaks, channels, house, people, queues, shifts
from ccwall.config.alerts import alerting
from ccwall.config.calendar import calendar
from ccwall.config.promises import promises
from ccwall.config.roster import roster
from ccwall.config.shape import HOUSE, Agent, Config, Outlet, Source
from ccwall.events import QueueCard, SourceId
from ccwall.outlets import BY_TYPE, OutletType
from ccwall.own_keys import own_keys
from ccwall.sheet import Sheet, meant, shown
from ccwall.transport import SCHEMES, Address, address

ANY_PORT = 1
"""Stands for the default of an adapter that is not known, so that only the adapter is a mistake."""


class Reader:
    """Reads the whole tree. ``observe``: nobody will log in, so secrets may be out of reach."""

    def __init__(self, file: str, root: Sheet, adapters: Mapping[str, Adapter], observe: bool) -> None:
        self._file, self._root, self._adapters, self._observe = file, root, adapters, observe
        self._named: set[str] = set()
        self._outlets: set[str] = set()

    def config(self, digest: str) -> Config:
        root = self._root
        site = house.site(root.table("site"))
        web, journal = (
            house.web(root.table("web"), observe=self._observe),
            house.journal(root.table("journal")),
        )
        default, wrap_up = queues.card(root.table("defaults"), QueueCard(), 0.0)
        sources = [source for sheet in root.tables("source") if (source := self._source(sheet))]
        everybody, file, content = self._people([s.name for s in sources if s.sense == "acd"])
        if content:
            digest = blake2b(digest.encode() + content, digest_size=8).hexdigest()
        own = root.tables("break")
        said = people.not_ready(root.table("not_ready"), breaks.names(own))
        policy, not_ready = breaks.breaks(root.table("breaks"), own, said, self._known_source)
        told = channels.channels(root.tables("channel"), observe=self._observe)
        config = Config(
            file=self._file,
            site=site,
            web=web,
            journal=journal,
            default=default,
            wrap_up=wrap_up,
            sources=tuple(sources),
            outlets=tuple(outlet for sheet in root.tables("outlet") if (outlet := self._outlet(sheet))),
            channels=told,
            alerts=alerting(root, [each.name for each in told]),
            queues=queues.queues(root.tables("queue"), default, wrap_up, self._named, self._known_source),
            lines=queues.lines(root.tables("line"), default),
            agents=everybody,
            roster=file,
            seats=people.seats(root.tables("seat"), self._known_source),
            conflicts=people.conflicts(root.table("conflicts")),
            not_ready=not_ready,
            breaks=policy,
            calendar=calendar(root.table("calendar")),
            promises=promises(root.table("promises")),
            shifts=shifts.codes(root.tables("shift"), policy.known),
            digest=digest,
        )
        root.finish()
        return config

    def _people(self, acds: list[SourceId]) -> tuple[tuple[Agent, ...], str, bytes]:
        """Everybody of this file and of the roster beside it, which is named and given, too."""
        found = people.People(self._known_source, acds)
        found.read(self._root.tables("agent"))
        rows, file, content = roster(self._root.table("roster"), Path(self._file).parent)
        found.read(rows)
        return found.agents, file, content

    def _source(self, sheet: Sheet) -> Source | None:
        name = SourceId(sheet.text("name", required=True))
        if name in self._named:
            sheet.wrong("name", f"{shown(name)} is already the name of another source")
        elif "/" in name:
            sheet.wrong("name", 'must not have a "/" in it')
        elif name == HOUSE:
            sheet.wrong("name", f"must not be {shown(HOUSE)}: that is what ccwall itself says things as")
        self._named.add(name)
        kind = sheet.kind(self._adapters, "an adapter")
        adapter = self._adapters.get(kind)
        url = sheet.text("url", required=adapter is None or not adapter.url) or (
            adapter.url if adapter else ""
        )
        ca, site, titles = sheet.text("tls_ca"), sheet.text("site"), sheet.names("title", {})
        where = _address(sheet, url, ca, *_by_default(adapter))
        if adapter is None:
            return None  # its own keys cannot be judged
        before = len(sheet.mistakes)
        chosen, secrets = own_keys(sheet, adapter.settings, self._observe)
        if where is None or chosen is None or len(sheet.mistakes) > before:
            return None
        return Source(
            name=name,
            type=kind,
            address=where,
            settings=chosen,
            site=site,
            sense=adapter.sense,
            titles=titles,
            secrets=secrets,
        )

    def _outlet(self, sheet: Sheet) -> Outlet | None:
        name = sheet.text("name", required=True)
        if name in self._outlets:
            sheet.wrong("name", f"{shown(name)} is already the name of another outlet")
        self._outlets.add(name)
        kind, url, ca = (
            sheet.kind(BY_TYPE, "an outlet"),
            sheet.text("url", required=True),
            sheet.text("tls_ca"),
        )
        made = BY_TYPE.get(kind)
        where = _address(sheet, url, ca, *_by_default(made))
        if made is None:
            return None
        before = len(sheet.mistakes)
        chosen, secrets = own_keys(sheet, made.settings, self._observe)
        if where is None or chosen is None or len(sheet.mistakes) > before:
            return None
        return Outlet(name=name, type=kind, address=where, settings=chosen, secrets=secrets)

    def _known_source(self, sheet: Sheet, key: str, name: str) -> bool:
        if name in self._named:
            return True
        sheet.wrong(key, f"{shown(name)} is not the name of a [[source]]{meant(name, self._named)}")
        return False


def _by_default(kind: Adapter | OutletType | None) -> tuple[int, Sequence[str]]:
    return (kind.port, kind.schemes) if kind is not None else (ANY_PORT, SCHEMES)


def _address(sheet: Sheet, url: str, ca: str, port: int, schemes: Sequence[str]) -> Address | None:
    if ca and not Path(ca).is_file():
        sheet.wrong("tls_ca", f"{shown(ca)} is not a file")
    if not url:
        return None
    try:
        return msgspec.structs.replace(address(url, port, schemes), ca=ca)
    except ValueError as error:
        sheet.wrong("url", str(error))
        return None
