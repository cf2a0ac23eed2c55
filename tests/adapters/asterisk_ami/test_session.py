"""The session itself: greeting, login, rights, pings, snapshots; and what every session must do."""

import gzip
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest

from ccwall.adapter import Directory, Mode
from ccwall.errors import AuthRejected, LinkSilent, ProtocolError
from ccwall.events import (
    AgentLoggedOn,
    AgentMembershipChanged,
    AgentNotReady,
    ContactAnswered,
    ContactLost,
    ContactQueued,
    ContactReleased,
    DeviceStateChanged,
    QueueDescribed,
    SourceDown,
    SourceResyncFinished,
    SourceResyncStarted,
    SourceUp,
)
from ccwall_adapters.asterisk_ami import AmiSession, AmiSettings
from ccwall_adapters.asterisk_ami.frame import DecodedFrame, Frame, encode, kind_of
from tests.adapters.asterisk_ami.pbx import BANNER, SETTINGS, Pbx
from tests.adapters.contract import NOW, PlainDirectory, SessionContract, Step

CAPTURES = Path(__file__).resolve().parents[2] / "captures" / "asterisk"


def steps(path: Path) -> Iterator[Step]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            record = json.loads(line)
            for kind in ("rx", "tx"):
                if kind in record:
                    yield Step(kind, record[kind].encode("latin-1"), record["t"])
            if "ev" in record:
                yield Step("open" if record["ev"] == "connect" else "close", at=record["t"])


def first_bytes(path: Path, size: int) -> list[Step]:
    """The beginning of a transcript, up to `size` received bytes."""
    taken: list[Step] = []
    for step in steps(path):
        if size <= 0:
            break
        taken.append(Step(step.kind, step.data[:size], step.at) if step.kind == "rx" else step)
        size -= len(step.data) if step.kind == "rx" else 0
    return taken


class TestContract(SessionContract):
    wire = first_bytes(CAPTURES / "a-midshift" / "ami.wire.ndjson.gz", 64 << 10)
    greeting = BANNER + encode({"Response": "Success", "Message": "Authentication accepted"})

    def session(self, mode: Mode = "observe", directory: Directory | None = None) -> AmiSession:
        return AmiSession(SETTINGS, directory or PlainDirectory(wrap_up=5.0), mode)


def questions(pbx: Pbx) -> list[dict[str, str]]:
    """What the session wrote, message by message."""
    blocks = pbx.session.outgoing().split(b"\r\n\r\n")[:-1]
    return [{key.decode(): value for key, value in Frame(block).items()} for block in blocks]


def live(auth: Literal["md5", "plain"] = "md5") -> Pbx:
    return Pbx("live", accept=False, settings=AmiSettings(username="wallboard", secret="s3cret", auth=auth))


def logged_in() -> tuple[Pbx, list[dict[str, str]]]:
    """A live session past its login, and the lists it asks for."""
    pbx = live(auth="plain")
    pbx.session.open(NOW)
    pbx.raw(BANNER)
    (login,) = questions(pbx)
    pbx.say("Response", "Success", ActionID=login["ActionID"], Message="Authentication accepted")
    return pbx, questions(pbx)


def answer_empty(pbx: Pbx, asked: list[dict[str, str]]) -> None:
    for question in asked:
        pbx.listing(question["ActionID"], [], f"{question['Action']}Complete")


def test_the_plain_login_sends_the_secret_and_asks_for_events() -> None:
    pbx = live(auth="plain")
    pbx.session.open(NOW)
    assert questions(pbx) == []
    pbx.raw(BANNER)
    (login,) = questions(pbx)
    assert (login["Action"], login["Username"], login["Secret"], login["Events"]) == (
        "Login",
        "wallboard",
        "s3cret",
        "on",
    )


def test_the_challenge_login_never_sends_the_secret() -> None:
    pbx = live()
    pbx.session.open(NOW)
    pbx.raw(BANNER)
    (challenge,) = questions(pbx)
    assert (challenge["Action"], challenge["AuthType"]) == ("Challenge", "MD5")
    pbx.say("Response", "Success", ActionID=challenge["ActionID"], Challenge="152287189")
    (login,) = questions(pbx)
    assert login["Key"] == hashlib.md5(b"152287189s3cret").hexdigest()
    assert "s3cret" not in str(login)
    pbx.say("Response", "Success", ActionID=login["ActionID"], Message="Authentication accepted")
    assert pbx.of(SourceUp)[0].product == "AMI 11.0.0"


def test_a_refused_login_says_who_was_refused_and_what_to_look_at() -> None:
    pbx = live(auth="plain")
    pbx.session.open(NOW)
    pbx.raw(BANNER)
    (login,) = questions(pbx)
    with pytest.raises(AuthRejected, match=r"'wallboard' \(Authentication failed\).*manager.conf") as caught:
        pbx.say("Response", "Error", ActionID=login["ActionID"], Message="Authentication failed")
    assert "s3cret" not in str(caught.value)


def test_an_observed_refusal_is_told_as_such() -> None:
    pbx = Pbx(accept=False)
    pbx.session.open(NOW)
    pbx.raw(BANNER)
    pbx.say("Response", "Error", Message="Authentication failed")
    pbx.hang_up_the_link()
    assert [down.reason for down in pbx.of(SourceDown)] == ["rejected"]
    assert not pbx.of(SourceUp)


def test_after_the_login_the_truth_is_asked_and_told_between_start_and_finish() -> None:
    pbx, asked = logged_in()
    assert [question["Action"] for question in asked] == [
        "QueueStatus",
        "CoreShowChannels",
        "DeviceStateList",
    ]
    pbx.take()
    status, channels, devices = (question["ActionID"] for question in asked)
    pbx.listing(
        status,
        [
            ("QueueParams", {"Queue": "consult", "Max": "5", "Strategy": "ringall"}),
            (
                "QueueMember",
                {"Queue": "consult", "Name": "Li Na", "Location": "PJSIP/1", "Status": "2", "Paused": "1"}
                | {"PausedReason": "lunch", "LastPause": f"{NOW - 300:.0f}", "StateInterface": "PJSIP/1"},
            ),
            ("QueueEntry", {"Queue": "consult", "Uniqueid": "1.1", "CallerIDNum": "138", "Wait": "19"}),
        ],
        "QueueStatusComplete",
    )
    assert not pbx.facts
    pbx.listing(
        channels,
        [
            (
                "CoreShowChannel",
                {"Channel": "PJSIP/t-1", "Uniqueid": "1.0", "Linkedid": "1.0", "Application": "Queue"}
                | {
                    "ApplicationData": "consult,tT",
                    "BridgeId": "b",
                    "Duration": "00:01:05",
                    "CallerIDNum": "139",
                },
            ),
            (
                "CoreShowChannel",
                {
                    "Channel": "PJSIP/1-00000007",
                    "Uniqueid": "1.7",
                    "Linkedid": "1.0",
                    "Application": "AppQueue",
                }
                | {"BridgeId": "b", "Duration": "00:00:40"},
            ),
        ],
        "CoreShowChannelsComplete",
    )
    pbx.listing(
        devices, [("DeviceStateChange", {"Device": "PJSIP/1", "State": "INUSE"})], "DeviceStateListComplete"
    )
    assert [type(fact) for fact in pbx.facts] == [
        QueueDescribed,
        AgentLoggedOn,
        AgentMembershipChanged,
        AgentNotReady,
        DeviceStateChanged,
        ContactQueued,
        ContactQueued,
        ContactAnswered,
        SourceResyncFinished,
    ]
    assert pbx.of(AgentNotReady)[0].at == NOW - 300
    waiting, talking = pbx.of(ContactQueued)
    assert (waiting.at, waiting.inferred, waiting.wait_known) == (NOW - 19, True, True)
    assert (talking.call, talking.wait_known) == ("1.0", False)
    (answered,) = pbx.of(ContactAnswered)
    assert (answered.at, answered.member, answered.interface) == (NOW - 40, "Li Na", "PJSIP/1")
    assert pbx.of(SourceResyncFinished)[0].limits == ()


def test_rights_that_are_missing_are_named() -> None:
    pbx, asked = logged_in()
    pbx.listing(asked[0]["ActionID"], [], "QueueStatusComplete")
    for question in asked[1:]:
        pbx.say("Response", "Error", ActionID=question["ActionID"], Message="Permission denied")
    assert [finished.limits for finished in pbx.of(SourceResyncFinished)] == [("conversations", "devices")]


def test_a_list_that_never_ends_is_done_without_and_asked_again() -> None:
    pbx, asked = logged_in()
    answer_empty(pbx, asked[1:])
    for _ in range(30):
        assert not pbx.of(SourceResyncFinished)
        pbx.wait(1)
        pbx.say("Response", "Success", Ping="Pong")
    assert [finished.limits for finished in pbx.of(SourceResyncFinished)] == [("queues",)]
    questions(pbx)
    for _ in range(30):
        pbx.wait(1)
        pbx.say("Response", "Success", Ping="Pong")
    assert "QueueStatus" in [question["Action"] for question in questions(pbx)]


def test_a_silent_link_is_pinged_and_then_given_up() -> None:
    pbx, asked = logged_in()
    answer_empty(pbx, asked)
    pbx.wait(2.9)
    assert questions(pbx) == []
    pbx.wait(0.1)
    assert [question["Action"] for question in questions(pbx)] == ["Ping"]
    pbx.wait(6.4)
    with pytest.raises(LinkSilent):
        pbx.wait(0.1)


def test_a_link_given_up_as_silent_went_down_with_its_last_word() -> None:
    pbx, asked = logged_in()
    answer_empty(pbx, asked)
    pbx.now += 10
    pbx.hang_up_the_link("silent")
    assert [(down.at, down.reason) for down in pbx.of(SourceDown)] == [(NOW, "silent")]


def test_the_truth_is_asked_again_because_reloads_are_silent() -> None:
    pbx, asked = logged_in()
    item = {"Name": "Li Na", "Location": "PJSIP/1", "Queue": "consult"}
    pbx.listing(asked[0]["ActionID"], [("QueueMember", item)], "QueueStatusComplete")
    answer_empty(pbx, asked[1:])
    for _ in range(60):
        pbx.wait(1)
        pbx.say("Response", "Success", Ping="Pong")
    again = [question for question in questions(pbx) if question["Action"] != "Ping"]
    assert [question["Action"] for question in again] == [
        "QueueStatus",
        "CoreShowChannels",
        "DeviceStateList",
    ]
    pbx.take()
    renamed = [("QueueMember", item | {"Name": "Li Na 2"})]
    pbx.listing(again[0]["ActionID"], renamed, "QueueStatusComplete")
    assert [change.name for change in pbx.of(AgentMembershipChanged)] == ["Li Na 2"]
    assert not pbx.of(SourceResyncStarted)


def test_an_outage_is_reconciled_with_what_the_lists_say() -> None:
    pbx, asked = logged_in()
    answer_empty(pbx, asked)
    for uid in ("1.1", "1.2", "1.3"):
        pbx.caller("QueueCallerJoin", uid)
    pbx.hang_up_the_link("reset")
    pbx.now += 30
    pbx.session.open(pbx.now)
    pbx.raw(BANNER)
    (login,) = questions(pbx)
    pbx.say("Response", "Success", ActionID=login["ActionID"])
    pbx.take()
    asked = questions(pbx)
    entry = {"Queue": "consult", "Uniqueid": "1.1", "Wait": "30"}
    pbx.listing(asked[0]["ActionID"], [("QueueEntry", entry)], "QueueStatusComplete")
    caller = {"Channel": "PJSIP/t-2", "Uniqueid": "1.2", "Application": "Queue", "ApplicationData": "consult"}
    leg = {
        "Channel": "PJSIP/1-00000007",
        "Uniqueid": "1.9",
        "Application": "AppQueue",
        "Duration": "00:00:12",
    }
    talking = [("CoreShowChannel", channel | {"BridgeId": "b"}) for channel in (caller, leg)]
    pbx.listing(asked[1]["ActionID"], talking, "CoreShowChannelsComplete")
    answer_empty(pbx, asked[2:])
    assert not pbx.of(SourceResyncFinished)
    pbx.wait(1)
    assert [lost.contact for lost in pbx.of(ContactLost)] == ["src/1.3/consult"]
    assert [queued.contact for queued in pbx.of(ContactQueued)] == ["src/1.1/consult", "src/1.2/consult"]
    assert [(answered.contact, answered.at) for answered in pbx.of(ContactAnswered)] == [
        ("src/1.2/consult", NOW + 18)
    ]
    assert isinstance(pbx.facts[-1], SourceResyncFinished)


def test_an_event_that_was_on_its_way_beats_the_list() -> None:
    pbx, asked = logged_in()
    answer_empty(pbx, asked)
    pbx.caller("QueueCallerJoin")
    pbx.answer()
    for _ in range(60):
        pbx.wait(1)
        pbx.say("Response", "Success", Ping="Pong")
    again = [question for question in questions(pbx) if question["Action"] != "Ping"]
    other = ("CoreShowChannel", {"Channel": "PJSIP/9-1", "Uniqueid": "9.9"})
    pbx.listing(again[1]["ActionID"], [other], "CoreShowChannelsComplete")
    pbx.caller("AgentComplete", TalkTime="60", Reason="caller")
    pbx.wait(2)
    assert len(pbx.of(ContactReleased)) == 1
    assert not pbx.of(ContactLost)


def test_a_list_of_one_member_is_not_the_whole_truth() -> None:
    pbx = Pbx()
    pbx.member("QueueMemberAdded", "PJSIP/1001")
    pbx.asked("QueueStatus", "x-1", Queue="consult", Member="PJSIP/1002")
    pbx.take()
    pbx.listing(
        "x-1", [("QueueMember", {"Queue": "consult", "Location": "PJSIP/1002"})], "QueueStatusComplete"
    )
    assert [change.member for change in pbx.of(AgentMembershipChanged)] == []
    pbx.wait(6)
    assert {change.interface for change in pbx.of(AgentMembershipChanged)} == {"PJSIP/1001", "PJSIP/1002"}


def test_messages_nobody_needs_are_counted_by_kind_and_those_nobody_knows_apart() -> None:
    pbx = Pbx()
    for _ in range(3):
        pbx.event("NewConnectedLine", Uniqueid="1.1")
    pbx.event("QueueWeather", Uniqueid="1.1")
    pbx.raw(b"no message at all\r\n\r\n")
    assert pbx.session.counts["NewConnectedLine"] == 3
    assert pbx.session.counts["unknown:QueueWeather"] == 1
    assert pbx.session.counts["unknown:no message at all"] == 1


def test_a_peer_that_invents_kinds_does_not_fill_our_memory() -> None:
    pbx = Pbx()
    for number in range(5000):
        pbx.event(f"Invented{number}")
    assert len(pbx.session.counts) < 600


@pytest.mark.parametrize("limit", ["MOST_OPEN", "MOST_QUEUES"])
def test_a_peer_with_more_callers_or_queues_than_any_pbx_is_dropped(
    limit: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"ccwall_adapters.asterisk_ami.book.{limit}", 10)
    pbx = Pbx()
    for number in range(10):
        pbx.caller("QueueCallerJoin", f"1.{number}", f"q{number}")
    with pytest.raises(ProtocolError, match="no PBX has so many"):
        pbx.caller("QueueCallerJoin", "2.1", "q11")
    pbx.hang_up_the_link("protocol")
    assert len(pbx.of(ContactLost)) == 10
    pbx.connect()
    pbx.caller("QueueCallerJoin", "2.2")
    assert pbx.of(ContactQueued)[-1].call == "2.2"


def test_a_peer_with_more_members_than_any_pbx_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ccwall_adapters.asterisk_ami.members.MOST_MEMBERS", 3)
    pbx = Pbx()
    for number in range(3):
        pbx.member("QueueMemberAdded", f"PJSIP/{number}")
    with pytest.raises(ProtocolError, match="no PBX has so many"):
        pbx.member("QueueMemberAdded", "PJSIP/4")


def test_a_value_longer_than_any_of_asterisks_is_cut() -> None:
    for name in (b"Uniqueid", b"Event"):
        for frame in (Frame, DecodedFrame):
            wire = b"Event: QueueCallerJoin\r\nUniqueid: 1.1"
            value = wire.replace(name + b": ", name + b": " + b"x" * 5000)
            assert frame(value).get(name) == "x" * 1024


def test_an_event_with_a_response_header_is_no_response() -> None:
    pbx = Pbx()
    pbx.event("OriginateResponse", Response="Failure", ActionID="cb-1")
    assert pbx.session.counts["OriginateResponse"] == 1


def test_repeated_headers_are_kept_and_a_block_may_begin_with_an_empty_line() -> None:
    frame = Frame(b"Response: Success\r\nOutput: a\r\nOutput:   b: c\r\nOutput: \r\nMessage:none")
    assert frame.all(b"Output") == ["a", "  b: c", ""]
    assert (frame.get(b"Response"), frame.get(b"Message"), frame.get(b"Nothing")) == ("Success", "none", "")
    pbx = Pbx()
    pbx.raw(b"\r\n" + encode({"Event": "QueueCallerJoin", "Uniqueid": "1.1", "Queue": "consult"}))
    assert len(pbx.of(ContactQueued)) == 1


def test_the_raw_output_of_an_old_command_is_not_taken_for_messages() -> None:
    pbx = Pbx()
    event = b"Event: QueueCallerJoin\r\nPrivilege: agent,all\r\nQueue: consult\r\nUniqueid: 1.%d\r\n\r\n"
    pbx.raw(event % 1)
    pbx.take()
    pbx.raw(b"Response: Follows\r\nPrivilege: Command\r\n\r\n" + event % 2 + event % 3)
    pbx.raw(b"and so on\r\n--END COMMAND--\r\n\r\n" + event % 4)
    assert [queued.call for queued in pbx.of(ContactQueued)] == ["1.4"]


def test_timestamps_of_the_pbx_are_believed_while_its_clock_goes_right() -> None:
    for told, at in ((NOW - 0.75, NOW - 0.75), (NOW + 3600, NOW)):
        pbx = Pbx()
        pbx.raw(
            encode({"Event": "QueueCallerJoin", "Privilege": "agent,all", "Timestamp": f"{told:.6f}"})[:-2]
            + encode({"Uniqueid": "pbx1-1.1", "Queue": "consult"})
        )
        assert [queued.at for queued in pbx.of(ContactQueued)] == [at]


def test_values_cannot_smuggle_headers_into_what_we_write() -> None:
    wire = encode({"Action": "Login", "Username": "a\r\nSecret: b"})
    assert wire == b"Action: Login\r\nUsername: a  Secret: b\r\n\r\n"
    assert kind_of(wire) == (b"Action", b"Login")
