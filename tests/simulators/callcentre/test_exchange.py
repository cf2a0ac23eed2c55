"""Who is served by whom, in a queue where nothing is left to chance: the rules of app_queue one by one."""

from typing import Any

import pytest

from ccwall_simulators.callcentre.chance import Stream
from ccwall_simulators.callcentre.duration import Duration
from ccwall_simulators.callcentre.exchange import Exchange
from ccwall_simulators.callcentre.ground import Ground
from ccwall_simulators.callcentre.places import Call, Offer, Place
from ccwall_simulators.callcentre.roster import Roster
from ccwall_simulators.callcentre.scenario import AgentPart, Membership, QueuePart, Scenario, Strategy

START = 1_795_312_800.0


class Bench:
    """Queues and members; who rings is in `offers` until somebody makes them `answer`, and nobody calls by chance."""

    def __init__(self, *queues: QueuePart, **members: AgentPart) -> None:
        self.scenario = Scenario(queue=queues, agent=tuple(members.values()))
        self.ground = Ground(1, START, "UTC")
        self.exchange = Exchange(self.scenario, self.ground)
        self.roster = Roster(self.exchange, self.scenario.agents())
        self.offers: list[Offer] = []
        self.exchange.heard = self.offers.append
        self._calls = 0

    def call(self, queue: str = "q", priority: int = 0) -> Place:
        self._calls += 1
        place = self.exchange.queues[queue]
        call = Call(f"c{self._calls}", "13800000000", "", Stream(1), place)
        entered = self.exchange.enter(call, place, priority)
        assert entered is not None
        return entered

    def refused(self, queue: str = "q") -> str:
        call = Call("c0", "", "", Stream(1), self.exchange.queues[queue])
        assert self.exchange.enter(call, self.exchange.queues[queue]) is None
        return str(self.told("CallRefused", "cause")[-1])

    def wait(self, seconds: float) -> None:
        self.ground.clock.live(self.ground.now + seconds)

    def ringing(self) -> list[str]:
        return [offer.row.member.agent for offer in self.offers if offer.open]

    def answer(self, agent: str = "") -> Place:
        offer = next(o for o in self.offers if o.open and agent in {"", o.row.member.agent})
        assert self.exchange.answer(offer)
        return offer.place

    def end(self, place: Place) -> None:
        assert place.talk is not None
        self.exchange.conversations.complete(place.talk, "caller")
        for phone in place.talk.row.phones():
            self.exchange.show(phone)

    def states(self) -> dict[str, str]:
        return {name: phone.state for name, phone in self.exchange.phones.items()}

    def told(self, kind: str, name: str = "t") -> list[Any]:
        return [getattr(told, name) for told in self.ground.told if type(told).__name__ == kind]


def q(
    name: str = "q",
    strategy: Strategy = "linear",
    *,
    retry: float = 5.0,
    wrap_up: float = 0.0,
    weight: int = 0,
    capacity: int = 0,
) -> QueuePart:
    return QueuePart(
        name=name,
        strategy=strategy,
        timeout=Duration(10),
        retry=Duration(retry),
        wrap_up=Duration(wrap_up),
        weight=weight,
        capacity=capacity,
    )


def a(id: str, penalty: int = 0, *queues: str) -> AgentPart:
    return AgentPart(id=id, queues=dict.fromkeys(queues or ("q",), penalty))


def test_who_came_first_is_served_first() -> None:
    bench = Bench(q(), a=a("a"))
    first, _ = bench.call(), bench.call()
    bench.wait(1.0)
    assert bench.answer() is first


def test_a_higher_priority_goes_before() -> None:
    bench = Bench(q(), a=a("a"))
    bench.roster.pause("PJSIP/a", True)
    bench.call()
    urgent, _ = bench.call(priority=5), bench.call(priority=5)
    bench.roster.pause("PJSIP/a", False)
    bench.wait(1.0)
    assert bench.answer() is urgent
    assert bench.told("CallQueued", "position") == [1, 1, 2]


def test_nobody_of_a_higher_penalty_rings_while_a_lower_one_is_free() -> None:
    bench = Bench(q(), a=a("a", 1), b=a("b", 0))
    bench.call()
    bench.wait(1.0)
    assert bench.ringing() == ["b"]
    bench.call()
    bench.wait(1.0)
    assert bench.ringing() == ["b", "a"]


def test_ringall_rings_all_of_the_lowest_penalty_and_the_quickest_has_it() -> None:
    bench = Bench(q(strategy="ringall"), a=a("a"), b=a("b"), c=a("c", 1))
    bench.call()
    bench.wait(1.0)
    assert bench.ringing() == ["a", "b"]
    bench.answer("b")
    assert bench.told("RingEnded", "how") == ["cancelled", "answered"]
    assert bench.told("DeviceChanged", "state") == ["ringing", "ringing", "idle", "in_use"]


def test_least_recent_is_who_has_been_without_a_call_for_longest() -> None:
    bench = Bench(q(strategy="leastrecent"), a=a("a"), b=a("b"))
    served = []
    for _ in range(4):
        bench.call()
        bench.wait(1.0)
        served += bench.ringing()
        place = bench.answer()
        bench.wait(5.0)
        bench.end(place)
    assert served == ["a", "b", "a", "b"]


def test_fewest_calls_is_who_took_fewest() -> None:
    bench = Bench(q(strategy="fewestcalls"), a=a("a"), b=a("b"))
    bench.exchange.queues["q"].rows["PJSIP/a"].member.calls_taken = 3
    bench.call()
    bench.wait(1.0)
    assert bench.ringing() == ["b"]


def test_round_robin_remembers_who_rang_even_in_vain() -> None:
    bench = Bench(q(strategy="rrmemory", retry=1.0), a=a("a"), b=a("b"), c=a("c"))
    bench.call()
    bench.wait(40.0)
    assert bench.told("AgentRung", "agent") == ["a", "b", "c", "a"]


def test_who_does_not_answer_rings_for_the_timeout_and_the_caller_rests_for_the_retry() -> None:
    bench = Bench(q(), a=a("a"))
    bench.call()
    bench.wait(16.0)
    assert bench.told("RingEnded", "ring") == [pytest.approx(10.0)]
    rung = bench.told("AgentRung")
    assert rung == [pytest.approx(START + 0.02), pytest.approx(START + 15.02)]


def test_a_busy_phone_rings_for_nought_and_the_next_is_tried_at_once() -> None:
    bench = Bench(q(), a=a("a"), b=a("b"))
    bench.call()
    bench.wait(1.0)
    bench.exchange.busy(bench.offers[0])
    assert bench.told("RingEnded", "ring") == [0.0]
    assert bench.told("RingEnded", "how") == ["busy"]
    assert bench.ringing() == ["b"]


def test_autopause_pauses_who_did_not_answer_over_a_reason_of_their_own() -> None:
    bench = Bench(QueuePart(name="q", timeout=Duration(10), autopause="yes"), a=a("a"))
    bench.call()
    bench.wait(1.0)
    bench.roster.pause("PJSIP/a", True, "training")
    assert bench.ringing() == ["a"], "who is paused while ringing rings on"
    bench.wait(10.0)
    assert bench.told("PauseChanged", "reason") == ["training", "Auto-Pause"]
    assert bench.told("PauseChanged", "automatic") == [False, True]


def test_autopause_all_pauses_in_every_queue() -> None:
    part = QueuePart(name="q", timeout=Duration(10), autopause="all")
    bench = Bench(part, q("other"), a=a("a", 0, "q", "other"))
    bench.call()
    bench.wait(11.0)
    assert bench.told("PauseChanged", "queue") == ["q", "other"]


def test_whoever_is_paused_while_ringing_may_still_answer_and_talks_on() -> None:
    bench = Bench(q(), a=a("a"))
    bench.call()
    bench.wait(1.0)
    bench.roster.pause("PJSIP/a", True, "小休")
    place = bench.answer()
    bench.wait(30.0)
    assert [talk.agent for talk in bench.exchange.conversations.talking()] == ["a"]
    bench.end(place)
    bench.call()
    bench.wait(30.0)
    assert bench.told("AgentRung", "agent") == ["a"]


def test_wrap_up_keeps_calls_away() -> None:
    bench = Bench(q(wrap_up=8.0), a=a("a"))
    bench.call()
    bench.wait(1.0)
    bench.end(bench.answer())
    bench.call()
    bench.wait(20.0)
    rung = bench.told("AgentRung")
    assert len(rung) == 2
    assert START + 9.0 <= rung[1] < START + 10.0, "it ended 1 s after the start"


def test_wrap_up_holds_in_a_queue_joined_meanwhile() -> None:
    bench = Bench(q(wrap_up=8.0), q("other"), a=a("a"))
    bench.call()
    bench.wait(1.0)
    bench.end(bench.answer())
    bench.roster.add("other", "PJSIP/a", "", 0, paused=False)
    bench.call("other")
    bench.wait(7.0)
    assert bench.told("AgentRung", "queue") == ["q"]
    bench.wait(3.0)
    assert bench.told("AgentRung", "queue") == ["q", "other"]


def test_a_phone_in_use_is_not_rung() -> None:
    bench = Bench(q(), a=a("a"))
    bench.exchange.phones["PJSIP/a"].calls = 1
    bench.call()
    bench.wait(30.0)
    assert not bench.told("AgentRung")


def test_ring_in_use_rings_a_phone_in_use() -> None:
    bench = Bench(QueuePart(name="q", ring_in_use=True), a=a("a"))
    bench.exchange.phones["PJSIP/a"].calls = 1
    bench.call()
    bench.wait(1.0)
    assert bench.told("DeviceChanged", "state") == ["ringing_in_use"]


def test_a_queue_of_more_weight_is_served_first() -> None:
    bench = Bench(q(), q("heavy", weight=5), a=a("a", 0, "q", "heavy"))
    bench.roster.pause("PJSIP/a", True)
    bench.call("q")
    bench.call("heavy")
    bench.roster.pause("PJSIP/a", False)
    bench.wait(2.0)
    assert bench.told("AgentRung", "queue") == ["heavy"]


def test_a_full_queue_takes_nobody() -> None:
    bench = Bench(q(capacity=1), a=a("a"))
    bench.call()
    assert bench.refused() == "full"


def test_join_empty_no_takes_nobody_while_all_are_paused_or_out_of_reach() -> None:
    bench = Bench(QueuePart(name="q", join_empty=False), a=a("a"), b=a("b"))
    bench.roster.pause("PJSIP/a", True)
    bench.call()
    bench.exchange.phones["PJSIP/b"].reachable = False
    assert bench.refused() == "empty"


def test_leave_when_empty_sends_the_waiting_away_once_nobody_is_left() -> None:
    bench = Bench(QueuePart(name="q", leave_when_empty=True, timeout=Duration(10)), a=a("a"))
    bench.exchange.phones["PJSIP/a"].calls = 1
    place = bench.call()
    bench.wait(60.0)
    assert place.open
    bench.roster.pause("PJSIP/a", True)
    bench.wait(5.0)
    assert bench.told("CallFlowedOut", "cause") == ["empty"]
    assert (place.visit.outcome, place.visit.cause) == ("flowed_out", "empty")


def test_a_caller_who_hangs_up_silences_the_phones() -> None:
    bench = Bench(q(strategy="ringall"), a=a("a"), b=a("b"))
    place = bench.call()
    bench.wait(3.0)
    bench.exchange.abandon(place)
    assert bench.told("RingEnded", "how") == ["cancelled", "cancelled"]
    assert bench.told("CallAbandoned", "wait") == [3.0]
    assert bench.told("DeviceChanged", "state")[-2:] == ["idle", "idle"]


def test_a_timeout_of_the_caller_counts_against_who_rings() -> None:
    bench = Bench(q(), a=a("a"))
    place = bench.call()
    bench.wait(4.02)
    bench.exchange.flow_out(place, "timeout")
    assert bench.told("RingEnded", "how") == ["no_answer"]
    assert bench.told("RingEnded", "ring") == [pytest.approx(4.0)]
    assert place.visit.no_answers == 1


def test_a_call_counts_for_the_interface_in_all_its_queues() -> None:
    bench = Bench(q(), q("other"), a=a("a", 0, "q", "other"))
    bench.call()
    bench.wait(1.0)
    bench.end(bench.answer())
    assert [row.member.calls_taken for row in bench.exchange.by_interface["PJSIP/a"]] == [1, 1]


LOCAL = AgentPart(
    id="12", members=(Membership(queue="q", interface="Local/12@from-queue", watches="channel"),)
)
WHOLE = AgentPart(
    id="12", members=(Membership(queue="q", interface="Local/12@from-queue/n", watches="channel"),)
)


def test_an_optimised_local_member_is_free_for_the_queue_while_they_talk() -> None:
    bench = Bench(q(retry=2.0), local=LOCAL)
    bench.call()
    bench.wait(1.0)
    assert bench.states() == {"PJSIP/12": "ringing", "Local/12@from-queue": "in_use"}
    bench.answer()
    bench.call()
    bench.wait(3.5)
    assert bench.told("RingEnded", "how")[1:] == ["busy", "busy"]
    assert bench.states() == {"PJSIP/12": "in_use", "Local/12@from-queue": "idle"}
    assert bench.exchange.queues["q"].rows["Local/12@from-queue"].member.calls_taken == 1


def test_a_local_member_that_is_not_optimised_is_in_use() -> None:
    bench = Bench(q(retry=2.0), local=WHOLE)
    bench.call()
    bench.wait(1.0)
    place = bench.answer()
    bench.call()
    bench.wait(5.0)
    assert bench.told("AgentRung", "call") == ["c1"]
    bench.end(place)
    assert set(bench.states().values()) == {"idle"}


def test_two_interfaces_are_paused_one_by_one() -> None:
    both = AgentPart(id="7", queues={"q": 0}, members=WHOLE.members)
    bench = Bench(q(), both=both)
    bench.roster.pause("PJSIP/7", True)
    assert [row.member.paused for row in bench.exchange.queues["q"].rows.values()] == [True, False]


def test_a_restart_kills_everything_and_forgets_the_pauses_of_static_members_only() -> None:
    bench = Bench(q(), a=a("a"), b=a("b"))
    bench.roster.add("q", "PJSIP/9", "Nine", 0, paused=False)
    waiting, talking = bench.call(), bench.call()
    bench.wait(1.0)
    bench.exchange.answer(next(o for o in bench.offers if o.place is talking))
    bench.roster.pause("PJSIP/b", True, "小休")
    bench.roster.pause("PJSIP/9", True, "обед")
    before = len(bench.ground.told)
    bench.exchange.restart(0.0)
    assert len(bench.ground.told) == before, "silent"
    assert (waiting.visit.outcome, waiting.visit.end) == ("lost", "")
    assert (talking.visit.outcome, talking.visit.end) == ("answered", "lost")
    paused = {m.interface: (m.paused, m.reason) for m in bench.exchange.queues["q"].state().members}
    assert paused == {"PJSIP/a": (False, ""), "PJSIP/b": (False, ""), "PJSIP/9": (True, "обед")}
    assert {phone.state for phone in bench.exchange.phones.values()} == {"unavailable"}


def test_a_reload_takes_out_brings_back_and_renames_without_a_word() -> None:
    bench = Bench(q(), a=a("a"), b=a("b"), c=a("c"))

    def members() -> list[tuple[str, str, int]]:
        return [(m.interface, m.name, m.penalty) for m in bench.exchange.queues["q"].state().members]

    before = members()
    bench.roster.reload()
    once = members()
    bench.roster.reload()
    assert len(once) == 2
    assert {name for _, name, _ in once} - {name for _, name, _ in before}, "somebody has a new name"
    assert len(members()) == 2
    assert members() != once
    assert not bench.ground.told


def test_adding_and_removing_say_why_not() -> None:
    bench = Bench(q(), a=a("a"))
    assert bench.roster.add("none", "PJSIP/9", "", 0, paused=False) == "no queue"
    assert bench.roster.add("q", "PJSIP/a", "", 0, paused=False) == "already there"
    assert bench.roster.add("q", "PJSIP/9", "", 2, paused=True) == ""
    assert bench.roster.remove("none", "PJSIP/9") == "no queue"
    assert bench.roster.remove("q", "PJSIP/8") == "not there"
    assert bench.roster.remove("q", "PJSIP/a") == "static"
    assert bench.roster.remove("q", "PJSIP/9") == ""
    assert bench.told("MemberAdded", "penalty") == [2]
    assert bench.told("MemberAdded", "paused") == [True]
    assert bench.told("MemberRemoved", "interface") == ["PJSIP/9"]
    assert bench.roster.pause("PJSIP/9", True) is False


def test_who_is_removed_in_the_middle_of_a_call_finishes_it() -> None:
    bench = Bench(q(), a=AgentPart(id="a", joins={"q": 0}))
    bench.roster.join(bench.roster.agents["a"], Membership(queue="q", dynamic=True))
    bench.call()
    bench.wait(2.0)
    place = bench.answer()
    assert bench.roster.remove("q", "PJSIP/a") == ""
    bench.wait(20.0)
    bench.end(place)
    assert (place.visit.outcome, place.visit.end) == ("answered", "caller")
