"""Everything that can happen on the small floor does, and what takes more than one happening comes in its order."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import get_args

import msgspec
import pytest

from ccwall_simulators.callcentre import CallCentre, load_scenario
from ccwall_simulators.callcentre.duration import Duration, TimeOfDay
from ccwall_simulators.callcentre.happening import (
    AnyHappening,
    CallAnswered,
    CallArrived,
    CallCompleted,
    CallEnded,
    CallFlowedOut,
    CallHeld,
    CallQueued,
    CallRefused,
    CallTransferred,
    DeviceChanged,
    MemberAdded,
    MemberRemoved,
    PauseChanged,
    PersonMoved,
    RingEnded,
    SideCallBegan,
    SideCallEnded,
)
from ccwall_simulators.callcentre.scenario import Break, Scenario, Shift, WalkOut

START = 1_795_312_800.0
SMALL = load_scenario("small_floor")
Told = Sequence[AnyHappening]


@pytest.fixture(scope="module")
def days() -> list[Told]:
    """An hour of twenty floors."""
    return [CallCentre(SMALL, seed, START).advance(START + 3600.0) for seed in range(20)]


def test_in_twenty_seeds_everything_occurs(days: list[Told]) -> None:
    seen = Counter(sign for told in days for happening in told for sign in signs(happening))
    assert not [sign for sign in WANTED if not seen[sign]]


WANTED = [kind.__name__ for kind in get_args(AnyHappening)] + [
    *(f"ring {how}" for how in ("answered", "no_answer", "busy", "cancelled")),
    *(f"out by {cause}" for cause in ("timeout", "key", "empty", "withdrawn")),
    *(f"refused {cause}" for cause in ("full", "empty")),
    *(f"by {by}" for by in ("caller", "agent", "transfer")),
    *(f"{kind} to {where}" for kind in ("blind", "attended") for where in ("queue", "extension")),
    *(f"phone {state}" for state in ("idle", "ringing", "in_use", "ringing_in_use")),
    *("queued first", "queued blind", "queued by an agent's own call", "queued with priority"),
    *("number mobile", "number landline", "number abroad", "number withheld"),
    *("name empty", "name 中文", "name Cyrillic", "name quotes", "name backslash", "name emoji"),
    *("paused 中文", "paused English", "paused by the ACD", "resumed with a word"),
]


def signs(told: AnyHappening) -> Iterator[str]:
    yield type(told).__name__
    match told:
        case RingEnded():
            yield f"ring {told.how}"
        case CallFlowedOut():
            yield f"out by {told.cause}"
        case CallRefused():
            yield f"refused {told.cause}"
        case CallCompleted():
            yield f"by {told.by}"
        case CallTransferred():
            yield f"{told.kind} to {'queue' if told.to_queue else 'extension'}"
        case DeviceChanged():
            yield f"phone {told.state}"
        case CallQueued():
            kind = "by an agent's own call" if told.call.startswith("s") else "blind"
            yield f"queued {kind if told.transferred_by else 'first'}"
            if told.priority:
                yield "queued with priority"
        case CallArrived():
            yield from caller_signs(told.number, told.name)
        case PauseChanged():
            yield from pause_signs(told)
        case _:
            pass


def caller_signs(number: str, name: str) -> Iterator[str]:
    kinds = {"": "withheld", "1": "mobile", "0": "landline", "+": "abroad"}
    yield f"number {kinds[number[:1]]}"
    marks = {"王": "中文", "П": "Cyrillic", '"': "quotes", "\\": "backslash", "😀": "emoji"}
    for mark, kind in marks.items():
        if mark in name:
            yield f"name {kind}"
    if not name:
        yield "name empty"


def pause_signs(told: PauseChanged) -> Iterator[str]:
    if told.automatic:
        yield "paused by the ACD"
    elif told.paused:
        yield "paused English" if told.reason.isascii() else "paused 中文"
    elif told.reason:
        yield "resumed with a word"


def of_call(told: Told, call: str) -> list[str]:
    return [type(h).__name__ for h in told if getattr(h, "call", "") == call]


def test_no_call_is_told_of_after_its_end(days: list[Told]) -> None:
    for told in days:
        ended: set[str] = set()
        for happening in told:
            call = getattr(happening, "call", "")
            assert call not in ended
            if isinstance(happening, CallEnded | SideCallEnded):
                ended.add(call)


def test_a_blind_transfer_into_a_queue_is_one_call_in_two_queues(days: list[Told]) -> None:
    for told in days:
        for place, happening in enumerate(told):
            if isinstance(happening, CallTransferred) and happening.kind == "blind" and happening.to_queue:
                own = [h for h in told[place:] if getattr(h, "call", "") == happening.call]
                assert isinstance(own[1], CallCompleted)
                assert own[1].by == "transfer"
                assert isinstance(own[2], CallQueued | CallRefused)
                assert own[2].queue == happening.to
                if isinstance(own[2], CallQueued):
                    assert own[2].transferred_by == happening.agent


def test_an_attended_transfer_into_a_queue_queues_the_agents_own_call(days: list[Told]) -> None:
    found = 0
    for told in days:
        sides = {h.call: h for h in told if isinstance(h, SideCallBegan)}
        for queued in told:
            if isinstance(queued, CallQueued) and queued.call in sides:
                assert sides[queued.call].agent == queued.transferred_by
                own = of_call(told, queued.call)
                assert own[:2] == ["SideCallBegan", "CallQueued"]
                if "CallAnswered" in own:
                    assert own[-2:] == ["CallCompleted", "SideCallEnded"]
                    found += 1
    assert found


def test_who_was_put_through_talks_on_while_the_queue_counts_it_over(days: list[Told]) -> None:
    """The second agent's phone stays in use after the CallCompleted of the first agent's own call."""
    found = 0
    for told in days:
        passed_on = {h.t for h in told if isinstance(h, CallTransferred)}
        for place, happening in enumerate(told):
            if isinstance(happening, CallCompleted) and happening.call[0] == "s" and happening.t in passed_on:
                phone = happening.interface
                after = [h for h in told[place:] if isinstance(h, DeviceChanged) and h.device == phone]
                if after and not phone.startswith("Local/"):
                    found += 1
                    assert after[0].t > happening.t
    assert found


def test_a_caller_may_hang_up_on_hold(days: list[Told]) -> None:
    ends: Counter[tuple[str, str]] = Counter()
    for told in days:
        last: dict[str, AnyHappening] = {}
        for happening in told:
            if isinstance(happening, CallCompleted):
                ends[type(last[happening.call]).__name__, happening.by] += 1
            if isinstance(happening, CallHeld | CallAnswered):
                last[happening.call] = happening
            elif getattr(happening, "call", ""):
                last[getattr(happening, "call", "")] = happening
    assert ends["CallHeld", "caller"]


def test_one_call_visits_the_same_queue_twice(days: list[Told]) -> None:
    for told in days:
        visits = Counter((h.call, h.queue) for h in told if isinstance(h, CallQueued))
        if visits.most_common(1)[0][1] > 1:
            return
    pytest.fail("in twenty hours nobody did")


def still(**more: object) -> Scenario:
    """The small floor without breaks, chance calls and walks, so that one thing can be seen."""
    handling = msgspec.structs.replace(
        SMALL.handling, own_calls_per_hour=0.0, walk_offs_per_hour=0.0, after_call=0.0, moves_per_hour=0.0
    )
    return msgspec.structs.replace(SMALL, **{"breaks": (), "handling": handling, **more})


def at(seconds: float) -> TimeOfDay:
    """The time of day so many seconds after START, which is 10:00 in Shanghai."""
    return TimeOfDay(36000.0 + seconds)


def test_lunch_goes_in_waves() -> None:
    lunch = Break(reasons=("午餐",), at=at(600), waves=2, length=Duration(900))
    told = CallCentre(still(breaks=(lunch,)), 1, START).advance(START + 3600.0)
    gone = {
        h.agent: h.t - START for h in reversed(told) if isinstance(h, PauseChanged) and h.reason == "午餐"
    }
    first = {agent for agent, t in gone.items() if t < 1400}
    assert first
    assert set(gone) - first
    assert all(t >= 600 for t in gone.values())


def test_who_is_at_lunch_when_the_floor_opens_is_at_lunch() -> None:
    lunch = Break(reasons=("午餐",), at=at(-900), length=Duration(1800))
    floor = CallCentre(still(breaks=(lunch,)), 1, START)
    floor.advance(START)
    assert any(member.reason == "午餐" for queue in floor.queues() for member in queue.members)


def test_the_floors_day_may_be_at_another_hour_than_the_zones() -> None:
    lunch = Break(reasons=("午餐",), at=TimeOfDay(3600), length=Duration(900))
    floor = CallCentre(still(breaks=(lunch,)), 1, START, at=3000.0)
    told = floor.advance(START + 590.0)
    assert not [h for h in told if isinstance(h, PauseChanged) and h.reason == "午餐"]
    told = floor.advance(START + 900.0)
    assert [h for h in told if isinstance(h, PauseChanged) and h.reason == "午餐"]


def test_a_shift_logs_on_and_off() -> None:
    shift = Shift(name="short", begin=at(600), end=at(2400), late=Duration(60))
    agents = tuple(msgspec.structs.replace(agent, shift="short") for agent in SMALL.agent)
    floor = CallCentre(still(shift=(shift,), agent=agents), 1, START)
    assert floor.advance(START)
    assert set(floor.devices().values()) <= {"unavailable", "idle"}
    on = [h for h in floor.advance(START + 700.0) if isinstance(h, MemberAdded)]
    off = [h for h in floor.advance(START + 3600.0) if isinstance(h, MemberRemoved)]
    assert {h.agent for h in on} == {"1003", "1011", "1012"} == {h.agent for h in off}
    phones = {name: state for name, state in floor.devices().items() if name.startswith("PJSIP/1")}
    assert phones["PJSIP/1001"] == "unavailable"


@pytest.mark.parametrize("how", ["pause", "silently", "log_off"])
def test_a_walk_out_is_seen_or_felt(how: str) -> None:
    walk_out = msgspec.convert(
        {"at": 0.0, "share": 1.0, "length": 600.0, "how": how}, WalkOut, dec_hook=plain
    )
    walk_out = msgspec.structs.replace(walk_out, at=at(300))
    floor = CallCentre(still(walk_out=(walk_out,)), 1, START)
    floor.advance(START + 480.0)
    served = [h for h in floor.advance(START + 660.0) if isinstance(h, CallAnswered)]
    back = [h for h in floor.advance(START + 1800.0) if isinstance(h, CallAnswered)]
    assert len(served) <= 1
    assert len(back) > 10


def plain(kind: type, value: object) -> object:
    return kind(value)


def test_nobody_presses_pause_while_the_exchange_is_down() -> None:
    floor = CallCentre(SMALL, 3, START)
    floor.advance(START + 600.0)
    floor.restart(down=120.0)
    told = floor.advance(START + 720.0)
    told = [h for h in told if not isinstance(h, PersonMoved)]
    assert not told, "not a word while it is down"
    assert {type(h).__name__ for h in floor.advance(START + 900.0)} >= {"CallArrived", "DeviceChanged"}


def test_who_was_cut_off_soon_calls_again() -> None:
    floor = CallCentre(SMALL, 3, START)
    before = {h.call: h.number for h in floor.advance(START + 600.0) if isinstance(h, CallArrived)}
    cut = {before[talk.call] for talk in floor.talking() if talk.call in before}
    floor.restart(down=10.0)
    again = {h.number for h in floor.advance(START + 720.0) if isinstance(h, CallArrived)}
    assert cut & again
    lost = [v for v in floor.visits() if v.end == "lost" or v.outcome == "lost"]
    assert lost
    assert {v.ended for v in lost} == {START + 600.0}
