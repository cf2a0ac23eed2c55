"""The life of a command in the engine: every stage against every word about it, and what a snapshot says."""

import pytest

from ccwall import events
from ccwall.engine.commands import KEPT, Stage
from ccwall.engine.dump import dumped, undumped
from ccwall.events import AgentId, CommandId, Principal, QueueId, SourceId
from tests.engine.journal import ANNA, HOUSE, NOON, PBX, PROMO, Floor, Q, fact

ID = CommandId("c1")
CHEN = Principal(id="chen", role="manager")

WORDS: dict[Stage, events.AnyEvent] = {
    "requested": events.CommandRequested(at=NOON, command_id=ID, name="agent.pause", target=ANNA),
    "sent": events.CommandSent(at=NOON + 1, command_id=ID),
    "confirmed": events.CommandConfirmed(at=NOON + 2, command_id=ID),
    "refused": events.CommandRefused(at=NOON + 2, command_id=ID, detail="no"),
    "unknown": events.CommandUnknown(at=NOON + 2, command_id=ID),
}
WAY_TO: dict[Stage, list[Stage]] = {
    "requested": ["requested"],
    "sent": ["requested", "sent"],
    "confirmed": ["requested", "sent", "confirmed"],
    "refused": ["requested", "sent", "refused"],
    "unknown": ["requested", "sent", "unknown"],
}
BECOMES: dict[Stage, dict[Stage, Stage]] = {
    "requested": {"sent": "sent", "confirmed": "confirmed", "refused": "refused", "unknown": "unknown"},
    "sent": {"confirmed": "confirmed", "refused": "refused", "unknown": "unknown"},
    "unknown": {"confirmed": "confirmed", "refused": "refused"},
    "confirmed": {},
    "refused": {},
}
"""What is not in here changes nothing."""


def wish(
    id: str = "c1", name: str = "agent.pause", reason: str = "lunch", at: float = NOON, **arguments: str
) -> events.CommandRequested:
    told = {"source": "pbx1", **arguments}
    return events.CommandRequested(
        at=at, command_id=CommandId(id), name=name, target=ANNA, arguments=told, reason=reason
    )


def member(queue: QueueId = Q, *, there: bool = True, interface: str = "") -> events.AgentMembershipChanged:
    return events.AgentMembershipChanged(at=NOON, agent=ANNA, queue=queue, member=there, interface=interface)


def paused(
    reason: str = "", queue: QueueId | None = None, *, automatic: bool = False
) -> events.AgentNotReady:
    return events.AgentNotReady(at=NOON, agent=ANNA, queue=queue, reason=reason, automatic=automatic)


def seen(floor: Floor, id: str = "c1") -> tuple[bool, str] | None:
    verdict = floor.engine.verdict(CommandId(id))
    return None if verdict is None else (verdict.done, verdict.detail)


@pytest.mark.parametrize("word", WORDS)
@pytest.mark.parametrize("stage", WAY_TO)
def test_every_stage_hears_what_may_follow_and_nothing_else(stage: Stage, word: Stage) -> None:
    floor = Floor().say(*(WORDS[each] for each in WAY_TO[stage]))
    floor.say(WORDS[word])
    command = floor.engine.command(ID)
    assert command is not None
    assert command.state == BECOMES[stage].get(word, stage)


def test_a_word_about_a_command_nobody_knows_is_not_heard() -> None:
    floor = Floor().say(*(word for stage, word in WORDS.items() if stage != "requested"))
    assert list(floor.engine.commands()) == []


def test_the_envelope_says_who_wanted_it() -> None:
    floor = Floor()
    told = fact(wish(), 2, HOUSE)
    floor.hear(events.Envelope(**{**{f: getattr(told, f) for f in told.__struct_fields__}, "actor": CHEN}))
    command = floor.engine.command(ID)
    assert command is not None
    assert (command.actor, command.source, command.reason) == (CHEN, "pbx1", "lunch")


def test_instants_are_those_of_the_facts() -> None:
    floor = Floor().say(wish(), WORDS["sent"], WORDS["refused"])
    command = floor.engine.command(ID)
    assert command is not None
    assert (command.requested, command.sent, command.ended) == (NOON, NOON + 1, NOON + 2)
    assert command.detail == "no"


def test_the_last_commands_are_kept_and_those_without_an_end_first_of_all() -> None:
    floor = Floor().say(wish("open"))
    for number in range(KEPT + 20):
        floor.say(wish(f"c{number}"), events.CommandRefused(at=NOON, command_id=CommandId(f"c{number}")))
    commands = list(floor.engine.commands())
    assert len(commands) == KEPT
    assert (commands[0].id, commands[1].id, commands[-1].id) == ("open", "c21", f"c{KEPT + 19}")


def test_more_open_ones_than_are_kept_cost_no_memory() -> None:
    floor = Floor().say(*(wish(f"c{number}") for number in range(KEPT + 5)))
    assert len(list(floor.engine.commands())) == KEPT


def test_a_new_day_forgets_what_ended_before_it() -> None:
    floor = Floor().say(wish("done"), wish("open"), wish("unsure"))
    floor.say(
        events.CommandConfirmed(at=NOON, command_id=CommandId("done")),
        events.CommandUnknown(at=NOON, command_id=CommandId("unsure")),
    )
    floor.say(member(), received=NOON + 86_400)
    assert [command.id for command in floor.engine.commands()] == ["open", "unsure"]


def test_the_journal_alone_gives_the_commands_again() -> None:
    floor = Floor().say(wish(), WORDS["sent"], WORDS["unknown"])
    again = Floor()
    for envelope in floor.journal[1:]:
        again.hear(envelope)
    assert again.engine.dump() == floor.engine.dump()


# ── what is seen ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_pause_is_done_when_all_that_it_was_about_is_paused() -> None:
    floor = Floor().say(member(), member(PROMO), wish(), paused("lunch", Q))
    assert seen(floor) == (False, "is not paused in pbx1/promo")
    floor.say(paused("lunch", PROMO))
    assert seen(floor) == (True, "")


def test_a_pause_in_one_queue_does_not_ask_for_others() -> None:
    floor = Floor().say(member(), member(PROMO), wish(queue=Q), paused("lunch", Q))
    assert seen(floor) == (True, "")


def test_a_pause_for_another_reason_is_another_pause() -> None:
    floor = Floor().say(member(), wish(), paused("toilet"))
    assert seen(floor) == (False, "is paused in pbx1/consult, but with the reason 'toilet'")


def test_a_source_that_keeps_no_reason_shows_its_own() -> None:
    sent = events.CommandSent(at=NOON + 1, command_id=ID, shown="On Break")
    floor = Floor().say(member(), wish(reason="lunch"), sent, paused("On Break"))
    assert seen(floor) == (True, "")
    floor.say(paused("Training"))
    assert seen(floor) == (False, "is paused in pbx1/consult, but with the reason 'Training'")


def test_an_automatic_pause_hides_the_reason_and_is_a_pause() -> None:
    floor = Floor().say(member(), wish(), paused("Auto-Pause", automatic=True))
    assert seen(floor) == (True, "")


def test_a_resume_is_done_when_nothing_is_paused() -> None:
    floor = Floor().say(member(), wish(name="agent.resume"), paused("lunch"))
    assert seen(floor) == (False, "is still paused in pbx1/consult")
    floor.say(events.AgentReady(at=NOON, agent=ANNA))
    assert seen(floor) == (True, "")


def test_who_is_in_no_queue_was_not_paused() -> None:
    assert seen(Floor().say(wish())) is None  # nothing was ever heard of that source
    floor = Floor().say(member(), member(there=False), wish())
    assert seen(floor) == (False, "is no member of a queue there any more")


def test_members_are_added_and_removed_where_they_are_seen_to_be() -> None:
    floor = Floor().say(member(), wish("in", "queue.add_member", queue=Q))
    floor.say(wish("out", "queue.remove_member", queue=Q))
    assert (seen(floor, "in"), seen(floor, "out")) == ((True, ""), (False, "is still a member of the queue"))
    floor.say(member(there=False))
    assert (seen(floor, "in"), seen(floor, "out")) == ((False, "is no member of the queue"), (True, ""))


def test_another_interface_is_another_membership() -> None:
    floor = Floor().say(
        member(interface="PJSIP/1"), wish(name="queue.add_member", queue=Q, interface="PJSIP/2")
    )
    assert seen(floor) == (False, "is no member of the queue")


@pytest.mark.parametrize(
    "blind",
    [
        events.SourceDown(at=NOON, reason="eof"),
        events.SourceResyncStarted(at=NOON),
        events.SourceResyncFinished(at=NOON, limits=("queues",)),
    ],
)
def test_who_cannot_see_the_floor_says_nothing(blind: events.AnyEvent) -> None:
    floor = Floor().say(member(), wish(), paused("lunch"), blind)
    assert seen(floor) is None


def test_another_source_proves_nothing() -> None:
    floor = Floor().say(member(), paused("lunch"))
    floor.say(events.SourceUp(at=NOON), events.SourceResyncFinished(at=NOON), source=SourceId("pbx2"))
    floor.say(wish(source="pbx2"))
    assert seen(floor) == (False, "is no member of a queue there any more")
    assert floor.engine.memberships(AgentId("nobody")) is None
    assert floor.engine.queue_source(Q) == PBX


def test_a_state_written_down_and_read_again_has_its_commands() -> None:
    floor = Floor().say(wish(), WORDS["sent"])
    told = fact(wish("c2"), 9, HOUSE)
    floor.hear(events.Envelope(**{**{f: getattr(told, f) for f in told.__struct_fields__}, "actor": CHEN}))
    again = undumped(dumped(floor.engine._state))
    assert again.commands == {command.id: command for command in floor.engine.commands()}
    assert again.commands[CommandId("c2")].actor == CHEN
