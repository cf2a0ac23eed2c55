"""Whatever the order of commits, crashes, link losses, answers and resyncs: no command is handed over twice."""

import asyncio
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from ccwall import events
from ccwall.floor.commands import END_WITHIN
from tests.floor.desk import ANNA, PBX, Desk, Disk, Q, joined, paused

STEPS = st.lists(
    st.sampled_from(
        [
            "ask",
            "commit",
            "commit later",
            "crash",
            "link lost",
            "resync done",
            "resync not done",
            "confirmed",
            "refused",
            "unknown",
            "disk stops",
            "disk goes on",
            "time passes",
            "much time passes",
        ]
    ),
    max_size=20,
)


class Story:
    """One desk after another on one journal, and all that was ever handed to the source."""

    def __init__(self) -> None:
        self.desk = Desk(Disk()).open()
        self.handed: Counter[str] = Counter()
        self.ends: dict[str, str] = {}

    async def play(self, steps: list[str]) -> None:
        await self.desk.run()
        for step in steps:
            await self._step(step)
            await self.desk.clock.advance(0)
            self._check()
        await self._finish()
        self._check()
        await self.desk.stop()

    async def _step(self, step: str) -> None:
        desk, now = self.desk, self.desk.clock.now()
        assert desk.disk is not None
        match step:
            case "ask":
                if desk.disk.state == "on" and len(list(desk.engine.commands())) < 8:
                    desk.ask(queue=Q)
            case "commit":
                desk.disk.commit(desk.intake.seq)
            case "commit later":
                desk.disk.commit(desk.intake.seq - 1)
            case "crash":
                await self._crash()
            case "link lost":
                desk.say(events.SourceDown(at=now, reason="reset"))
            case "resync done":
                desk.resync(PBX, joined(ANNA, Q, now), paused(ANNA, Q, now))
            case "resync not done":
                desk.resync(PBX, joined(ANNA, Q, now), events.AgentReady(at=now, agent=ANNA))
            case "confirmed" | "refused" | "unknown":
                kinds = {
                    "confirmed": events.CommandConfirmed,
                    "refused": events.CommandRefused,
                    "unknown": events.CommandUnknown,
                }
                for wish in desk.sources[PBX].handed[-1:]:
                    desk.say(kinds[step](at=now, command_id=wish.command_id))
            case "disk stops" | "disk goes on":
                desk.disk.state = "stopped" if step == "disk stops" else "on"
            case _:
                await desk.clock.advance(END_WITHIN + 2 if step.startswith("much") else 1.0)

    async def _crash(self) -> None:
        """Of the journal remains what was committed; the sent ones may be among what was not."""
        self._note()
        await self.desk.stop()
        disk, clock = self.desk.disk, self.desk.clock
        assert disk is not None
        kept = [envelope for envelope in self.desk.journal if envelope.seq <= max(disk.committed, 6)]
        self.desk = Desk(Disk(), kept)
        self.desk.clock = clock
        self.desk.commands._clock = clock
        assert self.desk.disk is not None
        self.desk.disk.committed = len(kept)
        self.desk.commands.recover()
        certain = {c.id for c in self.desk.engine.commands() if c.state in ("confirmed", "refused")}
        self.ends = {
            id: end for id, end in self.ends.items() if id in certain
        }  # an end may be lost with the tail
        assert not any(command.is_open for command in self.desk.engine.commands())
        await self.desk.run()

    def _note(self) -> None:
        self.handed.update(wish.command_id for wish in self.desk.sources[PBX].handed)

    def _check(self) -> None:
        total = self.handed + Counter(wish.command_id for wish in self.desk.sources[PBX].handed)
        assert all(times == 1 for times in total.values()), total
        for command in self.desk.engine.commands():
            if command.state in ("confirmed", "refused"):
                assert self.ends.setdefault(command.id, command.state) == command.state
        recorded = {
            e.event.command_id for e in self.desk.journal if isinstance(e.event, events.CommandRequested)
        }
        assert {wish.command_id for wish in self.desk.sources[PBX].handed} <= recorded

    async def _finish(self) -> None:
        """Let everything come to its end."""
        assert self.desk.disk is not None
        self.desk.disk.commit(self.desk.intake.seq)
        await self.desk.clock.advance(END_WITHIN + 2)
        now = self.desk.clock.now()
        self.desk.resync(PBX, joined(ANNA, Q, now), events.AgentReady(at=now, agent=ANNA))
        assert {c.state for c in self.desk.engine.commands()} <= {"confirmed", "refused"}


@given(STEPS)
def test_no_command_is_handed_over_twice_and_each_comes_to_one_end(steps: list[str]) -> None:
    asyncio.run(Story().play(steps))
