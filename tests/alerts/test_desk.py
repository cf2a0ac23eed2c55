"""What people do about alerts, what they may see of them, and the rules of the page."""

import pytest

from ccwall.alerts.ladder import Entry, Person, Roll
from ccwall.boards.objections import Conflict, Refused
from ccwall.clock import ManualClock
from ccwall.config import HOUSE, SITE, Config
from ccwall.engine import Engine
from ccwall.events import (
    AgentCard,
    AgentId,
    AnyEvent,
    ConfigApplied,
    Policy,
    Principal,
    QueueId,
    SourceId,
)
from ccwall.floor.acts import Acts, Bench
from ccwall.floor.desk_alerts import ACTS
from ccwall.floor.wish import Forbidden, Mistaken, NotNow, NotThere
from ccwall.history import Documents
from ccwall.intake import Intake
from tests.alerts.floor import fact
from tests.alerts.tower import tower

QUEUE, OTHER = QueueId("pbx1/consult"), QueueId("pbx1/loans")
CHEN = Principal(id="chen", role="lead", name="Chen")
LIN = Principal(id="lin", role="lead", name="Lin")
NORTH = Principal(id="he", role="lead", teams=("north",))
SOUTH = Principal(id="song", role="lead", teams=("south",))
LOANS = Principal(id="guo", role="lead", queues=(OTHER,))
WAITS, AWAY = "longest_wait@queue:pbx1/consult", "away@agent:anna"


class Room:
    """Anna of the north is away from her desk, and somebody waits too long."""

    def __init__(self, store: Documents | None = None) -> None:
        self.engine, self.clock = Engine(), ManualClock()
        self.intake = Intake(SITE, self.engine.apply)
        now = self.clock.now()
        policy = Policy(agents={AgentId("anna"): AgentCard(team="north")})
        self.say(ConfigApplied(at=now, hash="", policy=policy))
        self.say(fact("agent.logged_on", now, agent="anna"))
        self.say(fact("agent.membership_changed", now, agent="anna", queue=QUEUE, member=True))
        self.say(fact("agent.not_ready", now, agent="anna", reason="elsewhere"))
        self.say(fact("contact.queued", now, contact="c1", queue=QUEUE))
        self.tower = tower(self.engine, self.clock, Config(), store)
        self.ids = iter("abcdef")
        bench = Bench(self.engine, self.intake.take, self.clock, house=HOUSE, ids=lambda: next(self.ids))
        self.acts = Acts(bench, ACTS)

    def say(self, *facts: AnyEvent) -> None:
        self.intake.take(SourceId("pbx1"), facts, self.clock.now())

    async def later(self, seconds: float) -> None:
        await self.clock.advance(seconds)
        self.intake.seq = self.engine.seq
        self.tower.alarms.look()

    async def do(self, who: Principal, name: str, **arguments: object) -> dict[str, object]:
        self.intake.seq = self.engine.seq
        told = await self.acts.do(who, f"alert.{name}", arguments)
        self.tower.alarms.touch()
        return told


async def test_what_it_is_now_from_when_it_counts_and_who_was_told_by_name() -> None:
    room = Room()
    people = [Entry(person=Person(id="chen", name="Chen", there=True), role="lead")]
    room.tower.alarms.presence = Roll(lambda: people)
    began = room.clock.now()
    await room.later(61)
    await room.later(339)  # worse by now, with another threshold
    told = room.tower.desk.one(CHEN, WAITS)
    assert (told["now"], told["alert"]["threshold"]) == (400.0, 300.0)
    assert told["alert"]["from"] == began
    assert [each["people"] for each in told["alert"]["told"]][:1] == [[{"id": "chen", "name": "Chen"}]]
    people.clear()  # the account is gone: its log-in is what is left
    assert room.tower.desk.one(CHEN, WAITS)["alert"]["told"][0]["people"] == [{"id": "chen"}]


async def test_two_leads_at_once() -> None:
    room = Room()
    await room.later(700)
    await room.do(CHEN, "acknowledge", alert=WAITS, note="on it")
    with pytest.raises(NotNow, match="acknowledged by Chen") as error:
        await room.do(LIN, "acknowledge", alert=WAITS)
    assert error.value.more["done"] == "acknowledged"
    [history] = [each for each in room.tower.desk.alerts(CHEN)["alerts"] if each["id"] == WAITS]
    assert history["acked"]["by"] == {"id": "chen", "name": "Chen", "role": "lead"}
    assert history["history"][-1]["note"] == "on it"


async def test_snooze_and_back() -> None:
    room = Room()
    await room.later(700)
    with pytest.raises(Mistaken, match="is missing"):
        await room.do(CHEN, "snooze", alert=WAITS, lasts=600.0, reason=" ")
    with pytest.raises(Mistaken, match="either until or lasts"):
        await room.do(CHEN, "snooze", alert=WAITS, reason="drill")
    with pytest.raises(Mistaken, match="within the next"):
        await room.do(CHEN, "snooze", alert=WAITS, reason="drill", until=room.clock.now() - 5)
    await room.do(CHEN, "snooze", alert=WAITS, lasts=600.0, reason="drill")
    with pytest.raises(NotNow, match="snoozed by Chen"):
        await room.do(LIN, "snooze", alert=WAITS, lasts=600.0, reason="drill")
    await room.do(LIN, "unsnooze", alert=WAITS)
    with pytest.raises(NotNow, match="not snoozed"):
        await room.do(LIN, "unsnooze", alert=WAITS)


async def test_nobody_acts_on_what_they_may_not_see() -> None:
    room = Room()
    await room.later(700)
    for who, alert in ((SOUTH, AWAY), (LOANS, AWAY), (LOANS, WAITS)):
        with pytest.raises(NotThere):
            await room.do(who, "acknowledge", alert=alert)
        assert alert not in {each["id"] for each in room.tower.desk.alerts(who)["alerts"]}
        with pytest.raises(NotThere):
            room.tower.desk.one(who, alert)
    await room.do(NORTH, "acknowledge", alert=AWAY)
    for role in ("agent", "display"):
        with pytest.raises(Forbidden):
            room.tower.desk.alerts(Principal(id="x", role=role))
    with pytest.raises(NotThere, match="or it is over"):
        await room.do(CHEN, "escalate", alert="nothing@floor")


async def test_each_time_that_it_came_is_one_of_its_own() -> None:
    room = Room()
    for n in (1, 2):
        await room.later(100 * n)
        room.say(fact("contact.abandoned", room.clock.now(), contact=f"c{n}", queue=QUEUE))
        await room.later(1)
        room.say(fact("contact.queued", room.clock.now(), contact=f"c{n + 1}", queue=QUEUE))
    await room.later(100)
    lives = room.tower.desk.alerts(CHEN, state="today", rule="longest_wait")["alerts"]
    assert len({each["fired"] for each in lives}) == 2
    for life in lives:
        told = room.tower.desk.one(CHEN, WAITS, life["fired"])
        assert (told["alert"]["fired"], told["alert"]["ended"]) == (life["fired"], life["ended"])
    assert "ended" not in room.tower.desk.one(CHEN, WAITS)["alert"]
    with pytest.raises(NotThere):
        room.tower.desk.one(CHEN, WAITS, 1.0)


async def test_the_curve_is_the_one_around_it() -> None:
    room = Room()
    await room.later(1300)
    shown = room.tower.desk.one(CHEN, WAITS)["curve"]
    assert (shown["metric"], shown["unit"], shown["threshold"]) == ("longest_waiting", "seconds", 300.0)
    assert len(shown["points"]) >= 3
    room.say(fact("contact.abandoned", room.clock.now(), contact="c1", queue=QUEUE))
    await room.later(1000)
    assert "curve" in room.tower.desk.one(CHEN, WAITS)
    await room.later(4 * 3600)
    assert "curve" not in room.tower.desk.one(CHEN, WAITS)


async def test_no_limit_stands_where_it_would_be_one_of_something_else() -> None:
    room = Room()
    for n in range(2, 6):
        room.say(fact("contact.queued", room.clock.now(), contact=f"c{n}", queue=QUEUE))
    await room.later(1300)
    per = room.tower.desk.one(CHEN, "waiting_per_ready@queue:pbx1/consult")["curve"]
    assert per["metric"] == "waiting"
    assert "threshold" not in per
    unattended = room.tower.desk.one(CHEN, "queue_unattended@queue:pbx1/consult")["curve"]
    assert (unattended["metric"], unattended["threshold"]) == ("waiting", 1.0)


async def test_who_keeps_the_register_looks_after_its_alerts_and_no_others() -> None:
    room = Room()
    now = room.clock.now()
    room.say(fact("case.opened", now, case_id="k1", kind="complaint", title="fee", level=3, due=now + 90_000))
    await room.later(700)
    keeper, of_case = Principal(id="guo", role="complaints"), "case_of_public@case:k1"
    found = room.tower.desk.alerts(keeper)["alerts"]
    assert {each["id"] for each in found} == {of_case, "case_of_group@case:k1"}
    assert room.tower.desk.one(keeper, of_case)["alert"]["severity"] == "critical"
    await room.do(keeper, "acknowledge", alert=of_case)
    for alert in (WAITS, AWAY):
        with pytest.raises(NotThere):
            await room.do(keeper, "acknowledge", alert=alert)
    with pytest.raises(Forbidden):
        room.tower.desk.rules(keeper, may_edit=False)


async def test_one_with_all_that_is_known() -> None:
    room = Room()
    await room.later(700)
    told = room.tower.desk.one(CHEN, WAITS)
    assert told["alert"]["state"] == "firing"
    assert told["rule"]["unit"] == "seconds"
    assert [each["what"] for each in told["alert"]["history"]] == ["fired", "worsened"]


async def test_a_rule_of_the_page_takes_the_place_of_the_shipped_one() -> None:
    store = Documents(None, lambda: 1000.0)
    room = Room(store)
    await room.later(61)
    assert WAITS in room.engine.alerts.open
    words = {"metric": "longest_waiting", "scope": "queue", "at_least": "30m"}
    told = room.tower.desk.tried(CHEN, "longest_wait", words)
    assert {each["state"] for each in told["would"]} == {"inactive"}
    saved = await room.tower.desk.save(CHEN, "longest_wait", words)
    assert (saved["origin"], saved["changed"]) == ("shipped", True)
    await room.later(1)
    assert WAITS not in room.engine.alerts.open
    again = Room(store)
    await again.tower.rulebook.load()
    assert {rule.id: rule for rule in again.tower.rulebook.rules}["longest_wait"].threshold == 1800.0
    await room.tower.desk.delete(CHEN, "longest_wait")
    await room.later(1)
    assert WAITS in room.engine.alerts.open
    with pytest.raises(Conflict, match="comes with ccwall"):
        await room.tower.desk.delete(CHEN, "longest_wait")
    with pytest.raises(Refused) as error:
        await room.tower.desk.save(CHEN, "longest_wait", {"metric": "longest_waiting"})
    assert [each.where for each in error.value.mistakes] == ["words.above"]


async def test_a_rule_of_ones_own_comes_and_goes() -> None:
    room = Room()
    words = {"metric": "waiting", "scope": "queue", "at_least": 1, "name": "Somebody waits"}
    await room.tower.desk.save(CHEN, "mine", words)
    await room.later(1)
    assert "mine@queue:pbx1/consult" in room.engine.alerts.open
    assert room.engine.alerts.rules["mine"].names["en"] == "Somebody waits"
    await room.tower.desk.delete(CHEN, "mine")
    await room.later(1)
    assert "mine@queue:pbx1/consult" not in room.engine.alerts.open
    assert [each.why for each in room.engine.alerts.past if each.rule == "mine"] == ["rule"]
