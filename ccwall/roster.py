"""Who and what was seen and is on no roster, as rows for one; who may be the same person is said, and never decided."""

import csv
import io
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

import msgspec

from ccwall.config import Config
from ccwall.directory import ConfiguredDirectory
from ccwall.events import SourceId
from ccwall.extension import extension_of

Tree = Mapping[str, object]
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A spreadsheet would compute a cell that begins so; what comes from the network must not be computed."""


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """One person or device as a source calls it. ``kind``: agent, or what the device is."""

    source: str
    key: str
    kind: str
    name: str = ""

    @property
    def extension(self) -> str:
        return extension_of(self.key) or ""

    def __str__(self) -> str:
        return f"{self.source}/{self.key}"


def strangers(board: Tree, config: Config) -> list[Seen]:
    """Those on a board (of the engine, or of `GET /api/v1/board`) whom this configuration does not know."""
    directories = {source.name: ConfiguredDirectory(source.name, config) for source in config.sources}
    roster = {str(agent.id) for agent in config.agents}

    def is_known(seen: Seen) -> bool:
        directory = directories.get(SourceId(seen.source))
        return directory is not None and directory.person(seen.key) is not None

    found = [each for each in (*_agents(board, roster), *_devices(board)) if not is_known(each)]
    return sorted(found, key=lambda each: (each.extension, str(each)))


def _agents(board: Tree, roster: set[str]) -> Iterator[Seen]:
    for id, card in _mapping(board.get("agents")).items():
        source, slash, key = id.partition("/")
        if slash and id not in roster:
            name = _text(_mapping(card).get("name"))
            yield Seen(source=source, key=key, kind="agent", name="" if name == key else name)


def _devices(board: Tree) -> Iterator[Seen]:
    for id, card in _mapping(_mapping(board.get("strangers")).get("devices")).items():
        told = _mapping(card)
        source = _text(told.get("source"))
        key = id.removeprefix(f"{source}/")
        yield Seen(
            source=source, key=key, kind=_text(told.get("kind")) or "device", name=_text(told.get("name"))
        )


def suggestions(seen: Sequence[Seen], config: Config) -> str:
    """A roster of them, CSV: as it is it can be read, with everybody by themselves; ``note`` says who may be one."""
    sources = sorted({each.source for each in seen})
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["id", "name", "extension", *(f"interfaces.{source}" for source in sources), "note"])
    notes, ids = _notes(seen, config), {str(agent.id) for agent in config.agents}
    for each in seen:
        own = ["" if source != each.source else each.key for source in sources]
        writer.writerow(
            [_id(each, ids), _harmless(each.name), "", *own, _harmless("; ".join(notes[str(each)]))]
        )
    return out.getvalue()


def _id(seen: Seen, taken: set[str]) -> str:
    """The extension, if nobody is called so."""
    wanted = seen.extension or seen.key
    for id in (wanted, f"{seen.source}-{wanted}", str(seen), f"{seen.kind} {seen}"):
        if id and id not in taken:
            break
    taken.add(id)
    return id


def _notes(seen: Sequence[Seen], config: Config) -> dict[str, list[str]]:
    extensions, names = defaultdict[str, list[Seen]](list), defaultdict[str, list[Seen]](list)
    people = defaultdict[str, set[str]](set)
    for each in seen:
        if each.extension:
            extensions[each.extension].append(each)
        if each.name.strip():
            names[_alike(each.name)].append(each)
    for agent in config.agents:
        for name in agent.card.names.values():
            people[_alike(name)].add(agent.id)
    found: dict[str, list[str]] = {}
    for each in seen:
        notes = found[str(each)] = [f"{each.kind} at {each.source}"]
        if each.extension and (others := _others(each, extensions[each.extension])):
            notes.append(f"same extension {each.extension} as {others}: one person?")
        if each.name.strip() and (others := _others(each, names[_alike(each.name)])):
            notes.append(f"same name as {others}: one person?")
        if each.name.strip() and (known := people.get(_alike(each.name))):
            notes.append(f"same name as {', '.join(sorted(known))} of the roster: one person?")
    return found


def _others(seen: Seen, alike: Sequence[Seen]) -> str:
    return ", ".join(str(other) for other in alike if str(other) != str(seen))


def _alike(name: str) -> str:
    return " ".join(name.split()).casefold()


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA) else text


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
