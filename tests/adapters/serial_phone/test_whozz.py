"""What a Whozz Calling? box says of its lines, record by record; and what every session must do."""

from collections.abc import Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccwall.adapter import Directory, Mode, Session
from ccwall.events import (
    AgentId,
    AnyEvent,
    CallLogged,
    DevicePressed,
    DeviceSeen,
    DeviceStateChanged,
    SourceDown,
)
from ccwall.wire.wall_time import Reading, WallClock
from ccwall_adapters.serial_phone import WhozzSession, WhozzSettings
from ccwall_adapters.serial_phone.records import Call, Detail, read, write
from tests.adapters.contract import NOW, PlainDirectory, SessionContract, Step
from tests.adapters.serial_phone.fuzz import SEEDS

MORNING = datetime(2026, 11, 7, 7, 43, 52, tzinfo=UTC).timestamp()


class WithLi(PlainDirectory):
    def person(self, *keys: str) -> AgentId | None:
        return AgentId("li") if "01" in keys else None


class TestContract(SessionContract):
    wire = (Step("open"), *(Step("rx", seed) for seed in SEEDS), Step("close"))
    greeting = b"01 R     11/07 07:43:52\r\n"
    foreign = (b"\xf3\x80\x9c\xe6\x00\n" * 40, b"x" * 1200, b"SSH-2.0-OpenSSH_9.2\r\n" * 250)

    def session(self, mode: Mode = "observe", directory: Directory | None = None) -> Session:
        return WhozzSession(WhozzSettings(), directory or PlainDirectory(), mode)


class Box:
    """A session and what it says, without what every connection begins with."""

    def __init__(self, zone: str = "UTC") -> None:
        self.session = WhozzSession(WhozzSettings(zone=zone), WithLi(), "live")
        self.session.open(MORNING)
        self.facts: list[AnyEvent] = []

    def says(self, line: str, after: float = 0.0) -> Sequence[AnyEvent]:
        facts = self.session.receive(f"{line}\r\n".encode(), MORNING + after)
        self.facts += facts
        return facts

    @property
    def states(self) -> list[tuple[str, str]]:
        return [(f.device, f.state) for f in self.facts if isinstance(f, DeviceStateChanged)]

    @property
    def calls(self) -> list[CallLogged]:
        return [fact for fact in self.facts if isinstance(fact, CallLogged)]


def test_a_call_that_is_answered() -> None:
    box = Box()
    box.says("01 R     11/07 07:43:52")
    box.says("01 I S 0000 G A0 11/07 07:43 AM 800-240-4637   CallerID.com   ", 2)
    box.says("01 F     11/07 07:43:58", 6)
    box.says("01 N     11/07 07:45:00", 68)
    box.says("01 I E 0062 G A2 11/07 07:45 AM 800-240-4637   CallerID.com   ", 68.5)
    assert box.states == [("src/01", "ringing"), ("src/01", "in_use"), ("src/01", "idle")]
    (call,) = box.calls
    assert (call.outcome, call.direction, call.line, call.agent) == ("answered", "in", "01", "li")
    assert (call.number, call.name) == ("800-240-4637", "CallerID.com")
    assert (call.started, call.ring, call.talk) == (MORNING, 6.0, 62.0)
    assert [fact.kind for fact in box.facts if isinstance(fact, DeviceSeen)] == ["line"]


def test_a_caller_who_gives_up() -> None:
    box = Box()
    box.says("01 R     11/07 07:43:52")
    box.says("01 I E 0000 G A4 11/07 07:44 AM 800-240-4637   CallerID.com   ", 24)
    assert box.states == [("src/01", "ringing"), ("src/01", "idle")]
    assert [(call.outcome, call.ring) for call in box.calls] == [("not_answered", 24.0)]


def test_who_picks_up_before_the_caller_id_is_on_the_phone() -> None:
    box = Box()
    box.says("01 R     11/07 07:43:52")
    box.says("01 F     11/07 07:43:53", 1)
    box.says("01 I S 0000 G A0 11/07 07:43 AM 800-240-4637   CallerID.com   ", 2)
    assert box.states == [("src/01", "ringing"), ("src/01", "in_use")]


def test_an_outgoing_call_is_not_known_to_be_answered() -> None:
    box = Box()
    box.says("02 F     11/07 07:43:52")
    box.says("02 O S 0000 G A0 11/07 07:43 AM 18005551212                   ", 5)
    box.says("02 O E 0030 G A0 11/07 07:44 AM 18005551212                   ", 30)
    assert box.states == [("src/02", "in_use"), ("src/02", "idle")]
    assert [(call.direction, call.outcome, call.number) for call in box.calls] == [
        ("out", "unknown", "18005551212")
    ]


def test_a_hook_flash_is_a_button() -> None:
    (seen, flash) = Box().says("01 H     11/07 07:44:00")
    assert isinstance(seen, DeviceSeen)
    assert isinstance(flash, DevicePressed)
    assert flash.button == "flash"


def test_a_wrong_checksum_names_nobody() -> None:
    box = Box()
    box.says("01 I E 0005 B A1 11/07 07:44 AM 800-240-4637   CallerID.com   ")
    assert [(call.number, call.name, call.outcome) for call in box.calls] == [("", "", "answered")]


@pytest.mark.parametrize("number", ["Private", "Out-of-Area"])
def test_who_keeps_the_number_back_has_none(number: str) -> None:
    box = Box()
    box.says(f"01 I E 0005 G A1 11/07 07:44 AM {number:14} {'':15}")
    assert [(call.number, call.name) for call in box.calls] == [("", "")]


def test_the_same_end_twice_is_one_call() -> None:
    box = Box()
    for _ in range(2):
        box.says("01 I E 0062 G A2 11/07 07:45 AM 800-240-4637   CallerID.com   ")
    assert len(box.calls) == 1


def test_of_a_box_that_tells_starts_alone_the_ringing_is_not_believed_for_ever() -> None:
    box = Box()
    box.says("$01 11/07 07:43 AM 8002404637 I CallerID.com")
    assert box.states == [("src/01", "ringing")]
    assert box.session.tick(MORNING + 59) == []
    (fact,) = box.session.tick(MORNING + 60)
    assert isinstance(fact, DeviceStateChanged)
    assert fact.state == "unknown"


def test_a_box_on_the_network_writes_a_head_before_each_record() -> None:
    box = Box()
    box.says("^^<U>000123<S>654321$01     09/26     02:30 PM     8002404637     I     CallerID.com")
    assert box.states == [("src/01", "ringing")]


def test_after_a_loss_the_lines_are_there_and_their_states_are_not() -> None:
    box = Box()
    box.says("01 F     11/07 07:43:52")
    assert isinstance(box.session.close(MORNING + 1, "reset")[-1], SourceDown)
    again = box.session.open(MORNING + 2)
    assert [fact.name for fact in again if isinstance(fact, DeviceSeen)] == ["01"]
    assert not [fact for fact in again if isinstance(fact, DeviceStateChanged)]
    box.facts.clear()
    box.says("01 F     11/07 07:43:55", 3)
    assert box.states == [("src/01", "in_use")]


def test_when_a_call_began_is_the_box_s_word_only_if_its_clock_is_right() -> None:
    right, wrong = Box("Asia/Shanghai"), Box("UTC")
    for box in (right, wrong):
        box.says("01 I E 0005 G A1 11/07 03:43 PM 800-240-4637   CallerID.com   ")
    assert right.calls[0].started == MORNING - 52
    assert wrong.calls[0].started is None


# ── records ──


def test_the_manual_s_own_samples() -> None:
    start = read("01 I S 0276 G B3 09/26 11:28 AM 800-240-4637   CallerID.com   ")
    assert start == Call(
        line="01",
        inbound=True,
        end=False,
        duration=276,
        ring="B3",
        at=Reading(9, 26, 11, 28),
        number="800-240-4637",
        name="CallerID.com",
    )
    brief = read("$01     09/26     02:30 PM     8002404637     I     CallerID.com")
    assert isinstance(brief, Call)
    assert (brief.brief, brief.number, brief.name, brief.at.hour) == (True, "8002404637", "CallerID.com", 14)
    assert read("01 R     11/07 07:43:52") == Detail(line="01", kind="R", at=Reading(11, 7, 7, 43, 52))


@pytest.mark.parametrize(
    "line",
    ["", "01", "AT", "1 I S 0276 G B3 09/26 11:28 AM 800", "01 X     11/07 07:43:52", "46-37   CallerID.com"],
)
def test_what_is_no_record_is_none(line: str) -> None:
    assert read(line) is None


names = st.text(st.characters(codec="ascii", categories=("L", "N")), min_size=1, max_size=14)
readings = st.builds(Reading, st.integers(1, 12), st.integers(1, 28), st.integers(0, 23), st.integers(0, 59))


@given(
    st.builds(
        Call,
        line=st.integers(0, 99).map("{:02}".format),
        inbound=st.booleans(),
        end=st.booleans(),
        duration=st.integers(0, 9999),
        at=readings,
        good=st.booleans(),
        ring=st.sampled_from(["A1", "B3"]),
        number=names,
        name=names,
    )
)
def test_what_is_written_is_read_again(record: Call) -> None:
    assert read(write(record)) == record


# ── the clock on the wall ──


@pytest.mark.parametrize("zone", ["UTC", "Asia/Shanghai", "Europe/Berlin", "America/St_Johns"])
@given(at=st.integers(1_700_000_000, 1_900_000_000), lag=st.integers(-3600 * 24 * 30, 3600 * 24 * 30))
def test_a_clock_without_a_year_is_read_by_nearness(zone: str, at: int, lag: int) -> None:
    shown = datetime.fromtimestamp(at, ZoneInfo(zone))
    reading = Reading(shown.month, shown.day, shown.hour, shown.minute, shown.second)
    found = WallClock(zone).instant(reading, at + lag)
    assert found is not None
    assert abs(found - at) in (0, 1800, 3600)  # an hour that comes twice is one of the two
    assert WallClock(zone).instant(reading, at) == at


def test_a_day_that_never_is() -> None:
    assert WallClock("UTC").instant(Reading(2, 30, 0, 0), NOW) is None
    assert WallClock("UTC").instant(Reading(13, 1, 0, 0), NOW) is None
