"""SetAgentState: confirmed, refused or unknown, and never twice."""

from ccwall.events import (
    AnyEvent,
    CommandConfirmed,
    CommandId,
    CommandRefused,
    CommandRequested,
    CommandSent,
    CommandUnknown,
)
from ccwall_adapters.csta_xml.frame import framed
from ccwall_adapters.csta_xml.reading import Element
from ccwall_adapters.csta_xml.writing import leaf
from tests.adapters.contract import NOW
from tests.adapters.csta_xml.switch import Switch
from tests.simulators.csta.loop import Loop


def wish(
    name: str = "agent.pause", target: str = "src/4711", id: str = "1", **arguments: str
) -> CommandRequested:
    return CommandRequested(at=NOW, command_id=CommandId(id), name=name, target=target, arguments=arguments)


def staffed() -> Switch:
    switch = Switch(accept=False)
    switch.agents = {
        "3001": [("4711", "6001", "agentReady"), ("4711", "6002", "agentReady")],
        "3002": [("4711", "6001", "agentReady")],
    }
    switch.connect()
    switch.take()
    switch.asked.clear()
    return switch


def command(switch: Switch, wanted: CommandRequested) -> None:
    switch.facts += switch.session.command(wanted, switch.now)


def sets(switch: Switch) -> list[Element]:
    return [message for _, message in switch.asked if message.name == "SetAgentState"]


def outcome(switch: Switch) -> list[type[AnyEvent]]:
    return [
        type(fact)
        for fact in switch.facts
        if isinstance(fact, CommandConfirmed | CommandRefused | CommandUnknown | CommandSent)
    ]


def test_a_person_is_set_at_every_phone_and_then_it_is_confirmed() -> None:
    switch = staffed()
    command(switch, wish())
    switch.serve()
    assert [
        (one.within("device"), one.within("requestedAgentState"), one.within("agentID"), one.within("group"))
        for one in sets(switch)
    ] == [
        ("3001", "notReady", "4711", ""),
        ("3002", "notReady", "4711", ""),
    ]
    assert tuple(outcome(switch)) == (CommandSent, CommandConfirmed)


def test_of_one_queue_it_names_the_group_and_of_one_interface_the_phone() -> None:
    switch = staffed()
    command(switch, wish("agent.resume", queue="src/promo"))
    command(switch, wish("agent.resume", id="2", interface="3002"))
    switch.serve()
    assert [
        (one.within("device"), one.within("requestedAgentState"), one.within("group")) for one in sets(switch)
    ] == [
        ("3001", "ready", "6002"),
        ("3002", "ready", ""),
    ]


def test_the_same_wish_again_is_not_heard() -> None:
    switch = staffed()
    command(switch, wish())
    command(switch, wish())
    switch.serve()
    command(switch, wish())
    switch.serve()
    assert len(sets(switch)) == 2


def test_a_refusal_says_the_words_of_the_switch() -> None:
    switch = staffed()
    switch.unknown = ("3002",)
    command(switch, wish())
    switch.serve()
    (refused,) = switch.of(CommandRefused)
    assert "3002: the switch says 'operation: invalidDeviceID'" in refused.detail
    assert "Done all the same at 3001" in refused.detail


def test_without_an_answer_it_is_unknown_and_a_late_answer_is_still_believed() -> None:
    switch = staffed()
    switch.deaf = True
    command(switch, wish(interface="3001"))
    switch.serve()
    ((invoke, _),) = [(at, one) for at, one in switch.asked if one.name == "SetAgentState"]
    for _ in range(11):
        switch.raw(framed(9000, switch.xml("RequestSystemStatusResponse")))
        switch.wait(1)
    assert outcome(switch) == [CommandSent, CommandUnknown]
    switch.raw(framed(invoke, switch.xml("SetAgentStateResponse")))
    assert outcome(switch)[-1] is CommandConfirmed
    assert len(sets(switch)) == 1


def test_a_lost_link_makes_it_unknown_and_it_is_not_sent_again() -> None:
    switch = staffed()
    switch.deaf = True
    command(switch, wish())
    switch.serve()
    invokes = [at for at, message in switch.asked if message.name == "SetAgentState"]
    switch.lose_the_link()
    assert outcome(switch) == [CommandSent, CommandUnknown]
    switch.deaf = False
    switch.asked.clear()
    switch.connect()
    assert sets(switch) == []
    for invoke in invokes:  # of the new connection, whatever it answers
        switch.raw(framed(invoke, switch.xml("SetAgentStateResponse")))
    assert outcome(switch) == [CommandSent, CommandUnknown]


def test_what_cannot_be_done_is_refused_with_the_reason() -> None:
    switch = staffed()
    for wanted, words in (
        (wish("queue.add_member", id="1"), "sets agents ready and not ready"),
        (wish(target="src/nobody", id="2"), "not logged on"),
        (wish(id="3", queue="src/elsewhere"), "add it to the source's `groups`"),
        (wish(id="4", interface="30\r\n01"), "control characters"),
    ):
        command(switch, wanted)
        assert words in switch.of(CommandRefused)[-1].detail
    switch.serve()
    assert sets(switch) == []


def test_nobody_is_commanded_in_a_recording_or_while_the_link_is_down() -> None:
    for switch, words in ((Switch("observe"), "recording"), (Switch(accept=False), "not up")):
        command(switch, wish())
        assert words in switch.of(CommandRefused)[0].detail


def test_a_late_answer_to_something_else_confirms_nothing() -> None:
    switch = staffed()
    switch.deaf = True
    command(switch, wish(interface="3001"))
    switch.serve()
    switch.raw(framed(4242, switch.xml("SetAgentStateResponse", leaf("pendingAgentState", "notReady"))))
    assert outcome(switch) == [CommandSent]


def test_on_a_simulated_floor_it_happens() -> None:
    loop = Loop(1)
    loop.connect()
    loop.pass_time(2)
    member = next(
        m for queue in loop.floor.queues() for m in queue.members if not m.paused and m.agent == "1002"
    )
    loop.take(loop.session.command(wish(target="src/1002"), loop.now))
    loop.pass_time(1)
    assert CommandConfirmed in {type(fact) for fact in loop.facts}
    after = next(m for queue in loop.floor.queues() for m in queue.members if m.interface == member.interface)
    assert after.paused
