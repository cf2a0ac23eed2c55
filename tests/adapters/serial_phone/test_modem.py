"""What a modem says of its line, word by word; and what every session must do."""

from collections.abc import Sequence

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccwall.adapter import Directory, Mode, Session
from ccwall.errors import LinkSilent
from ccwall.events import (
    AnyEvent,
    CallLogged,
    DeviceSeen,
    DeviceStateChanged,
    SourceResyncFinished,
    SourceResyncStarted,
    SourceUp,
)
from ccwall_adapters.serial_phone import ModemSession, ModemSettings
from ccwall_adapters.serial_phone.caller_id import CallerId, message, written
from tests.adapters.contract import NOW, PlainDirectory, SessionContract, Step
from tests.adapters.serial_phone.fuzz import MODEM_SEEDS


class TestContract(SessionContract):
    wire = (Step("open"), *(Step("rx", seed) for seed in MODEM_SEEDS), Step("close"))
    greeting = b"\r\nOK\r\n"
    foreign = (b"\xf3\x80\x9c\xe6\x00\n" * 40, b"x" * 1200, b"SSH-2.0-OpenSSH_9.2\r\n" * 250)

    def session(self, mode: Mode = "observe", directory: Directory | None = None) -> Session:
        return ModemSession(ModemSettings(), directory or PlainDirectory(), mode)


def live(**settings: object) -> ModemSession:
    session = ModemSession(msgspec.convert(settings, ModemSettings), PlainDirectory(), "live")
    session.open(NOW)
    return session


def ready(ping_every: float = 3.0) -> ModemSession:
    session = live(ping_every=ping_every)
    for _ in range(3):
        session.receive(b"\r\nOK\r\n", NOW)
    session.outgoing()
    return session


def rings(session: ModemSession, *words: str, after: float = 0.0) -> Sequence[AnyEvent]:
    return session.receive("".join(f"\r\n{word}\r\n" for word in words).encode(), NOW + after)


def over(session: ModemSession, after: float) -> CallLogged:
    state, call = session.tick(NOW + after)
    assert isinstance(state, DeviceStateChanged)
    assert state.state == "idle"
    assert isinstance(call, CallLogged)
    return call


def test_it_is_set_up_command_by_command_and_is_up_when_the_last_is_answered() -> None:
    session = live()
    before: str = session.state
    assert before == "login"
    assert session.outgoing() == b"ATZ\r"
    assert session.receive(b"ATZ\r\r\nOK\r\n", NOW) == []
    assert session.outgoing() == b"ATE0\r"
    session.receive(b"ATE0\r\r\nOK\r\n", NOW)
    assert session.outgoing() == b"AT+VCID=1\r"
    facts = session.receive(b"\r\nOK\r\n", NOW)
    assert [type(fact) for fact in facts] == [SourceUp, SourceResyncStarted, DeviceSeen, SourceResyncFinished]
    assert session.state == "live"


def test_an_old_one_is_asked_in_its_own_words() -> None:
    session = live(init=["AT+VCID=1"])
    session.outgoing()
    session.receive(b"\r\nERROR\r\n", NOW)
    assert session.outgoing() == b"AT#CID=1\r"
    (*_, finished) = session.receive(b"\r\nOK\r\n", NOW)
    assert isinstance(finished, SourceResyncFinished)
    assert finished.limits == ()


def test_one_without_caller_id_says_so() -> None:
    session = live(init=["AT+VCID=1"])
    (*_, finished) = session.receive(b"\r\nERROR\r\n\r\nERROR\r\n", NOW)
    assert isinstance(finished, SourceResyncFinished)
    assert finished.limits == ("caller_id",)


def test_who_calls_stands_between_the_first_ring_and_the_second() -> None:
    session = ready()
    facts = rings(session, "RING", "DATE = 0321", "TIME = 1405", "NMBR = 02187654321", "NAME = LI WEI")
    assert [fact.state for fact in facts if isinstance(fact, DeviceStateChanged)] == ["ringing"]
    assert rings(session, "RING", after=6) == []
    assert session.tick(NOW + 13.9) == []
    call = over(session, 14.0)
    assert (call.number, call.name, call.started, call.ring) == ("02187654321", "LI WEI", NOW, 6.0)
    assert (call.outcome, call.at) == ("unknown", NOW + 6)


@pytest.mark.parametrize("word", ["NMBR=02187654321", "NMBR =02187654321", "nmbr = 02187654321"])
def test_spaces_are_a_matter_of_taste(word: str) -> None:
    session = ready()
    rings(session, "RING", word)
    assert over(session, 8).number == "02187654321"


@pytest.mark.parametrize("why", ["P", "O"])
def test_who_keeps_the_number_back_has_none(why: str) -> None:
    session = ready()
    rings(session, "RING", f"NMBR = {why}", f"NAME = {why}")
    call = over(session, 8)
    assert (call.number, call.name) == ("", "")


def test_the_message_itself_in_hexadecimal() -> None:
    session = ready()
    raw = written(CallerId(time="03211405", number="02187654321", name="LI WEI"))
    rings(session, "RING", f"MESG = {raw}")
    call = over(session, 8)
    assert (call.number, call.name) == ("02187654321", "LI WEI")


def test_a_second_call_is_not_the_first_one_s() -> None:
    session = ready(ping_every=0)
    rings(session, "RING", "NMBR = 1")
    first = over(session, 8)
    rings(session, "RING", after=20)
    second = over(session, 28)
    assert (first.number, second.number) == ("1", "")
    assert first.call != second.call


@given(st.text("0123456789", min_size=1, max_size=15), st.text("ABC xyz", max_size=15))
def test_a_message_that_is_written_is_read(number: str, name: str) -> None:
    said = CallerId(time="03211405", number=number, name=name.strip())
    raw = written(said)
    assert message(raw) == said
    damaged = f"{int(raw[8:10], 16) ^ 1:02X}"
    assert message(raw[:8] + damaged + raw[10:]) is None


@given(st.binary(max_size=60))
def test_any_message_is_something_or_nothing(data: bytes) -> None:
    message(data.hex())


# ── is it there? ──


def test_it_is_asked_while_nothing_rings() -> None:
    session = ready()
    session.tick(NOW + 2.9)
    assert session.outgoing() == b""
    session.tick(NOW + 3.0)
    assert session.outgoing() == b"AT\r"
    session.tick(NOW + 6.0)
    assert session.outgoing() == b""  # the answer comes first
    session.receive(b"\r\nOK\r\n", NOW + 6.1)
    session.tick(NOW + 9.1)
    assert session.outgoing() == b"AT\r"


def test_it_is_left_alone_while_it_rings() -> None:
    session = ready()
    rings(session, "RING", after=1)
    session.tick(NOW + 8)
    assert session.outgoing() == b""


def test_one_that_does_not_answer_is_dead() -> None:
    session = ready()
    session.tick(NOW + 3.0)
    session.tick(NOW + 8.9)
    with pytest.raises(LinkSilent, match="has not answered AT for"):
        session.tick(NOW + 9.0)


def test_time_that_runs_faster_does_not_hurry_it() -> None:
    session = ready()
    session.at_pace(10)
    session.tick(NOW + 29)
    assert session.outgoing() == b""


def test_an_init_that_is_no_command_is_refused() -> None:
    with pytest.raises(msgspec.ValidationError, match="begins with AT"):
        msgspec.convert({"init": ["ls"]}, ModemSettings)
