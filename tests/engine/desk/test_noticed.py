"""What the house itself says: buttons, broken devices, surges and dropping calls; and what it does not say."""

import random
from collections.abc import Callable
from itertools import pairwise

from ccwall import events
from ccwall.engine import Engine
from ccwall.engine.desk.detect import binomial_tail, poisson_tail
from ccwall.engine.desk.noticed import NOT_AGAIN
from ccwall.events import AgentCard, AgentId, AnyEvent, DeviceId, IncidentId, Policy, SeatId
from tests.engine.journal import (
    ANNA,
    HOUSE,
    NOON,
    PBX,
    Floor,
    answered,
    connected,
    member,
    phone,
    queued,
    released,
)

BUTTON, HEADSET = DeviceId("bus/button-1"), DeviceId("bus/h1")
BUS = events.SourceId("bus")
HOUR = 3600.0
MIDNIGHT = NOON - 12 * HOUR
POLICY = Policy(
    agents={
        ANNA: AgentCard(team="north", seat=SeatId("A-1"), acd=True),
        AgentId("bo"): AgentCard(team="south"),
    },
    devices={BUTTON: ANNA, HEADSET: ANNA},
    senses={PBX: "acd", BUS: "desk"},
)


def floor() -> Floor:
    return Floor(POLICY).say(*connected(NOON)).say(*connected(NOON), source=BUS)


def press(at: float, button: str = "help") -> AnyEvent:
    return events.DevicePressed(at=at, device=BUTTON, button=button)


def rounds(place: Floor, now: float) -> list[AnyEvent]:
    """As the house does: what it says is taken in, and then there is nothing more to say."""
    said = [*place.engine.noticed(now), *place.engine.detected(now)]
    for each in said:
        place.say(each, source=HOUSE, received=now)
    assert [*place.engine.noticed(now), *place.engine.detected(now)] == []
    return said


# ── buttons ──


def test_a_press_calls_for_help_once() -> None:
    place = floor().say(press(NOON), source=BUS)
    (call,) = rounds(place, NOON + 1)
    assert isinstance(call, events.HelpRequested)
    assert (call.agent, call.via, call.at) == (ANNA, "button", NOON)
    place.say(press(NOON + 5), source=BUS)
    assert rounds(place, NOON + 6) == []
    place.say(events.HelpEnded(at=NOON + 30, help_id=call.help_id), source=HOUSE)
    assert rounds(place, NOON + 31) == []
    place.say(press(NOON + 60), source=BUS)
    assert len(rounds(place, NOON + 61)) == 1


def test_a_restart_forgets_no_press_and_says_none_twice() -> None:
    place = floor().say(press(NOON), source=BUS)
    place.engine = Engine.restore(place.engine.dump())
    (call,) = rounds(place, NOON + 20)
    place.engine = Engine.restore(place.engine.dump())
    assert rounds(place, NOON + 21) == []
    late = floor().say(press(NOON), source=BUS)
    late.engine = Engine.restore(late.engine.dump())
    assert rounds(late, NOON + 601) == [], "nobody waits for help that was asked for ten minutes ago"
    assert isinstance(call, events.HelpRequested)


def test_other_buttons_call_nobody() -> None:
    place = floor().say(press(NOON, "hook"), press(NOON, "break"), source=BUS)
    stranger = events.DevicePressed(at=NOON, device=DeviceId("bus/button-9"), button="help")
    assert rounds(place.say(stranger, source=BUS), NOON + 1) == []


def test_a_patrol_by_button_is_of_the_team_and_once_a_minute() -> None:
    place = floor().say(press(NOON, "patrol"), press(NOON + 30, "patrol"), source=BUS)
    (walk,) = rounds(place, NOON + 31)
    assert isinstance(walk, events.PatrolMade)
    assert (walk.team, walk.via, walk.at) == ("north", "button", NOON)
    assert len(rounds(place.say(press(NOON + 90, "patrol"), source=BUS), NOON + 91)) == 1


# ── faults ──


def broken(at: float, *, cleared: bool = False) -> AnyEvent:
    return events.DeviceFault(at=at, device=HEADSET, fault="battery", agent=ANNA, cleared=cleared)


def test_a_fault_opens_and_closes_by_itself() -> None:
    place = floor().say(broken(NOON), source=BUS)
    (opened,) = rounds(place, NOON + 1)
    assert isinstance(opened, events.FaultReported)
    assert (opened.fault, opened.device, opened.agent) == ("battery", HEADSET, ANNA)
    assert rounds(place, NOON + 100) == []
    (closed,) = rounds(place.say(broken(NOON + 200, cleared=True), source=BUS), NOON + 201)
    assert isinstance(closed, events.FaultClosed)
    assert (closed.fault_id, closed.how) == (opened.fault_id, "cleared")
    assert len(rounds(place.say(broken(NOON + 300), source=BUS), NOON + 301)) == 1


def test_what_a_person_closed_is_not_opened_again_at_once() -> None:
    place = floor().say(broken(NOON), source=BUS)
    (opened,) = rounds(place, NOON + 1)
    assert isinstance(opened, events.FaultReported)
    place.say(events.FaultClosed(at=NOON + 60, fault_id=opened.fault_id, how="replaced"), source=HOUSE)
    assert rounds(place, NOON + 61) == []
    assert len(rounds(place, NOON + 61 + NOT_AGAIN)) == 1


def test_a_source_that_is_away_mends_nothing() -> None:
    place = floor().say(broken(NOON), source=BUS)
    rounds(place, NOON + 1)
    place.say(events.SourceDown(at=NOON + 10, reason="closed"), source=BUS)
    assert rounds(place, NOON + 11) == []


def test_a_phone_that_is_gone_is_a_fault_while_somebody_is_signed_in() -> None:
    place = floor().say(member(NOON), phone(NOON), phone(NOON + 10, "unavailable"))
    assert rounds(place, NOON + 70) == []
    (gone,) = rounds(place, NOON + 71)
    assert isinstance(gone, events.FaultReported)
    assert (gone.fault, gone.agent) == ("unreachable", ANNA)
    (back,) = rounds(place.say(phone(NOON + 90)), NOON + 91)
    assert isinstance(back, events.FaultClosed)
    off = floor().say(phone(NOON, "unavailable"))
    assert rounds(off, NOON + 500) == []


def test_a_headset_that_keeps_dropping_out_is_a_fault() -> None:
    def drop(at: float) -> list[AnyEvent]:
        return [events.DeviceHeadset(at=at + on, device=HEADSET, connected=bool(on)) for on in (0, 1)]

    place = floor().say(events.DeviceHeadset(at=NOON, device=HEADSET, connected=True), source=BUS)
    for n in range(3):
        place.say(*drop(NOON + 10 + 60 * n), source=BUS)
    assert rounds(place, NOON + 200) == []
    (fault,) = rounds(place.say(*drop(NOON + 210), source=BUS), NOON + 212)
    assert isinstance(fault, events.FaultReported)
    assert fault.fault == "headset_dropouts"
    (over,) = rounds(place, NOON + 900)
    assert isinstance(over, events.FaultClosed)


# ── incidents ──

Rate = Callable[[float], float]
"""Callers a minute at an hour of the day."""


def ordinary(hour: float) -> float:
    """A working day: nothing before eight, a morning and an afternoon hill, a noon valley."""
    knots = (
        (0, 0.0),
        (8, 0.0),
        (9, 3.0),
        (10.5, 5.0),
        (12.5, 2.6),
        (15, 4.6),
        (17, 3.0),
        (19, 0.4),
        (20, 0.0),
        (24, 0.0),
    )
    for (left, low), (right, high) in pairwise(knots):
        if left <= hour <= right:
            return low + (high - low) * (hour - left) / (right - left)
    return 0.0


def live(
    place: Floor, dice: random.Random, day: int, rate: Rate, *, cut: float = 0.0, until: float = 20.0
) -> list[AnyEvent]:
    """One day on the floor; what the house said of it. ``cut``: the hour from which most calls are cut off."""
    begin, said = MIDNIGHT + day * 24 * HOUR, list[AnyEvent]()
    due: list[tuple[float, AnyEvent]] = []
    minute = 8 * 60
    while minute < until * 60:
        start = begin + 60 * minute
        hour = minute / 60
        for n in range(_poisson(dice, rate(hour))):
            at, name = start + dice.uniform(0, 60), f"{day}-{minute}-{n}"
            wait = dice.expovariate(1 / 12)
            short = dice.random() < (0.7 if cut and hour >= cut else 0.03)
            talk = dice.uniform(1, 6) if short else dice.expovariate(1 / 150) + 12
            due += [(at, queued(at, name)), (at + wait, answered(at + wait, name))]
            due.append((at + wait + talk, released(at + wait + talk, name)))
        minute += 1
        now = begin + 60 * minute
        due.sort(key=lambda each: each[0])
        ripe = [each for each in due if each[0] <= now]
        del due[: len(ripe)]
        for at, each in ripe:
            place.say(each, received=at)
        said += rounds(place, now)
    return [each for each in said if isinstance(each, events.IncidentProposed)]


def _poisson(dice: random.Random, mean: float) -> int:
    n, left = 0, dice.expovariate(1)
    while left < mean:
        n, left = n + 1, left + dice.expovariate(1)
    return n


def test_twenty_ordinary_days_propose_nothing() -> None:
    """Of ten floors two days each: with and without a yesterday."""
    for seed in range(10):
        dice, place = random.Random(f"ordinary {seed}"), Floor().say(*connected(MIDNIGHT))
        for day in range(2):
            assert live(place, dice, day, ordinary) == [], (seed, day)


def test_a_surge_is_proposed_within_five_minutes_and_once() -> None:
    for seed in range(3):
        for hour, after in ((11.0, 0), (14.5, 1)):

            def surging(at: float, begins: float = hour) -> float:
                return 2 * ordinary(at) * (3 if begins <= at < begins + 0.6 else 1)

            dice, place = random.Random(f"surge {seed}"), Floor().say(*connected(MIDNIGHT))
            for day in range(after):
                live(place, dice, day, lambda at: 2 * ordinary(at))
            found = live(place, dice, after, surging, until=hour + 1.5)
            began = MIDNIGHT + after * 24 * HOUR + hour * HOUR
            assert [each.kind for each in found if isinstance(each, events.IncidentProposed)] == ["surge"]
            assert began < found[0].at <= began + 360, (seed, hour, found[0].at - began)
            (incident,) = found
            assert isinstance(incident, events.IncidentProposed)
            assert incident.evidence["arrivals"] > 1.5 * incident.evidence["usual"]


def test_calls_that_are_cut_off_are_proposed_as_an_incident() -> None:
    dice, place = random.Random("drops"), Floor().say(*connected(MIDNIGHT))
    (found,) = live(place, dice, 0, ordinary, cut=11.0, until=11.5)
    assert isinstance(found, events.IncidentProposed)
    assert found.kind == "drops"
    assert MIDNIGHT + 11 * HOUR < found.at <= MIDNIGHT + 11 * HOUR + 600


def test_three_calls_are_no_incident() -> None:
    place = Floor().say(*connected(NOON))
    for n in range(3):
        at = NOON + n
        place.say(queued(at, f"c{n}"), answered(at + 1, f"c{n}"), released(at + 2, f"c{n}"))
    assert rounds(place, NOON + 60) == []
    for n in range(4):
        place.say(
            events.ContactLost(at=NOON + 61, contact=events.ContactId(f"x{n}"), queue=events.QueueId("q"))
        )
    assert rounds(place, NOON + 120) == []


def test_a_dismissed_surge_is_not_proposed_again_for_half_an_hour() -> None:
    dice, place = random.Random("again"), Floor().say(*connected(MIDNIGHT))
    (found,) = live(place, dice, 0, lambda at: ordinary(at) * (3 if at >= 11 else 1), until=11.2)
    assert isinstance(found, events.IncidentProposed)
    dismissed = events.IncidentDismissed(at=found.at + 60, incident_id=found.incident_id)
    place.say(dismissed, source=HOUSE, received=MIDNIGHT + 11.2 * HOUR)
    assert place.engine.detected(found.at + 60 + 600) == []


def test_a_proposal_nobody_looked_at_is_taken_back_when_all_is_as_usual() -> None:
    def surging(at: float) -> float:
        return ordinary(at) * (3 if 11 <= at < 11.25 else 1)

    dice, place = random.Random("back"), Floor().say(*connected(MIDNIGHT))
    (found,) = live(place, dice, 0, surging, until=13)
    assert isinstance(found, events.IncidentProposed)
    assert place.engine.desk.incidents[found.incident_id].state == "dismissed"


def test_the_effect_is_that_of_the_span_and_of_as_long_before() -> None:
    place = Floor().say(*connected(NOON))
    for n in range(6):
        at = NOON + 60 * n + 1
        place.say(queued(at, f"c{n}"), answered(at + (2 if n < 3 else 50), f"c{n}"))
    proposed = events.IncidentProposed(
        at=NOON + 180, incident_id=IncidentId("i"), kind="other", began=NOON + 180
    )
    place.say(proposed, source=HOUSE)
    found = place.engine.incident_effect(place.engine.desk.incidents[IncidentId("i")], NOON + 359)
    assert (found["offered"], found["before_offered"]) == (3, 3)
    assert (found["service_level"], found["before_service_level"]) == (0.0, 1.0)


def test_the_tails_are_those_of_the_textbook() -> None:
    assert poisson_tail(20, 10.0) < 0.0036
    assert poisson_tail(20, 10.0) > 0.0034
    assert abs(binomial_tail(8, 25, 0.1) - 0.00226) < 0.0001
