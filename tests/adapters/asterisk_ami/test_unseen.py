"""What the queues' counters say that nobody told: a lower bound, and never a false one. Each test is one race or trap."""

import pytest

from ccwall.events import ContactLost, QueueUnseen
from ccwall_adapters.asterisk_ami import AmiSession, AmiSettings
from tests.adapters.asterisk_ami.pbx import Pbx
from tests.adapters.asterisk_ami.test_session import CAPTURES, steps
from tests.adapters.asterisk_ami.test_transcripts import VISITS
from tests.adapters.contract import NOW, PlainDirectory

Q = "consult"


class Counting(Pbx):
    """An observed client that asks for snapshots, of one queue with two members."""

    def __init__(self) -> None:
        super().__init__(accept=False)
        self._asked = 0
        self.connect()

    def begin_list(self) -> str:
        self._asked += 1
        action_id = f"x-{self._asked}"
        self.asked("QueueStatus", action_id)
        self.say("Response", "Success", ActionID=action_id, EventList="start")
        return action_id

    def end_list(
        self,
        action_id: str,
        completed: int,
        abandoned: int,
        *,
        in_call: tuple[str, ...] = (),
        waiting: tuple[str, ...] = (),
    ) -> None:
        counters = {"Completed": f"{completed}", "Abandoned": f"{abandoned}", "Queue": Q}
        self.say("Event", "QueueParams", ActionID=action_id, **counters)
        for interface in ("PJSIP/1001", "PJSIP/1002"):
            said = {"Location": interface, "InCall": f"{int(interface in in_call)}", "Queue": Q}
            self.say("Event", "QueueMember", ActionID=action_id, **said)
        for uid in waiting:
            self.say("Event", "QueueEntry", ActionID=action_id, Queue=Q, Uniqueid=uid, Wait="1")
        self.say("Event", "QueueStatusComplete", ActionID=action_id, EventList="Complete")

    def snapshot(
        self, completed: int, abandoned: int, *, in_call: tuple[str, ...] = (), waiting: tuple[str, ...] = ()
    ) -> None:
        """A list, and the second after which it is believed."""
        self.end_list(self.begin_list(), completed, abandoned, in_call=in_call, waiting=waiting)
        self.wait(2)

    def outage(self, seconds: float = 60) -> None:
        self.hang_up_the_link("reset")
        self.now += seconds
        self.connect()

    def join(self, uid: str) -> None:
        self.caller("QueueCallerJoin", uid)

    def complete(self, uid: str, interface: str = "PJSIP/1001") -> None:
        self.caller("AgentComplete", uid, Interface=interface, TalkTime="9", HoldTime="1", Reason="caller")

    def abandon(self, uid: str) -> None:
        self.caller("HangupRequest", uid)
        self.caller("QueueCallerAbandon", uid, HoldTime="5")
        self.caller("QueueCallerLeave", uid)
        self.caller("Hangup", uid)

    @property
    def unseen(self) -> list[int]:
        return [told.visits for told in self.of(QueueUnseen)]


def test_what_the_counters_gained_while_nobody_listened_is_told_once_with_its_stretch() -> None:
    pbx = Counting()
    pbx.snapshot(10, 4)
    last_word = NOW
    pbx.outage()
    back_at = pbx.now
    pbx.snapshot(13, 6)
    pbx.snapshot(13, 6)
    assert [(told.queue, told.visits, told.since, told.at) for told in pbx.of(QueueUnseen)] == [
        ("src/consult", 5, last_word, back_at)
    ]


def test_what_was_told_explains_what_was_counted() -> None:
    pbx = Counting()
    pbx.snapshot(0, 0)
    for uid in ("1.1", "1.2"):
        pbx.join(uid)
    pbx.answer("1.1")
    pbx.complete("1.1")
    pbx.abandon("1.2")
    pbx.outage()
    pbx.snapshot(1, 1)
    assert pbx.unseen == []


def test_who_talked_or_waited_at_the_loss_and_is_gone_explains_too() -> None:
    pbx = Counting()
    pbx.snapshot(0, 0)
    for uid in ("1.1", "1.2", "1.3"):
        pbx.join(uid)
    pbx.answer("1.1")
    pbx.outage()
    pbx.snapshot(2, 1)
    assert pbx.unseen == []
    assert [lost.contact for lost in pbx.of(ContactLost)] == ["src/1.2/consult", "src/1.3/consult"]
    pbx.outage()
    pbx.snapshot(4, 1)
    assert pbx.unseen == [1], "no list of channels said that 1.1 talks no more: it may be one of the two"


def test_a_conversation_that_goes_on_is_not_counted_yet_and_explains_nothing() -> None:
    pbx = Counting()
    pbx.join("1.1")
    pbx.answer("1.1")
    pbx.snapshot(5, 0, in_call=("PJSIP/1001",))
    pbx.outage()
    pbx.snapshot(6, 0, in_call=("PJSIP/1001",))
    assert pbx.unseen == [1]


def test_a_conversation_that_went_on_explains_its_end_in_the_next_period() -> None:
    pbx = Counting()
    pbx.join("1.1")
    pbx.answer("1.1")
    pbx.snapshot(5, 0, in_call=("PJSIP/1001",))
    pbx.complete("1.1")
    pbx.outage()
    pbx.snapshot(6, 0)
    assert pbx.unseen == []


def test_a_call_counted_by_its_idle_phone_before_agentcomplete_comes() -> None:
    """The device is idle, so Completed counts it and InCall is 0; the list is written; then AgentComplete."""
    pbx = Counting()
    pbx.snapshot(5, 0)
    pbx.outage()
    pbx.join("1.1")
    pbx.answer("1.1")
    action_id = pbx.begin_list()
    pbx.end_list(action_id, 6, 0)
    pbx.complete("1.1")
    pbx.wait(2)
    assert pbx.unseen == []
    pbx.outage()
    pbx.snapshot(6, 0)
    assert pbx.unseen == []


def test_a_call_that_ends_between_the_list_and_its_own_counting() -> None:
    """AgentComplete is published a moment before Completed counts it: the list still has InCall."""
    pbx = Counting()
    pbx.snapshot(5, 0)
    pbx.join("1.1")
    pbx.answer("1.1")
    pbx.complete("1.1")
    pbx.snapshot(5, 0, in_call=("PJSIP/1001",))
    pbx.outage()
    pbx.snapshot(6, 0)
    assert pbx.unseen == []


def test_a_call_that_ends_in_the_second_in_which_the_list_settles() -> None:
    pbx = Counting()
    pbx.snapshot(5, 0)
    pbx.join("1.1")
    pbx.answer("1.1")
    pbx.end_list(pbx.begin_list(), 5, 0, in_call=("PJSIP/1001",))
    pbx.complete("1.1")
    pbx.wait(2)
    pbx.outage()
    pbx.snapshot(6, 0)
    assert pbx.unseen == []


def test_an_abandon_counted_in_the_list_whose_event_follows_it() -> None:
    pbx = Counting()
    pbx.snapshot(5, 0)
    pbx.outage()
    pbx.join("1.1")
    pbx.now += 1
    pbx.end_list(pbx.begin_list(), 5, 1)
    pbx.abandon("1.1")
    pbx.wait(2)
    assert pbx.unseen == []
    pbx.outage()
    pbx.snapshot(5, 2)
    assert pbx.unseen == [1]


def test_an_abandon_of_a_caller_nobody_saw_joining_whose_event_follows_the_list() -> None:
    pbx = Counting()
    pbx.snapshot(5, 0)
    pbx.outage()
    pbx.end_list(pbx.begin_list(), 5, 1)
    pbx.wait(0.5)
    pbx.abandon("1.1")
    pbx.wait(2)
    assert pbx.unseen == []


def test_an_abandon_after_the_list_does_not_explain_one_before_it() -> None:
    pbx = Counting()
    pbx.snapshot(5, 0)
    pbx.outage()
    pbx.end_list(pbx.begin_list(), 5, 1, waiting=("1.1",))
    pbx.abandon("1.1")
    pbx.wait(2)
    assert pbx.unseen == [1]


def test_flow_outs_are_counted_as_abandoned_and_key_exits_nowhere() -> None:
    """Traps 2 and 3."""
    pbx = Counting()
    pbx.snapshot(0, 0)
    for uid in ("1.1", "1.2"):
        pbx.join(uid)
    pbx.caller("QueueCallerAbandon", "1.1", HoldTime="45")
    pbx.caller("VarSet", "1.1", Variable="QUEUESTATUS", Value="TIMEOUT")
    pbx.caller("QueueCallerLeave", "1.1")
    pbx.caller("QueueCallerLeave", "1.2")
    pbx.wait(2)
    pbx.outage()
    pbx.snapshot(0, 2)
    assert pbx.unseen == [1]


def test_counters_that_fell_began_again_and_all_in_them_is_new() -> None:
    pbx = Counting()
    pbx.snapshot(50, 20)
    pbx.outage()
    pbx.snapshot(3, 1)
    assert pbx.unseen == [4]


def test_a_call_missing_from_completed_for_ever_counts_fewer_never_more() -> None:
    """Trap 7: the member was removed during it, or the statistics were reset."""
    pbx = Counting()
    pbx.snapshot(5, 0)
    pbx.join("1.1")
    pbx.answer("1.1")
    pbx.complete("1.1")
    pbx.outage()
    pbx.snapshot(6, 0)
    assert pbx.unseen == []


def test_a_silent_reset_without_an_outage_is_a_new_beginning_and_nothing_unseen() -> None:
    pbx = Counting()
    pbx.snapshot(50, 20)
    pbx.snapshot(0, 0)
    pbx.outage()
    pbx.snapshot(1, 0)
    assert pbx.unseen == [1]


def test_a_queue_that_is_new_has_nothing_to_compare_with() -> None:
    pbx = Counting()
    pbx.outage()
    pbx.snapshot(50, 20)
    assert pbx.unseen == []


def test_a_snapshot_cut_off_by_the_next_loss_is_not_believed() -> None:
    pbx = Counting()
    pbx.snapshot(5, 0)
    pbx.outage()
    pbx.end_list(pbx.begin_list(), 7, 0)
    pbx.outage()
    pbx.snapshot(8, 0)
    assert pbx.unseen == [3]


def test_a_snapshot_cut_off_takes_no_explanation_away() -> None:
    pbx = Counting()
    pbx.snapshot(5, 0)
    pbx.join("1.1")
    pbx.answer("1.1")
    pbx.end_list(pbx.begin_list(), 5, 0, in_call=("PJSIP/1001",))
    pbx.outage()
    pbx.snapshot(6, 0)
    assert pbx.unseen == []


def test_without_an_outage_the_counters_prove_nothing() -> None:
    """Somebody filters our events; that is not a visit nobody could have seen."""
    pbx = Counting()
    pbx.snapshot(5, 0)
    pbx.snapshot(9, 3)
    assert pbx.unseen == []


def test_a_restart_forgets_what_had_not_been_counted() -> None:
    pbx = Counting()
    pbx.event("FullyBooted", Uptime="5000")
    pbx.snapshot(5, 0)
    pbx.join("1.1")
    pbx.answer("1.1")
    pbx.hang_up_the_link()
    pbx.now += 60
    pbx.connect(uptime=20)
    pbx.snapshot(1, 0)
    assert pbx.unseen == [1]


@pytest.mark.parametrize("scenario", sorted(VISITS))
def test_genuine_traffic_has_nothing_unseen_but_what_a_restart_hid(scenario: str) -> None:
    session = AmiSession(AmiSettings(username="", secret=""), PlainDirectory(), "observe")
    facts = []
    for step in steps(CAPTURES / scenario / "ami.wire.ndjson.gz"):
        if step.kind == "open":
            facts += session.open(step.at)
        elif step.kind == "close":
            facts += session.close(step.at)
        elif step.kind == "rx":
            facts += [*session.tick(step.at), *session.receive(step.data, step.at)]
        else:
            session.sent(step.data, step.at)
    assert [fact for fact in facts if isinstance(fact, QueueUnseen)] == []
