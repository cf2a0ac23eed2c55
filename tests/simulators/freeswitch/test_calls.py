"""What happens to a call is told in the orders, and with the crossings, of a genuine FreeSWITCH."""

from collections.abc import Mapping, Sequence
from functools import cache

from ccwall_simulators.freeswitch import CALM, FreeSwitchPbx, Variant
from ccwall_simulators.freeswitch.connection import EslConnection
from tests.simulators.freeswitch.genuine import bodies, events
from tests.simulators.freeswitch.script import START, client, switch, told

Event = Mapping[str, str]
LONG = 1800.0


@cache
def lived(races: float = 0.0) -> Sequence[Event]:
    pbx = switch(8, Variant(races=races) if races else CALM)
    connection = client(pbx, "event plain ALL")
    pbx.advance(START + LONG)
    return [dict(event) for event in events(connection.outgoing())]


def what(event: Event) -> str:
    """In a word: ``member-queue-end/TIMEOUT``, ``CHANNEL_ANSWER/outbound``, ``agent-state-change/Receiving``."""
    name = event.get("CC-Action", event["Event-Name"])
    more = (
        event.get("CC-Cancel-Reason")
        or event.get("CC-Cause")
        or event.get("CC-Agent-State")
        or ("" if "CC-Action" in event else event.get("Call-Direction"))
    )
    if name == "bridge-agent-fail":
        more = event["CC-Hangup-Cause"]
    return f"{name}/{more}" if more else name


def of_visit(all_of: Sequence[Event], member: str) -> list[Event]:
    """Everything about one visit: the queue's events, and those of its legs and of its agents meanwhile."""
    own = [event for event in all_of if event.get("CC-Member-UUID") == member]
    first, last = all_of.index(own[0]), all_of.index(own[-1])
    session = own[0]["CC-Member-Session-UUID"]
    agents = {event["CC-Agent"] for event in own if "CC-Agent" in event}
    queue = own[0]["CC-Queue"]
    found = []
    for event in all_of[first : last + 3]:
        legs = {event.get("Unique-ID"), event.get("variable_cc_member_session_uuid")}
        ours = event.get("CC-Member-UUID") == member or session in legs
        agent = event.get("CC-Action") == "agent-state-change" and event.get("CC-Agent") in agents
        count = event.get("CC-Action") == "members-count" and event.get("CC-Queue") == queue
        if ours or agent or count:
            found.append(event)
    return found


def members_with(all_of: Sequence[Event], *words: str) -> list[str]:
    """The visits of which all these words are said."""
    said: dict[str, list[str]] = {}
    for event in all_of:
        if "CC-Member-UUID" in event:
            said.setdefault(event["CC-Member-UUID"], []).append(what(event))
    return [member for member, of_it in said.items() if all(word in of_it for word in words)]


def in_order(said: Sequence[str], *words: str) -> bool:
    """Whether these are said one after the other, whatever else is."""
    rest = iter(said)
    return all(word in rest for word in words)


def test_an_answered_call_is_told_in_order() -> None:
    answered = members_with(
        lived(), "member-queue-start", "bridge-agent-start", "member-queue-end/Terminated"
    )
    assert len(answered) > 80
    back = members_with(lived(), "member-queue-resume")
    for member in [member for member in answered if member not in back][:60]:
        said = [what(event) for event in of_visit(lived(), member)]
        assert in_order(
            said,
            "member-queue-start",
            "members-count",
            "agent-state-change/Receiving",
            "agent-offering",
            "CHANNEL_CREATE/outbound",
            "CHANNEL_ANSWER/outbound",
            "bridge-agent-start",
            "CHANNEL_BRIDGE/inbound",
            "agent-state-change/In a queue call",
            "CHANNEL_HANGUP_COMPLETE/outbound",
            "bridge-agent-end",
            "member-queue-end/Terminated",
            "agent-state-change/Waiting",
        ), said


def test_the_count_after_an_answer_is_one_too_high() -> None:
    waiting: dict[str, int] = {}
    last, compared = "", 0
    for event in lived():
        action, queue = event.get("CC-Action", ""), event.get("CC-Queue", "")
        if action == "members-count":
            count = int(event["CC-Count"])
            if last == "bridge-agent-start" and queue in waiting:
                assert count == waiting[queue], "as if nobody had answered"
                compared += 1
            waiting[queue] = count - (last == "bridge-agent-start")
        elif queue:
            last = action if action != "bridge-agent-fail" else last  # losers may be told in between
    assert compared > 80


def test_who_gives_up_while_a_phone_rings_ends_before_the_offer_fails() -> None:
    given_up = members_with(lived(), "member-queue-end/BREAK_OUT", "bridge-agent-fail/ORIGINATOR_CANCEL")
    assert given_up
    for member in given_up:
        said = [what(event) for event in of_visit(lived(), member)]
        assert in_order(
            said, "member-queue-end/BREAK_OUT", "members-count", "bridge-agent-fail/ORIGINATOR_CANCEL"
        )


def test_of_those_rung_together_one_wins_and_the_others_lose_the_race() -> None:
    lost = members_with(lived(), "bridge-agent-fail/LOSE_RACE")
    assert lost
    for member in lost:
        said = [what(event) for event in of_visit(lived(), member)]
        assert said.count("agent-offering") >= 2
        assert "bridge-agent-start" in said


LONGEST_RING = 12_000_000
"""Microseconds; no queue of the floor rings longer."""


def test_every_offer_fails_or_is_answered_before_the_agent_is_offered_another() -> None:
    offers: dict[str, Event] = {}
    ended = 0
    for event in lived():
        action, agent = event.get("CC-Action"), event.get("CC-Agent", "")
        if action == "agent-offering":
            assert agent not in offers
            offers[agent] = event
        elif action in ("bridge-agent-fail", "bridge-agent-start") and agent in offers:
            assert offers.pop(agent)["CC-Member-UUID"] == event["CC-Member-UUID"]
            ended += 1
    assert ended > 100
    last = int(lived()[-1]["Event-Date-Timestamp"])
    assert all(last - int(offer["Event-Date-Timestamp"]) < LONGEST_RING for offer in offers.values())


def test_every_reason_to_leave_is_seen() -> None:
    reasons = {event["CC-Cancel-Reason"] for event in lived() if "CC-Cancel-Reason" in event}
    assert reasons >= {"BREAK_OUT", "TIMEOUT", "EXIT_WITH_KEY"}
    left = [event for event in lived() if event.get("CC-Cancel-Reason") in ("TIMEOUT", "EXIT_WITH_KEY")]
    assert all(event["Answer-State"] == "answered" for event in left), "these callers are still on the line"


def test_who_comes_back_keeps_the_place_and_has_another_channel_or_the_same() -> None:
    back = [event for event in lived() if event.get("CC-Action") == "member-queue-resume"]
    assert back
    for event in back:
        before = [
            other
            for other in lived()[: lived().index(event)]
            if other.get("CC-Member-UUID") == event["CC-Member-UUID"]
        ]
        assert not before or what(before[-1]).startswith(("member-queue-end", "bridge-agent-fail"))


def test_holds_are_told_of_the_agents_leg_only() -> None:
    holds = [event for event in lived() if event["Event-Name"] in ("CHANNEL_HOLD", "CHANNEL_UNHOLD")]
    assert len(holds) > 10
    assert {event["Call-Direction"] for event in holds} == {"outbound"}
    assert all(event["variable_cc_member_uuid"] and event["variable_cc_queue"] for event in holds)


def test_the_hangup_of_a_leg_precedes_the_end_of_the_conversation() -> None:
    gone: set[str] = set()
    for event in lived():
        if event["Event-Name"] == "CHANNEL_HANGUP_COMPLETE":
            gone.add(event["Unique-ID"])
        elif event.get("CC-Action") == "bridge-agent-end" and event["Answer-State"] == "hangup":
            assert event["CC-Agent-UUID"] in gone or event["Caller-Channel-Hangup-Time"] == "0"


def test_some_visits_that_cross_an_answer_have_no_end() -> None:
    crossed = lived(0.5)
    bridgeless = [event for event in crossed if event.get("CC-Agent-Bridged") == "false"]
    assert len(bridgeless) > 5
    ended = {event["CC-Member-UUID"] for event in crossed if event.get("CC-Action") == "member-queue-end"}
    endless = [event for event in bridgeless if event["CC-Member-UUID"] not in ended]
    offered_again = [
        event
        for event in bridgeless
        if any(
            later.get("CC-Action") == "agent-offering" and later["CC-Member-UUID"] == event["CC-Member-UUID"]
            for later in crossed[crossed.index(event) :]
        )
    ]
    assert [event for event in endless if event not in offered_again]
    assert offered_again
    assert "NONE" in {event.get("CC-Cancel-Reason") for event in crossed}


# ── shutting down, dying ──


def _rows(connection: EslConnection, asked: str) -> list[dict[str, str]]:
    (body,) = bodies(told(connection, f"api callcenter_config {asked}"), b"api/response")
    header, *rows = [line.split("|") for line in body.decode().split("\n")[:-2]] or [[]]
    return [dict(zip(header, row, strict=False)) for row in rows]


def test_a_shutdown_cancels_those_who_wait_with_its_own_cause() -> None:
    pbx = switch(2)
    connection = client(pbx, "event plain ALL")
    pbx.advance(START + 600.0)
    talking, waiting = len(pbx.floor.talking()), sum(len(queue.waiting) for queue in pbx.floor.queues())
    connection.outgoing()
    pbx.restart(10.0, clean=True)
    last = [dict(event) for event in events(connection.outgoing())]
    ends = [event for event in last if event.get("CC-Action") == "member-queue-end"]
    cancelled = [event for event in ends if event["CC-Cause"] == "Cancel"]
    assert waiting
    assert talking
    assert len(cancelled) == waiting
    assert len(ends) == waiting + talking
    assert {event["Hangup-Cause"] for event in ends} == {"SYSTEM_SHUTDOWN"}


def test_after_a_kill_those_who_were_there_are_listed_as_abandoned_and_counters_are_nought() -> None:
    pbx = switch(2)
    pbx.advance(START + 600.0)
    before = _heartbeat(pbx)
    there = {
        row["uuid"]
        for row in _rows(client(pbx), "queue list members consult@default")
        if row["state"] != "Abandoned"
    }
    pbx.restart(5.0, clean=False)
    pbx.advance(pbx.now + 5.0)
    after = {row["uuid"]: row for row in _rows(client(pbx), "queue list members consult@default")}
    assert there
    assert there <= set(after)
    assert {(after[uuid]["state"], after[uuid]["session_uuid"]) for uuid in there} == {("Abandoned", "")}
    assert {row["calls_answered"] for row in _rows(client(pbx), "queue list")} == {"0"}
    assert {row["state"] for row in _rows(client(pbx), "agent list")} == {"Waiting"}
    again = _heartbeat(pbx)
    assert before["Core-UUID"] != again["Core-UUID"]
    assert int(again["Event-Sequence"]) < int(before["Event-Sequence"])


def _heartbeat(pbx: FreeSwitchPbx) -> Event:
    connection = client(pbx, "event plain HEARTBEAT")
    pbx.advance(pbx.now + 20.0)
    return dict(next(iter(events(connection.outgoing()))))
