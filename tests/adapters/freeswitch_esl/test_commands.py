"""Wishes from the wall: sent once, and their end told by FreeSWITCH's own answer."""

from collections.abc import Mapping

import pytest

from ccwall.events import (
    AgentId,
    CommandConfirmed,
    CommandEvent,
    CommandId,
    CommandRefused,
    CommandRequested,
    CommandSent,
    CommandUnknown,
    QueueId,
)
from ccwall_adapters.freeswitch_esl import wire
from tests.adapters.contract import PlainDirectory
from tests.adapters.freeswitch_esl.pbx import Pbx, agent, live

OK, NOT_FOUND = "+OK\n", "-ERR Agent not found!\n"


def wish(
    name: str = "agent.pause",
    target: str = "src/1001@pbx",
    id: str = "w1",
    **arguments: str,
) -> CommandRequested:
    return CommandRequested(
        at=0.0, command_id=CommandId(id), name=name, target=target, arguments=arguments, reason="lunch"
    )


def ask(pbx: Pbx, wanted: CommandRequested) -> list[str]:
    """What goes out for a wish."""
    pbx.session.outgoing()
    pbx.take()
    pbx.facts += pbx.session.command(wanted, pbx.now)
    return [
        one.line.removeprefix("api callcenter_config ")
        for one in wire.CommandLines().feed(pbx.session.outgoing())
    ]


def answer(pbx: Pbx, *texts: str) -> list[CommandEvent]:
    for text in texts:
        pbx.raw(wire.api_response(text))
    return pbx.of(CommandEvent)


def refusal(pbx: Pbx) -> str:
    (refused,) = pbx.of(CommandRefused)
    return refused.detail


@pytest.mark.parametrize(
    ("name", "arguments", "line"),
    [
        ("agent.pause", {}, "agent set status 1001@pbx 'On Break'"),
        ("agent.resume", {}, "agent set status 1001@pbx 'Available'"),
        ("agent.pause", {"queue": "src/consult"}, "agent set status 1001@pbx 'On Break'"),
        ("queue.add_member", {"queue": "src/promo"}, "tier add promo 1001@pbx 1 1"),
        ("queue.add_member", {"queue": "src/promo", "penalty": "3"}, "tier add promo 1001@pbx 3 1"),
        ("queue.remove_member", {"queue": "src/consult"}, "tier del consult 1001@pbx"),
    ],
)
def test_a_wish_is_one_command_and_its_answer_confirms_it(
    name: str, arguments: Mapping[str, str], line: str
) -> None:
    pbx = live()
    assert ask(pbx, wish(name, **arguments)) == [line]
    assert tuple(type(fact) for fact in answer(pbx, OK)) == (CommandSent, CommandConfirmed)


def test_what_freeswitch_refuses_is_told_in_its_words() -> None:
    pbx = live()
    ask(pbx, wish())
    answer(pbx, NOT_FOUND)
    assert refusal(pbx) == "FreeSWITCH says '-ERR Agent not found!'"


def test_without_the_module_the_refusal_says_so() -> None:
    pbx = live()
    ask(pbx, wish())
    answer(pbx, "-ERR callcenter_config Command not found!\n")
    assert "mod_callcenter is not loaded" in refusal(pbx)


def test_answers_belong_to_wishes_in_the_order_of_asking_with_lists_in_between() -> None:
    pbx = live()
    ask(pbx, wish(id="w1"))
    pbx.wait(3)  # a ping
    pbx.facts += pbx.session.command(wish("agent.resume", id="w2"), pbx.now)
    answer(pbx, NOT_FOUND, "12345\n", OK)
    assert tuple((type(one), one.command_id) for one in pbx.of(CommandEvent)) == (
        (CommandSent, "w1"),
        (CommandSent, "w2"),
        (CommandRefused, "w1"),
        (CommandConfirmed, "w2"),
    )


def test_a_pause_shows_as_a_break_whatever_its_reason() -> None:
    pbx = live()
    pbx.facts += pbx.session.command(wish(), pbx.now)
    pbx.facts += pbx.session.command(wish("agent.resume", id="w2"), pbx.now)
    assert [one.shown for one in pbx.of(CommandSent)] == ["On Break", None]


def test_the_same_wish_again_is_never_sent_twice() -> None:
    pbx = live()
    assert len(ask(pbx, wish())) == 1
    assert ask(pbx, wish()) == []
    answer(pbx, OK)
    assert ask(pbx, wish()) == []


def test_when_the_link_breaks_nobody_can_say() -> None:
    pbx = live()
    ask(pbx, wish())
    pbx.hang_up_the_link()
    assert [type(one) for one in pbx.of(CommandEvent)] == [CommandSent, CommandUnknown]
    pbx.live_again()
    assert not [line for line in pbx.asked if "set status" in line]


def test_lost_bytes_may_have_held_the_answer() -> None:
    pbx = live()
    ask(pbx, wish())
    pbx.facts += pbx.session.skipped(pbx.now - 1, pbx.now)
    assert [type(one) for one in pbx.of(CommandEvent)] == [CommandSent, CommandUnknown]


def test_after_ten_seconds_nobody_can_say_and_a_late_answer_is_still_believed() -> None:
    pbx = live()
    ask(pbx, wish())
    for _ in range(5):
        pbx.event("HEARTBEAT")
        pbx.wait(2.5)
    answer(pbx, OK)
    assert [type(one) for one in pbx.of(CommandEvent)] == [CommandSent, CommandUnknown, CommandConfirmed]


def test_one_person_who_is_two_agents_is_paused_as_both() -> None:
    class Same(PlainDirectory):
        def agent(self, *keys: str) -> AgentId:
            return AgentId("wang")

    pbx = Pbx("live", accept=False, directory=Same())
    pbx.live_again()
    lines = ask(pbx, wish(target="wang"))
    assert lines == ["agent set status 1001@pbx 'On Break'", "agent set status 1002@pbx 'On Break'"]
    answer(pbx, OK, NOT_FOUND)
    assert refusal(pbx) == "FreeSWITCH says '-ERR Agent not found!'. 1 of 2 were done all the same."
    assert ask(pbx, wish("queue.add_member", "wang", "w2", queue="src/promo")) == []
    assert "say which one as the interface" in refusal(pbx)
    assert ask(pbx, wish("queue.add_member", "wang", "w3", queue="src/promo", interface="1002@pbx")) == [
        "tier add promo 1002@pbx 1 1"
    ]


@pytest.mark.parametrize(
    ("wanted", "why"),
    [
        (wish("queue.burn"), "cannot do 'queue.burn'"),
        (wish(target="src/nobody"), "src/nobody is no agent in FreeSWITCH"),
        (wish(interface="1002@pbx"), "'1002@pbx' is no agent of src/1001@pbx"),
        (wish("queue.add_member", queue="src/nowhere"), "has told of no queue"),
        (wish("queue.remove_member", queue="src/promo"), "has no tier in promo"),
        (wish("agent.resume", "src/off@pbx"), "off@pbx is logged out"),
        (wish("agent.pause", "src/o'brien@pbx"), "characters that cannot be sent"),
    ],
)
def test_what_cannot_be_done_is_refused_with_a_reason_and_nothing_is_sent(
    wanted: CommandRequested, why: str
) -> None:
    pbx = live(
        agents=[agent("1001@pbx"), agent("1002@pbx"), agent("off@pbx", "Logged Out"), agent("o'brien@pbx")]
    )
    assert ask(pbx, wanted) == []
    assert why in refusal(pbx)


def test_a_status_cannot_be_set_for_one_queue_of_two() -> None:
    pbx = live(tiers=[("consult", "1001@pbx"), ("promo", "1001@pbx")])
    assert ask(pbx, wish(queue=QueueId("src/promo"))) == []
    assert "one status for all queues" in refusal(pbx)
    assert "consult" in refusal(pbx)


def test_names_with_blanks_are_quoted() -> None:
    pbx = live(agents=[agent("Wang Fang")], queues={"first aid": (0, 0)}, tiers=[])
    assert ask(pbx, wish("queue.add_member", "src/Wang Fang", queue="src/first aid")) == [
        "tier add 'first aid' 'Wang Fang' 1 1"
    ]


def test_a_recording_and_a_link_that_is_down_refuse() -> None:
    for pbx in (Pbx(), Pbx("live", accept=False)):
        ask(pbx, wish())
        assert refusal(pbx)


def test_too_many_at_once_are_refused() -> None:
    pbx = live()
    for number in range(201):
        pbx.facts += pbx.session.command(wish(id=f"w{number}"), pbx.now)
    assert [one.command_id for one in pbx.of(CommandRefused)] == ["w200"]
