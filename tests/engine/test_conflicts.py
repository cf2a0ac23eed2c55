"""Where two senses contradict each other: told after a while, with its beginning and its sources, and gone with either."""

import pytest
from msgspec.structs import replace

from ccwall import events
from ccwall.events import AgentCard, AnyEvent, Policy, SourceId
from tests.engine.journal import (
    ANNA,
    NOON,
    OLEG,
    PBX,
    Floor,
    alerting,
    answered,
    fold,
    member,
    not_answered,
    not_ready,
    phone,
    queued,
    ready,
    released,
    resync,
    wrap,
)
from tests.engine.workplaces import (
    BUS,
    LINE,
    MATS,
    PBX2,
    SEAT,
    SENSES,
    SIP,
    Limits,
    conflicts,
    extension,
    floor,
    gone,
    headset,
    occupied,
    restored,
    tick,
    vacated,
)

T = NOON
CALL: list[AnyEvent] = [queued(T + 1), answered(T + 10)]
SAYS: dict[str, tuple[SourceId, list[AnyEvent], AnyEvent]] = {
    # the sense, its word at T + 20, and the word that ends the contradiction at T + 100
    "ready_docked": (BUS, [headset(T + 20, docked=True)], headset(T + 100, docked=False, worn=True)),
    "ready_vacant": (MATS, [vacated(T + 20)], occupied(T + 100)),
    "ready_unreachable": (SIP, [extension(T + 20, "unavailable")], extension(T + 100)),
    "idle_talking": (SIP, [extension(T + 20, "in_use")], extension(T + 100)),
    "call_ended": (SIP, [extension(T + 10, "in_use"), extension(T + 20)], extension(T + 100, "in_use")),
}
LIMITS = {
    "ready_docked": 30,
    "ready_vacant": 30,
    "ready_unreachable": 5,
    "idle_talking": 10,
    "call_ended": 10,
}


def at_odds(kind: str, limits: Limits | None = None) -> Floor:
    source, words, _ = SAYS[kind]
    f = floor(limits=limits)
    return f.say(*(CALL if kind == "call_ended" else ())).say(*words, source=source)


@pytest.mark.parametrize("kind", SAYS)
def test_a_contradiction_is_told_when_it_has_lasted_for_its_limit_by_time_alone(kind: str) -> None:
    f, due = at_odds(kind), T + 20 + LIMITS[kind]
    assert (conflicts(f, due - 0.001), f.at(due - 0.001, "floor", "conflicts")) == ([], 0)
    assert (conflicts(f, due), f.at(due, "floor", "conflicts")) == ([(kind, T + 20)], 1)
    told = f.agent(due, "conflicts")
    assert isinstance(told, list)
    assert told[0]["sources"] == [PBX, SAYS[kind][0]]


@pytest.mark.parametrize("kind", SAYS)
def test_a_screen_is_sent_it_at_its_very_moment_and_nothing_before_or_after(kind: str) -> None:
    f, due = at_odds(kind), T + 20 + LIMITS[kind]
    screen: dict[str, object] = {}
    fold(screen, f.engine.changes(due - 1))
    assert all(path[0] != "agents" for path, _ in f.engine.changes(due - 0.001).set)
    changes = f.engine.changes(due)
    fold(screen, changes)
    assert (("agents", ANNA, "conflicts")) in [path for path, _ in changes.set]
    assert (("floor", "conflicts"), 1) in changes.set
    assert all(path[0] != "agents" for path, _ in f.engine.changes(due + 1).set)
    assert screen["agents"] == f.engine.board(due)["agents"]


@pytest.mark.parametrize("kind", SAYS)
def test_it_is_gone_when_the_sense_says_otherwise(kind: str) -> None:
    source, _, end = SAYS[kind]
    f = at_odds(kind)
    assert conflicts(f, T + 99) == [(kind, T + 20)]
    f.say(end, source=source)
    assert (conflicts(f, T + 200), f.at(T + 200, "floor", "conflicts")) == ([], 0)


@pytest.mark.parametrize("kind", SAYS)
def test_it_is_gone_when_the_acd_says_otherwise(kind: str) -> None:
    f = at_odds(kind).say(released(T + 50) if kind == "call_ended" else not_ready(T + 50))
    assert conflicts(f, T + 200) == []


@pytest.mark.parametrize("kind", SAYS)
def test_it_begins_with_the_later_of_both_words(kind: str) -> None:
    if kind == "call_ended":
        return
    source, words, _ = SAYS[kind]
    f = floor(not_ready(T + 5)).say(*words, source=source).say(ready(T + 60))
    assert conflicts(f, T + 60 + LIMITS[kind] - 0.1) == []
    assert conflicts(f, T + 60 + LIMITS[kind]) == [(kind, T + 60)]


@pytest.mark.parametrize("kind", SAYS)
@pytest.mark.parametrize("away", ["acd", "sense"])
def test_who_is_away_contradicts_nobody(kind: str, away: str) -> None:
    source = PBX if away == "acd" else SAYS[kind][0]
    f = at_odds(kind).say(gone(T + 60), source=source)
    assert (conflicts(f, T + 90), f.at(T + 90, "floor", "conflicts")) == ([], 0)


@pytest.mark.parametrize("kind", SAYS)
def test_back_again_it_goes_on_from_where_it_is_known(kind: str) -> None:
    source, words, _ = SAYS[kind]
    f = at_odds(kind).say(gone(T + 60), source=source)
    again = replace(words[-1], at=T + 70)
    f.say(*resync(T + 70, again), source=source)
    assert conflicts(f, T + 70 + LIMITS[kind]) == [(kind, T + 70)]


@pytest.mark.parametrize("kind", SAYS)
def test_a_restart_in_the_middle_changes_nothing(kind: str) -> None:
    f, due = at_odds(kind), T + 20 + LIMITS[kind]
    again = restored(f)
    for now in (due - 1, due, due + 50):
        assert again.engine.board(now) == f.engine.board(now)
    end = SAYS[kind][2]
    for each in (f, again):
        each.say(end, source=SAYS[kind][0])
    assert again.engine.dump() == f.engine.dump()


@pytest.mark.parametrize("kind", SAYS)
def test_the_limit_is_configured(kind: str) -> None:
    f = at_odds(kind, limits={kind: 77.0})
    assert (conflicts(f, T + 96.9), conflicts(f, T + 97)) == ([], [(kind, T + 20)])
    f.say(events.ConfigApplied(at=T + 98, hash="", policy=f_policy({kind: 0.0})))
    assert conflicts(f, T + 98) == [(kind, T + 20)]


def f_policy(limits: dict[str, float]) -> Policy:
    return Policy(senses=SENSES, agents={ANNA: AgentCard(seat=SEAT, acd=True)}, limits=limits)


# ── what is no contradiction ───────────────────────────────────────────────────────────────────────────────────────

NONE: dict[str, tuple[list[AnyEvent], list[tuple[SourceId, AnyEvent]]]] = {
    "wearing it": ([], [(BUS, headset(T, worn=True))]),
    "not on its hook": ([], [(BUS, headset(T, docked=False))]),
    "off, and hung up": ([member(T, member=False)], [(BUS, headset(T, docked=True)), (MATS, vacated(T))]),
    "at lunch, and away": ([not_ready(T, "lunch")], [(BUS, headset(T, docked=True)), (MATS, vacated(T))]),
    "on the phone in a break": ([not_ready(T)], [(SIP, extension(T, "in_use"))]),
    "in wrap-up": ([wrap(T, T + 900)], [(SIP, extension(T, "in_use")), (MATS, vacated(T))]),
    "talking, phone in use": (CALL, [(SIP, extension(T + 9, "in_use"))]),
    "talking, phone on hold": (CALL, [(SIP, extension(T + 9, "in_use")), (SIP, extension(T + 12, "on_hold"))]),
    "talking, at a phone nobody hears": (CALL, [(SIP, extension(T + 5))]),
    "talking, the phone lost": (CALL, [(SIP, extension(T + 9, "in_use")), (SIP, extension(T + 12, "unavailable"))]),
    "talking, the headset laid down": (CALL, [(BUS, headset(T + 12, docked=True))]),
    "one of two phones in use": (
        CALL, [(SIP, extension(T + 9, "in_use")), (BUS, extension(T + 12, "idle", LINE))]),
    "one of two headsets worn": (
        [], [(BUS, headset(T, docked=True)), (BUS, headset(T, worn=True, device=events.DeviceId("bus/h2")))]),
    "the sensor is gone": (
        [], [(MATS, vacated(T)), (MATS, events.SeatSensor(at=T + 1, seat=SEAT, available=False))]),
    "somebody sits, by one of two": ([], [(MATS, vacated(T)), (BUS, occupied(T))]),
    "one of two phones reachable": (
        [], [(SIP, extension(T, "unavailable")), (SIP, extension(T, device=events.DeviceId("sip/2")))]),
    "the ACD itself calls it a fault": ([phone(T, "unavailable")], [(SIP, extension(T, "unavailable"))]),
    "the ACD knows that the phone is used": ([phone(T, "in_use")], [(SIP, extension(T, "in_use"))]),
    "ringing": ([queued(T), alerting(T + 1)], [(SIP, extension(T + 1, "ringing"))]),
}  # fmt: skip


@pytest.mark.parametrize("case", NONE)
def test_no_contradiction(case: str) -> None:
    acd, below = NONE[case]
    f = floor(*acd)
    for source, word in below:
        f.say(word, source=source)
    assert conflicts(f, T + 400) == []


def test_of_whom_no_acd_tells_nothing_is_contradicted() -> None:
    f = Floor(Policy(senses=SENSES, agents={OLEG: AgentCard(seat=SEAT)}))
    f.say(extension(T, agent=OLEG), source=SIP).say(vacated(T), source=MATS)
    assert (f.agent(T + 400, "state", OLEG), conflicts(f, T + 400, OLEG)) == ("ready", [])


def test_of_two_sensors_one_that_is_gone_says_nothing() -> None:
    f = floor().say(vacated(T + 1), source=MATS)
    f.say(occupied(T + 1), events.SeatSensor(at=T + 5, seat=SEAT, available=False), source=BUS)
    assert conflicts(f, T + 31) == [("ready_vacant", T + 1)]


# ── the rest ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_several_contradictions_are_told_at_once_each_in_its_time() -> None:
    f = floor().say(vacated(T + 1), source=MATS).say(headset(T + 3, docked=True), source=BUS)
    f.say(extension(T + 6, "unavailable"), source=SIP)
    assert conflicts(f, T + 11) == [("ready_unreachable", T + 6)]
    assert conflicts(f, T + 31) == [("ready_unreachable", T + 6), ("ready_vacant", T + 1)]
    assert sorted(conflicts(f, T + 33)) == [
        ("ready_docked", T + 3), ("ready_unreachable", T + 6), ("ready_vacant", T + 1),
    ]  # fmt: skip
    assert f.at(T + 33, "floor", "conflicts") == 1, "people, not contradictions"


def test_a_line_on_the_desk_is_a_phone_where_no_better_sense_hears_one() -> None:
    f = floor().say(extension(T + 5, "in_use", LINE), source=BUS)
    assert conflicts(f, T + 15) == [("idle_talking", T + 5)]
    f.say(extension(T + 20), source=SIP)
    assert conflicts(f, T + 40) == []


def test_ready_begins_when_wrap_up_runs_out() -> None:
    f = floor(wrap(T, T + 60)).say(headset(T + 1, docked=True), source=BUS)
    assert (conflicts(f, T + 89.9), conflicts(f, T + 90)) == ([], [("ready_docked", T + 60)])


def test_wrap_up_that_runs_out_and_a_contradiction_that_is_due_are_sent_by_time_alone() -> None:
    f = floor(wrap(T, T + 60)).say(headset(T + 1, docked=True), source=BUS)
    for now in (T + 2, T + 60, T + 89.9):
        f.engine.changes(now)
    assert (("agents", ANNA, "conflicts")) in [path for path, _ in f.engine.changes(T + 90).set]


def test_a_ring_that_nobody_answers_interrupts_ready() -> None:
    f = floor().say(vacated(T), source=MATS).say(queued(T + 40), alerting(T + 41), not_answered(T + 60))
    assert (conflicts(f, T + 89), conflicts(f, T + 90)) == ([], [("ready_vacant", T + 60)])


def test_of_two_acds_those_that_offer_calls_are_contradicted() -> None:
    f = floor(not_ready(T)).say(member(T, events.QueueId("pbx2/q"), interface="SIP/1"), source=PBX2)
    f.say(phone(T, device="SIP/1"), source=PBX2).say(vacated(T + 1), source=MATS)
    told = f.agent(T + 40, "conflicts")
    assert isinstance(told, list)
    assert [each["sources"] for each in told] == [[PBX2, MATS]]


def test_a_phone_that_is_found_idle_contradicts_a_conversation_from_then_on() -> None:
    """Its age is not known: nobody is a ghost by it."""
    f = floor(*CALL).say(*resync(T + 20, extension(T + 20, age_known=False)), source=SIP)
    assert conflicts(tick(f, T + 900), T + 900) == [("call_ended", T + 20)]
    assert f.agent(T + 900, "state") == "talking"
