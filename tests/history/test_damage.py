"""A damaged journal is set aside, and every row that is not on the damaged page itself is saved."""

import asyncio
import os
import random
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ccwall.clock import SystemClock
from ccwall.config import HOUSE, SITE
from ccwall.events import ConfigApplied, Envelope, Policy, QueueCard, QueueId
from ccwall.history import open_folder
from ccwall.history.opening import JOURNAL
from ccwall.history.store import PAGE
from tests.engine.journal import NOON, connected
from tests.history.desk import brisk, desk, folded, kept, rows_of

LARGE = Policy(queues={QueueId(f"pbx1/queue number {n}"): QueueCard(line="x" * 50) for n in range(200)})
"""A configuration of more than three pages."""
Damage = Callable[[bytearray, int], None]


@pytest.fixture(scope="module")
def crashed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a ccwall that was killed: part of the facts in the file, part in its log, and two snapshots."""
    live, dead = tmp_path_factory.mktemp("live"), tmp_path_factory.mktemp("dead")

    async def work() -> None:
        async with desk(live) as here:
            here.take(ConfigApplied(at=NOON, hash="", policy=LARGE), source=HOUSE)
            here.take(*connected(NOON))
            here.visits(300)
        async with desk(live, brisk(snapshot_after=150)) as here:
            for _ in range(8):
                await here.journal.wait(here.visits(10))
                await asyncio.sleep(0.05)
            for each in (JOURNAL, f"{JOURNAL}-wal"):
                shutil.copy(live / each, dead / each)

    asyncio.run(work())
    assert (dead / f"{JOURNAL}-wal").stat().st_size > 20 * PAGE
    return dead


@pytest.fixture(scope="module")
def facts(crashed: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Envelope]:
    copy = tmp_path_factory.mktemp("copy")
    shutil.copytree(crashed, copy, dirs_exist_ok=True)
    return kept(copy)


def on_page(page: bytes, facts: list[Envelope]) -> set[int]:
    """The numbers of the facts some part of which is on this page. What is larger than a page is on any."""
    return {fact.seq for fact in facts if fact.id.encode() in page or isinstance(fact.event, ConfigApplied)}


def flip(content: bytearray, place: int) -> None:
    content[place] ^= 1 << (place % 8)


def zero_sector(content: bytearray, place: int) -> None:
    start = place // 512 * 512
    content[start : start + 512] = bytes(min(512, len(content) - start))


def scramble(content: bytearray, place: int) -> None:
    content[place : place + 64] = random.Random(place).randbytes(min(64, len(content) - place))


def cut(content: bytearray, place: int) -> None:
    del content[place:]


def places(seed: int, size: int, count: int) -> Iterator[int]:
    """Everything at the beginning, where the headers are; chance elsewhere."""
    yield from range(0, 100, 3)
    chance = random.Random(seed)
    for _ in range(count):
        yield chance.randrange(size)


def changed(whole: bytes, content: bytearray) -> tuple[int, int] | None:
    """The first and the last byte that is not as it was. As numbers: to compare byte by byte takes longer than to open."""
    size = min(len(whole), len(content))
    other = int.from_bytes(whole[:size], "little") ^ int.from_bytes(content[:size], "little")
    lowest = ((other & -other).bit_length() - 1) // 8 if other else size
    highest = (other.bit_length() - 1) // 8 if len(content) == len(whole) else len(whole) - 1
    return (lowest, highest) if lowest <= highest else None


def opened(folder: Path) -> int:
    """As `ccwall serve` would; the number of the last fact."""
    found = open_folder(folder, SystemClock(), SITE)
    found.lock.release()
    assert found.journal.status().state == "on"
    return found.past.seq


COUNT = {"flip": 60, "zero_sector": 25, "scramble": 25, "cut": 40}
if more := os.environ.get("CCWALL_DAMAGES"):
    COUNT = dict.fromkeys(COUNT, int(more))


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("damage", [flip, zero_sector, scramble, cut], ids=lambda each: each.__name__)
@pytest.mark.parametrize("name", [JOURNAL, f"{JOURNAL}-wal"], ids=["file", "log"])
def test_no_row_is_lost_that_is_not_on_the_damaged_page(
    crashed: Path, facts: list[Envelope], tmp_path: Path, name: str, damage: Damage
) -> None:
    whole = (crashed / name).read_bytes()
    by_seq = {fact.seq: fact for fact in facts}
    start, step = (32 + 24, PAGE + 24) if name.endswith("-wal") else (0, PAGE)
    for place in places(len(name), len(whole), COUNT[damage.__name__]):
        folder = tmp_path / str(place)
        shutil.copytree(crashed, folder)
        content = bytearray(whole)
        damage(content, place)
        (folder / name).write_bytes(content)
        opened(folder)
        found = kept(folder)
        assert all(by_seq[each.seq] == each for each in found), place  # no row is invented
        first, last = (max(0, (at - start) // step) for at in changed(whole, content) or (place, place))
        page = whole[max(0, start + first * step - 24) : start + (last + 1) * step]
        if any(".damaged-" in each.name for each in folder.iterdir()):
            assert len(found) == len(rows_of(folder, "SELECT seq FROM event")), (
                place
            )  # what is saved is whole
        missing = by_seq.keys() - {each.seq for each in found}
        assert missing <= on_page(page, facts), place
        shutil.rmtree(folder)


def test_an_undamaged_crash_loses_nothing_and_sets_nothing_aside(
    crashed: Path, facts: list[Envelope], tmp_path: Path
) -> None:
    shutil.copytree(crashed, tmp_path, dirs_exist_ok=True)
    assert opened(tmp_path) == facts[-1].seq
    assert kept(tmp_path) == facts
    assert not [each for each in tmp_path.iterdir() if ".damaged-" in each.name]


@pytest.mark.parametrize("name", [JOURNAL, f"{JOURNAL}-wal"], ids=["file", "log"])
def test_what_is_damaged_is_kept_as_it_was(crashed: Path, tmp_path: Path, name: str) -> None:
    shutil.copytree(crashed, tmp_path, dirs_exist_ok=True)
    content = bytearray((tmp_path / name).read_bytes())
    scramble(content, len(content) // 2)
    (tmp_path / name).write_bytes(content)
    opened(tmp_path)
    asides = [
        each for each in tmp_path.iterdir() if ".damaged-" in each.name and not each.name.endswith("-shm")
    ]
    assert content in [each.read_bytes() for each in asides]


def test_a_file_that_is_gone_while_its_log_is_there_gives_what_the_log_has(
    crashed: Path, tmp_path: Path
) -> None:
    shutil.copytree(crashed, tmp_path, dirs_exist_ok=True)
    (tmp_path / JOURNAL).unlink()
    assert opened(tmp_path) > 0
    assert len(kept(tmp_path)) > 100


def test_a_fact_that_is_larger_than_a_page_is_saved_too(
    crashed: Path, facts: list[Envelope], tmp_path: Path
) -> None:
    shutil.copytree(crashed, tmp_path, dirs_exist_ok=True)
    content = bytearray((tmp_path / JOURNAL).read_bytes())
    content[:PAGE] = bytes(PAGE)  # the tables' own page
    (tmp_path / JOURNAL).write_bytes(content)
    (tmp_path / f"{JOURNAL}-wal").unlink()  # which has a newer one
    opened(tmp_path)
    found = kept(tmp_path)
    assert found == facts[: len(found)]
    assert len(found) > 900
    assert isinstance(found[0].event, ConfigApplied)


def test_a_foreign_file_in_its_place_is_set_aside(tmp_path: Path) -> None:
    (tmp_path / JOURNAL).write_bytes(b"something else entirely" * 1000)
    assert opened(tmp_path) == 0
    assert [each for each in tmp_path.iterdir() if ".damaged-" in each.name]


@pytest.mark.parametrize("fails", range(1, 9))
def test_a_rescue_that_is_interrupted_is_begun_or_ended_again(
    crashed: Path, facts: list[Envelope], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fails: int
) -> None:
    """Every change of a name may be the last thing that happens."""
    shutil.copytree(crashed, tmp_path, dirs_exist_ok=True)
    content = bytearray((tmp_path / JOURNAL).read_bytes())
    zero_sector(content, 0)
    (tmp_path / JOURNAL).write_bytes(content)
    calls = 0

    class Killed(BaseException):
        pass

    def counted(work: Callable[[Path, Path], Path]) -> Callable[[Path, Path], Path]:
        def counting(self: Path, target: Path) -> Path:
            nonlocal calls
            calls += 1
            if calls == fails:
                raise Killed
            return work(self, target)

        return counting

    monkeypatch.setattr(Path, "rename", counted(Path.rename))
    monkeypatch.setattr(Path, "replace", counted(Path.replace))
    try:
        opened(tmp_path)
    except Killed:
        monkeypatch.undo()
        opened(tmp_path)
    found = kept(tmp_path)
    assert {each.seq for each in facts} - {each.seq for each in found} <= on_page(b"", facts)


async def test_a_restart_after_a_damage_has_the_state_of_what_was_saved(
    crashed: Path, tmp_path: Path
) -> None:
    shutil.copytree(crashed, tmp_path, dirs_exist_ok=True)
    content = bytearray((tmp_path / JOURNAL).read_bytes())
    scramble(content, 30)
    (tmp_path / JOURNAL).write_bytes(content)
    async with desk(tmp_path) as here:
        assert here.opened.past.base > 0  # a snapshot was saved too
        here.visits(3)
        await here.journal.wait(here.intake.seq)
        assert folded(kept(tmp_path)).dump() == here.engine.dump()
