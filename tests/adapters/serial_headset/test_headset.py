"""What a headset says, fact by fact; and what every session must do."""

import re

import msgspec
import pytest

from ccwall.adapter import Directory, Mode, Session
from ccwall.errors import ProtocolError
from ccwall.events import (
    AgentId,
    AnyEvent,
    DeviceHeadset,
    DevicePressed,
    DeviceSeen,
    DeviceStateChanged,
    SourceDown,
    SourceResyncFinished,
    SourceResyncStarted,
    SourceUp,
)
from ccwall_adapters.serial_headset import HeadsetSession, HeadsetSettings
from ccwall_adapters.serial_headset.hands_free import INDICATORS
from tests.adapters.contract import NOW, PlainDirectory, SessionContract, Step
from tests.adapters.serial_headset.fuzz import SEEDS

GARBAGE = b"\xf3\x80\x9c\xe6\x00\x98\x1e\x06\n" * 40


class WithLi(PlainDirectory):
    def person(self, *keys: str) -> AgentId | None:
        return AgentId("li") if "headset" in keys else None


class TestContract(SessionContract):
    wire = (Step("open"), *(Step("rx", seed) for seed in SEEDS), Step("close"))
    greeting = b"AT+BRSF=758\r"
    foreign = (GARBAGE, b"x" * 1200, b"220 mail.example ESMTP\r\n" * 250)

    def session(self, mode: Mode = "observe", directory: Directory | None = None) -> Session:
        return HeadsetSession(HeadsetSettings(), directory or PlainDirectory(), mode)


def opened(mode: Mode = "live", **settings: object) -> HeadsetSession:
    session = HeadsetSession(msgspec.convert(settings, HeadsetSettings), WithLi(), mode)
    session.open(NOW)
    session.outgoing()
    return session


def said(session: HeadsetSession, *lines: str) -> list[AnyEvent]:
    return list(session.receive("".join(f"{line}\r" for line in lines).encode(), NOW))


def states(facts: list[AnyEvent]) -> list[dict[str, object]]:
    """What each `device.headset` says, without whose it is."""
    whose = ("type", "at", "device", "agent")
    return [
        {key: value for key, value in msgspec.to_builtins(fact).items() if key not in whose}
        for fact in facts
        if isinstance(fact, DeviceHeadset)
    ]


def test_an_open_line_is_a_headset_of_somebody() -> None:
    session = HeadsetSession(HeadsetSettings(), WithLi(), "live")
    facts = session.open(NOW)
    assert [type(fact) for fact in facts] == [SourceUp, SourceResyncStarted, DeviceSeen, SourceResyncFinished]
    seen = facts[2]
    assert isinstance(seen, DeviceSeen)
    assert (seen.device, seen.kind, seen.agent) == ("src/headset", "headset", "li")


def test_the_gateway_answers_a_service_level_connection() -> None:
    session = opened()
    said(session, "AT+BRSF=758", "AT+BAC=1,2", "AT+CIND=?", "AT+CIND?", "AT+CMER=3,0,0,1", "AT+CHLD=?")
    answered = session.outgoing().decode().split("\r\n")
    assert [line for line in answered if line] == [
        "+BRSF: 1024",
        "OK",
        "OK",
        '+CIND: ("service",(0,1)),("call",(0,1)),("callsetup",(0-3)),("callheld",(0-2)),("signal",(0-5)),("roam",(0,1)),("battchg",(0-5))',
        "OK",
        "+CIND: 1,0,0,0,5,0,5",
        "OK",
        "OK",
        "+CHLD: (0,1,2,3)",
        "OK",
    ]


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ("AT", "OK"),
        ("AT+BIND=?", "+BIND: (1,2) OK"),
        ("AT+BIND?", "+BIND: 1,1 +BIND: 2,1 OK"),
        ("AT+XAPL=0047-B001-0100,6", "+XAPL=iPhone,6 OK"),
        ("AT+CKPD", "OK"),
        ("AT+CKPD=200", "OK"),
        ("at+vgs=9", "OK"),
        ("AT+CHUP", "OK"),
        ("AT+BLDN", "ERROR"),
        ("ATD10086;", "ERROR"),
        ("AT+BVRA=1", "ERROR"),
        ("AT+CHLD=1", "ERROR"),
        ("AT+NOSUCH=1", "ERROR"),
    ],
)
def test_each_question_has_the_answer_of_a_gateway_without_calls(asked: str, answer: str) -> None:
    session = opened()
    said(session, asked)
    assert session.outgoing().decode().replace("\r\n\r\n", " ").strip() == answer


def test_an_observer_answers_nothing() -> None:
    session = opened("observe")
    assert said(session, "AT+BRSF=758")
    assert session.outgoing() == b""


@pytest.mark.parametrize(
    ("line", "state"),
    [
        ("AT+VGS=9", {"volume": 0.6}),
        ("AT+BIEV=2,80", {"battery": 0.8}),
        ("AT+IPHONEACCEV=2,1,7,2,0", {"battery": 0.8}),
        ("AT+IPHONEACCEV=1,2,1", {"docked": True}),
        ("AT+XEVENT=BATTERY,3,8,90,0", {"battery": 0.42}),
        ("AT+XEVENT=DON", {"worn": True}),
        ("AT+XEVENT=DON,0", {"worn": False}),
        ("AT+XEVENT=DOFF", {"worn": False}),
        ("AT+CMUT=1", {"muted": True}),
        ("DOCKED", {"docked": True}),
        ("undocked", {"docked": False}),
        ("WORN", {"worn": True}),
        ("REMOVED", {"worn": False}),
        ("MUTE 1", {"muted": True}),
        ("MUTE OFF", {"muted": False}),
        ("BATT 80", {"battery": 0.8}),
        ("BATTERY=100%", {"battery": 1.0}),
        ("VOL 60", {"volume": 0.6}),
        ("DISCONNECTED", {"connected": False}),
    ],
)
def test_what_it_says_of_itself(line: str, state: dict[str, object]) -> None:
    session = opened()
    said(session, "AT")  # it is connected, and that has been told
    assert {"connected": True, **state} in [
        {"connected": True, **told} for told in states(said(session, line))
    ]


def test_the_dock_is_told_beside_the_battery() -> None:
    assert {"docked": False} in states(said(opened(), "AT+IPHONEACCEV=2,1,7,2,0"))


def test_what_is_said_again_is_not_told_again() -> None:
    session = opened()
    assert states(said(session, "BATT 80", "BATT 80", "BATT 80")) == [{"battery": 0.8}]


def test_after_a_loss_nothing_of_before_is_known() -> None:
    session = opened()
    said(session, "DOCKED")
    session.close(NOW + 1, "reset", "unplugged")
    session.open(NOW + 2)
    assert states(said(session, "DOCKED")) == [{"docked": True}]


@pytest.mark.parametrize(
    "line",
    [
        "AT+BIEV=2,101",
        "AT+BIEV=2",
        "AT+BIEV=2,x",
        "AT+VGS=16",
        "AT+IPHONEACCEV=1,1,10",
        "BATT 900",
        "AT+XEVENT=",
    ],
)
def test_what_cannot_be_is_not_told(line: str) -> None:
    session = opened()
    said(session, "AT")
    assert states(said(session, line)) == []


@pytest.mark.parametrize(
    ("line", "button"),
    [
        ("AT+CKPD=200", "hook"),
        ("AT+CKPD", "hook"),
        ("ATA", "answer"),
        ("AT+CHUP", "hang_up"),
        ("AT+BLDN", "redial"),
        ("ATD>1;", "dial"),
        ("AT+BVRA=1", "voice"),
        ("BUTTON red", "red"),
    ],
)
def test_a_finger_on_a_button(line: str, button: str) -> None:
    pressed = [fact for fact in said(opened(), line) if isinstance(fact, DevicePressed)]
    assert [(fact.button, fact.agent) for fact in pressed] == [(button, "li")]


def test_a_button_is_what_it_is_configured_for() -> None:
    facts = said(opened(buttons={"hook": "help", "red": "break"}), "AT+CKPD=200", "BUTTON red")
    assert [fact.button for fact in facts if isinstance(fact, DevicePressed)] == ["help", "break"]


def test_a_dock_with_words_of_its_own() -> None:
    session = opened(lines={"docked": "CRADLE/IN", "battery": r"AKKU:(\d+)"})
    assert states(said(session, "cradle/in", "AKKU:55", "UNDOCKED")) == [
        {"docked": True},
        {"battery": 0.55},
        {"docked": False},
    ]


@pytest.mark.parametrize(
    ("lines", "part"),
    [
        ({"sat_down": "X"}, "lines.sat_down is no meaning"),
        ({"docked": "("}, "no regular expression"),
        ({"docked": "(X)"}, "no group"),
        ({"battery": "X"}, "one group"),
    ],
)
def test_a_wrong_pattern_is_refused_in_words(lines: dict[str, str], part: str) -> None:
    with pytest.raises(msgspec.ValidationError, match=re.escape(part)):
        msgspec.convert({"lines": lines}, HeadsetSettings)


# ── somebody else's conversation ──


def phone(*lines: str) -> list[str]:
    session = opened("observe")
    for line in lines:
        session.sent(f"\r\n{line}\r\n".encode(), NOW)
    return [fact.state for fact in session.tick(NOW) if isinstance(fact, DeviceStateChanged)]


def test_an_indicator_is_known_by_its_place_in_the_list() -> None:
    usual = '+CIND: ("service",(0,1)),("call",(0,1)),("callsetup",(0-3)),("callheld",(0-2))'
    other = '+CIND: ("callheld",(0-2)),("battchg",(0-5)),("callsetup",(0-3)),("call",(0,1))'
    assert phone(usual, "+CIND: 1,0,0,0", "+CIEV: 3,1", "+CIEV: 2,1", "+CIEV: 3,0", "+CIEV: 4,2") == [
        "idle",
        "ringing",
        "ringing_in_use",
        "in_use",
        "on_hold",
    ]
    assert phone(other, "+CIND: 0,5,0,0", "+CIEV: 3,1", "+CIEV: 4,1", "+CIEV: 3,0", "+CIEV: 1,2") == [
        "idle",
        "ringing",
        "ringing_in_use",
        "in_use",
        "on_hold",
    ]


def test_without_the_list_an_indicator_means_nothing() -> None:
    assert phone("+CIEV: 2,1", "+CIEV: 3,1") == []


def test_our_own_list_is_as_long_as_our_values() -> None:
    session = opened()
    said(session, "AT+CIND=?", "AT+CIND?")
    names, values = re.findall(r"\+CIND: (.*)\r\n", session.outgoing().decode())
    assert len(re.findall(r'"\w+"', names)) == len(values.split(",")) == len(INDICATORS)


# ── noise ──


def test_garbage_without_end_is_the_wrong_speed() -> None:
    session = opened()
    with pytest.raises(ProtocolError, match=r"wrong speed: try another \?baud="):
        session.receive(GARBAGE, NOW)
    assert isinstance(session.close(NOW, "protocol")[-1], SourceDown)


def test_some_noise_is_only_noise() -> None:
    session = opened()
    for _ in range(10):
        session.receive(GARBAGE[: 9 * 15], NOW)
        assert states(said(session, "DOCKED", "UNDOCKED"))
    assert session.counts["unknown:garbage"] == 150


def test_what_a_plug_says_before_the_first_word_does_no_harm() -> None:
    session = opened()
    facts = session.receive(b"\x00\xff\x00DOCKED\r\n", NOW)
    assert states(list(facts)) == [{"docked": True}]


def test_half_a_line_is_nothing() -> None:
    session = opened()
    assert states(said(session, "CKED")) == []
    assert session.counts["unknown:line"] == 1
