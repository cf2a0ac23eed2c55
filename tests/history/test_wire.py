"""The wire is kept whole for some days, costs no more than it may, and says where something of it is missing."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

import pytest

from ccwall.clock import ManualClock, SystemClock
from ccwall.events import SourceId
from ccwall.history import store, wire
from ccwall.history.wire import BLOCK, GAP, Wire
from ccwall.transcript import Record

PBX, OTHER = SourceId("pbx1"), SourceId("pbx2")
NOW = 1_800_000_000.0
BYTES = bytes(range(256))


@asynccontextmanager
async def writing(path: Path, run: int = 1, days: int = 3, limit: int = 1 << 30) -> AsyncIterator[Wire]:
    here = Wire(path, SystemClock(start=NOW), run=run, days=days, limit=limit)
    task = asyncio.create_task(here.run())
    yield here
    here.close()
    await task


def played(path: Path) -> dict[str, list[Record]]:
    with closing(store.look(path)) as connection:
        return {
            f"{each.source}/{each.run}": list(wire.transcript(connection, each))
            for each in wire.stretches(connection)
        }


async def test_every_byte_of_both_directions_comes_back_in_order(tmp_path: Path) -> None:
    path = tmp_path / "wire"
    async with writing(path) as here:
        one, other = here.tap(PBX, "asterisk-ami"), here.tap(OTHER, "asterisk-ami")
        one.event(NOW, 0, "connect")
        one.received(NOW + 1, 0, BYTES)
        other.received(NOW + 1, 4, b"x")
        one.sent(NOW + 2, 0, b"Action: Ping\r\n\r\n")
        one.event(NOW + 3, 0, "eof")
    assert played(path) == {
        "pbx1/1": [
            Record(NOW, 0, "ev", event="connect"),
            Record(NOW + 1, 0, "rx", BYTES),
            Record(NOW + 2, 0, "tx", b"Action: Ping\r\n\r\n"),
            Record(NOW + 3, 0, "ev", event="eof"),
        ],
        "pbx2/1": [Record(NOW + 1, 4, "rx", b"x")],
    }


async def test_a_secret_is_never_kept(tmp_path: Path) -> None:
    path = tmp_path / "wire"
    async with writing(path) as here:
        here.tap(PBX, "asterisk-ami", ("hunter2",)).sent(
            NOW, 0, b"Action: Login\r\nSecret: hunter2\r\nNote: hunter2\r\nKey: 0123456789abcdef\r\n\r\n"
        )
    ((record,),) = played(path).values()
    assert (
        record.body == b"Action: Login\r\nSecret: *******\r\nNote: *******\r\nKey: ****************\r\n\r\n"
    )


async def test_what_does_not_fit_is_a_gap_and_memory_stays(tmp_path: Path) -> None:
    path = tmp_path / "wire"
    here = Wire(path, SystemClock(start=NOW), run=1, days=3, limit=1 << 30, most=10_000)
    tap = here.tap(PBX, "asterisk-ami")
    for number in range(100):  # before anybody writes
        tap.received(NOW + number, 0, b"x" * 500)
    assert here.waiting < 11_000
    assert here.lost > 70
    task = asyncio.create_task(here.run())
    here.close()
    await task
    tap.received(NOW + 200, 0, b"again")
    ((*before, _),) = played(path).values()
    assert all(record.body == b"x" * 500 for record in before)
    task = asyncio.create_task(here.run())
    here.close()
    await task
    ((*_, gap, last),) = played(path).values()
    assert gap == Record(NOW + 200, 0, "ev", event=GAP)
    assert last.body == b"again"


async def test_a_full_block_is_written_at_once(tmp_path: Path) -> None:
    path = tmp_path / "wire"
    async with writing(path) as here:
        tap = here.tap(PBX, "asterisk-ami")
        for number in range(BLOCK // 4000 + 1):
            tap.received(NOW + number, 0, b"y" * 4000)
        async with asyncio.timeout(1.5):  # sooner than by time
            while here.waiting > BLOCK / 2:
                await asyncio.sleep(0.01)


async def test_what_is_too_old_or_too_much_goes_and_the_newest_stays(tmp_path: Path) -> None:
    path = tmp_path / "wire"
    async with writing(path, days=10_000) as here:
        for day in range(5):
            here.tap(SourceId(f"pbx{day}"), "asterisk-ami").received(NOW - day * 86_400, 0, b"z")
    async with writing(path, days=3):
        pass
    assert list(played(path)) == ["pbx2/1", "pbx1/1", "pbx0/1"]

    chance = iter(range(10**6))
    async with writing(path, run=2) as here:
        tap = here.tap(PBX, "asterisk-ami")
        for _ in range(400):
            tap.received(
                NOW, 0, b"".join(hash((next(chance), 7)).to_bytes(8, "big", signed=True) for _ in range(500))
            )
            await asyncio.sleep(0)
    size = path.stat().st_size
    assert size > 800_000
    async with writing(path, run=3, limit=400_000) as here:
        here.tap(PBX, "asterisk-ami").received(NOW, 0, b"newest")
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("VACUUM")
    assert path.stat().st_size <= 450_000
    assert played(path)["pbx1/3"][-1].body == b"newest"


async def test_a_damaged_block_is_a_gap(tmp_path: Path) -> None:
    path = tmp_path / "wire"
    async with writing(path) as here:
        here.tap(PBX, "asterisk-ami").received(NOW, 0, b"first")
    async with writing(path) as here:
        here.tap(PBX, "asterisk-ami").received(NOW + 9, 0, b"second")
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE block SET body = x'0102' WHERE id = 1")
    assert played(path) == {"pbx1/1": [Record(NOW, 0, "ev", event=GAP), Record(NOW + 9, 0, "rx", b"second")]}


async def test_a_damaged_file_is_set_aside_and_a_new_one_begun(tmp_path: Path) -> None:
    path = tmp_path / "wire"
    path.write_bytes(b"not at all what we wrote" * 500)
    async with writing(path) as here:
        here.tap(PBX, "asterisk-ami").received(NOW, 0, b"x")
    assert len(played(path)) == 1
    assert [each for each in tmp_path.iterdir() if ".damaged-" in each.name]


async def test_a_disk_that_fails_is_tried_again(tmp_path: Path) -> None:
    path, clock = tmp_path / "folder" / "wire", ManualClock(NOW)
    here = Wire(path, clock, run=1, days=3, limit=1 << 30)
    here.tap(PBX, "asterisk-ami").received(NOW, 0, b"x")
    task = asyncio.create_task(here.run())
    for _ in range(200):
        await asyncio.sleep(0.005)
        if clock._sleepers:
            break
    path.parent.mkdir()
    await clock.advance(wire.PAUSE)
    here.close()
    await task
    assert len(played(path)) == 1
    assert here.lost == 0


@pytest.mark.parametrize("kind", ["journal", "wire"])
def test_both_files_are_for_their_owner_alone(tmp_path: Path, kind: store.Kind) -> None:
    with closing(store.connect(tmp_path / kind)) as connection:
        store.settle(connection, kind)
        for file in tmp_path.iterdir():
            assert file.stat().st_mode & 0o077 == 0, file
