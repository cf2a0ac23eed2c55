"""Call records, format by format; the same record twice; and what every session must do."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccwall.adapter import Directory, Mode, Session
from ccwall.events import AgentId, AnyEvent, CallLogged, SourceTook
from ccwall_adapters.smdr import SmdrSession, SmdrSettings
from ccwall_adapters.smdr.session import MARKS_KEPT, STREAM
from ccwall_simulators.serial.printer import Printed, avaya, nec, panasonic
from tests.adapters.contract import NOW, PlainDirectory, SessionContract, Step
from tests.adapters.smdr.fuzz import AVAYA, NEC, NEC_UNDATED, PANASONIC, PANASONIC_B, PANASONIC_C, SEEDS

STATE = ("contact.", "agent.", "device.", "seat.", "attempt.", "queue.")


class WithLi(PlainDirectory):
    def person(self, *keys: str) -> AgentId | None:
        return AgentId("li") if "1200" in keys else None


class TestContract(SessionContract):
    wire = (Step("open"), *(Step("rx", seed) for seed in SEEDS), Step("close"))
    greeting = SEEDS[0]
    foreign = (b"\xf3\x80\x9c\xe6\x00\n" * 40, b"x" * 5000, b"SSH-2.0-OpenSSH_9.2\r\n" * 250)

    def session(self, mode: Mode = "observe", directory: Directory | None = None) -> Session:
        return SmdrSession(SmdrSettings(), directory or PlainDirectory(), mode)


def opened(now: float = NOW, **settings: object) -> SmdrSession:
    session = SmdrSession(msgspec.convert(settings, SmdrSettings), WithLi(), "live")
    session.open(now)
    return session


def read(text: str, now: float = NOW, **settings: object) -> list[CallLogged]:
    facts = opened(now, **settings).receive(text.replace("\n", "\r\n").encode(), now)
    return [fact for fact in facts if isinstance(fact, CallLogged)]


def at(text: str, zone: str = "+00:00") -> float:
    return datetime.fromisoformat(f"{text}{zone}").timestamp()


def test_history_touches_no_state() -> None:
    session = opened()
    facts: list[AnyEvent] = []
    for seed in SEEDS:
        facts += session.receive(seed, NOW)
    tags = {str(type(fact).__struct_config__.tag) for fact in facts}
    assert tags == {"call.logged", "source.took"}


# ── Panasonic ──


def test_panasonic_pattern_a() -> None:
    missed, out, verified, company, dialled_in, inside = read(PANASONIC)
    assert (missed.direction, missed.outcome, missed.extension, missed.line) == (
        "in",
        "not_answered",
        "1200",
        "01",
    )
    assert (missed.number, missed.ring, missed.talk) == ("12345678901234567890", 315.0, 0.0)
    assert (missed.at, missed.started) == (at("2026-01-02T10:03:00"), at("2026-01-02T09:57:45"))
    assert missed.agent == "li"
    assert (out.direction, out.outcome, out.number, out.continued) == (
        "out",
        "unknown",
        "1234567890123456",
        True,
    )
    assert (verified.extension, verified.continued) == ("*123", False)
    assert (company.name, company.number, company.outcome) == ("ABC COMPANY", "12345678", "answered")
    assert (company.at, company.started) == (at("2026-01-02T13:07:00"), at("2026-01-02T13:05:50"))
    assert (dialled_in.direction, dialled_in.name, dialled_in.number) == ("in", "Q COMPANY", "")
    assert (inside.direction, inside.number, inside.line, inside.talk) == ("internal", "1235", "", 33.0)


def test_panasonic_patterns_b_and_c() -> None:
    (b,), (c,) = read(PANASONIC_B), read(PANASONIC_C)
    assert (b.extension, b.line, b.direction, b.talk, b.continued) == ("1210", "01", "in", 5.0, True)
    assert (c.extension, c.line, c.name, c.number) == ("1230", "0001", "ABC COMPANY", "123456789012345")
    assert (c.ring, c.talk) == (5.0, 5.0)


def test_a_log_that_squeezed_the_spaces_is_read_all_the_same() -> None:
    (call,) = read("01/02/26 10:03AM 1200 01 <I>12345678901234567890 5'15 00:00'00 NA\n")
    assert (call.extension, call.line, call.number, call.outcome) == (
        "1200",
        "01",
        "12345678901234567890",
        "not_answered",
    )


@pytest.mark.parametrize(
    ("order", "date", "day"),
    [
        ("month", "02/01/26", "2026-02-01"),
        ("day", "02/01/26", "2026-01-02"),
        ("year", "26/02/01", "2026-02-01"),
    ],
)
def test_what_comes_first_in_a_date_is_configured(order: str, date: str, day: str) -> None:
    (call,) = read(f"{date} 10:03AM 1200  01 5551212                        00:01'00\n", dates=order)
    assert call.at == at(f"{day}T10:03:00")


def test_a_24_hour_clock() -> None:
    (call,) = read("01/02/26 22:03   1200  01 5551212                        00:01'00\n")
    assert call.at == at("2026-01-02T22:03:00")


@pytest.mark.parametrize("condition", ["RC", "AN"])
def test_what_is_written_while_it_still_rings_is_no_call_yet(condition: str) -> None:
    assert (
        read(f"01/02/26 10:03AM 1200  01 <I>5551212                0'05 00:00'00            {condition}\n")
        == []
    )


# ── Avaya ──


def test_avaya() -> None:
    lost, answered, first = read(AVAYA)
    assert (lost.outcome, lost.direction, lost.extension, lost.line) == (
        "not_answered",
        "in",
        "4324",
        "T9161",
    )
    assert (lost.started, lost.at, lost.ring) == (at("2008-06-28T09:28:41"), at("2008-06-28T09:28:50"), 9.0)
    assert (answered.outcome, answered.number, answered.talk) == ("answered", "01707299900", 5.0)
    assert answered.at == at("2008-08-01T15:14:31")
    assert (first.continued, first.hold) == (True, 11.0)
    assert first.call.startswith("src/1000014160-")


def test_avaya_names_with_commas() -> None:
    line = '2008/06/28 09:28:41,00:00:05,9,800,I,4324,4324,,0,1,0,E4324,"Bloggs, Joe",T9161,LINE 5.1,0,0\n'
    assert [call.extension for call in read(line)] == ["4324"]


def test_avaya_outgoing_and_internal() -> None:
    parties = "E201,Li,T9001,Line 1.0,0,0"
    out, inside = read(
        f"2026/11/01 09:00:00,00:00:30,4,201,O,13900001111,13900001111,,0,7,0,{parties}\n"
        "2026/11/01 09:00:00,00:00:30,4,201,O,202,202,,1,8,0,E201,Li,E202,Wang,0,0\n"
    )
    assert (out.direction, out.number, out.outcome) == ("out", "13900001111", "answered")
    assert (inside.direction, inside.number, inside.extension) == ("internal", "202", "201")


# ── NEC ──


DECEMBER = at("2026-12-09T12:00:00")


def test_nec_with_dates() -> None:
    out, answered, missed = read(NEC, DECEMBER)
    assert (out.direction, out.outcome, out.extension, out.number) == ("out", "unknown", "2001", "2142623801")
    assert (answered.direction, answered.outcome, answered.line) == ("in", "answered", "001")
    assert (answered.name, answered.talk) == ("NECinfrontia", 20.0)
    assert (answered.started, answered.at) == (at("2026-12-09T10:52:00"), at("2026-12-09T10:52:20"))
    assert (missed.outcome, missed.talk, missed.number, missed.name) == (
        "not_answered",
        None,
        "2142623801",
        "",
    )


def test_nec_without_dates_takes_the_page_s() -> None:
    (call,) = read(NEC_UNDATED, at("2027-03-01T00:00:00"))
    assert (call.started, call.line, call.extension) == (at("2026-12-09T10:52:00"), "001", "2017")


def test_nec_without_dates_and_pages_is_lately() -> None:
    (call,) = read("IVIN 23:50 001        00:00:20 2017       2142623802\n", at("2026-12-09T00:01:00"))
    assert call.started == at("2026-12-08T23:50:00")


def test_nec_squeezed_as_manuals_print_it() -> None:
    out, missed = read(
        "POT 10:52 12/09 002 00:00:10 2001 2142623801 08754\nPIN 10:53 12/09 002 2142623801 NO ANSWER\n",
        DECEMBER,
    )
    assert (out.extension, out.number, out.talk) == ("2001", "2142623801", 10.0)
    assert (missed.number, missed.outcome, missed.line) == ("2142623801", "not_answered", "002")


# ── time ──


def test_a_record_is_of_the_switch_s_own_zone() -> None:
    (call,) = read(
        "01/02/26 10:03AM 1200  01 5551212                        00:01'00\n", zone="Asia/Shanghai"
    )
    assert call.at == at("2026-01-02T10:03:00", "+08:00")


@pytest.mark.parametrize(("now", "hour"), [("2026-10-25T00:40:00", 0), ("2026-10-25T01:40:00", 1)])
def test_an_hour_that_comes_twice_is_the_nearer_one(now: str, hour: int) -> None:
    line = "10/25/26 02:30AM 1200  01 5551212                        00:01'00\n"
    (call,) = read(line, at(now), zone="Europe/Berlin")
    assert call.at == at(f"2026-10-25T{hour:02}:30:00")


def test_a_zone_that_is_none_is_refused() -> None:
    with pytest.raises(msgspec.ValidationError, match='"Mars" is no time zone'):
        msgspec.convert({"zone": "Mars"}, SmdrSettings)


# ── the same again ──


def calls(facts: object) -> list[str]:
    assert isinstance(facts, list)
    return [fact.call for fact in facts if isinstance(fact, CallLogged)]


def test_a_file_read_again_from_its_beginning_gives_nothing_new() -> None:
    session = opened()
    assert len(calls(session.receive(SEEDS[0], NOW))) == 6
    session.close(NOW)
    session.open(NOW)
    assert calls(session.receive(SEEDS[0], NOW)) == []
    assert len(calls(session.receive(SEEDS[3], NOW))) == 3


def test_after_a_restart_neither() -> None:
    session = opened()
    facts = session.receive(SEEDS[0], NOW)
    marks = [fact.mark for fact in facts if isinstance(fact, SourceTook)]
    later = SmdrSession(SmdrSettings(), PlainDirectory(), "live")
    later.recall({STREAM: marks})
    later.open(NOW + 100)
    assert calls(later.receive(SEEDS[0] + SEEDS[3], NOW + 100)) == calls(opened().receive(SEEDS[3], NOW))


def test_two_calls_of_the_same_words_are_two() -> None:
    line = PANASONIC.splitlines()[2] + "\r\n"
    session = opened()
    keys = calls(session.receive((line * 2).encode(), NOW))
    assert len(set(keys)) == 2
    session.close(NOW)
    session.open(NOW)
    assert len(calls(session.receive((line * 3).encode(), NOW))) == 1


def test_more_than_can_be_remembered_is_not_doubled_either() -> None:
    began = datetime(2026, 1, 2, tzinfo=UTC)
    lines = [
        f"{began + timedelta(minutes=minute):%m/%d/%y %I:%M%p} 1200  01 5551212                        00:01'00\r\n"
        for minute in range(MARKS_KEPT + 500)
    ]
    session = opened()
    assert len(calls(session.receive("".join(lines).encode(), NOW))) == MARKS_KEPT + 500
    session.close(NOW)
    session.open(NOW)
    later = (
        f"{began + timedelta(days=9):%m/%d/%y %I:%M%p} 1200  01 5551212                        00:01'00\r\n"
    )
    assert len(calls(session.receive(("".join(lines) + later).encode(), NOW))) == 1


# ── what a printer of ours writes, comes back ──

moments = st.integers(0, 270 * 86_400).map(
    lambda later: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=later)
)
digits = st.text("0123456789", min_size=3, max_size=15)
printed = st.builds(
    lambda started, inbound, extension, line, number, ring, talk: Printed(
        started=started.replace(second=0, microsecond=0),
        ended=started.replace(second=0, microsecond=0) + timedelta(seconds=ring + talk),
        inbound=inbound,
        extension=extension,
        line=line,
        number=number,
        ring=ring if inbound else 0,
        talk=talk,
    ),
    moments,
    st.booleans(),
    st.text("0123456789", min_size=3, max_size=5),
    st.integers(1, 99),
    digits,
    st.integers(0, 540),
    st.integers(0, 7200),
)
LATER = at("2026-10-02T00:00:00")


@given(printed)
def test_panasonic_there_and_back(call: Printed) -> None:
    (found,) = read(panasonic(call) + "\n", LATER)
    assert (found.extension, found.number, found.line) == (call.extension, call.number, f"{call.line:02}")
    assert (found.direction, found.talk) == ("in" if call.inbound else "out", float(call.talk))
    assert found.at == call.ended.replace(second=0).timestamp()


@given(printed)
def test_avaya_there_and_back(call: Printed) -> None:
    (found,) = read(avaya(call) + "\n", LATER)
    assert (found.extension, found.number, found.talk) == (call.extension, call.number, float(call.talk))
    assert found.outcome == ("answered" if call.talk else "not_answered")
    assert found.started == call.started.timestamp()


@given(printed)
def test_nec_there_and_back(call: Printed) -> None:
    (found,) = read(nec(call) + "\n", LATER)
    assert (found.number, found.line) == (call.number, f"{call.line:03}")
    assert found.started == call.started.timestamp()
    if call.talk:
        assert (found.extension, found.talk) == (call.extension, float(call.talk))
    elif call.inbound:
        assert found.outcome == "not_answered"


@given(st.lists(st.text(max_size=30), max_size=25))
def test_any_fields_are_a_record_or_none(fields: list[str]) -> None:
    opened().receive(",".join(fields).encode("utf-8", "replace") + b"\n", NOW)
