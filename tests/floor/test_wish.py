"""Which wishes are taken, from whom, in which words; the rest is refused and nothing happens."""

import pytest

from ccwall.events import Principal, QueueId, Role
from ccwall.floor.wish import Forbidden, Mistaken, NotNow, NotThere, Objection
from tests.floor.desk import ANNA, FAR, OLEG, PBX, PROMO, WANG, Desk, Q


@pytest.fixture
def desk() -> Desk:
    return Desk().open()


def arguments(desk: Desk, id: str) -> dict[str, str]:
    command = next(c for c in desk.engine.commands() if c.id == id)
    return command.arguments


@pytest.mark.parametrize("role", ["manager", "operations", "supervisor", "lead"])
def test_who_leads_people_may_command(desk: Desk, role: Role) -> None:
    desk.ask(who=Principal(id="x", role=role))


@pytest.mark.parametrize("role", ["quality", "complaints", "agent", "display"])
def test_who_does_not_may_not(desk: Desk, role: Role) -> None:
    who = Principal(id="x", role=role)
    for call in (
        lambda: desk.ask(who=who),
        lambda: desk.commands.recent(who),
        lambda: desk.commands.one(who, "id0"),
    ):
        with pytest.raises(Forbidden, match=role):
            call()


def test_a_wish_goes_to_the_source_where_the_agent_is(desk: Desk) -> None:
    assert arguments(desk, desk.ask()) == {"source": PBX}
    assert arguments(desk, desk.ask(target=OLEG, queue=FAR)) == {"queue": FAR, "source": "pbx2"}
    assert arguments(desk, desk.ask(target=OLEG, source="pbx2")) == {"source": "pbx2"}


def test_somebody_on_two_sources_is_asked_for_which(desk: Desk) -> None:
    with pytest.raises(Mistaken, match="pbx1 and pbx2") as told:
        desk.ask(target=OLEG)
    assert told.value.where == "arguments.source"


def test_a_queue_of_another_source_than_the_one_named_is_a_mistake(desk: Desk) -> None:
    with pytest.raises(Mistaken, match="pbx1"):
        desk.ask(queue=Q, source="pbx2")


@pytest.mark.parametrize(
    ("where", "wrong"),
    [
        ("name", {"name": "agent.fire"}),
        ("reason", {"reason": ""}),
        ("reason", {"reason": "  \u3000"}),
        ("reason", {"reason": "x" * 201}),
        ("reason", {"reason": "lunch\r\nAction: Originate"}),
        ("reason", {"reason": "lunch\x00"}),
        ("reason", {"reason": "lunch\x85"}),
        ("reason", {"reason": "lunch\u2028x"}),
        ("reason", {"reason": "lunch\ud800"}),
        ("target", {"target": "anna\n"}),
        ("arguments", {"colour": "red"}),
        ("arguments", {"penalty": "1"}),
        ("arguments.queue", {"queue": ""}),
        ("arguments.queue", {"queue": "q\r\n"}),
        ("arguments.queue", {"queue": "q" * 257}),
        ("arguments.queue", {"name": "queue.add_member"}),
        ("arguments.queue", {"name": "queue.remove_member"}),
        ("arguments.penalty", {"name": "queue.add_member", "queue": Q, "penalty": "-1"}),
        ("arguments.penalty", {"name": "queue.add_member", "queue": Q, "penalty": "10000"}),
        ("arguments.penalty", {"name": "queue.add_member", "queue": Q, "penalty": "٣"}),
    ],
)
def test_a_wrong_word_is_told_with_its_place_and_nothing_happens(
    desk: Desk, where: str, wrong: dict[str, str]
) -> None:
    with pytest.raises(Mistaken) as told:
        desk.ask(**wrong)  # type: ignore[arg-type]  # none of them is `who`
    assert told.value.where == where
    assert list(desk.engine.commands()) == []


@pytest.mark.parametrize("reason", ["午餐", "中　餐", "обед", "lunch 🍜", "家庭 👩‍👧"])
def test_reasons_are_in_the_words_of_the_floor(desk: Desk, reason: str) -> None:
    desk.ask(reason=reason)


@pytest.mark.parametrize("wrong", [{"target": "nobody"}, {"queue": "pbx1/nowhere"}])
def test_who_and_what_is_not_there_cannot_be_commanded(desk: Desk, wrong: dict[str, str]) -> None:
    with pytest.raises(NotThere, match="There is no"):
        desk.ask(**wrong)  # type: ignore[arg-type]  # none of them is `who`


def test_who_is_in_no_queue_cannot_be_paused(desk: Desk) -> None:
    with pytest.raises(NotNow, match="signed in to no queue"):
        desk.ask(target=WANG)
    with pytest.raises(NotNow, match="no member of pbx1/promo"):
        desk.ask(target=OLEG, queue=PROMO)
    with pytest.raises(NotNow, match="no member"):
        desk.ask("queue.remove_member", WANG, queue=Q)


def test_somebody_who_is_in_no_queue_is_added_by_the_only_configured_interface(desk: Desk) -> None:
    told = arguments(desk, desk.ask("queue.add_member", WANG, queue=Q))
    assert told == {"queue": Q, "source": PBX, "interface": "PJSIP/1003"}
    own = arguments(desk, desk.ask("queue.add_member", WANG, queue=Q, interface="PJSIP/9"))
    assert own["interface"] == "PJSIP/9"


# ── whose people, which queues ──

RED = Principal(id="wu", role="lead", teams=("red",))
CONSULT = Principal(id="li", role="lead", queues=(Q,))


def test_a_lead_commands_the_own_team_only(desk: Desk) -> None:
    desk.ask(who=RED)
    with pytest.raises(NotThere):
        desk.ask(target=OLEG, queue=Q, who=RED)


def test_a_lead_commands_in_the_own_queues_only(desk: Desk) -> None:
    desk.ask(queue=Q, who=CONSULT)
    with pytest.raises(NotThere):
        desk.ask(queue=PROMO, who=CONSULT)


def test_a_pause_everywhere_needs_all_the_queues(desk: Desk) -> None:
    with pytest.raises(Mistaken, match="name one of yours") as told:
        desk.ask(who=CONSULT)
    assert told.value.where == "arguments.queue"
    desk.ask(who=Principal(id="li", role="lead", queues=(Q, PROMO, QueueId("x"))))


def test_what_is_not_ones_own_is_not_seen_either(desk: Desk) -> None:
    mine, theirs = desk.ask(who=RED), desk.ask(target=OLEG, queue=Q)
    assert [told["command_id"] for told in desk.commands.recent(RED)] == [mine]
    with pytest.raises(NotThere):
        desk.commands.one(RED, theirs)
    assert [told["command_id"] for told in desk.commands.recent(CONSULT)] == [theirs]


def test_every_objection_says_something(desk: Desk) -> None:
    with pytest.raises(Objection) as told:
        desk.ask(target=ANNA, name="agent.pause", reason="")
    assert "told why" in str(told.value)
