"""The outbox: nothing is lost, hardly anything is said twice, and no channel waits for another."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ccwall.clock import ManualClock
from ccwall.delivery import SEVERITIES, Failed, Note, Ok, Outcome, Quiet, Retry
from ccwall.delivery.contract import Limit
from ccwall.delivery.disk import Disk, Overrun
from ccwall.delivery.outbox import LONGEST_PAUSE, Line, Outbox
from ccwall.delivery.pace import Pace
from ccwall.delivery.rows import Delivered, Entry, Rows
from tests.delivery.making import NOW, Recorder, line, note

TWENTY = (Limit(20, 60.0),)


class House:
    """Lines with an outbox in memory, on a clock of ours."""

    def __init__(
        self, *lines: Line, disk: Disk | None = None, jitter: Callable[[float], float] = lambda x: x
    ) -> None:
        self.clock = ManualClock(NOW)
        self.over: list[Delivered] = []
        self.disk = disk or Disk(None, self.clock.now)
        self.outbox = Outbox(
            self.disk,
            {each.configured.name: each for each in lines},
            self.clock,
            "Asia/Shanghai",
            self.over.append,
            jitter,
        )

    @asynccontextmanager
    async def running(self) -> AsyncIterator["House"]:
        tasks = [asyncio.create_task(work, name=name) for name, work in self.outbox.jobs()]
        try:
            await self.clock.advance(0)
            yield self
        finally:
            for task in tasks:
                task.cancel()
            found = await asyncio.gather(*tasks, return_exceptions=True)
            await self.outbox.close()
        assert all(isinstance(each, asyncio.CancelledError) for each in found), found

    async def settle(self) -> None:
        """Until nothing more happens at this moment."""
        for _ in range(20):
            await self.clock.advance(0)

    async def entry(self, key: str) -> Entry:
        return next(each for each in await self.outbox.entries(1000) if each.key == key)


async def test_a_note_is_told_once_however_often_it_is_put() -> None:
    robot = Recorder()
    async with House(line(robot)).running() as house:
        assert await house.outbox.put(note(), ["robot"]) == ["robot"]
        assert await house.outbox.put(note(), ["robot"]) == []
        await house.clock.advance(1)
        assert await house.outbox.put(note(), ["robot"]) == []
        await house.clock.advance(100)
        assert robot.told == [["alert/1"]]
        assert [(each.state, each.attempts) for each in house.over] == [("sent", 1)]


async def test_a_channel_gets_what_it_wants_and_one_that_is_not_there_gets_nothing() -> None:
    all_of_it, worst = Recorder(), Recorder()
    house = House(line(all_of_it, "all"), line(worst, "worst", severities=("critical",)))
    async with house.running():
        put = await house.outbox.put(note(), ["all", "worst", "none", "all"])
        assert put == ["all"]
        await house.clock.advance(1)
        assert (all_of_it.keys, worst.keys) == (["alert/1"], [])


async def test_a_failed_try_is_repeated_with_growing_pauses_until_it_works() -> None:
    robot = Recorder(*[Retry("down")] * 12)
    async with House(line(robot)).running() as house:
        await house.outbox.put(note(), ["robot"])
        await house.clock.advance(3600)
        entry = await house.entry("alert/1")
        assert entry.state == "sent"
        gaps = [b.at - a.at for a, b in zip(entry.tries, entry.tries[1:], strict=False)]
        assert gaps == [min(LONGEST_PAUSE, 2.0**n) for n in range(12)]
        assert [each.outcome for each in entry.tries] == ["retry"] * 12 + ["ok"]


async def test_pauses_are_jittered_and_never_nothing() -> None:
    robot = Recorder(*[Retry("down")] * 5)
    async with House(line(robot), jitter=lambda _: 0.0).running() as house:
        await house.outbox.put(note(), ["robot"])
        await house.clock.advance(1.2)
        assert len(robot.told) == 5


async def test_what_is_refused_for_good_is_not_tried_again_and_is_seen() -> None:
    robot = Recorder(Failed("no such robot"))
    async with House(line(robot)).running() as house:
        await house.outbox.put(note(), ["robot"])
        await house.clock.advance(4000)
        assert len(robot.told) == 1
        entry = await house.entry("alert/1")
        assert (entry.state, entry.said) == ("failed", "no such robot")
        assert [(each.state, each.said) for each in house.over] == [("failed", "no such robot")]
        assert await house.outbox.entries(10, "failed") == [entry]


@pytest.mark.parametrize(("severity", "hours"), [("info", 1), ("warn", 2), ("breach", 4), ("critical", 6)])
async def test_old_news_is_given_up_and_said_to_be(severity: Any, hours: int) -> None:
    robot = Recorder(*[Retry("down")] * 1000)
    async with House(line(robot)).running() as house:
        await house.outbox.put(note(severity=severity), ["robot"])
        await house.clock.advance(hours * 3600 - 400)
        assert (await house.entry("alert/1")).state == "waiting"
        await house.clock.advance(800)
        entry = await house.entry("alert/1")
        assert entry.state == "failed"
        assert "in time; last: down" in entry.said
        assert len(entry.tries) <= 20 <= entry.attempts


async def test_a_dead_channel_holds_up_no_other() -> None:
    class Dead(Recorder):
        async def send(self, notes: Sequence[Note]) -> Outcome:
            self.told.append([each.key for each in notes])
            await asyncio.Event().wait()
            raise AssertionError

    dead, robot = Dead(), Recorder()
    async with House(line(dead, "dead"), line(robot)).running() as house:
        for number in range(50):
            await house.outbox.put(note(f"{number}"), ["dead", "robot"])
        await house.settle()
        assert len(robot.keys) == 50
        await house.clock.advance(120)
        assert len(dead.told) >= 2  # given up after a minute, and tried again
        assert "not done within" in (await house.outbox.entries(100, channel="dead"))[-1].said


async def test_a_bug_in_a_channel_ends_no_worker() -> None:
    class Wrong(Recorder):
        async def send(self, notes: Sequence[Note]) -> Outcome:
            if not self.told:
                self.told.append([])
                raise ZeroDivisionError
            return await super().send(notes)

    robot = Wrong()
    async with House(line(robot)).running() as house:
        await house.outbox.put(note(), ["robot"])
        await house.clock.advance(10)
        assert robot.keys == ["alert/1"]


async def test_a_far_end_that_says_when_is_left_alone_until_then() -> None:
    robot = Recorder(Retry("too fast", 600.0))
    async with House(line(robot)).running() as house:
        await house.outbox.put(note(), ["robot"])
        await house.clock.advance(1)
        await house.outbox.put(note("2", "critical"), ["robot"])
        await house.clock.advance(590)
        assert len(robot.told) == 1
        await house.clock.advance(15)
        assert set(robot.keys[1:]) == {"alert/1", "2"}


async def test_a_new_note_finds_out_that_a_channel_is_back_and_takes_the_others_along() -> None:
    robot = Recorder(*[Retry("down")] * 11)
    async with House(line(robot)).running() as house:
        await house.outbox.put(note("old"), ["robot"])
        await house.clock.advance(1100)
        assert len(robot.told) == 11
        robot.told.clear()
        await house.outbox.put(note("new"), ["robot"])
        await house.settle()
        assert sorted(robot.keys) == ["new", "old"]


async def test_within_the_limit_each_note_is_a_message_and_beyond_it_they_go_together() -> None:
    robot = Recorder(limits=TWENTY)
    async with House(line(robot)).running() as house:
        for number in range(100):
            await house.outbox.put(note(f"{number}"), ["robot"])
        await house.clock.advance(300)
        assert sorted(robot.keys, key=int) == [str(number) for number in range(100)]
        assert len(robot.told) < 20
        entries = await house.outbox.entries(1000)
        assert {each.state for each in entries} == {"sent"}
        assert max(each.tries[-1].together for each in entries) > 50


async def test_a_few_notes_go_one_by_one() -> None:
    robot = Recorder(limits=TWENTY)
    async with House(line(robot)).running() as house:
        for number in range(10):
            await house.outbox.put(note(f"{number}"), ["robot"])
        await house.settle()
        assert [len(keys) for keys in robot.told] == [1] * 10


async def test_what_a_digest_only_counts_is_sent_and_said_to_be_only_counted() -> None:
    class Short(Recorder):
        async def send(self, notes: Sequence[Note]) -> Outcome:
            await super().send(notes)
            return Ok("ok", max(0, len(notes) - 3))

    robot = Short(limits=(Limit(1, 60.0),))
    async with House(line(robot)).running() as house:
        for number, severity in enumerate(SEVERITIES * 3):
            await house.outbox.put(note(f"{number}", severity), ["robot"])
        await house.clock.advance(200)
        entries = await house.outbox.entries(100)
        assert {each.state for each in entries} == {"sent"}
        together = [each for each in entries if each.tries[-1].together > 1]
        listed = [each for each in together if each.tries[-1].listed]
        assert len(listed) == 3
        assert (
            min(SEVERITIES.index(each.note.severity) for each in listed)
            >= max(SEVERITIES.index(each.note.severity) for each in together if not each.tries[-1].listed) - 1
        )


@given(
    puts=st.lists(st.floats(0, 200), min_size=1, max_size=120),
    limits=st.lists(st.builds(Limit, st.integers(1, 30), st.sampled_from([1.0, 10.0, 60.0])), max_size=2),
)
@example(puts=[number * 0.3 for number in range(600)], limits=[Limit(20, 60.0)])
@example(puts=[number * 0.05 for number in range(600)], limits=[Limit(5, 1.0), Limit(100, 60.0)])
@settings(max_examples=60)
def test_no_limit_is_ever_passed_and_everything_goes(puts: list[float], limits: list[Limit]) -> None:
    pace, now, waiting, sent = Pace(limits), 0.0, 0, []
    coming = sorted(puts)
    while coming or waiting:
        while coming and coming[0] <= now:
            waiting += 1
            coming.pop(0)
        if not waiting:
            now = coming[0]
            continue
        plan = pace.plan(waiting, now)
        if plan.wait > 0:
            now += plan.wait + 1e-6
            assert plan.wait <= 60
            continue
        pace.count(now)
        sent.append(now)
        waiting = 0 if plan.together else waiting - 1
    for limit in limits:
        for at in sent:
            assert sum(at <= other < at + limit.seconds - 1e-3 for other in sent) <= limit.messages


async def test_limits_hold_over_a_restart(tmp_path: Path) -> None:
    clock, counts = ManualClock(NOW), []
    for life in range(2):
        robot = Recorder(limits=TWENTY)
        house = House(line(robot), disk=Inline(tmp_path / "outbox.sqlite", clock.now))
        house.outbox._clock = house.clock = clock
        async with house.running():
            for number in range(10):
                await house.outbox.put(note(f"{life}/{number}"), ["robot"])
            await house.settle()
            counts.append(len(robot.told))
    assert counts[0] == 10
    assert sum(counts) <= 16


async def test_who_puts_again_what_was_over_before_the_restart_is_told_so(tmp_path: Path) -> None:
    """They were killed before they could note it."""
    clock = ManualClock(NOW)
    for life in range(2):
        robot = Recorder()
        house = House(line(robot), disk=Inline(tmp_path / "outbox.sqlite", clock.now))
        house.outbox._clock = house.clock = clock
        house.outbox._began = clock.now()
        async with house.running():
            for _ in range(2):
                await house.outbox.put(note(), ["robot", "gone"])
                await house.settle()
            assert robot.told == ([] if life else [["alert/1"]])
            said = [(each.channel, each.state, each.attempts, each.done) for each in house.over]
            assert said == [("robot", "sent", 1, NOW)] * (2 if life else 1)
        await clock.advance(1)


class Inline(Disk):
    """A file, without a thread: so that a ManualClock sees everything."""

    def __init__(self, *args: Any, **told: Any) -> None:
        super().__init__(*args, **told)
        if self._thread is not None:
            self._thread.shutdown()
            self._thread = None


async def test_in_quiet_hours_only_what_is_critical_is_told_and_the_rest_when_they_end() -> None:
    robot = Recorder()  # NOW is 16:00 in Shanghai
    async with House(line(robot, quiet=(Quiet(15 * 3600, 18 * 3600),))).running() as house:
        for number, severity in enumerate(SEVERITIES):
            await house.outbox.put(note(f"{number}", severity), ["robot"])
        await house.clock.advance(2 * 3600 - 1)
        assert robot.keys == ["3"]
        await house.clock.advance(2)
        assert sorted(robot.keys) == ["0", "1", "2", "3"]


async def test_a_test_says_what_the_far_end_said_and_is_seen_among_the_others() -> None:
    robot = Recorder(Ok("ok"), Failed("sign not match SECabcdefgh"))
    async with House(line(robot, secrets=("SECabcdefgh",))).running() as house:
        assert await house.outbox.test("robot") == Ok("ok")
        assert await house.outbox.test("robot") == Failed("sign not match …")
        states = [(each.note.kind, each.state) for each in await house.outbox.entries()]
        assert states == [("test", "failed"), ("test", "sent")]
        with pytest.raises(KeyError):
            await house.outbox.test("none")


async def test_a_test_that_did_not_get_through_is_not_tried_again() -> None:
    robot = Recorder(Retry("down"))
    async with House(line(robot)).running() as house:
        assert await house.outbox.test("robot") == Retry("down")
        await house.clock.advance(1000)
        assert len(robot.told) == 1
        assert [each.state for each in await house.outbox.entries()] == ["failed"]


async def test_a_test_keeps_to_the_limits_too() -> None:
    robot = Recorder(limits=(Limit(1, 60.0),))
    async with House(line(robot)).running() as house:
        assert isinstance(await house.outbox.test("robot"), Ok)
        again = await house.outbox.test("robot")
        assert isinstance(again, Retry)
        assert again.after == pytest.approx(60, abs=1)


async def test_no_secret_is_kept_or_shown() -> None:
    robot = Recorder(Retry("cannot reach https://robot/?key=0123456789"))
    one = line(robot, secrets=("0123456789",))
    async with House(one).running() as house:
        await house.outbox.put(note(), ["robot"])
        await house.clock.advance(0)
        assert "0123456789" not in (await house.entry("alert/1")).said
        assert "0123456789" not in one.detail


async def test_a_lamp_shows_what_stands_and_is_told_again_when_it_could_not_be() -> None:
    class Lamp(Recorder):
        async def stand(self, worst: Any) -> Outcome:
            await super().stand(worst)
            return Retry("down") if len(self.standing) == 2 else Ok()

    lamp = Lamp()
    async with House(line(lamp)).running() as house:
        house.outbox.stand("critical")
        await house.clock.advance(1)
        house.outbox.stand(None)
        await house.clock.advance(60)
        assert lamp.standing == ["critical", None, None]


async def test_when_too_many_wait_the_least_bad_go_and_are_told() -> None:
    robot = Recorder(Retry("down", 500.0))
    house = House(line(robot), disk=Disk(None, lambda: NOW, most=10))
    async with house.running():
        for number in range(8):
            await house.outbox.put(note(f"critical {number}", "critical"), ["robot"])
        for number in range(8):
            await house.outbox.put(note(f"info {number}", "info"), ["robot"])
        assert [(each.note.key, each.state) for each in house.over] == [
            (f"info {n}", "dropped") for n in range(6)
        ]
        await house.clock.advance(600)
        assert {f"critical {n}" for n in range(8)} <= set(robot.keys)


async def test_what_is_for_a_channel_that_is_gone_is_told_to_be_dropped(tmp_path: Path) -> None:
    path = tmp_path / "outbox.sqlite"
    first = House(line(Recorder(Retry("down"))), disk=Inline(path, lambda: NOW))
    async with first.running():
        await first.outbox.put(note(), ["robot"])
    second = House(line(Recorder(), "another"), disk=Inline(path, lambda: NOW))
    async with second.running():
        assert [(each.channel, each.state) for each in second.over] == [("robot", "dropped")]


async def test_old_rows_go_after_a_fortnight() -> None:
    async with House(line(Recorder())).running() as house:
        await house.outbox.put(note(), ["robot"])
        await house.clock.advance(14 * 86_400 - 3600)
        assert len(await house.outbox.entries()) == 1
        await house.clock.advance(2 * 3600 + 1)
        assert await house.outbox.entries() == []


async def test_a_note_without_a_key_is_refused_and_one_that_is_too_long_is_cut() -> None:
    async with House(line(Recorder())).running() as house:
        with pytest.raises(ValueError, match="key"):
            await house.outbox.put(note(""), ["robot"])
        await house.outbox.put(note(title={"en": "x" * 10_000}, url="javascript:alert(1)"), ["robot"])
        kept = (await house.entry("alert/1")).note
        assert len(kept.title["en"]) == 200
        assert kept.url == ""


async def test_a_row_that_cannot_be_read_is_told_as_one_and_stops_nothing() -> None:
    robot = Recorder(Retry("down", 10.0))
    async with House(line(robot)).running() as house:
        await house.outbox.put(note("1"), ["robot"])
        await house.settle()
        await house.disk.do(lambda rows: rows.db.execute("UPDATE entry SET note = 'of a newer ccwall'"))
        await house.outbox.put(note("2"), ["robot"])
        await house.clock.advance(20)
        assert sorted(robot.keys[1:]) == ["2", "unreadable"]
        assert {each.state for each in await house.outbox.entries()} == {"sent"}


async def test_a_disk_that_does_not_keep_up_ends_no_worker() -> None:
    class Slow(Disk):
        refuses = 0

        async def do(self, job: Callable[[Rows], Any]) -> Any:
            if self.refuses:
                self.refuses -= 1
                raise Overrun("slow")
            return await super().do(job)

    robot, disk = Recorder(), Slow(None, lambda: NOW)
    async with House(line(robot), disk=disk).running() as house:
        await house.outbox.put(note("1"), ["robot"])
        await house.settle()
        disk.refuses = 1
        house.outbox.stand(None)  # wakes it
        await house.settle()
        assert disk.refuses == 0
        await house.outbox.put(note("2"), ["robot"])
        await house.clock.advance(10)
        assert robot.keys == ["1", "2"]
