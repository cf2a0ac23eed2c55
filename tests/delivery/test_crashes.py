"""Killed anywhere: no note that was promised is lost, and each crash repeats a message at most once."""

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

import pytest

from ccwall.clock import ManualClock
from ccwall.delivery import Note, Ok, Outcome, Retry
from ccwall.delivery.disk import Disk
from ccwall.delivery.outbox import Outbox
from ccwall.delivery.rows import Rows
from ccwall.history import store
from tests.delivery.making import NOW, Recorder, line, note

T = TypeVar("T")
NOTES = 3


@pytest.fixture(autouse=True)
def _no_power_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    """Here processes die and no disks, so nothing need be waited for."""
    monkeypatch.setattr(store, "DURABLE", ("synchronous = OFF",))


class Killed(Exception):
    """The power is gone."""


class Machine:
    """Dies at the ``last`` of the points where it could: before and after each word to the disk and to a far end."""

    def __init__(self, last: int) -> None:
        self.left = last
        self.dead = False

    def point(self) -> None:
        self.left -= 1
        self.dead = self.dead or self.left < 0
        if self.dead:
            raise Killed


class DyingDisk(Disk):
    def __init__(self, path: Path, clock: ManualClock, machine: Machine) -> None:
        super().__init__(path, clock.now)
        if self._thread is not None:
            self._thread.shutdown()
            self._thread = None
        self._machine = machine

    async def do(self, job: Callable[[Rows], T]) -> T:
        self._machine.point()
        found = await super().do(job)
        self._machine.point()
        return found


class DyingChannel(Recorder):
    """``arrived``: by key, how often it came to the far end. The first tries fail, so that tries are crashed, too."""

    def __init__(self, machine: Machine, arrived: Counter[str], down: int) -> None:
        super().__init__()
        self._machine, self._arrived, self._down = machine, arrived, down

    async def send(self, notes: Sequence[Note]) -> Outcome:
        self._machine.point()
        if self._down:
            self._down -= 1
            return Retry("down")
        self._arrived.update(each.key for each in notes)
        self._machine.point()
        return Ok()


async def life(
    path: Path, clock: ManualClock, last: int, arrived: Counter[str], down: int, notes: int = NOTES
) -> tuple[set[str], Outbox, bool]:
    """One life of a house, until it dies or everything is quiet; the keys that were promised."""
    machine = Machine(last)
    promised: set[str] = set()
    disk = DyingDisk(path, clock, machine)
    outbox = Outbox(
        disk, {"robot": line(DyingChannel(machine, arrived, down))}, clock, jitter=lambda longest: longest
    )
    tasks = [asyncio.create_task(work, name=name) for name, work in outbox.jobs()]
    for number in range(notes):
        try:
            await outbox.put(note(f"{number}"), ["robot"])
            promised.add(f"{number}")
        except Killed:
            break
        await clock.advance(1)
    await clock.advance(30)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    if disk._rows is not None:
        disk._rows.close()
    return promised, outbox, machine.dead


@pytest.mark.parametrize("down", [0, 1])
async def test_killed_at_every_point_nothing_is_missed_and_at_most_one_is_said_twice(
    tmp_path: Path, down: int
) -> None:
    deaths = 0
    for last in range(200):
        path, clock, arrived = tmp_path / f"{last}.sqlite", ManualClock(NOW), Counter[str]()
        promised, _, died = await life(path, clock, last, arrived, down)
        deaths += died
        await life(path, clock, 10_000, arrived, 0, notes=0)
        assert promised <= set(arrived), last
        again, _, _ = await life(path, clock, 10_000, arrived, 0)
        assert promised <= again == {str(number) for number in range(NOTES)}
        assert set(arrived) == again
        assert sum(arrived.values()) - NOTES <= died, (last, arrived)
        if not died:
            break
    assert deaths > 30
    assert not died


async def test_killed_twice_and_thrice_each_crash_repeats_one_message_at_most(tmp_path: Path) -> None:
    most = 0
    for first in range(3, 40, 7):
        for second in range(2, 24, 5):
            path, clock, arrived = tmp_path / f"{first}-{second}.sqlite", ManualClock(NOW), Counter[str]()
            crashes = 0
            for last in (first, second, second + 1, 10_000):
                _, _, died = await life(path, clock, last, arrived, 0)
                crashes += died
            assert set(arrived) == {str(number) for number in range(NOTES)}
            assert sum(arrived.values()) - NOTES <= crashes
            most = max(most, sum(arrived.values()) - NOTES)
    assert most >= 1  # or nothing was crashed where it matters


async def test_what_was_being_sent_when_we_died_is_marked_as_perhaps_said_twice(tmp_path: Path) -> None:
    path, clock, arrived = tmp_path / "outbox.sqlite", ManualClock(NOW), Counter[str]()
    marked = 0
    for last in range(0, 40, 2):
        path = tmp_path / f"{last}.sqlite"
        arrived.clear()
        _, _, _ = await life(path, clock, last, arrived, 0)
        twice = {key for key, count in arrived.items() if count}
        rows = Disk(path, clock.now)
        before = {each.key for each in await rows.do(lambda rows: rows.entries(10, "sending"))}
        await rows.close()
        await life(path, clock, 10_000, arrived, 0)
        rows = Disk(path, clock.now)
        after = await rows.do(lambda rows: rows.entries(10, "sent"))
        await rows.close()
        assert {each.key for each in after if each.maybe_twice} == before
        marked += len(before & twice)
    assert marked > 0
