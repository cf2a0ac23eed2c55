"""The job that makes the rounds: soon after a fact, at least once a second, and the floor's own figures once a minute."""

import asyncio
from collections.abc import Sequence

from ccwall import events
from ccwall.clock import ManualClock
from ccwall.config import HOUSE
from ccwall.engine import Engine
from ccwall.events import AgentCard, AgentId, AnyEvent, DeviceId, Policy, Principal, SiteId, SourceId
from ccwall.floor.rounds import Rounds
from ccwall.intake import Intake

ANNA, BUTTON = AgentId("anna"), DeviceId("bus/button")


async def test_a_press_becomes_a_call_for_help_within_a_second() -> None:
    clock, engine = ManualClock(), Engine()
    intake = Intake(SiteId("site"), engine.apply)
    said: list[AnyEvent] = []

    def take(facts: Sequence[AnyEvent], actor: Principal | None) -> None:
        said.extend(facts)
        intake.take(HOUSE, facts, clock.now(), actor)

    policy = Policy(agents={ANNA: AgentCard(team="north")}, devices={BUTTON: ANNA})
    intake.take(HOUSE, [events.ConfigApplied(at=clock.now(), hash="", policy=policy)], clock.now())
    job = asyncio.ensure_future(Rounds(engine, take, clock).run())
    try:
        await clock.advance(2)
        assert said == []
        press = events.DevicePressed(at=clock.now(), device=BUTTON, button="help")
        intake.take(SourceId("bus"), [press], clock.now())
        await clock.advance(1)
        assert [type(each) for each in said] == [events.HelpRequested]
        await clock.advance(5)
        assert len(said) == 1
    finally:
        job.cancel()
        await asyncio.gather(job, return_exceptions=True)
    again: list[AnyEvent] = []
    Rounds(Engine.restore(engine.dump()), lambda facts, _: again.extend(facts), clock).look(clock.now())
    assert again == []
