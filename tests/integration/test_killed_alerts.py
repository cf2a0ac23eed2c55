"""ccwall is killed at every stage of an alert's life: nothing is missed, and each crash repeats one message at most.

The real `ccwall serve` and its files, a manager port, and robots that check signatures. Every stage is known from outside: a
fact is in the journal, a robot has read the request, HTTP has answered.
"""

import asyncio
import os
import random
import sys
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest

from ccwall.events import AlertAcknowledged, AlertDelivered, AlertEasing, AlertFired, AlertPending, AlertTold
from tests.integration.alert_ends import held, until
from tests.integration.killed_floor import Floor, alert, floor

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="fork")

KILLS = int(os.environ.get("CCWALL_KILLS", "5"))
"""At random, after those at each stage."""
SEED = 20261122
A_MOMENT = 0.15
"""Seconds in which what must not happen would have happened."""
STEP = 0.8
"""Seconds to the second step of the ladder."""
Stage = Callable[[Floor], Awaitable[str]]


async def pending(on: Floor) -> str:
    queue = on.arrives()
    await on.journal(AlertPending, queue)
    await on.again()
    return queue


async def fired_and_not_in_the_journal(on: Floor) -> str:
    with held(on.files.journal):
        queue = on.arrives()
        await on.state(queue, "firing")
        await asyncio.sleep(A_MOMENT)
        assert not on.first.heard_of(queue)
        await on.kill()
    assert not on.files.of(AlertFired, alert=alert(queue))
    await on.back()
    return queue


async def fired_while_another_is_put_into_the_outbox(on: Floor) -> str:
    """The other is in the journal, and this one is not. To be the first: nothing else may be on its way."""
    with ExitStack() as journal:
        with held(on.files.outbox):
            other = on.arrives()
            await on.journal(AlertTold, other)
            await asyncio.sleep(3 * A_MOMENT)
            journal.enter_context(held(on.files.journal))
            queue = on.arrives()
            await on.state(queue, "firing")
        await until(lambda: on.first.heard_of(other))
        await asyncio.sleep(A_MOMENT)
        assert not on.first.heard_of(queue)
        await on.kill()
    await on.back()
    on.lives.append(other)
    return queue


async def in_the_journal_and_not_in_the_outbox(on: Floor) -> str:
    with held(on.files.outbox):
        queue = on.arrives()
        await on.journal(AlertTold, queue)
        await on.kill()
    await on.back()
    return queue


async def sent_and_not_taken(on: Floor) -> str:
    on.first.keep("before", queue := on.arrives())
    await until(lambda: on.first.kept)
    await on.kill()
    on.first.let_go()
    await on.back()
    return queue


async def taken_and_not_answered(on: Floor) -> str:
    on.first.keep("after", queue := on.arrives())
    await until(lambda: on.first.kept)
    await on.kill()
    on.first.let_go()
    await on.back()
    await until(lambda: on.first.heard_of(queue, 2))
    return queue


async def answered_and_not_in_the_outbox(on: Floor) -> str:
    on.first.keep("after", queue := on.arrives())
    await until(lambda: on.first.kept)
    with held(on.files.outbox):
        on.first.let_go()
        await asyncio.sleep(A_MOMENT)
        await on.kill()
    await on.back()
    return queue


async def delivered_and_not_in_the_journal(on: Floor) -> str:
    on.first.keep("after", queue := on.arrives())
    await until(lambda: on.first.kept)
    [told] = on.files.of(AlertTold, alert=alert(queue))
    with held(on.files.journal):
        on.first.let_go()
        await until(lambda: on.files.sent(told.key))
        await on.kill()
    assert not on.files.of(AlertDelivered, key=told.key)
    await on.back()
    return queue


async def due_to_be_escalated_while_it_is_dead(on: Floor) -> str:
    queue = on.arrives()
    await on.journal(AlertTold, queue, kind="fired")
    await on.kill()
    await asyncio.sleep(STEP)
    await on.back()
    return queue


async def escalated(on: Floor) -> str:
    queue = on.arrives()
    await on.journal(AlertTold, queue, kind="escalated", step=1)
    await on.again()
    return queue


async def acknowledged(on: Floor) -> str:
    """Answered is done: nobody else is told any more."""
    queue = on.arrives()
    await on.journal(AlertTold, queue)
    answer = await on.act("alert.acknowledge", alert=alert(queue), note="mine")
    await on.kill()
    assert answer.status_code == 200, answer.text
    await on.back()
    await on.state(queue, "acknowledged")
    again = await on.act("alert.acknowledge", alert=alert(queue))
    assert (again.status_code, again.json()["by"]) == (409, "staff")
    on.quiet.append(queue)
    return queue


async def about_to_be_acknowledged(on: Floor) -> str:
    """Not recorded is not answered, and then it goes on as if nobody had asked."""
    queue = on.arrives()
    await on.journal(AlertTold, queue)
    with held(on.files.journal):
        asked = asyncio.create_task(on.act("alert.acknowledge", alert=alert(queue)))
        await on.state(queue, "acknowledged")
        await asyncio.sleep(A_MOMENT)
        assert not asked.done()
        await on.kill()
    with pytest.raises(httpx.TransportError):
        await asked
    assert not on.files.of(AlertAcknowledged, alert=alert(queue))
    await on.back()
    return queue


async def about_to_be_over(on: Floor) -> str:
    queue = on.arrives()
    await on.journal(AlertTold, queue)
    on.switch.leaves(queue)
    await on.journal(AlertEasing, queue)
    await on.again()
    return queue


async def over_while_it_is_dead(on: Floor) -> str:
    queue = on.arrives()
    await on.journal(AlertTold, queue)
    await on.kill()
    on.switch.leaves(queue)
    await on.back()
    return queue


async def over_and_its_robot_has_not_answered(on: Floor) -> str:
    queue = on.arrives()
    await on.journal(AlertTold, queue, kind="escalated", step=2)
    on.last.keep("after", f"{queue}.*Over after|Over after.*{queue}")
    on.switch.leaves(queue)
    await until(lambda: on.last.kept)
    await on.kill()
    on.last.let_go()
    await on.back()
    return queue


STAGES: tuple[Stage, ...] = (
    fired_while_another_is_put_into_the_outbox, pending, fired_and_not_in_the_journal, in_the_journal_and_not_in_the_outbox,
    sent_and_not_taken, taken_and_not_answered, answered_and_not_in_the_outbox, delivered_and_not_in_the_journal,
    due_to_be_escalated_while_it_is_dead, escalated, acknowledged, about_to_be_acknowledged, about_to_be_over,
    over_while_it_is_dead, over_and_its_robot_has_not_answered,
)  # fmt: skip


async def at_random(on: Floor) -> None:
    """Somebody comes, and it is killed at any moment of what follows."""
    chance = random.Random(SEED)
    for _ in range(KILLS):
        on.lives.append(on.arrives())
        await asyncio.sleep(chance.uniform(0.0, 0.9))
        await on.kill()
        await on.start()
        if chance.random() < 0.3:  # while it starts
            await asyncio.sleep(chance.uniform(0.0, 0.5))
            await on.kill()
            await on.start()
        await on.live()


@pytest.mark.slow
@pytest.mark.timeout(300)
async def test_killed_at_every_stage_nothing_is_missed_and_a_crash_repeats_one_message_at_most(
    tmp_path: Path,
) -> None:
    async with floor(tmp_path, [f"q{n:02}" for n in range(len(STAGES) + 1 + KILLS)]) as on:
        for stage in STAGES:
            on.lives.append(await stage(on))
        await at_random(on)
        await on.ended()
        twice = {queue: on.check(queue) for queue in on.lives}
        on.nothing_else()
        assert len(on.kills) >= len(STAGES) + KILLS
    told = sum(len(robot.arrivals) for robot in (on.first, on.group, on.last))
    sys.stdout.write(
        f"{len(on.kills)} kills, {len(on.lives)} alerts, {told} messages, {sum(twice.values())} of them twice: {twice}\n"
    )
    assert 3 <= sum(twice.values()) <= len(on.kills)
