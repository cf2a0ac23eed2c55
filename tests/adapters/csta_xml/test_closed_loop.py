"""Floor, switch, wire, adapter and engine in simulated time: on a whole link and on one that breaks, nothing invented, nothing hidden."""

import pytest

from ccwall_adapters.csta_xml import CstaSettings
from ccwall_simulators.csta import PLAIN, Variant
from tests.adapters.csta_xml.outages import Account, BrokenLoop
from tests.simulators.csta.loop import START, Loop, differences, gauges_of_board, gauges_of_floor

MAKES = {
    "plain": PLAIN,
    "ids change, diverted comes late, prefixes": Variant(
        edition="ed3", prefix="csta", device_ids="uri", new_call_id=True, late_diverted=True
    ),
    "no session, plain digits, two r": Variant(
        session=0.0, edition="ed6", device_ids="digits", spelled="Transferred", new_call_id=True
    ),
    "called stays the first": Variant(called="first", status_every=0.0, edition="ed5"),
}


@pytest.mark.parametrize("make", MAKES)
@pytest.mark.parametrize("seed", range(2))
def test_on_a_whole_link_every_visit_and_every_gauge_is_right(seed: int, make: str) -> None:
    loop = Loop(seed, variant=MAKES[make])
    loop.connect()
    for _ in range(45):
        loop.pass_time(20)
        assert gauges_of_board(loop) == gauges_of_floor(loop)
    assert differences(loop, since=START) == []
    assert len(loop.switch.visits()) > 90
    assert not [
        kind for kind in loop.session.counts if kind.startswith(("unknown:", "refused", "unanswered"))
    ]


@pytest.mark.parametrize("make", ["plain", "ids change, diverted comes late, prefixes"])
@pytest.mark.parametrize("seed", range(6))
def test_after_every_loss_the_gauges_are_right_and_every_visit_is_told_or_was_unheard(
    seed: int, make: str
) -> None:
    loop = BrokenLoop(seed, MAKES[make])
    loop.minutes(15)
    account = Account(loop)
    assert loop.wrong_gauges == []
    assert account.mistakes == []
    assert account.equal > 20
    assert account.touched > 3


def test_phones_and_people_are_as_the_floor_has_them() -> None:
    loop = Loop(3)
    loop.connect()
    for _ in range(30):
        loop.pass_time(20)
        agents = loop.engine.board(loop.now)["agents"]
        assert isinstance(agents, dict)
        paused: dict[str, dict[str, bool]] = {}
        for queue in loop.floor.queues():
            for member in queue.members:
                of = paused.setdefault(f"src/{member.agent}", {})
                of[f"src/{queue.name}"] = of.get(f"src/{queue.name}", True) and member.paused
        told = {id: sorted(agent["queues"]) for id, agent in agents.items() if agent["queues"]}
        assert told == {id: sorted(queues) for id, queues in paused.items()}
        for id, queues in paused.items():
            assert sorted(agents[id]["not_ready_in"]) == sorted(
                q for q, not_ready in queues.items() if not_ready
            )


def test_a_group_that_cannot_be_monitored_is_a_limit_and_its_calls_are_still_told() -> None:
    loop = Loop(1, variant=Variant(queued_events=False))
    loop.connect()
    loop.pass_time(300)
    contacts = list(loop.engine.contacts())
    sources = loop.engine.board(loop.now)["sources"]
    assert isinstance(sources, dict)
    assert "queues" in sources["src"]["limits"]
    answered = [contact for contact in contacts if contact.answered is not None]
    assert len(answered) > 10
    assert all(not contact.wait_known for contact in contacts)


def test_a_phone_the_switch_does_not_know_is_said_and_the_rest_goes_on() -> None:
    plain = Loop(4)
    settings = CstaSettings(devices=(*plain.settings.devices, "9999"), groups=plain.settings.groups)
    loop = Loop(4, settings=settings)
    loop.connect()
    loop.pass_time(120)
    assert loop.session.state == "live"
    assert loop.session.counts["refused: monitor 9999 (operation: invalidDeviceID)"] == 1
    assert gauges_of_board(loop) == gauges_of_floor(loop)


def test_a_visit_keeps_its_id_over_a_restart_of_ccwall() -> None:
    loop = BrokenLoop(2)
    loop.pass_time(60)
    known = loop.known()
    open_before = {one.contact for one in known if not one.over}
    assert open_before
    loop.disconnect()
    loop.session = loop.new_session(known)
    loop.connect()
    loop.pass_time(1)
    open_after = {contact.id for contact in loop.engine.contacts() if contact.ended is None}
    assert open_after
    assert open_after & open_before
    assert not [id for id in open_after if id.count("/") > 3]
