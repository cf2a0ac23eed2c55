"""`ccwall retranslate`: a day's wire through today's adapters, and what it would change."""

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from datetime import date
from pathlib import Path

import msgspec

from ccwall import registry
from ccwall.adapter import Session
from ccwall.clock import SystemClock
from ccwall.config import SITE, Config, journal_folder
from ccwall.directory import ConfiguredDirectory
from ccwall.engine import Contact
from ccwall.errors import CcwallError, JournalError
from ccwall.events import SourceId
from ccwall.history import again, store
from ccwall.history.again import Again, Outcome
from ccwall.history.lock import Lock
from ccwall.history.opening import JOURNAL, WIRE
from ccwall.history.replacing import NewDay
from ccwall.offline import Visit, visit
from ccwall.replay import STEP
from ccwall.sheet import meant

EXAMPLES = 10
"""Visits shown of each kind."""
Say = Callable[[str], None]


def retranslate(config: Config, day: date, *, source: str = "", write: bool, say: Say) -> Outcome:
    """Say what differs; with ``write`` put the new facts in the place of the old."""
    folder = journal_folder(config)
    for name in (JOURNAL, WIRE):
        if not (folder / name).exists():
            raise JournalError(
                f"{folder} has no {name}: say with -c which configuration's journal it is, and see [journal] wire_days"
            )
    bounds = again.business_day(day, config.site.zone, config.site.day_starts)
    with _opened(folder, write) as (journal, wires):
        fresh = NewDay(journal) if write else None
        sink = fresh.add if fresh is not None else _nowhere
        outcome = Again(journal, wires, bounds, SITE, _observers(config, source), sink).run()
        if not outcome.sources:
            raise CcwallError(f"there is no wire of {day} in {folder}: it is kept for [journal] wire_days")
        for line in report(outcome):
            say(line)
        if fresh is not None:
            fresh.replace(outcome, SystemClock().now())
            say(
                f"written: {outcome.fresh} facts in the place of {len(outcome.replaced)}, which are kept as superseded"
            )
        elif outcome.replaced or outcome.fresh:
            say("nothing was written; --write puts the new facts in the place of the old")
    return outcome


def _nowhere(_row: object, _fresh: bool) -> None:
    pass


@contextmanager
def _opened(folder: Path, write: bool) -> Iterator[tuple[sqlite3.Connection, sqlite3.Connection]]:
    with ExitStack() as stack:
        if write:
            lock = Lock(folder)
            lock.take()
            stack.callback(lock.release)
        try:
            journal = stack.enter_context(closing((store.connect if write else store.look)(folder / JOURNAL)))
            wires = stack.enter_context(closing(store.look(folder / WIRE)))
            if write:
                store.settle(journal, "journal")
            yield journal, wires
        except (sqlite3.Error, store.Damaged) as error:
            raise JournalError(f"the journal in {folder} cannot be used: {error}") from error


def _observers(config: Config, wanted: str) -> again.Make:
    """Sessions of the configured sources, or of the one that is wanted."""
    names = [source.name for source in config.sources]
    if wanted and wanted not in names:
        raise CcwallError(f"{wanted!r} is not a source of {config.file}{meant(wanted, names)}")
    adapters = registry.adapters()
    known = {source.name: source for source in config.sources if wanted in {"", source.name}}

    def make(name: SourceId, protocol: str) -> Session | None:
        source = known.get(name)
        if source is None or adapters[source.type].protocol != protocol:
            return None
        return adapters[source.type].session(source.settings, ConfiguredDirectory(name, config), "observe")

    return make


# ── what is said ──


def report(outcome: Outcome) -> Iterator[str]:
    """Lines for people."""
    yield f"{', '.join(outcome.sources)}: {len(outcome.replaced)} facts in the journal, {outcome.fresh} from the wire"
    if outcome.gaps:
        yield f"the wire has {outcome.gaps} gaps; what was told in them stays"
    if outcome.unreadable:
        yield f"{outcome.unreadable} facts in the journal cannot be read"
    before, after = outcome.before.contacts, outcome.after.contacts
    added, removed = sorted(after.keys() - before.keys()), sorted(before.keys() - after.keys())
    changed = {
        id: difference
        for id in before.keys() & after.keys()
        if (difference := _difference(before[id], after[id]))
    }
    yield (
        f"visits: {len(before)} before, {len(after)} after; "
        f"{len(added)} added, {len(removed)} removed, {len(changed)} changed"
    )
    yield from _examples("+", added, {id: _short(after[id]) for id in added})
    yield from _examples("-", removed, {id: _short(before[id]) for id in removed})
    yield from _examples("~", sorted(changed), changed)
    yield from _numbers(outcome.before.summary, outcome.after.summary)


def _examples(sign: str, ids: Sequence[str], texts: Mapping[str, str]) -> Iterator[str]:
    for id in ids[:EXAMPLES]:
        yield f"  {sign} {id}: {texts[id]}"
    if len(ids) > EXAMPLES:
        yield f"  {sign} … and {len(ids) - EXAMPLES} more"


def _short(contact: Contact) -> str:
    return f"{contact.queue_name or contact.queue}, {contact.outcome}"


def _difference(before: Contact, after: Contact) -> str:
    one, other = visit(before), visit(after)
    pairs = {name: (getattr(one, name), getattr(other, name)) for name in Visit.__struct_fields__}
    return ", ".join(
        f"{name} {_value(old)} → {_value(new)}" for name, (old, new) in pairs.items() if not _same(old, new)
    )


def _same(old: object, new: object) -> bool:
    """What a session says by its own clock (a visit that is in no list any more) it says a part of a tick later here."""
    if isinstance(old, float) and isinstance(new, float):
        return abs(old - new) <= STEP
    return old == new


def _value(value: object) -> str:
    if value is None:
        return "–"
    return f"{value:.3f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


def _numbers(before: Mapping[str, object], after: Mapping[str, object]) -> Iterator[str]:
    """What differs, by queue and for the floor."""
    differing = list(_pairs(_of_queues(before), _of_queues(after)))
    if not differing:
        yield "numbers: none differs"
    for where, name, old, new in differing:
        yield f"  {where}: {name} {_value(old)} → {_value(new)}"


def _of_queues(summary: Mapping[str, object]) -> dict[str, Mapping[str, object]]:
    queues = summary.get("queues")
    found = {**queues, "floor": summary.get("floor")} if isinstance(queues, dict) else {}
    return {str(name): _flat(numbers) for name, numbers in found.items() if isinstance(numbers, dict)}


def _flat(numbers: Mapping[str, object]) -> dict[str, object]:
    flat: dict[str, object] = {}
    for name, value in numbers.items():
        if isinstance(value, dict) and "variant" in value:
            value = value.get("value")
        flat[name] = msgspec.json.encode(value).decode() if isinstance(value, dict) else value
    return flat


def _pairs(
    before: Mapping[str, Mapping[str, object]], after: Mapping[str, Mapping[str, object]]
) -> Iterator[tuple[str, str, object, object]]:
    for where in [*before, *(each for each in after if each not in before)]:
        old, new = before.get(where, {}), after.get(where, {})
        for name in [*old, *(each for each in new if each not in old)]:
            if old.get(name) != new.get(name):
                yield where, name, old.get(name), new.get(name)
