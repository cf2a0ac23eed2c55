"""ccwall is killed at every stage of a break that is carried out at the PBX: one approval sends one command at most, for ever.

The real `ccwall serve` and a manager port that counts what it is told to do, does it or not, and answers or not.
"""

import asyncio
import os
import random
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

from ccwall.events import BreakGranted, BreakPostponed, CommandRequested
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

    async def wish(self, agent: str) -> str:
        answer = await self.on.act("break.request", agent=agent, kind="short")
        assert answer.status_code == 200, answer.text
        return str(answer.json()["break_id"])

    async def grant(self, wish: str) -> httpx.Response:
        return await self.on.act("break.grant", break_id=wish, anyway=True)

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
        await asyncio.sleep(1.2)  # the house has looked at all breaks once more
        assert {agent: desk.pauses(agent) for agent in wanted} == wanted
        ids = [each["ActionID"] for each in on.switch.acted]
        assert len(set(ids)) == len(ids)
        known = {each.command_id for each in on.files.of(CommandRequested)}
        for command in known:
            assert (await on.get(f"/api/commands/{command}"))["state"] in ("confirmed", "refused")
    sys.stdout.write(f"{len(on.kills)} kills, {len(known)} commands, {len(ids)} sent\n")
    assert len(on.kills) > len(STAGES) + KILLS
