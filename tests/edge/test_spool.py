"""The spool of an edge: numbers for ever, a bound, and what a damaged or a full disk does."""

import asyncio
import sqlite3
from pathlib import Path

import pytest

from ccwall.clock import ManualClock
from ccwall.edge.spool import FILE, OVERHEAD, Spool
from ccwall.edge.store import MOST_PENDING, Store
from ccwall.errors import CcwallError

LIMIT = 1024 * 1024


@pytest.fixture
def spool(tmp_path: Path) -> Spool:
    return Spool(tmp_path, LIMIT)


def bodies(spool: Spool, after: int = 0) -> list[bytes]:
    return [body for _, body in spool.head(after, 10_000, LIMIT)]


def test_numbers_are_never_given_twice_whatever_was_forgotten(tmp_path: Path) -> None:
    first = Spool(tmp_path, LIMIT)
    assert first.add([b"a", b"b"], 1.0) == 0
    first.forget(2)
    series = first.series
    first.close()
    second = Spool(tmp_path, LIMIT)
    assert (second.series, second.last, second.count) == (series, 2, 0)
    second.add([b"c"], 2.0)
    assert second.head(0, 10, 100) == [(3, b"c")]
    second.close()


def test_what_is_asked_for_is_the_oldest_and_bounded(spool: Spool) -> None:
    spool.add([b"x" * 100] * 10, 1.0)
    assert len(spool.head(0, 3, LIMIT)) == 3
    assert len(spool.head(0, 100, 250)) == 2
    assert len(spool.head(0, 100, 10)) == 1
    assert spool.head(8, 100, LIMIT)[0][0] == 9
    spool.close()


def test_it_is_one_process_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ccwall.edge.spool.BUSY", 0.1)
    first = Spool(tmp_path, LIMIT)
    first.add([b"a"], 1.0)
    with pytest.raises(CcwallError, match="another ccwall edge runs with this folder"):
        Spool(tmp_path, LIMIT)
    first.close()
    Spool(tmp_path, LIMIT).close()


def test_a_damaged_one_is_set_aside_and_another_series_begins(tmp_path: Path) -> None:
    first = Spool(tmp_path, LIMIT)
    first.add([b"a" * 5000] * 10, 1.0)
    first.close()
    (tmp_path / FILE).write_bytes(b"no database" * 1000)
    second = Spool(tmp_path, LIMIT)
    assert second.series != first.series
    assert second.last == 0
    assert len(list(tmp_path.glob(f"{FILE}.damaged-*"))) == 1
    second.close()


def test_when_it_is_full_the_oldest_stays_and_there_is_one_gap(tmp_path: Path) -> None:
    spool = Spool(tmp_path, 10 * (100 + OVERHEAD))
    assert spool.add([b"o" * 100] * 8, 1.0) == 0
    assert spool.add([b"n" * 100] * 4, 2.0) == 2
    assert spool.add([b"n"], 3.0) == 1  # small enough, but a sieve is worse than a hole
    assert [spool.full_since] == [None]
    spool.forget(1)
    assert spool.add([b"n"], 4.0) == 1
    spool.forget(3)
    assert [spool.full_since] == [2.0]
    spool.say_gap(b"gap")
    assert [spool.full_since] == [None]
    assert spool.add([b"new"], 5.0) == 0
    assert bodies(spool)[-3:] == [b"n" * 100, b"gap", b"new"]
    assert [n for n, _ in spool.head(0, 100, LIMIT)] == list(range(4, 13))
    spool.close()


def test_a_gap_that_was_not_said_is_said_after_a_restart(tmp_path: Path) -> None:
    spool = Spool(tmp_path, 300)
    spool.add([b"x" * 200, b"y" * 200], 7.0)
    spool.close()
    again = Spool(tmp_path, 300)
    assert again.full
    again.forget(1)
    assert again.full_since == 7.0
    again.close()


async def written(store: Store, clock: ManualClock) -> None:
    async with asyncio.timeout(10):
        while store.newest != store.last:
            await clock.advance(0.5)
            await asyncio.sleep(0.005)


async def test_what_is_put_is_on_the_disk_before_it_is_more(spool: Spool) -> None:
    clock = ManualClock()
    store = Store(spool, clock)
    running = asyncio.create_task(store.run())
    for number in range(2500):
        store.put(b"%d" % number)
    assert store.last == 0
    assert store.newest == 2500
    await written(store, clock)
    assert store.more.is_set()
    assert bodies(spool) == [b"%d" % number for number in range(2500)]
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    await store.close()


async def test_a_disk_that_does_not_write_is_tried_again_and_the_rest_is_a_gap(
    spool: Spool, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = ManualClock()
    store, broken = Store(spool, clock), True
    add = spool.add

    def failing(found: list[bytes], now: float) -> int:
        if broken:
            raise sqlite3.OperationalError("database or disk is full")
        return add(found, now)

    monkeypatch.setattr(spool, "add", failing)
    running = asyncio.create_task(store.run())
    for number in range(MOST_PENDING + 5):
        store.put(b"%d" % number)
    for _ in range(5):
        await clock.advance(1.0)
        await asyncio.sleep(0.01)
    assert store.last == 0
    broken = False
    await written(store, clock)
    async with asyncio.timeout(10):
        while store.last <= MOST_PENDING:  # noqa: ASYNC110 - another thread writes
            await asyncio.sleep(0.005)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    said = bodies(spool, MOST_PENDING - 1)
    assert said[0] == b"%d" % (MOST_PENDING - 1)
    assert b'"source.gap"' in said[1]
    assert b"5 facts" in said[1]
    await store.close()


async def test_what_is_put_last_is_written_at_the_end(spool: Spool, tmp_path: Path) -> None:
    store = Store(spool, ManualClock())
    running = asyncio.create_task(store.run())
    await asyncio.sleep(0)
    store.put(b"last")
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert bodies(spool) == [b"last"]
    await store.close()
    assert (tmp_path / FILE).exists()
