"""The life of a break: what may follow from where, what is used of a budget, and what the board says of it."""

from typing import Any, Literal

import msgspec
import pytest

from ccwall import events
from ccwall.engine import Engine
from ccwall.engine.desk.breaks import MOST_ENDED
from ccwall.engine.desk.limits import cap
from ccwall.events import (
    AgentId,
    AnyEvent,
    BreakId,
    BreakKind,
    BreakLimit,
    BreakPolicy,
    CommandId,
    Policy,
    Principal,
    QueueId,
    SourceId,
)
from ccwall.intake import Intake

T = 1_795_305_600.0
"""Midnight in UTC, when a business day begins."""
ANNA, OLEG = AgentId("anna"), AgentId("oleg")
B = BreakId("b1")
SONG = Principal(id="song", role="lead", name="Song Jia")
FULL = events.Obstacle(what="cap", have=2.0, limit=1.0, scope="floor")
PBX, HOUSE, Q = SourceId("pbx1"), SourceId("ccwall"), QueueId("pbx1/q")


class Story:
    """Facts one second apart, into one engine."""

    def __init__(self, breaks: BreakPolicy | None = None, start: float = T + 3600) -> None:
        self.engine, self.now = Engine(), start
        self._intake = Intake(events.SiteId("site"), self.engine.apply)
        cards = {ANNA: events.AgentCard(team="red", acd=True), OLEG: events.AgentCard(team="blue", acd=True)}
        policy = Policy(agents=cards, breaks=breaks or BreakPolicy())
        self.say(events.ConfigApplied(at=self.now, hash="", policy=policy))

    def say(
        self, *facts: AnyEvent, who: Principal | None = None, source: SourceId = HOUSE, after: float = 1.0
    ) -> "Story":
        for fact in facts:
            self.now += after
            self._intake.take(source, [fact], self.now, who)
        return self

    @property
    def board(self) -> dict[str, dict[str, dict[str, object]]]:
        return self.engine.board(self.now)  # type: ignore[return-value]

    def stage(self, id: BreakId = B) -> str:
        item = self.engine.breaks.items.get(id)
        return "nothing" if item is None else item.state


def fact(name: str, at: float, id: BreakId = B, lasts: float = 600.0) -> AnyEvent:
    at = float(at)
    made: dict[str, AnyEvent] = {
        "requested": events.BreakRequested(at=at, break_id=id, agent=ANNA, kind="short", lasts=lasts),
        "granted": events.BreakGranted(at=at, break_id=id, begins=at, lasts=lasts),
        "granted ahead": events.BreakGranted(at=at, break_id=id, begins=at + 900, lasts=lasts),
        "let go": events.BreakGranted(at=at, break_id=id, begins=at, lasts=lasts, automatic=True),
        "held": events.BreakHeld(at=at, break_id=id, against=(FULL,)),
        "postponed": events.BreakPostponed(at=at, break_id=id, begins=at + 900),
        "refused": events.BreakRefused(at=at, break_id=id, reason="now is the peak"),
        "withdrawn": events.BreakWithdrawn(at=at, break_id=id),
        "began": events.BreakBegan(at=at, break_id=id, agent=ANNA, kind="short", lasts=lasts),
        "back": events.BreakEnded(at=at, break_id=id, how="back"),
        "unused": events.BreakEnded(at=at, break_id=id, how="unused"),
        "carried out": events.BreakCarriedOut(at=at, break_id=id, command=CommandId("c1")),
        "called back": events.BreakCalledBack(at=at, break_id=id),
    }
    return made[name]


WAYS: dict[str, list[str]] = {
    "nothing": [],
    "requested": ["requested"],
    "postponed": ["requested", "postponed"],
    "granted": ["requested", "granted"],
    "granted ahead": ["requested", "granted ahead"],
    "held": ["requested", "granted ahead", "held"],
    "running": ["requested", "granted", "began"],
    "ended": ["requested", "granted", "began", "back"],
    "refused": ["requested", "refused"],
    "withdrawn": ["requested", "withdrawn"],
}
INPUTS = [
    "requested",
    "granted",
    "let go",
    "held",
    "postponed",
    "refused",
    "withdrawn",
    "began",
    "back",
    "unused",
]
LEADS_TO: dict[str, dict[str, str]] = {
    "nothing": {"requested": "requested", "began": "running"},
    "requested": {
        "granted": "granted",
        "let go": "granted",
        "postponed": "postponed",
        "refused": "refused",
        "withdrawn": "withdrawn",
        "began": "running",
    },
    "postponed": {
        "granted": "granted",
        "let go": "granted",
        "held": "held",
        "postponed": "postponed",
        "refused": "refused",
        "withdrawn": "withdrawn",
        "began": "running",
        "unused": "ended",
    },
    "granted": {"withdrawn": "withdrawn", "began": "running", "unused": "ended"},
    "granted ahead": {
        "let go": "granted",
        "held": "held",
        "withdrawn": "withdrawn",
        "began": "running",
        "unused": "ended",
    },
    "held": {
        "granted": "granted",
        "let go": "granted",
        "postponed": "postponed",
        "refused": "refused",
        "withdrawn": "withdrawn",
        "began": "running",
    },
    "running": {"back": "ended", "unused": "ended"},
}
"""What leads somewhere; everything else leaves a break where it is."""


@pytest.mark.parametrize("stage", WAYS)
@pytest.mark.parametrize("then", INPUTS)
def test_the_life_of_a_break(stage: str, then: str) -> None:
    story = Story()
    for step in WAYS[stage]:
        story.say(fact(step, story.now))
    assert story.stage() == stage.removesuffix(" ahead")
    story.say(fact(then, story.now))
    assert story.stage() == LEADS_TO.get(stage, {}).get(then, stage).removesuffix(" ahead")


@pytest.mark.parametrize("stage", [stage for stage in WAYS if stage != "nothing"])
def test_its_commands_are_noted_wherever_it_is_and_once(stage: str) -> None:
    story = Story()
    for step in (*WAYS[stage], "carried out", "carried out"):
        story.say(fact(step, story.now))
    assert story.stage() == stage.removesuffix(" ahead")
    assert [errand.command for errand in story.engine.breaks.items[B].errands] == ["c1"]


def test_the_board_says_when_it_is_to_warn_when_it_is_over_and_when_it_is_late() -> None:
    story = Story().say(fact("requested", 0)).say(fact("granted", 0), who=SONG)
    story.say(fact("began", T + 4000), after=398)
    (item,) = story.board["breaks"].values()
    assert item["state"] == "running"
    assert (item["warns"], item["due"], item["late"]) == (T + 4480, T + 4600, T + 4780)
    assert item["by"] == {"id": "song", "name": "Song Jia", "role": "lead"}
    assert item["team"] == "red"
    assert None not in item.values()


def test_a_promise_that_comes_true_is_still_of_who_gave_it_and_a_grant_by_rule_is_nobodys() -> None:
    promised = Story().say(fact("requested", 0)).say(fact("postponed", 0), who=SONG)
    promised.say(events.BreakGranted(at=promised.now, break_id=B, begins=0, lasts=600, automatic=True))
    ruled = Story().say(fact("requested", 0), who=Principal(id="anna", role="agent", agent=ANNA))
    ruled.say(events.BreakGranted(at=ruled.now, break_id=B, begins=0, lasts=600, automatic=True))
    assert promised.engine.breaks.items[B].by is not None
    assert ruled.engine.breaks.items[B].by is None


def test_what_is_held_says_since_when_and_by_what_until_it_is_let_go_or_said_anew() -> None:
    story = Story().say(fact("requested", 0)).say(fact("granted ahead", T + 3600), who=SONG)
    assert story.engine.breaks.items[B].is_ahead
    story.say(fact("held", T + 4500), after=900)
    since = story.now
    other = msgspec.structs.replace(FULL, what="minimum", have=0.0)
    story.say(events.BreakHeld(at=since + 60, break_id=B, against=(other,)), after=60)
    shown: Any = story.board["breaks"][B]
    assert shown["held"] == T + 4500
    assert shown["against"] == [{"what": "minimum", "have": 0.0, "limit": 1.0, "scope": "floor"}]
    assert shown["by"] == {"id": "song", "name": "Song Jia", "role": "lead"}
    again = Engine.restore(story.engine.dump())
    assert again.board(story.now)["breaks"] == story.board["breaks"]
    story.say(fact("let go", story.now))
    item = story.engine.breaks.items[B]
    assert (item.state, item.held, item.against, item.is_ahead) == ("granted", None, (), False)
    assert item.by is not None
    assert item.by.id == "song"


def used(story: Story) -> dict[str, object]:
    shown = story.board["break_desk"]["used"]
    return shown.get("anna", {})  # type: ignore[return-value]


def taken(story: Story, id: str, minutes: float) -> None:
    """A break as it is taken, of so many minutes."""
    story.say(fact("began", story.now, BreakId(id)))
    began = story.now - 1
    story.say(fact("back", began + 60 * minutes, BreakId(id)), after=60 * minutes)


def test_the_budget_is_what_was_taken_and_not_what_was_granted() -> None:
    story = Story()
    taken(story, "b1", 8)
    taken(story, "b2", 12)
    assert used(story) == {"short": [2, 1200.0]}


def test_at_the_turn_of_the_day_the_budget_is_whole_again_and_a_break_over_it_counts_by_its_new_part() -> (
    None
):
    story = Story(start=T + 85_000)
    taken(story, "b1", 5)
    assert used(story) == {"short": [1, 300.0]}
    story.now = T + 86_100
    story.say(fact("began", T + 86_100, BreakId("b2")), after=0)
    story.say(fact("requested", T + 86_500, BreakId("b3")), after=400)  # any fact of the new day
    assert used(story) == {}
    story.say(fact("back", T + 86_700, BreakId("b2")), after=200)
    assert used(story) == {"short": [0, 300.0]}


def test_what_is_over_leaves_the_board_after_an_hour_and_memory_with_the_day() -> None:
    story = Story()
    taken(story, "b1", 5)
    assert "b1" in story.board["breaks"]
    story.now += 3700
    assert story.board["breaks"] == {}
    assert "b1" in story.engine.breaks_today(story.now)
    story.say(fact("requested", T + 100_000, BreakId("b9")), after=T + 100_000 - story.now)
    assert "b1" not in story.engine.breaks_today(story.now)


def test_memory_is_bounded() -> None:
    story = Story()
    for n in range(MOST_ENDED + 50):
        story.say(fact("requested", story.now, BreakId(f"b{n}")), after=0)
        story.say(fact("withdrawn", story.now, BreakId(f"b{n}")), after=0)
    assert len(story.engine.breaks.items) == MOST_ENDED
    assert "b0" not in story.engine.breaks.items


def test_a_dump_restores_every_break() -> None:
    story = Story().say(fact("requested", 0)).say(fact("granted", 0), who=SONG)
    story.say(fact("began", T + 3700), fact("carried out", 0))
    taken(story, "b2", 5)
    again = Engine.restore(story.engine.dump())
    assert again.board(story.now)["breaks"] == story.board["breaks"]
    assert again.dump() == story.engine.dump()


# ── what is against it ─────────────────────────────────────────────────────────────────────────────────────────────


def at_work(story: Story, *agents: AgentId) -> None:
    for agent in agents:
        story.say(
            events.AgentMembershipChanged(at=story.now, agent=agent, queue=Q, member=True),
            source=PBX,
            after=0,
        )
    story.say(events.SourceUp(at=story.now), events.SourceResyncFinished(at=story.now), source=PBX, after=0)


def against(story: Story, kind: str = "short", lasts: float = 600.0) -> list[tuple[str, float, float]]:
    return [
        (each.what, each.have, each.limit) for each in story.engine.obstacles(ANNA, kind, lasts, story.now)
    ]


def test_the_quota_of_times_and_of_time_is_each_a_limit() -> None:
    kinds = {"short": BreakKind(lasts=600, quota_times=2, quota_seconds=900)}
    story = Story(BreakPolicy(kinds=kinds, limits=()))
    at_work(story, ANNA)
    assert against(story) == []
    taken(story, "b1", 5)
    assert against(story) == []
    assert against(story, lasts=660) == [("quota_seconds", 960.0, 900.0)]
    taken(story, "b2", 5)
    assert against(story) == [("quota_times", 3, 2), ("quota_seconds", 1200.0, 900.0)]


def test_the_cap_counts_who_is_away_and_who_may_leave_by_kinds_that_count() -> None:
    story = Story(BreakPolicy(limits=(BreakLimit(cap=1),)))
    at_work(story, ANNA, OLEG)
    away = events.BreakBegan(at=story.now, break_id=BreakId("o"), agent=OLEG, kind="meeting", lasts=600)
    story.say(away)
    assert against(story) == []
    wish = events.BreakRequested(at=story.now, break_id=BreakId("p"), agent=OLEG, kind="meal", lasts=600)
    story.say(wish)
    assert against(story) == []
    story.say(events.BreakGranted(at=story.now, break_id=BreakId("p"), begins=0, lasts=600))
    assert against(story) == [("cap", 2, 1)]
    assert against(story, "training") == []


def test_a_grant_ahead_takes_a_place_for_its_time_and_not_before() -> None:
    """A grant of ten minutes for in half an hour."""
    story = Story(BreakPolicy(limits=(BreakLimit(cap=1),)))
    at_work(story, ANNA, OLEG)
    wish = events.BreakRequested(at=story.now, break_id=BreakId("p"), agent=OLEG, kind="meal", lasts=600)
    story.say(wish)
    when = story.now + 1800
    story.say(events.BreakGranted(at=story.now, break_id=BreakId("p"), begins=when, lasts=600))

    def stands(lasts: float, begins: float | None = None) -> bool:
        found = story.engine.obstacles(ANNA, "short", lasts, story.now, begins)
        return [each.key for each in found if each.scope] == ["cap floor"]

    assert [stands(600), stands(1700), stands(1900)] == [False, False, True]
    ends = when + 600
    later = [stands(600, begins) for begins in (when - 700, when - 100, when + 500, ends)]
    assert later == [False, True, True, False]
    assert story.engine.obstacles_due(ANNA, "short", when) == ()


def test_who_is_held_keeps_the_place_against_the_next_wish_and_not_against_who_is_held_too() -> None:
    story = Story(BreakPolicy(limits=(BreakLimit(cap=1),)))
    at_work(story, ANNA, OLEG)
    story.say(fact("requested", 0), fact("granted ahead", story.now))
    story.say(fact("held", story.now + 900), after=900)
    wish = story.engine.obstacles(OLEG, "short", 600.0, story.now)
    assert [each.key for each in wish] == ["cap floor"]
    assert story.engine.obstacles_due(OLEG, "short", story.now) == ()


def test_two_that_are_away_one_after_the_other_are_never_away_at_once() -> None:
    story = Story(BreakPolicy(limits=(BreakLimit(cap=2),)))
    third = AgentId("third")
    at_work(story, ANNA, OLEG, third)
    for agent, wait in ((OLEG, 300), (third, 1500)):
        id = BreakId(agent)
        story.say(events.BreakRequested(at=story.now, break_id=id, agent=agent, kind="meal", lasts=600))
        story.say(events.BreakGranted(at=story.now, break_id=id, begins=story.now + wait, lasts=600))
    assert against(story, "meal", 1800) == []
    id = BreakId("longer")
    story.say(
        events.BreakRequested(at=story.now, break_id=id, agent=AgentId("fourth"), kind="meal", lasts=1800)
    )
    story.say(events.BreakGranted(at=story.now, break_id=id, begins=story.now + 300, lasts=1800))
    assert against(story, "meal", 1800) == [("cap", 3, 2)]


def test_a_share_is_of_those_who_are_signed_on_and_lets_one_go() -> None:
    story = Story(BreakPolicy(limits=(BreakLimit(share=0.15),)))
    many = [AgentId(f"a{n}") for n in range(13)]
    at_work(story, ANNA, *many)

    def gone(n: int) -> None:
        story.say(
            events.BreakBegan(at=story.now, break_id=BreakId(f"x{n}"), agent=many[n], kind="meal", lasts=600)
        )

    gone(0)
    assert against(story) == []  # 15 % of 14 is 2
    gone(1)
    assert against(story) == [("cap", 3, 2)]


@pytest.mark.parametrize(
    ("hour", "begins", "ends", "holds"),
    [(1, 0, 0, True), (12, 11, 13, True), (13, 11, 13, False), (23, 22, 2, True), (1, 22, 2, True), (3, 22, 2, False)],
)  # fmt: skip
def test_the_minimum_holds_in_its_hours(hour: int, begins: int, ends: int, holds: bool) -> None:
    limit = BreakLimit(minimum=2, begins=begins * 3600, ends=ends * 3600)
    story = Story(BreakPolicy(limits=(limit,)), start=T + hour * 3600 + 60)
    at_work(story, ANNA, OLEG)
    assert against(story) == ([("minimum", 1, 2)] if holds else [])


def test_a_team_has_its_own_limits() -> None:
    story = Story(BreakPolicy(limits=(BreakLimit(kind="team", id="blue", minimum=5),)))
    at_work(story, ANNA, OLEG)
    assert against(story) == []
    scopes = story.board["break_desk"]["scopes"]
    assert scopes == {"floor": {"away": 0}, "team:blue": {"away": 0, "minimum": [[5, 0, 0]]}}


def test_a_kind_that_is_configured_no_more_still_ends() -> None:
    story = Story()
    story.say(events.BreakBegan(at=story.now, break_id=B, agent=ANNA, kind="gone", lasts=60))
    story.say(fact("back", story.now))
    assert story.stage() == "ended"


# ── caps: of the floor, a team, a line; by load ──

LINED = QueueId("pbx1/loans")


def floor_of(limits: tuple[BreakLimit, ...], **more: object) -> Story:
    """Anna (red) and Oleg (blue), both in a queue of the line of loans."""
    story = Story()
    cards = {ANNA: events.AgentCard(team="red", acd=True), OLEG: events.AgentCard(team="blue", acd=True)}
    policy = Policy(
        agents=cards,
        breaks=BreakPolicy(limits=limits, **more),  # type: ignore[arg-type]
        queues={LINED: events.QueueCard(line="loans")},
        lines={"loans": events.LineCard()},
    )
    story.say(events.ConfigApplied(at=story.now, hash="", policy=policy))
    for agent in (ANNA, OLEG):
        joined = events.AgentMembershipChanged(at=story.now, agent=agent, queue=LINED, member=True)
        story.say(joined, source=PBX, after=0)
    story.say(events.SourceUp(at=story.now), events.SourceResyncFinished(at=story.now), source=PBX, after=0)
    return story


def stands(story: Story) -> list[tuple[str, str, float, float]]:
    found = story.engine.obstacles(ANNA, "short", 600.0, story.now)
    return [(each.what, each.scope, each.have, each.limit) for each in found]


@pytest.mark.parametrize(
    ("kind", "id", "of_anna"),
    [("floor", "", True), ("team", "red", True), ("team", "blue", False), ("line", "loans", True), ("line", "cards", False)],
)  # fmt: skip
def test_each_scope_has_its_own_cap_and_its_own_minimum(
    kind: Literal["floor", "team", "line"], id: str, of_anna: bool
) -> None:
    scope = "floor" if kind == "floor" else f"{kind}:{id}"
    there = 1 if kind == "team" else 2
    least = floor_of((BreakLimit(kind=kind, id=id, minimum=there),), shrinks=False)
    assert stands(least) == ([("minimum", scope, there - 1, there)] if of_anna else [])
    capped = floor_of((BreakLimit(kind=kind, id=id, cap=1),), shrinks=False)
    assert stands(capped) == []
    gone = AgentId("third")
    team = id if kind == "team" else "red"
    policy = msgspec.structs.replace(
        capped.engine.policy,
        agents={**capped.engine.policy.agents, gone: events.AgentCard(team=team, acd=True)},
    )
    capped.say(events.ConfigApplied(at=capped.now, hash="", policy=policy))
    capped.say(
        events.AgentMembershipChanged(at=capped.now, agent=gone, queue=LINED, member=True),
        source=PBX,
        after=0,
    )
    capped.say(events.BreakBegan(at=capped.now, break_id=BreakId("g"), agent=gone, kind="meal", lasts=600))
    assert stands(capped) == ([("cap", scope, 2, 1)] if of_anna else [])


def test_a_share_of_people_is_what_people_reckon() -> None:
    story = Story(BreakPolicy(limits=(BreakLimit(share=0.29),)))
    at_work(story, *(AgentId(f"a{n}") for n in range(100)))
    assert cap_of(story) == 29


def cap_of(story: Story) -> int | None:
    return cap(story.engine._state, story.engine.break_policy.limits[0])
