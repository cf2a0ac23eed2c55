"""ccwall is killed at every stage of a break that is carried out at the PBX: one approval sends one command at most, for ever.

The real `ccwall serve` and a manager port that counts what it is told to do, does it or not, and answers or not.
"""

import asyncio
import os
import random
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import httpx
import pytest

from ccwall.events import BreakGranted, BreakHeld, BreakPostponed, CommandRequested
from tests.integration.alert_ends import CLOCK, held, until
from tests.integration.killed_floor import Floor, floor
from tests.integration.manager import Temper

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="fork")

KILLS = int(os.environ.get("CCWALL_KILLS", "4"))
"""At random, after those at each stage."""
SEED = 20261122
A_MOMENT = 0.15
"""Seconds in which what must not happen would have happened."""
SOON = 0.5
SECOND_LOOK = 1.2
"""Seconds in which the house has looked at all breaks once more."""
Stage = Callable[["Desk", str], Awaitable[int]]
"""What is done with one person; gives how many pauses their PBX must have been told."""


class Desk:
    """A lead's, at a floor whose ccwall dies."""

    def __init__(self, on: Floor) -> None:
        self.on = on

    def pauses(self, agent: str) -> int:
        """How often the PBX was told to pause them."""
        interface = f"PJSIP/{agent.removeprefix('a')}"
        return sum(
            (each["Action"], each["Interface"], each["Paused"]) == ("QueuePause", interface, "true")
            for each in self.on.switch.acted
        )

    async def told(self, agent: str) -> None:
        await until(lambda: self.pauses(agent))

    def is_paused(self, agent: str) -> bool:
        extension = agent.removeprefix("a")
        return any(m.paused for (_, name), m in self.on.switch.members.items() if name.endswith(extension))

    async def wish(self, agent: str, **more: object) -> str:
        answer = await self.on.act("break.request", agent=agent, kind="short", **more)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["break_id"])

    async def ahead(self, agent: str, within: float = SOON) -> str:
        """Granted for so many seconds from now, and safe."""
        wish = await self.wish(agent, begins=CLOCK.now() + within)
        answer = await self.grant(wish)
        assert (answer.status_code, answer.json()["commands"]) == (200, []), answer.text
        return wish

    async def seen(self, wish: str, *states: str) -> None:
        """What became of the pause stands beside the break, and is certain in the end."""
        async with asyncio.timeout(15):
            while [each.get("state") for each in self.commands(await self.item(wish))] != list(states):
                await asyncio.sleep(0.02)

    @staticmethod
    def commands(item: dict[str, object]) -> list[dict[str, object]]:
        told = item.get("commands", [])
        assert isinstance(told, list)
        return told

    async def grant(self, wish: str) -> httpx.Response:
        return await self.on.act("break.grant", break_id=wish, anyway=True)

    async def today(self) -> list[dict[str, object]]:
        return list((await self.on.get("/api/v1/breaks/today")).get("breaks", {}).values())

    async def item(self, wish: str) -> dict[str, object]:
        found: dict[str, object] = (await self.on.get("/api/v1/breaks/today")).get("breaks", {}).get(wish, {})
        return found

    async def is_in(self, wish: str, state: str) -> None:
        async with asyncio.timeout(15):
            while (await self.item(wish)).get("state") != state:
                await asyncio.sleep(0.02)

    async def command(self, id: str, state: str) -> None:
        async with asyncio.timeout(15):
            while (await self.on.get(f"/api/commands/{id}")).get("state") != state:
                await asyncio.sleep(0.02)

    def commanded(self, agent: str) -> list[CommandRequested]:
        """What is safe of it."""
        return self.on.files.of(CommandRequested, target=agent)

    async def unknown_until_the_switch_is_back(self, command: str, then: str) -> None:
        """Killed, and nobody can say whether it was done; afterwards the switch says."""
        await self.on.kill()
        await self.on.switch.kill()
        self.on.switch.temper = "obliging"
        await self.on.start()
        await self.command(command, "unknown")
        await self.on.switch.start()
        await self.on.live()
        await self.command(command, then)


async def granted_and_not_in_the_journal(desk: Desk, agent: str) -> int:
    """Not recorded is not answered, and not sent; the lead is asked again, and grants again."""
    wish = await desk.wish(agent)
    with held(desk.on.files.journal):
        asked = asyncio.create_task(desk.grant(wish))
        await desk.is_in(wish, "granted")
        await asyncio.sleep(A_MOMENT)
        assert not asked.done()
        assert desk.pauses(agent) == 0
        await desk.on.kill()
    with pytest.raises(httpx.TransportError):
        await asked
    assert not desk.commanded(agent)
    await desk.on.back()
    assert (await desk.item(wish))["state"] == "requested"
    answer = await desk.grant(wish)
    assert answer.status_code == 200, answer.text
    await desk.told(agent)
    return 1


async def _sent(desk: Desk, agent: str, temper: Temper, then: str) -> str:
    desk.on.switch.temper = temper
    wish = await desk.wish(agent)
    answer = await desk.grant(wish)
    await desk.told(agent)
    [command] = answer.json()["commands"]
    await desk.unknown_until_the_switch_is_back(command, then)
    return wish


async def sent_and_not_done(desk: Desk, agent: str) -> int:
    """It is told as not done; whoever still wants it asks again."""
    wish = await _sent(desk, agent, "deaf", "refused")
    assert (await desk.item(wish))["state"] == "granted"
    assert (await desk.grant(wish)).status_code == 409
    return 1


async def done_and_not_answered(desk: Desk, agent: str) -> int:
    wish = await _sent(desk, agent, "speechless", "confirmed")
    await desk.is_in(wish, "running")
    return 1


async def answered(desk: Desk, agent: str) -> int:
    """And killed before it can have read that."""
    wish = await desk.wish(agent)
    granting = asyncio.create_task(desk.grant(wish))
    await desk.told(agent)
    await desk.on.again()
    with suppress(httpx.TransportError):
        await granting
    await desk.is_in(wish, "running")
    [asked] = desk.commanded(agent)
    await desk.command(asked.command_id, "confirmed")
    return 1


async def promised_and_due_while_it_is_dead(desk: Desk, agent: str) -> int:
    wish = await desk.wish(agent)
    answer = await desk.on.act("break.postpone", break_id=wish, begins=CLOCK.now() + SOON)
    await desk.on.kill()
    assert answer.status_code == 200, answer.text
    assert desk.on.files.of(BreakPostponed, break_id=wish)
    await asyncio.sleep(SOON)
    await desk.on.back()
    await desk.is_in(wish, "running")
    return 1


async def promised_and_not_in_the_journal(desk: Desk, agent: str) -> int:
    """It comes true while nothing can be recorded: nothing is sent, and after the start it comes true once."""
    wish = await desk.wish(agent)
    await desk.on.act("break.postpone", break_id=wish, begins=CLOCK.now() + SOON)
    with held(desk.on.files.journal):
        await desk.is_in(wish, "granted")
        await asyncio.sleep(A_MOMENT)
        assert desk.pauses(agent) == 0
        await desk.on.kill()
    assert not desk.on.files.of(BreakGranted, break_id=wish)
    await desk.on.back()
    await desk.is_in(wish, "running")
    return 1


async def promised_and_sent(desk: Desk, agent: str) -> int:
    """Not done as far as the switch says: a promise is kept once, and what became of it is seen."""
    desk.on.switch.temper = "deaf"
    wish = await desk.wish(agent)
    await desk.on.act("break.postpone", break_id=wish, begins=CLOCK.now() + SOON)
    await desk.told(agent)
    [asked] = desk.commanded(agent)
    await desk.unknown_until_the_switch_is_back(asked.command_id, "refused")
    assert (await desk.item(wish))["state"] == "granted"
    return 1


# ── granted ahead: right before its time, at it, right after ──


async def ahead_and_killed_right_before_its_time(desk: Desk, agent: str) -> int:
    """And started again before it: it comes true as if nothing had been."""
    wish = await desk.ahead(agent, within=4.0)
    assert (await desk.item(wish))["state"] == "granted"
    await desk.on.again()
    assert desk.pauses(agent) == 0
    await desk.is_in(wish, "running")
    return 1


async def ahead_and_due_while_it_is_dead(desk: Desk, agent: str) -> int:
    wish = await desk.ahead(agent)
    await desk.on.kill()
    assert desk.on.files.of(BreakGranted, break_id=wish)
    await asyncio.sleep(SOON)
    await desk.on.back()
    await desk.is_in(wish, "running")
    return 1


async def let_go(desk: Desk, wish: str) -> None:
    """Return when the house has let them go, as the board has it."""
    async with asyncio.timeout(15):
        while not (item := await desk.item(wish)).get("automatic") or item["state"] != "granted":
            await asyncio.sleep(0.01)


async def ahead_and_its_time_not_in_the_journal(desk: Desk, agent: str) -> int:
    """It comes while nothing can be recorded: nothing is sent, and after the start it is sent once."""
    wish = await desk.ahead(agent)
    with held(desk.on.files.journal):
        await let_go(desk, wish)
        await asyncio.sleep(A_MOMENT)
        assert desk.pauses(agent) == 0
        await desk.on.kill()
    assert len(desk.on.files.of(BreakGranted, break_id=wish)) == 1
    assert not desk.commanded(agent)
    await desk.on.back()
    await desk.is_in(wish, "running")
    return 1


async def _sent_at_its_time(desk: Desk, agent: str, temper: Temper, then: str) -> str:
    desk.on.switch.temper = temper
    wish = await desk.ahead(agent)
    await desk.told(agent)
    [asked] = desk.commanded(agent)
    await desk.unknown_until_the_switch_is_back(asked.command_id, then)
    return wish


async def ahead_and_sent(desk: Desk, agent: str) -> int:
    """Right after it: the switch has not done it, and that is said; it is not sent again."""
    wish = await _sent_at_its_time(desk, agent, "deaf", "refused")
    await desk.seen(wish, "refused")
    assert (await desk.item(wish))["state"] == "granted"
    return 1


async def ahead_and_done_and_not_answered(desk: Desk, agent: str) -> int:
    wish = await _sent_at_its_time(desk, agent, "speechless", "confirmed")
    await desk.is_in(wish, "running")
    return 1


AHEAD: tuple[Stage, ...] = (
    ahead_and_killed_right_before_its_time, ahead_and_due_while_it_is_dead, ahead_and_its_time_not_in_the_journal,
    ahead_and_sent, ahead_and_done_and_not_answered,
)  # fmt: skip


# ── held: somebody else has the only place when its time comes ──


@asynccontextmanager
async def held_up(desk: Desk, agent: str) -> AsyncIterator[tuple[str, Callable[[], None]]]:
    """Granted ahead while there was room; then the last of the team goes, and the time comes. Gives the wish, and what makes
    whoever went come back. Afterwards everybody is back."""
    few, switch = desk.on.few, desk.on.switch
    last = few[-1].removeprefix("a")
    wish = await desk.ahead(agent, within=2.0)
    switch.by_hand(last, "lunch")
    yield wish, lambda: switch.by_hand(last)
    for one in few:
        switch.by_hand(one.removeprefix("a"))
    async with asyncio.timeout(15):
        while any(each.get("agent") in few and each.get("state") == "running" for each in await desk.today()):
            await asyncio.sleep(0.02)


async def held_and_killed(desk: Desk, agent: str) -> int:
    """It is still held after the start, for the same cap, and goes once when there is room."""
    async with held_up(desk, agent) as (wish, comes_back):
        await desk.is_in(wish, "held")
        before = await desk.item(wish)
        await until(lambda: desk.on.files.of(BreakHeld, break_id=wish))
        await desk.on.again()
        assert (await desk.item(wish)) == before
        await asyncio.sleep(SECOND_LOOK)
        assert (desk.pauses(agent), len(desk.on.files.of(BreakHeld, break_id=wish))) == (0, 1)
        comes_back()
        await desk.is_in(wish, "running")
    return 1


async def held_and_not_in_the_journal(desk: Desk, agent: str) -> int:
    async with held_up(desk, agent) as (wish, comes_back):
        with held(desk.on.files.journal):
            await desk.is_in(wish, "held")
            await desk.on.kill()
        assert not desk.on.files.of(BreakHeld, break_id=wish)
        await desk.on.back()
        await desk.is_in(wish, "held")
        assert desk.pauses(agent) == 0
        comes_back()
        await desk.is_in(wish, "running")
    return 1


async def held_and_let_go_and_not_in_the_journal(desk: Desk, agent: str) -> int:
    async with held_up(desk, agent) as (wish, comes_back):
        await desk.is_in(wish, "held")
        await until(lambda: desk.on.files.of(BreakHeld, break_id=wish))
        with held(desk.on.files.journal):
            comes_back()
            await let_go(desk, wish)
            await asyncio.sleep(A_MOMENT)
            assert desk.pauses(agent) == 0
            await desk.on.kill()
        assert not desk.commanded(agent)
        await desk.on.back()
        await desk.is_in(wish, "running")
    return 1


async def held_and_let_go_and_sent(desk: Desk, agent: str) -> int:
    async with held_up(desk, agent) as (wish, comes_back):
        await desk.is_in(wish, "held")
        desk.on.switch.temper = "deaf"
        comes_back()
        await desk.told(agent)
        [asked] = desk.commanded(agent)
        await desk.unknown_until_the_switch_is_back(asked.command_id, "refused")
        await desk.seen(wish, "refused")
        answer = await desk.on.act("break.withdraw", break_id=wish, reason="not done")
        assert answer.status_code == 200, answer.text
    return 1


async def held_and_let_go_by_a_lead(desk: Desk, agent: str) -> int:
    """Who presses while the place is taken; killed before the answer can have been read."""
    async with held_up(desk, agent) as (wish, _):
        await desk.is_in(wish, "held")
        assert (await desk.on.act("break.grant", break_id=wish)).status_code == 409
        granting = asyncio.create_task(desk.grant(wish))
        await desk.told(agent)
        await desk.on.again()
        with suppress(httpx.TransportError):
            await granting
        await desk.is_in(wish, "running")
    return 1


HELD: tuple[Stage, ...] = (
    held_and_killed, held_and_not_in_the_journal, held_and_let_go_and_not_in_the_journal, held_and_let_go_and_sent,
    held_and_let_go_by_a_lead,
)  # fmt: skip

STAGES: tuple[Stage, ...] = (
    granted_and_not_in_the_journal, sent_and_not_done, done_and_not_answered, answered, promised_and_due_while_it_is_dead,
    promised_and_not_in_the_journal, promised_and_sent,
)  # fmt: skip


async def at_random(desk: Desk, agent: str, chance: random.Random) -> None:
    """Killed within the few milliseconds in which a grant goes through to the switch."""
    wish = await desk.wish(agent)
    granting = asyncio.create_task(desk.grant(wish))
    await asyncio.sleep(chance.uniform(0.0, 0.02))
    await desk.on.kill()
    with suppress(httpx.TransportError):
        await granting
    sent, asked = desk.pauses(agent), desk.commanded(agent)
    assert sent <= len(asked) <= 1, "what is sent is in the journal before"
    await desk.on.back()
    if asked:
        await desk.command(asked[0].command_id, "confirmed" if desk.is_paused(agent) else "refused")


@pytest.mark.slow
@pytest.mark.timeout(300)
async def test_killed_at_every_stage_no_command_is_ever_sent_twice(tmp_path: Path) -> None:
    chance = random.Random(SEED)
    async with floor(tmp_path, ["calls"]) as on:
        desk, wanted = Desk(on), dict[str, int]()
        for stage, agent in zip(STAGES, on.people, strict=False):
            wanted[agent] = await stage(desk, agent)
        for agent in on.people[len(STAGES) : len(STAGES) + KILLS]:
            await at_random(desk, agent, chance)
            wanted[agent] = min(1, desk.pauses(agent))
        await on.again()
        await ended(desk, wanted)
    assert len(on.kills) > len(STAGES) + KILLS


async def ended(desk: Desk, wanted: dict[str, int]) -> None:
    """Nobody's PBX was told more than it should, and of every command it is known what became of it."""
    on = desk.on
    await asyncio.sleep(SECOND_LOOK)
    assert {agent: desk.pauses(agent) for agent in wanted} == wanted
    ids = [each["ActionID"] for each in on.switch.acted]
    assert len(set(ids)) == len(ids)
    known = {each.command_id for each in on.files.of(CommandRequested)}
    for command in known:
        assert (await on.get(f"/api/commands/{command}"))["state"] in ("confirmed", "refused")
    sys.stdout.write(f"{len(on.kills)} kills, {len(known)} commands, {len(ids)} sent\n")


async def ahead_at_random(desk: Desk, agent: str, chance: random.Random) -> None:
    """Killed within the moment in which its time comes and it goes through to the switch: sent once, or said to be unsent."""
    wish = await desk.ahead(agent)
    due = float(str((await desk.item(wish))["begins"]))
    await asyncio.sleep(max(0.0, due - CLOCK.now() + chance.uniform(0.0, 0.3)))
    await desk.on.kill()
    sent, asked = desk.pauses(agent), desk.commanded(agent)
    assert sent <= len(asked) <= 1, "what is sent is in the journal before"
    await desk.on.back()
    if not asked:
        await desk.is_in(wish, "running")
        assert desk.pauses(agent) == 1
    elif desk.is_paused(agent):
        await desk.is_in(wish, "running")
        await desk.command(asked[0].command_id, "confirmed")
    else:
        await desk.seen(wish, "refused")
        assert desk.pauses(agent) == sent


@pytest.mark.slow
@pytest.mark.timeout(300)
async def test_killed_around_the_time_of_what_was_granted_ahead_it_is_sent_once_or_said_to_be_unsent(
    tmp_path: Path,
) -> None:
    chance = random.Random(SEED)
    async with floor(tmp_path, ["calls"]) as on:
        desk, wanted = Desk(on), dict[str, int]()
        for stage, agent in zip(AHEAD, on.people, strict=False):
            wanted[agent] = await stage(desk, agent)
        for agent in on.people[len(AHEAD) : len(AHEAD) + KILLS]:
            await ahead_at_random(desk, agent, chance)
            wanted[agent] = min(1, desk.pauses(agent))
        for stage, agent in zip(HELD, on.few[:-1], strict=False):
            wanted[agent] = await stage(desk, agent)
        await on.again()
        await ended(desk, wanted)
    assert len(on.kills) > len(AHEAD) + len(HELD) + KILLS
