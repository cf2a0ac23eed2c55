"""What each sense says of a person: its last word, since when, and whether it still counts."""

import pytest
from msgspec.structs import replace

from ccwall import events
from ccwall.events import (
    AgentCard,
    AgentId,
    AnyEvent,
    DeviceId,
    PhoneState,
    Policy,
    QueueId,
    SeatId,
    SourceId,
)
from tests.engine.journal import (
    ANNA,
    NOON,
    OLEG,
    PBX,
    Floor,
    answered,
    member,
    not_ready,
    phone,
    queued,
    resync,
)
from tests.engine.workplaces import (
    BUS,
    DESK_PHONE,
    HEADSET,
    LINE,
    MATS,
    OTHER_SEAT,
    PBX2,
    SEAT,
    SENSES,
    SIP,
    extension,
    floor,
    gone,
    headset,
    house,
    occupied,
    restored,
    said,
    senses,
    vacated,
)

T = NOON
BACK = AgentId("back-office")


# ── the words ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_where_one_acd_alone_speaks_there_is_nothing_to_compare() -> None:
    assert floor().agent(T + 1, "senses") is None


def test_all_that_is_said_of_a_person_is_told_best_sense_first() -> None:
    f = floor()
    f.say(vacated(T + 1), source=MATS).say(headset(T + 2, docked=True), source=BUS)
    f.say(extension(T + 3, "in_use"), source=SIP)
    assert senses(f, T + 4) == [
        {"source": "pbx1", "sense": "acd", "says": "ready", "since": T},
        {"source": "sip", "sense": "phone", "says": "in_use", "device": DESK_PHONE, "since": T + 3},
        {"source": "bus", "sense": "desk", "says": "docked", "device": HEADSET, "since": T + 2},
        {"source": "mats", "sense": "seat", "says": "vacant", "since": T + 1},
    ]


PHONES: list[tuple[PhoneState, str, str]] = [
    ("idle", "idle", "idle"),
    ("ringing", "ringing", "ringing"),
    ("in_use", "in_use", "off_hook"),
    ("busy", "in_use", "off_hook"),
    ("ringing_in_use", "in_use", "off_hook"),
    ("on_hold", "on_hold", "off_hook"),
    ("unavailable", "unavailable", "disconnected"),
    ("invalid", "unavailable", "disconnected"),
    ("unknown", "unknown", "unknown"),
]


@pytest.mark.parametrize(("state", "of_phone", "of_line"), PHONES)
def test_a_phone_says_what_it_does_and_a_line_on_the_desk_in_its_own_words(
    state: PhoneState, of_phone: str, of_line: str
) -> None:
    f = floor().say(extension(T + 1, state), source=SIP).say(extension(T + 2, state, LINE), source=BUS)
    assert said(f, T + 3, "phone") == [(of_phone, T + 1)]
    assert said(f, T + 3, "desk") == [(of_line, T + 2)]


@pytest.mark.parametrize(
    ("told", "says"),
    [
        ([{"docked": True}], "docked"),
        ([{"docked": False}], "undocked"),
        ([{"docked": False, "worn": True}], "worn"),
        ([{"worn": False}], "removed"),
        ([{"docked": True, "worn": False}], "docked"),
        ([{"docked": True, "connected": False}], "disconnected"),
        ([{"docked": True}, {"docked": False}, {"worn": True}], "worn"),
        ([{"worn": True}, {"connected": False}], "disconnected"),
        ([{"docked": True}, {"connected": True}], "docked"),
        ([{"docked": True}, {}], "docked"),
    ],
)
def test_a_headset_is_what_it_said_of_itself_bit_by_bit(told: list[dict[str, bool]], says: str) -> None:
    f = floor()
    for n, bits in enumerate(told):
        f.say(replace(headset(T + n), **bits), source=BUS)
    assert [word for word, _ in said(f, T + 9, "desk")] == [says]


def test_a_headset_that_says_only_that_it_is_connected_says_nothing_of_its_person() -> None:
    f = floor().say(headset(T + 1, connected=True), source=BUS)
    assert said(f, T + 2, "desk") == []


def test_a_headset_that_comes_back_is_no_longer_where_it_was() -> None:
    f = floor().say(headset(T, docked=True), headset(T + 1, connected=False), source=BUS)
    assert said(f, T + 2, "desk") == [("disconnected", T + 1)]
    f.say(headset(T + 3, connected=True), source=BUS)
    assert said(f, T + 4, "desk") == []
    f.say(headset(T + 5, worn=True), source=BUS)
    assert said(f, T + 6, "desk") == [("worn", T + 5)]


def test_the_same_said_again_began_when_it_was_first_said() -> None:
    f = floor().say(headset(T + 1, docked=True), headset(T + 9, docked=True), source=BUS)
    f.say(occupied(T + 1), occupied(T + 9), source=MATS).say(extension(T + 1), extension(T + 9), source=SIP)
    assert [since for sense in ("phone", "desk", "seat") for _, since in said(f, T + 10, sense)] == [
        T + 1
    ] * 3


def test_what_may_have_been_so_for_long_is_marked() -> None:
    f = (
        floor()
        .say(extension(T + 1, age_known=False), source=SIP)
        .say(vacated(T + 1, age_known=False), source=MATS)
    )
    assert [each.get("age_known") for each in senses(f, T + 2)] == [None, False, False]
    f.say(extension(T + 5, "in_use"), source=SIP).say(occupied(T + 5), source=MATS)
    assert [each.get("age_known") for each in senses(f, T + 6)] == [None, None, None]


def test_a_fault_on_the_desk_is_told_and_does_not_change_the_state() -> None:
    f = floor().say(
        headset(T, worn=True), events.DeviceFault(at=T + 1, device=HEADSET, fault="no charge"), source=BUS
    )
    assert f.agent(T + 2, "state") == "ready"
    assert [each.get("fault") for each in senses(f, T + 2)] == [None, "no charge"]
    f.say(events.DeviceFault(at=T + 3, device=HEADSET, fault="no charge", cleared=True), source=BUS)
    assert [each.get("fault") for each in senses(f, T + 4)] == [None, None]


# ── seats ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def sensor(at: float, *, available: bool, seat: SeatId = SEAT) -> events.SeatSensor:
    return events.SeatSensor(at=at, seat=seat, available=available)


def test_a_sensor_that_is_gone_says_nothing_until_it_has_spoken_again() -> None:
    f = floor().say(vacated(T + 1), sensor(T + 5, available=False), source=MATS)
    assert said(f, T + 6, "seat") == [("sensor_gone", T + 5)]
    f.say(sensor(T + 8, available=True), source=MATS)
    assert said(f, T + 9, "seat") == []
    f.say(vacated(T + 10), source=MATS)
    assert said(f, T + 11, "seat") == [("vacant", T + 10)]


def test_what_a_sensor_said_just_before_it_said_that_it_is_there_counts() -> None:
    f = floor().say(
        sensor(T + 1, available=False), occupied(T + 2), sensor(T + 2, available=True), source=MATS
    )
    assert said(f, T + 3, "seat") == [("occupied", T + 2)]


def test_a_seat_may_be_two_peoples_and_watched_by_two_sources() -> None:
    cards = {ANNA: AgentCard(seat=SEAT), OLEG: AgentCard(seat=SEAT)}
    f = Floor(Policy(senses=SENSES, agents=cards)).say(member(T), phone(T))
    f.say(member(T, agent=OLEG), phone(T, agent=OLEG, device="PJSIP/2"))
    f.say(vacated(T + 1), source=MATS).say(occupied(T + 2), source=BUS)
    for agent in (ANNA, OLEG):
        assert said(f, T + 3, "seat", agent) == [("occupied", T + 2), ("vacant", T + 1)]


# ── whose it is ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_device_is_whose_its_facts_say_else_whose_the_configuration_says() -> None:
    f = floor(devices={HEADSET: OLEG}).say(headset(T, docked=True, agent=None), source=BUS)
    assert (said(f, T + 1, "desk"), said(f, T + 1, "desk", OLEG)) == ([], [("docked", T)])
    f.say(headset(T + 2, agent=ANNA), source=BUS)
    assert (said(f, T + 3, "desk"), said(f, T + 3, "desk", OLEG)) == ([("docked", T)], [])


def test_a_device_that_is_seen_to_be_nobodys_is_nobodys() -> None:
    f = floor().say(headset(T, docked=True), source=BUS)
    f.say(events.DeviceSeen(at=T + 1, device=HEADSET, kind="headset", name="H1"), source=BUS)
    assert said(f, T + 2, "desk") == []
    assert f.at(T + 2, "strangers", "devices", HEADSET) == {
        "source": "bus", "kind": "headset", "name": "H1", "says": "docked", "since": T,
    }  # fmt: skip


def test_another_roster_takes_its_devices_and_seats_to_other_people() -> None:
    f = floor().say(headset(T, docked=True), source=BUS).say(vacated(T), source=MATS)
    cards = {OLEG: AgentCard(seat=SEAT)}
    f.say(events.ConfigApplied(at=T + 1, hash="", policy=Policy(senses=SENSES, agents=cards)))
    assert senses(f, T + 2) == []
    assert said(f, T + 2, "seat", OLEG) == [("vacant", T)]
    assert f.at(T + 2, "strangers", "devices", HEADSET, "says") == "docked"
    assert f.at(T + 2, "strangers", "agents") == [ANNA]


# ── precedence ─────────────────────────────────────────────────────────────────────────────────────────────────────

BELOW: list[tuple[SourceId, AnyEvent]] = [
    *((SIP, extension(T + 5, state)) for state, _, _ in PHONES),
    *((BUS, extension(T + 5, state, LINE)) for state, _, _ in PHONES),
    (BUS, headset(T + 5, docked=True)),
    (BUS, headset(T + 5, connected=False)),
    (BUS, events.DeviceFault(at=T + 5, device=HEADSET, fault="dead", agent=ANNA)),
    (MATS, vacated(T + 5)),
]
ABOVE: list[list[AnyEvent]] = [
    [],
    [not_ready(T + 2, "lunch")],
    [queued(T + 1), answered(T + 2)],
    [phone(T + 2, "unavailable")],
    [member(T + 2, member=False)],
]


@pytest.mark.parametrize("above", ABOVE, ids=["ready", "not ready", "talking", "fault", "off"])
def test_whom_an_acd_knows_no_lower_sense_gives_another_state(above: list[AnyEvent]) -> None:
    alone = floor(*above)
    shown = [alone.agent(T + 6, key) for key in ("state", "since", "times", "times_at")]
    for source, fact in BELOW:
        both = floor(*above).say(fact, source=source)
        assert [both.agent(T + 6, key) for key in ("state", "since", "times", "times_at")] == shown
        assert both.at(T + 6, "floor", "agents") == alone.at(T + 6, "floor", "agents")


@pytest.mark.parametrize(
    ("state", "shown"),
    [
        ("idle", "ready"), ("ringing", "ringing"), ("in_use", "busy"), ("on_hold", "busy"), ("unavailable", "unknown"),
        ("unknown", "unknown"),
    ],
)  # fmt: skip
@pytest.mark.parametrize(("source", "device"), [(SIP, DESK_PHONE), (BUS, LINE)])
def test_who_has_only_a_phone_is_shown_as_it_is(
    state: PhoneState, shown: str, source: SourceId, device: DeviceId
) -> None:
    cards = {BACK: AgentCard(seat=SEAT)}
    f = Floor(Policy(senses=SENSES, agents=cards)).say(extension(T + 1, state, device, BACK), source=source)
    assert f.agent(T + 2, "state", BACK) == shown
    assert f.agent(T + 2, "source", BACK) == source
    assert f.agent(T + 2, "since", BACK) == (None if shown == "unknown" else T + 1)
    assert f.agent(T + 2, "times", BACK) is None, "only what an ACD tells is anybody's time"
    assert f.at(T + 2, "floor", "staffed") == 0


def test_of_two_senses_that_know_somebody_no_acd_knows_the_better_is_shown() -> None:
    f = Floor(Policy(senses=SENSES, agents={BACK: AgentCard(seat=SEAT)}))
    assert f.agent(T, "state", BACK) == "off"
    f.say(occupied(T + 1), source=MATS)
    assert f.agent(T + 2, "state", BACK) == "unknown"
    f.say(extension(T + 3, "in_use", LINE, BACK), source=BUS)
    assert f.agent(T + 4, "state", BACK) == "busy"
    f.say(extension(T + 5, "idle", DESK_PHONE, BACK), source=SIP)
    assert f.agent(T + 6, "state", BACK) == "ready"
    f.say(extension(T + 7, "unknown", DESK_PHONE, BACK), source=SIP)
    assert f.agent(T + 8, "state", BACK) == "busy"


def test_whom_an_acd_is_to_tell_of_is_off_until_it_does_whatever_the_phone_says() -> None:
    f = Floor(house()).say(extension(T, "in_use"), source=SIP)
    assert f.agent(T + 1, "state") == "off"
    assert [word for word, _ in said(f, T + 1, "phone")] == ["in_use"]


# ── two ACDs ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_each_of_two_acds_has_its_own_word() -> None:
    f = floor().say(
        member(T, QueueId("pbx2/consult"), interface="SIP/1"), not_ready(T + 3, "lunch"), source=PBX2
    )
    f.say(phone(T, "in_use", device="SIP/1"), source=PBX2)
    assert senses(f, T + 4) == [
        {"source": "pbx1", "sense": "acd", "says": "ready"},
        {"source": "pbx2", "sense": "acd", "says": "not_ready", "since": T + 3},
    ]
    f.say(queued(T + 5), answered(T + 6), source=PBX)
    assert [each["says"] for each in senses(f, T + 7)] == ["talking", "not_ready"]


# ── away and back ──────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("source", "fact", "says"),
    [
        (SIP, extension(T, "in_use"), "in_use"),
        (BUS, headset(T, docked=True), "docked"),
        (MATS, vacated(T), "vacant"),
    ],
)
def test_a_word_of_a_source_that_is_away_is_stale(source: SourceId, fact: AnyEvent, says: str) -> None:
    f = floor().say(*resync(T), fact, source=source)
    assert "stale" not in senses(f, T + 1)[-1]
    f.say(gone(T + 5), source=source)
    assert (senses(f, T + 6)[-1]["says"], senses(f, T + 6)[-1]["stale"]) == (says, True)
    f.say(*resync(T + 10, replace(fact, at=T + 11)), source=source)
    last = senses(f, T + 12)[-1]
    assert "stale" not in last
    assert last["since"] == T + 11, "what was while nobody listened nobody knows"


@pytest.mark.parametrize(
    ("source", "fact"),
    [(SIP, extension(T)), (BUS, headset(T, docked=True)), (MATS, vacated(T))],
)
def test_what_a_resync_does_not_say_again_is_said_no_more(source: SourceId, fact: AnyEvent) -> None:
    f = floor().say(*resync(T), fact, source=source).say(gone(T + 5), *resync(T + 9), source=source)
    assert senses(f, T + 10) == []
    assert restored(f).engine.board(T + 10) == f.engine.board(T + 10)


def test_a_device_that_is_still_there_but_says_nothing_is_seen_without_a_word() -> None:
    f = floor().say(*resync(T), headset(T, docked=True, agent=None), source=BUS)
    seen = events.DeviceSeen(at=T + 9, device=HEADSET, kind="headset")
    f.say(gone(T + 5), *resync(T + 8, seen), source=BUS)
    assert f.at(T + 10, "strangers", "devices", HEADSET) == {"source": "bus", "kind": "headset"}


def test_a_device_that_a_resync_does_not_list_is_not_there() -> None:
    f = floor().say(*resync(T), headset(T, docked=True, agent=None), source=BUS)
    assert f.at(T + 1, "strangers", "devices", HEADSET, "says") == "docked"
    f.say(gone(T + 5), *resync(T + 8), source=BUS)
    assert f.at(T + 10, "strangers", "devices") == {}


def test_of_a_device_that_is_listed_only_what_is_said_again_is_so() -> None:
    f = floor().say(*resync(T), headset(T, docked=True), extension(T, "idle", HEADSET), source=BUS)
    seen = events.DeviceSeen(at=T + 9, device=HEADSET, kind="headset", agent=ANNA)
    f.say(gone(T + 5), *resync(T + 8, seen, headset(T + 9, worn=True)), source=BUS)
    assert said(f, T + 10, "desk") == [("worn", T + 9)]
    f.say(gone(T + 15), *resync(T + 18, seen), source=BUS)
    assert senses(f, T + 20) == []


def test_a_second_word_of_one_resync_does_not_begin_anew() -> None:
    f = floor().say(*resync(T), extension(T), source=SIP).say(gone(T + 5), source=SIP)
    f.say(*resync(T + 9, extension(T + 10, "in_use"), extension(T + 11, "in_use")), source=SIP)
    assert said(f, T + 12, "phone") == [("in_use", T + 10)]


# ── strangers ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_nobody_is_a_stranger_where_there_is_no_roster() -> None:
    f = Floor(Policy()).say(member(T), phone(T))
    assert f.at(T + 1, "strangers") == {"devices": {}, "seats": {}, "agents": []}


def test_who_and_what_nobody_knows_is_said_to_be_so() -> None:
    f = floor(member(T, agent=BACK))
    f.say(extension(T + 1, "in_use", LINE, None), source=BUS).say(
        vacated(T + 2, SeatId("mats/9")), source=MATS
    )
    f.say(vacated(T + 2, OTHER_SEAT), source=MATS)
    assert f.at(T + 3, "strangers") == {
        "devices": {LINE: {"source": "bus", "kind": "desk", "says": "off_hook", "since": T + 1}},
        "seats": {"mats/9": {"source": "mats", "says": "vacant", "since": T + 2}},
        "agents": [BACK],
    }


def test_what_belongs_to_a_place_needs_no_person() -> None:
    f = floor()
    for kind in ("sensor", "light", "button"):
        f.say(events.DeviceSeen(at=T, device=DeviceId(f"bus/{kind}"), kind=kind), source=BUS)
    assert f.at(T + 1, "strangers", "devices") == {}


def test_of_very_many_strangers_some_are_shown() -> None:
    f = floor()
    for n in range(300):
        f.say(events.DeviceSeen(at=T, device=DeviceId(f"bus/{n:03}"), kind="phone"), source=BUS)
    shown = f.at(T + 1, "strangers", "devices")
    assert isinstance(shown, dict)
    assert (len(shown), min(shown), max(shown)) == (200, "bus/000", "bus/199")


# ── two PBXs ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_queue_of_the_same_name_on_two_pbxs_is_two_queues() -> None:
    f = Floor(house())
    for source in (PBX, PBX2):
        f.say(queued(T, f"{source}/c", QueueId(f"{source}/consult")), source=source)
    queues = f.at(T + 1, "queues")
    assert isinstance(queues, dict)
    assert {id: (card["name"], card["waiting"], card["source"]) for id, card in queues.items()} == {
        "pbx1/consult": ("consult", 1, "pbx1"), "pbx2/consult": ("consult", 1, "pbx2"),
    }  # fmt: skip
