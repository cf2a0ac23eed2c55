"""QueuePause, QueueAdd and QueueRemove: which actions a wish becomes, and what each answer makes of it."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccwall import events
from ccwall.adapter import Mode
from ccwall.events import AgentId, AnyEvent, CommandId, QueueId
from ccwall_adapters.asterisk_ami.commands import ANSWER_WITHIN, MOST_PENDING, reason_for
from ccwall_adapters.asterisk_ami.frame import Frame
from ccwall_adapters.asterisk_ami.session import WITHOUT_SNAPSHOT
from tests.adapters.asterisk_ami.pbx import SETTINGS, Pbx
from tests.adapters.contract import PlainDirectory

Asked = dict[str, str]

WANG, LI = AgentId("src/PJSIP/1001"), AgentId("src/PJSIP/1002")
LOCAL = "Local/1001@agents/n"
FLOOR = [
    ("consult", "PJSIP/1001", "Wang Fang"),
    ("promo", "PJSIP/1001", "Wang Fang"),
    ("promo", LOCAL, "Wang Fang"),
    ("consult", "PJSIP/1002", "Li, Na"),
]


class Line:
    """A live session with a small floor; every action it writes is in `asked`."""

    def __init__(self, mode: Mode = "live") -> None:
        self.pbx = Pbx(mode, accept=False, settings=SETTINGS, directory=PlainDirectory())
        self.log_in()

    def log_in(self) -> None:
        pbx = self.pbx
        pbx.facts += pbx.session.open(pbx.now)
        pbx.raw(b"Asterisk Call Manager/11.0.0\r\n")
        (login,) = self.asked() or [self._observed("Login")]
        if "AuthType" in login:
            pbx.say("Response", "Success", ActionID=login["ActionID"], Challenge="1")
            (login,) = self.asked()
        pbx.say("Response", "Success", ActionID=login["ActionID"], Message="Authentication accepted")
        for asked in self.asked() or [self._observed("QueueStatus")]:
            self._list(asked)
        pbx.wait(WITHOUT_SNAPSHOT)
        assert pbx.session.state == "live"
        self.asked()
        pbx.take()

    def _observed(self, action: str) -> Asked:
        """What somebody else's client asked."""
        self.pbx.asked(action, f"observed-{action}")
        return {"Action": action, "ActionID": f"observed-{action}"}

    def _list(self, asked: Asked) -> None:
        status = asked["Action"] == "QueueStatus"
        items: list[tuple[str, dict[str, str]]] = [
            ("QueueParams", {"Queue": queue}) for queue in ("consult", "promo", "empty") if status
        ]
        for queue, interface, name in FLOOR if status else []:
            local = {"StateInterface": "PJSIP/1001" if interface == LOCAL else interface}
            member = {"Queue": queue, "Name": name, "Location": interface, "Paused": "0", "Status": "1"}
            items.append(("QueueMember", member | local))
        self.pbx.listing(asked["ActionID"], items, asked["Action"] + "Complete")

    def asked(self) -> list[Asked]:
        """What the session wants written, since the last time."""
        blocks = self.pbx.session.outgoing().split(b"\r\n\r\n")[:-1]
        return [{key.decode(): value for key, value in Frame(block).items()} for block in blocks]

    def wish(
        self,
        name: str = "agent.pause",
        target: str = WANG,
        reason: str = "",
        id: str = "c1",
        **arguments: str,
    ) -> list[Asked]:
        """The actions a wish becomes, without the two lines they share."""
        wish = events.CommandRequested(
            at=self.pbx.now,
            command_id=CommandId(id),
            name=name,
            target=target,
            arguments=arguments,
            reason=reason,
        )
        self.pbx.facts += self.pbx.session.command(wish, self.pbx.now)
        return self.asked()

    def answer(self, asked: Asked, message: str = "", response: str = "Success") -> None:
        self.pbx.say("Response", response, ActionID=asked["ActionID"], Message=message)

    def said(self) -> list[AnyEvent]:
        return [fact for fact in self.pbx.take() if isinstance(fact, events.CommandEvent)]

    def words(self) -> list[str]:
        return [type(fact).__name__.removeprefix("Command").lower() for fact in self.said()]

    def refusal(self) -> str:
        (fact,) = self.said()
        assert isinstance(fact, events.CommandRefused)
        return fact.detail


def without_id(actions: Sequence[Asked]) -> list[Asked]:
    return [{key: value for key, value in action.items() if key != "ActionID"} for action in actions]


@pytest.fixture
def line() -> Line:
    return Line()


# ── what is written ──


def test_a_person_is_paused_at_every_interface(line: Line) -> None:
    told = {"Action": "QueuePause", "Paused": "true", "Reason": "lunch"}
    assert without_id(line.wish(reason="lunch")) == [
        {**told, "Interface": "PJSIP/1001"},
        {**told, "Interface": LOCAL},
    ]
    assert line.words() == ["sent"]


def test_a_pause_in_one_queue_names_it_as_asterisk_does(line: Line) -> None:
    (action,) = line.wish(queue="src/consult", reason="x")
    assert (action["Queue"], action["Interface"]) == ("consult", "PJSIP/1001")


def test_a_resume_is_a_pause_that_is_not(line: Line) -> None:
    assert {action["Paused"] for action in line.wish("agent.resume")} == {"false"}


def test_a_member_is_added_where_its_person_is_known_to_be_called(line: Line) -> None:
    (action,) = line.wish("queue.add_member", queue="src/empty", interface=LOCAL, penalty="3")
    told = {"Action": "QueueAdd", "Queue": "empty", "Interface": LOCAL, "Penalty": "3"}
    assert without_id([action]) == [told | {"MemberName": "Wang Fang", "StateInterface": "PJSIP/1001"}]


def test_the_only_interface_need_not_be_said(line: Line) -> None:
    (action,) = line.wish("queue.add_member", LI, queue="src/empty")
    assert action["Interface"] == "PJSIP/1002"


def test_a_name_that_asterisk_would_break_at_a_restart_is_left_out(line: Line) -> None:
    (action,) = line.wish("queue.add_member", LI, queue="src/empty")
    assert "MemberName" not in action


def test_a_member_is_removed_with_every_interface(line: Line) -> None:
    actions = line.wish("queue.remove_member", queue="src/promo")
    told = {"Action": "QueueRemove", "Queue": "promo"}
    assert without_id(actions) == [{**told, "Interface": "PJSIP/1001"}, {**told, "Interface": LOCAL}]


def test_the_action_id_is_the_commands_so_that_asterisks_own_log_leads_to_who_wanted_it(line: Line) -> None:
    assert [action["ActionID"] for action in line.wish(id="4f2a")] == ["ccwall-4f2a-1", "ccwall-4f2a-2"]


@pytest.mark.parametrize(
    ("why", "wish"),
    [
        ("no member of any queue", {"target": "src/PJSIP/9"}),
        ("no member of src/empty", {"queue": "src/empty"}),
        ("no queue 'src/nowhere'", {"name": "queue.add_member", "queue": "src/nowhere"}),
        ("say the interface", {"name": "queue.add_member", "queue": "src/empty"}),
        ("say the interface", {"name": "queue.add_member", "queue": "src/empty", "target": "src/PJSIP/9"}),
        (
            "not known to be",
            {"name": "queue.add_member", "queue": "src/empty", "interface": "PJSIP/1002"},
        ),
        (
            "not known to be",
            {"name": "queue.add_member", "queue": "src/empty", "interface": "Local/0044900@trunk"},
        ),
        ("is no interface", {"name": "queue.add_member", "queue": "src/empty", "interface": "PJSIP/1&SIP/2"}),
        ("is no interface", {"name": "queue.add_member", "queue": "src/empty", "interface": "PJSIP/1,SIP/2"}),
        ("cannot do 'agent.fire'", {"name": "agent.fire"}),
        ("control characters", {"reason": "x\r\nAction: Originate"}),
        ("control characters", {"queue": "x\n"}),
    ],
)
def test_what_cannot_be_done_is_refused_with_the_reason_and_nothing_is_written(
    line: Line, why: str, wish: dict[str, str]
) -> None:
    assert line.wish(**wish) == []
    assert why in line.refusal()


@given(st.text(max_size=300), st.text(max_size=60))
def test_no_value_can_become_a_header_or_an_action(reason: str, interface: str) -> None:
    line = Line()
    line.wish(reason=reason)
    line.pbx.session.outgoing()
    before = line.pbx.session
    wish = events.CommandRequested(
        at=line.pbx.now, command_id=CommandId("x"), name="agent.pause", target=WANG, reason=reason
    )
    line.pbx.facts += before.command(wish, line.pbx.now)
    line.wish("queue.add_member", queue="src/empty", interface=interface, id="y")
    data = before.outgoing()
    assert {block.split(b"\r\n")[0] for block in data.split(b"\r\n\r\n")[:-1]} <= {
        b"Action: QueuePause",
        b"Action: QueueAdd",
    }
    lines = [row for row in data.replace(b"\r\n", b"\n").split(b"\n") if row]
    known = (
        b"Action: ",
        b"ActionID: ",
        b"Interface: ",
        b"Paused: ",
        b"Reason: ",
        b"Queue: ",
        b"MemberName: ",
    )
    assert all(row.startswith((*known, b"StateInterface: ")) for row in lines)


def test_a_long_reason_is_cut_between_two_characters(line: Line) -> None:
    actions = line.wish(reason="休" * 60)
    assert {action["Reason"] for action in actions} == {"休" * 26}


@given(st.text(min_size=20, max_size=200))
def test_a_reason_fits_into_asterisks_own_memory_of_it(reason: str) -> None:
    try:
        told = reason_for(reason)
    except UnicodeEncodeError:
        return
    assert len(told.encode()) <= 79
    assert not set(told) & set(",;|")


def test_a_recording_is_never_written_to() -> None:
    line = Line("observe")
    assert line.wish() == []
    assert "recording" in line.refusal()


def test_before_the_floor_is_known_nothing_is_written() -> None:
    pbx = Pbx("live", accept=False)
    line = object.__new__(Line)
    line.pbx = pbx
    pbx.session.open(pbx.now)
    assert line.wish() == []
    assert "not up" in line.refusal()


# ── what is answered ──


def test_it_is_confirmed_when_every_action_succeeded(line: Line) -> None:
    first, second = line.wish()
    line.answer(first)
    assert line.words() == ["sent"]
    line.answer(second)
    assert line.said() == [events.CommandConfirmed(at=line.pbx.now, command_id=CommandId("c1"))]


def test_a_refusal_is_told_in_asterisks_words(line: Line) -> None:
    (action,) = line.wish(queue="src/consult")
    line.words()
    line.answer(action, "Interface not found", "Error")
    assert line.refusal() == "PJSIP/1001: Asterisk says 'Interface not found'"


def test_half_a_refusal_says_what_was_done(line: Line) -> None:
    first, second = line.wish()
    line.words()
    line.answer(second, "Interface not found", "Error")
    line.answer(first)
    told = f"{LOCAL}: Asterisk says 'Interface not found'. Done all the same for PJSIP/1001."
    assert line.refusal() == told


def test_a_missing_right_says_which_and_where_to_give_it(line: Line) -> None:
    (action,) = line.wish(queue="src/consult")
    line.words()
    line.answer(action, "Permission denied", "Error")
    told = line.refusal()
    assert "'Permission denied'" in told
    assert "'wallboard'" in told
    assert "write = reporting,agent" in told


def test_answers_are_known_by_their_id_alone_in_any_order(line: Line) -> None:
    (one,), (other,) = (line.wish(queue="src/consult", id=id) for id in ("a", "b"))
    line.words()
    line.answer(other)
    line.answer({"ActionID": "ccwall-1"})
    line.answer({"ActionID": "ccwall-z-1"})
    assert [fact.command_id for fact in line.pbx.of(events.CommandConfirmed)] == ["b"]
    line.answer(one)
    assert [fact.command_id for fact in line.pbx.of(events.CommandConfirmed)] == ["b", "a"]


def test_the_events_that_follow_are_facts_and_end_no_command(line: Line) -> None:
    line.wish(queue="src/consult", reason="lunch")
    line.pbx.take()
    line.pbx.member("QueueMemberPause", Paused="1", PausedReason="lunch")
    (fact,) = line.pbx.take()
    assert isinstance(fact, events.AgentNotReady)
    assert (fact.agent, fact.reason, fact.queue) == (WANG, "lunch", QueueId("src/consult"))


def test_an_answer_twice_ends_it_once(line: Line) -> None:
    (action,) = line.wish(queue="src/consult")
    line.answer(action)
    line.answer(action)
    assert line.words() == ["sent", "confirmed"]


# ── no answer ──


def alive(line: Line, seconds: float) -> None:
    """Time passes and pings are answered."""
    for _ in range(int(seconds / 2)):
        line.pbx.wait(2)
        for asked in line.asked():
            if asked["Action"] == "Ping":
                line.answer(asked)


def test_without_an_answer_it_is_unknown_after_ten_seconds(line: Line) -> None:
    line.wish(queue="src/consult")
    alive(line, ANSWER_WITHIN - 2)
    assert line.words() == ["sent"]
    alive(line, 4)
    assert line.words() == ["unknown"]
    alive(line, 20)
    assert line.words() == []


def test_at_twenty_times_the_pace_it_is_ten_real_seconds_still(line: Line) -> None:
    line.pbx.session.at_pace(20)
    line.wish(queue="src/consult")
    line.pbx.wait(ANSWER_WITHIN * 20 - 20)
    assert line.words() == ["sent"]


def test_a_late_answer_is_still_believed(line: Line) -> None:
    (action,) = line.wish(queue="src/consult")
    alive(line, 14)
    line.answer(action)
    assert line.words() == ["sent", "unknown", "confirmed"]


def test_with_the_link_every_answer_is_lost(line: Line) -> None:
    (action,) = line.wish(queue="src/consult")
    line.pbx.hang_up_the_link("reset")
    assert line.words() == ["sent", "unknown"]
    line.log_in()
    line.answer(action)
    assert line.words() == []


def test_unknown_is_said_once_even_when_the_link_is_lost_after_it(line: Line) -> None:
    line.wish(queue="src/consult")
    alive(line, 14)
    line.pbx.hang_up_the_link()
    assert line.words() == ["sent", "unknown"]


def test_the_same_command_is_never_written_twice(line: Line) -> None:
    assert len(line.wish(queue="src/consult")) == 1
    assert line.wish(queue="src/consult") == []
    line.pbx.hang_up_the_link()
    line.log_in()
    assert line.wish(queue="src/consult") == []
    assert line.asked() == []


def test_what_is_under_way_is_bounded_and_the_given_up_go_first(line: Line) -> None:
    for number in range(MOST_PENDING):
        line.wish(queue="src/consult", id=f"a{number}")
    line.words()
    line.wish(queue="src/consult", id="more")
    assert "try again later" in line.refusal()
    alive(line, 14)
    line.words()
    for number in range(MOST_PENDING):
        line.wish(queue="src/consult", id=f"b{number}")
    assert set(line.words()) == {"sent"}
