"""Boards and what else people make: every version kept, nothing lost by a kill, a bad disk or a second editor."""

import asyncio
import os
import random
import signal
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

import msgspec
import pytest

from ccwall.boards.library import Wish
from ccwall.boards.store import Draft, Full, Stale, Unwritable
from ccwall.clock import SystemClock
from ccwall.config import SITE, Config
from ccwall.errors import JournalError
from ccwall.history import Documents, open_folder, recording
from ccwall.history.documents import MOST_WAITING, TRY_AGAIN, Bounds
from ccwall.house import House
from tests.history.faults import Faults

NOON = 1_795_141_476.0
SMALL = Bounds(
    documents={"board": 3, "plan": 2, "picture": 2}, versions={"board": 4, "plan": 2, "picture": 2}, deleted=2
)


def draft(id: str = "hall", base: int = 0, body: bytes | None = b"{}", **more: Any) -> Draft:
    return Draft(
        **{"kind": "board", "id": id, "base": base, "at": NOON + base, "by": "wu", "body": body, **more}
    )


@asynccontextmanager
async def opened(path: Path | None, **more: Any) -> AsyncIterator[Documents]:
    documents = Documents(path, lambda: NOON, **more)
    yield documents
    await documents.close()


@pytest.fixture(params=["file", "memory"])
async def documents(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Documents]:
    path = tmp_path / "documents.sqlite" if request.param == "file" else None
    async with opened(path, bounds=SMALL) as made:
        yield made


async def test_every_version_is_kept_with_who_and_when(documents: Documents) -> None:
    first = await documents.save(draft(body=b"1", about={"name": {"en": "Hall"}}, note="begun"))
    second = await documents.save(draft(base=1, body=b"2", by="lin"))
    assert documents.newest("board") == {"hall": second}
    assert await documents.versions("board", "hall") == [second, first]
    assert (first.version, first.by, first.note, first.about) == (1, "wu", "begun", {"name": {"en": "Hall"}})
    assert [await documents.body("board", "hall", n) for n in (1, 2)] == [b"1", b"2"]
    assert documents.newest("plan") == {}
    with pytest.raises(KeyError):
        await documents.body("plan", "hall", 1)


async def test_of_two_editors_the_second_is_told_of_the_first(documents: Documents) -> None:
    await documents.save(draft())
    outcomes = await asyncio.gather(
        *(documents.save(draft(base=1, by=f"editor {n}")) for n in range(8)), return_exceptions=True
    )
    (won,) = [each for each in outcomes if not isinstance(each, BaseException)]
    lost = [each for each in outcomes if isinstance(each, Stale)]
    assert len(lost) == 7
    assert all(each.current == won for each in lost)
    assert documents.changes == 2


async def test_what_is_deleted_is_gone_and_its_number_never_comes_again(documents: Documents) -> None:
    await documents.save(draft(body=b"old"))
    gone = await documents.save(draft(base=1, body=None))
    assert (gone.deleted, gone.version) == (True, 2)
    assert documents.newest("board")["hall"].deleted
    with pytest.raises(Stale) as stale:
        await documents.save(draft(base=2))
    assert stale.value.current is None
    again = await documents.save(draft(base=0, body=b"new"))
    assert again.version == 3
    assert await documents.body("board", "hall", 1) == b"old"
    assert documents.changes == 3


async def test_old_versions_go(documents: Documents) -> None:
    for base in range(7):
        await documents.save(draft(base=base, body=str(base).encode()))
    assert [each.version for each in await documents.versions("board", "hall")] == [7, 6, 5, 4]
    with pytest.raises(KeyError):
        await documents.body("board", "hall", 1)


async def test_there_are_only_so_many(documents: Documents) -> None:
    for id in "abc":
        await documents.save(draft(id))
    with pytest.raises(Full, match="3 boards already"):
        await documents.save(draft("d"))
    await documents.save(draft("a", base=1))
    await documents.save(draft("b", base=1, body=None))
    await documents.save(draft("d"))


async def test_what_was_deleted_long_ago_is_forgotten(documents: Documents) -> None:
    for n, id in enumerate(("a", "b", "c", "d")):
        await documents.save(draft(id, at=NOON + n))
        await documents.save(draft(id, base=1, body=None, at=NOON + n))
    await documents.save(draft("e"))
    assert set(documents.newest("board")) == {"c", "d", "e"}
    assert await documents.versions("board", "a") == []


async def test_bytes_are_bounded_by_dropping_what_is_not_shown() -> None:
    bounds = Bounds(bytes=1000)
    async with opened(None, bounds=bounds) as documents:
        for base in range(5):
            await documents.save(draft("a", base=base, body=bytes(300)))
            await documents.save(draft("b", base=base, body=bytes(300)))
        kept = [await documents.versions("board", id) for id in "ab"]
    assert [[each.version for each in of] for of in kept] == [[5], [5, 4]]


async def test_what_is_shown_stays_when_it_alone_is_too_much() -> None:
    async with opened(None, bounds=Bounds(bytes=100)) as documents:
        for id in "abc":
            await documents.save(draft(id, body=bytes(90)))
        assert [await documents.body("board", id, 1) for id in "abc"] == [bytes(90)] * 3


async def test_a_restart_finds_them_again(tmp_path: Path) -> None:
    path = tmp_path / "documents.sqlite"
    async with opened(path) as documents:
        assert documents.kept
        await documents.save(draft(body=b"1"))
        await documents.save(draft("gone"))
        await documents.save(draft("gone", base=1, body=None))
        before = documents.newest("board"), documents.changes
    async with opened(path) as documents:
        assert (documents.newest("board"), documents.changes) == before
        assert await documents.body("board", "hall", 1) == b"1"
    assert (path.stat().st_mode & 0o077) == 0


async def test_without_a_file_nothing_is_kept_and_nothing_is_made(tmp_path: Path) -> None:
    async with opened(None) as documents:
        assert not documents.kept
    async with opened(tmp_path / "documents.sqlite") as documents:
        assert documents.newest("board") == {}
    assert list(tmp_path.iterdir()) == []


# ── a disk that is full, hangs, or loses things ──


async def test_a_full_disk_is_told_and_changes_nothing(tmp_path: Path) -> None:
    faults = Faults(sqlite3.SQLITE_FULL, only="COMMIT")
    async with opened(tmp_path / "d.sqlite", connect=faults.connect) as documents:
        await documents.save(draft(body=b"1"))
        faults.at, faults.calls = 1, 0
        with pytest.raises(Unwritable, match="full"):
            await documents.save(draft(base=1, body=b"2"))
        assert documents.newest("board")["hall"].version == 1
        assert (await documents.save(draft(base=1, body=b"2"))).version == 2


@pytest.mark.parametrize("when", ["before", "after"])
async def test_an_error_anywhere_leaves_the_old_or_the_new(tmp_path: Path, when: Any) -> None:
    for at in range(1, 12):
        path = tmp_path / f"{when}{at}.sqlite"
        faults = Faults(sqlite3.SQLITE_IOERR, when=when)
        async with opened(path, connect=faults.connect) as documents:
            await documents.save(draft(body=b"1"))
            faults.at, faults.calls = at, 0
            try:
                await documents.save(draft(base=1, body=b"2"))
            except Unwritable:
                pass
            faults.at = 0
            told = documents.newest("board")["hall"].version
            assert await documents.body("board", "hall", told) == str(told).encode()
        async with opened(path) as documents:
            found = documents.newest("board")["hall"].version
            assert found == told
            assert await documents.body("board", "hall", found) == str(found).encode()


async def test_a_damaged_file_is_set_aside_and_the_wall_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "documents.sqlite"
    async with opened(path) as documents:
        await documents.save(draft(body=b"1" * 20_000))
    content = path.read_bytes()
    path.write_bytes(content[:4096] + bytes(4096) + content[8192:])
    damaged = path.read_bytes()
    async with opened(path) as documents:
        assert documents.kept
        assert documents.newest("board") == {}
        await documents.save(draft(body=b"2"))
    (aside,) = (each for each in tmp_path.glob("*.damaged-*") if not each.name.endswith(("-wal", "-shm")))
    assert aside.read_bytes() == damaged


@pytest.mark.parametrize("job", ["save", "body", "versions"])
async def test_damage_that_shows_later_is_set_aside_too(
    tmp_path: Path, job: str, capfd: pytest.CaptureFixture[str]
) -> None:
    faults = Faults(
        sqlite3.SQLITE_CORRUPT, only={"save": "INSERT", "body": "SELECT body", "versions": "DESC"}[job]
    )
    async with opened(tmp_path / "documents.sqlite", connect=faults.connect) as documents:
        await documents.save(draft(body=b"1"))
        faults.at, faults.calls = 1, 0
        jobs: dict[str, Callable[[], Any]] = {
            "save": lambda: documents.save(draft(base=1)),
            "body": lambda: documents.body("board", "hall", 1),
            "versions": lambda: documents.versions("board", "hall"),
        }
        with pytest.raises(Unwritable, match="set aside"):
            await jobs[job]()
        assert documents.newest("board") == {}
        assert (await documents.save(draft(body=b"2"))).version == 1
    assert len(list(tmp_path.glob("*.damaged-*"))) >= 1


async def test_any_bit_may_flip(tmp_path: Path) -> None:
    path = tmp_path / "documents.sqlite"
    async with opened(path) as documents:
        for base in range(5):
            await documents.save(draft(base=base, body=b"{}" * 2000))
    content = path.read_bytes()
    chance = random.Random(7)
    for place in [*range(0, 100, 9), *(chance.randrange(len(content)) for _ in range(25))]:
        broken = bytearray(content)
        broken[place] ^= 1 << chance.randrange(8)
        path.write_bytes(broken)
        async with opened(path) as documents:
            version = documents.newest("board").get("hall")
            try:
                for each in await documents.versions("board", "hall"):
                    await documents.body("board", "hall", each.version)
                await documents.save(draft(base=0 if version is None else version.version))
            except (Unwritable, KeyError, Stale):
                pass  # told, and the next try is on a sound file
            now = documents.newest("board").get("hall")
            await documents.save(draft(base=0 if now is None or now.deleted else now.version))


async def test_a_file_of_a_newer_ccwall_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "documents.sqlite"
    async with opened(path) as documents:
        await documents.save(draft())
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript("PRAGMA user_version = 9; UPDATE format SET version = 9;")
    before = path.read_bytes()
    with pytest.raises(JournalError, match="newer ccwall"):
        Documents(path, lambda: NOON)
    assert path.read_bytes() == before


async def test_a_file_that_cannot_be_opened_is_tried_again(tmp_path: Path) -> None:
    path, time = tmp_path / "documents.sqlite", [NOON]
    async with opened(path) as documents:
        await documents.save(draft())
    faults = Faults(sqlite3.SQLITE_CANTOPEN, at=1, lasting=1000)
    documents = Documents(path, lambda: time[0], connect=faults.connect)
    before = documents.kept
    with pytest.raises(Unwritable):
        await documents.body("board", "hall", 1)
    faults.at = 0
    await documents.ready()
    assert documents.newest("board") == {}
    time[0] += TRY_AGAIN + 1
    await documents.ready()
    assert (before, documents.kept) == (False, True)
    assert documents.newest("board")["hall"].version == 1
    await documents.close()


async def test_a_disk_that_hangs_gathers_no_crowd(tmp_path: Path) -> None:
    """Whoever comes when it is full is told; who stopped waiting has stopped nothing; the newest is still shown."""
    async with opened(tmp_path / "documents.sqlite") as documents:
        await documents.save(draft(body=b"1"))
        await documents.body("board", "hall", 1)
        with closing(sqlite3.connect(tmp_path / "documents.sqlite", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            waiting = [asyncio.create_task(documents.save(draft("w", base=n))) for n in range(MOST_WAITING)]
            await asyncio.sleep(0)
            with pytest.raises(Unwritable, match="keep up"):
                await documents.save(draft("late"))
            assert await documents.body("board", "hall", 1) == b"1"
            waiting[1].cancel()
            other.execute("ROLLBACK")
        outcomes = await asyncio.gather(*waiting, return_exceptions=True)
        assert isinstance(outcomes[1], asyncio.CancelledError)
        assert documents.newest("board")["w"].version == MOST_WAITING


WRITER = """
import asyncio, sys
from pathlib import Path
from ccwall.boards.store import Draft
from ccwall.history import Documents

async def work():
    documents = Documents(Path(sys.argv[1]), lambda: 0.0)
    there = documents.newest("board").get("hall")
    base = 0 if there is None else there.version
    print("ready", flush=True)
    while True:
        body = (b"%d " % (base + 1)) * 2000
        await documents.save(Draft(kind="board", id="hall", base=base, at=0.0, by="wu", body=body))
        base += 1
        print(base, flush=True)

asyncio.run(work())
"""


def write_until_killed(path: Path, versions: int) -> int:
    """The last version that a process said was saved before it was killed, which is after so many."""
    told = 0
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, text=True
    ) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "ready\n"
        for _ in range(versions):
            told = int(writer.stdout.readline())
        os.kill(writer.pid, signal.SIGKILL)
        for line in writer.stdout:  # what it had said before it died
            told = int(line) if line.endswith("\n") else told
    return told


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")
def test_killed_while_saving_keeps_what_was_answered(tmp_path: Path) -> None:
    path, chance = tmp_path / "documents.sqlite", random.Random(3)

    async def found() -> tuple[int, bytes]:
        async with opened(path) as documents:
            version = documents.newest("board")["hall"].version
            return version, await documents.body("board", "hall", version)

    for _ in range(5):
        told = write_until_killed(path, chance.randrange(1, 30))
        version, body = asyncio.run(found())
        assert version in {told, told + 1}
        assert body == (b"%d " % version) * 2000
    assert not list(tmp_path.glob("*damaged*"))


async def test_a_house_that_keeps_its_days_keeps_its_boards(tmp_path: Path) -> None:
    """And one that keeps none says so."""
    versions = []
    for _ in range(2):
        opened_house = open_folder(tmp_path, SystemClock(), SITE)
        async with recording(opened_house):
            house = House(Config(), SystemClock(), history=opened_house)
            shown = await house.library.boards.one("floor")
            told = msgspec.json.decode(shown.body)
            wish = Wish(told=told, by="wu", base=shown.entry["version"])
            await house.library.boards.change("floor", wish)
            versions.append((shown.entry["version"], house.library.kept, house.hub.boards()))
    assert versions == [(0, True, 1), (1, True, 2)]
    assert not House(Config(), SystemClock()).library.kept
