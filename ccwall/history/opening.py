"""The journal's folder, opened for one running ccwall: what was, and where what comes is written."""

import asyncio
import os
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing, suppress
from pathlib import Path

import msgspec
import structlog

from ccwall.clock import Clock
from ccwall.engine import Engine
from ccwall.errors import JournalError
from ccwall.events import SiteId
from ccwall.history import rescue, store
from ccwall.history.documents import Documents
from ccwall.history.habits import USUAL, Beginning, Habits, Reason
from ccwall.history.journal import Journal
from ccwall.history.lock import Lock
from ccwall.history.past import Past, remember
from ccwall.history.reserve import Reserve, is_full
from ccwall.history.wire import Wire

PATIENCE = 15.0
"""Real seconds for the last facts when a disk does not answer."""
WIRE_LIMIT = 2 * 1024 * 1024 * 1024
JOURNAL, WIRE, DOCUMENTS = "journal.sqlite", "wire.sqlite", "documents.sqlite"

_log = structlog.get_logger("ccwall.history")


class Opened(msgspec.Struct, frozen=True, kw_only=True):
    """``lock`` is to be released when the journal is closed."""

    folder: Path
    journal: Journal
    past: Past
    lock: Lock
    documents: Documents | None = None
    wire: Wire | None = None


def open_folder(
    folder: Path,
    clock: Clock,
    site: SiteId,
    habits: Habits = USUAL,
    connect: store.Connect = store.connect,
    *,
    wire_days: int = 0,
    wire_limit: int = WIRE_LIMIT,
) -> Opened:
    """JournalError when the folder cannot be made, is another ccwall's, or was written by a newer one.

    A full or failing disk is no error: the wall is shown, and the journal says that nothing is recorded.
    """
    if problem := cannot_write(folder):
        raise JournalError(f"the journal's folder {folder} {problem}")
    with suppress(OSError):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = Lock(folder)
    lock.take()
    path = folder / JOURNAL
    try:
        past, stopped, apart = _read(path, clock.now(), site, connect)
        documents = Documents(folder / DOCUMENTS, clock.now)
    except BaseException:
        lock.release()
        raise
    _tell(path, past)
    run = max(past.run + 1, int(clock.now() * 1000))  # unlike any before, even if nothing is known of those
    beginning = Beginning(after=past.seq, base=past.base, run=run, stopped=stopped, apart=apart)
    journal = Journal(path, clock, habits, beginning, connect)
    wire = Wire(folder / WIRE, clock, run=run, days=wire_days, limit=wire_limit) if wire_days else None
    return Opened(folder=folder, journal=journal, past=past, lock=lock, documents=documents, wire=wire)


def cannot_write(folder: Path) -> str:
    """Why no journal can be kept there; empty when it can. A folder that is not there is not made."""
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    probe = folder / f"probe-{os.getpid()}"
    try:
        probe.touch(mode=0o600)
        probe.unlink()
    except OSError as error:
        if is_full(error):
            return ""  # that is told on the wall
        return f"cannot be written: {error.strerror or error}. Make it writable for this user, or name another in [journal] folder"
    return ""


@asynccontextmanager
async def recording(opened: Opened | None) -> AsyncIterator[None]:
    """The journal's writer, from here to the end; then everything is written, and the folder is free for another."""
    if opened is None:
        yield
        return
    writers = {asyncio.create_task(opened.journal.run(), name="journal")}
    if opened.wire is not None:
        writers.add(asyncio.create_task(opened.wire.run(), name="wire"))
    for writer in writers:
        writer.add_done_callback(_died)
    try:
        yield
    finally:
        opened.journal.close()
        if opened.wire is not None:
            opened.wire.close()
        if opened.documents is not None:
            writers.add(asyncio.create_task(opened.documents.close(), name="documents"))
        await asyncio.wait(writers, timeout=PATIENCE)
        opened.lock.release()


def _died(writer: "asyncio.Task[None]") -> None:
    if not writer.cancelled() and (bug := writer.exception()) is not None:
        _log.error("a bug stopped a writer; the wall goes on", writer=writer.get_name(), exc_info=bug)


def _read(path: Path, now: float, site: SiteId, connect: store.Connect) -> tuple[Past, Reason | None, bool]:
    """What was; why nothing can be written, if nothing can; and whether what was cannot be read."""
    reserve = Reserve(path.parent)
    error: sqlite3.Error | OSError
    for attempt in range(2):
        try:
            found = rescue.prepare(path, "journal", now, connect)
            if found.problem:
                _log.error(
                    "the journal was damaged",
                    problem=found.problem,
                    set_aside=found.aside,
                    saved=found.saved,
                    complete=found.complete,
                )
            with closing(connect(path)) as connection:
                return remember(connection, site), None, False
        except (sqlite3.Error, OSError) as problem:
            error = problem
            if attempt == 0:
                reserve.free()  # a full disk has no room even for reading a log
    reason: Reason = "full" if is_full(error) else "error"
    _log.error("the journal cannot be written", journal=str(path), error=str(error))
    with suppress(sqlite3.Error), closing(store.look(path)) as connection:
        return remember(connection, site), reason, False
    return Past(engine=Engine(site)), reason, True


def _tell(path: Path, past: Past) -> None:
    for refusal in past.refused:
        _log.warning(refusal, journal=str(path))
    if past.unreadable:
        _log.warning("facts in the journal cannot be read", facts=past.unreadable, journal=str(path))
    if past.seq:
        _log.info(
            "the journal was read",
            facts=past.seq,
            from_snapshot=past.base,
            folded=past.folded,
            state=past.digest,
        )
