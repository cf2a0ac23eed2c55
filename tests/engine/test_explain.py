"""Why a number is what it is: what is counted one by one must be what the books say, whatever happened."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ccwall import events
from ccwall.engine import Engine
from ccwall.engine.catalogue import METRICS, TERMS, VARIANTS
from ccwall.engine.explain import Explanation, Mistaken, Question
from ccwall.engine.explain.margin import Margin, margin, reached
from ccwall.engine.room import MOST_CONTACTS
from ccwall.engine.scope import Basis, Scope, Window, scope_of
from ccwall.events import AgentCard, AnyEvent, LineCard, Measure, Policy, QueueCard, QueueId
from tests.engine.journal import (
    ANNA,
    NOON,
    OLEG,
    PBX,
    PROMO,
    Floor,
    Q,
    abandoned,
    alerting,
    answered,
    connected,
    fact,
    flowed_out,
    lost,
    member,
    phone,
    queued,
    ready,
    released,
    replayed,
    resync,
    wrap,
)
from tests.engine.test_laws import START, Step, journal, journals

FLOOR = Scope()


def ask(
    engine: Engine,
    metric: str,
    now: float,
    scope: str = "floor",
    window: str = "today",
    basis: Basis = "event",
    **more: Any,
) -> Explanation:
    whose, when = scope_of(scope), engine.window(window, now)
    return engine.explain(Question(metric=metric, scope=whose, window=when, basis=basis, **more), now)


def told(floor: Floor, metric: str, now: float, **asked: Any) -> dict[str, object]:
    return ask(floor.engine, metric, now, **asked).told


def figures(told: dict[str, object], key: str, name: str) -> dict[str, float]:
    """{part: value} of a list of parts."""
    listed = told[key]
    assert isinstance(listed, list)
    return {entry[name]: entry["value"] for entry in listed}


def parts(told: dict[str, object]) -> dict[str, float]:
    return figures(told, "parts", "part")


def left_out(told: dict[str, object]) -> dict[str, float]:
    return figures(told, "left_out", "why")


# ── whatever happened ──────────────────────────────────────────────────────────────────────────────────────────────

cards = st.builds(
    QueueCard,
    team=st.sampled_from(["", "north"]),
    line=st.sampled_from(["", "x"]),
    threshold=st.sampled_from([20.0, 3.0, 40.5]),
    short=st.sampled_from([5.0, 0.0, 25.0]),
    variant=st.sampled_from(list(VARIANTS)),
    measures=st.dictionaries(
        st.sampled_from(list(VARIANTS)),
        st.builds(
            Measure, threshold=st.sampled_from([None, 1, 22, 600]), short=st.sampled_from([None, 0, 3, 30])
        ),
    ),
    flow_outs=st.sampled_from(["exclude", "count"]),
    callbacks=st.sampled_from(["exclude", "removed"]),
)
policies = st.builds(
    Policy,
    default=cards,
    queues=st.dictionaries(st.sampled_from([QueueId("s/q0"), QueueId("s/q1")]), cards),
    agents=st.just({ANNA: AgentCard(team="north"), events.AgentId("a0"): AgentCard(team="north")}),
    lines=st.just({"x": LineCard()}),
)
windows = st.sampled_from(["today", "interval", "before", "rolling:5", "rolling:60"])


def scopes_of(engine: Engine) -> list[Scope]:
    state = engine._state  # the laws are about the inside
    every = [FLOOR, Scope("site", "site"), Scope("line", "x"), Scope("line", "")]
    every += [Scope("queue", queue) for queue in state.queues]
    every += [Scope("team", team) for team in state.teams]
    every += [Scope("agent", agent) for agent in state.agents]
    return [scope for scope in every if engine.knows(scope)]


def window_in(engine: Engine, name: str, now: float) -> Window:
    if name != "before":
        return engine.window(name, now)
    present = engine.window("interval", now)
    length = present.end - present.start
    try:
        return engine.window(f"interval:{present.start - length}", now)
    except ValueError:  # the day has just begun
        return present


def explained(engine: Engine, scope: Scope, window: Window, basis: Basis, now: float) -> list[Explanation]:
    """Every number that there is of a scope and a window."""
    found = []
    for metric in METRICS.values():
        fits = window.kind in metric.windows if metric.windows else window.is_open
        if scope.kind in metric.scopes and fits:
            for variant in VARIANTS if metric.key == "service_level" else [None]:
                asked = Question(metric=metric.key, scope=scope, window=window, basis=basis, variant=variant)
                found.append(engine.explain(asked, now))
    return found


def everything(
    engine: Engine, window: Window, basis: Basis, now: float
) -> Iterator[tuple[Scope, Explanation]]:
    for scope in scopes_of(engine):
        for explanation in explained(engine, scope, window, basis, now):
            yield scope, explanation


@given(journals, st.none() | policies, windows, st.sampled_from(["event", "cohort"]))
@settings(max_examples=100)
def test_counted_one_by_one_every_number_is_that_of_the_books(
    drawn: list[Step], policy: Policy | None, name: str, basis: Basis
) -> None:
    envelopes = journal(drawn)
    now = max([START, *(envelope.received for envelope in envelopes)])
    if policy is not None:
        envelopes.append(fact(events.ConfigApplied(at=now, hash="", policy=policy), len(envelopes) + 1))
    engine = replayed(envelopes)
    window = window_in(engine, name, now + 7)
    for scope, explanation in everything(engine, window, basis, now + 7):
        answer = explanation.told
        assert "null" not in json.dumps(answer, allow_nan=False)
        kept = METRICS[str(answer["metric"])].kind != "outlook" and scope.kind != "agent"
        assert answer.get("checked", not kept) is True, answer
        assert "recounted" not in answer
        assert_whole(explanation)


def assert_whole(explanation: Explanation) -> None:
    """The parts exclude each other and make up the whole; who is listed is in the part that was asked for."""
    answer = explanation.told
    groups = answer.get("groups")
    if not isinstance(groups, dict) or answer["unit"] not in ("share", "count"):
        return
    whole = answer.get("denominator", answer.get("numerator"))
    pieces = {part: n for part, n in parts(answer).items() if part != "earlier"}
    if isinstance(whole, dict) and METRICS[str(answer["metric"])].kind in ("rate", "count"):
        assert sum(pieces.values()) == whole["value"]
        assert groups["hit"] + groups["miss"] == sum(parts(answer).values())
    assert groups["out"] == sum(left_out(answer).values())
    assert explanation.total == groups[explanation.part]
    assert len({(type(line.thing), line.thing.id) for line in explanation.lines}) == len(explanation.lines)


@given(journals, st.sampled_from(["event", "cohort"]), windows)
@settings(max_examples=30)
def test_the_value_is_the_one_that_is_measured(drawn: list[Step], basis: Basis, name: str) -> None:
    envelopes = journal(drawn)
    now = max([START, *(envelope.received for envelope in envelopes)])
    engine = replayed(envelopes)
    window = window_in(engine, name, now)
    for scope, explanation in everything(engine, window, basis, now):
        answer = explanation.told
        kind = METRICS[str(answer["metric"])].kind
        if scope.kind != "agent" and kind in ("count", "rate", "mean", "max", "percentile"):
            own: Basis = "cohort" if answer["basis"] == "cohort" else "event"
            numbers = engine.measure(scope, window, now, own)
            levels = numbers["service_levels"]
            assert isinstance(levels, dict)
            measured = (
                levels[str(answer["variant"])] if "variant" in answer else numbers[str(answer["metric"])]
            )
            assert answer.get("value") == measured


# ── the panel of the design ────────────────────────────────────────────────────────────────────────────────────────


def a_busy_half_hour() -> tuple[Floor, float]:
    """130 answered within 20 s, 23 later, 6 hung up after 5 s, 2 wait past 20 s; 9 are not counted."""
    floor = Floor(at=NOON).say(*connected(NOON))
    visits: list[tuple[float, Callable[[float, str], AnyEvent]]] = (
        [(10.0, answered)] * 130 + [(30.0, answered)] * 23 + [(3.0, abandoned)] * 6
    )
    visits += [(16.0, abandoned)] * 2 + [(40.0, abandoned)] * 4 + [(12.0, flowed_out)] * 2
    for n, (wait, how) in enumerate(visits):
        floor.say(queued(NOON + 5 * n, f"c{n}"), how(NOON + 5 * n + wait, f"c{n}"))
    now = NOON + 1000
    floor.say(queued(now - 48, "w1"), queued(now - 27, "w2"), queued(now - 9, "w3"))
    return floor, now


def test_it_says_what_the_panel_of_the_design_says() -> None:
    floor, now = a_busy_half_hour()
    answer = told(floor, "service_level", now)
    assert answer["value"] == 0.807453
    assert (answer["variant"], answer["threshold"], answer["short"]) == ("offered_less_short", 20.0, 5.0)
    assert figures(answer, "others", "variant") == {
        "offered_less_short": 0.807453,
        "abandon_positive": 0.826347,
        "answered": 0.849673,
        "offered": 0.778443,
        "abandon_ignored": 0.81761,
    }
    assert parts(answer) == {"within": 130, "late": 23, "abandoned": 6, "overdue": 2}
    assert left_out(answer) == {"short": 6, "flowed_out.timeout": 2, "undecided": 1}
    assert answer["groups"] == {"hit": 130, "miss": 31, "out": 9}
    assert (answer["target"], answer["verdict"]) == (0.8, "good")
    assert answer["margin"] == {"calls": 2, "side": "above"}
    assert answer["formula"] == {
        "symbols": "A_T / (A + B − B_S + W_T)",
        "words": {
            "en": "answered within 20 s ÷ (answered + abandoned with short ones − short abandons + waiting now past 20 s)",
            "zh-CN": "20 秒内接通 ÷ (接通量 + 放弃总量（含短时） − 短时放弃 + 当前等待已超过 20 秒)",
            "zh-TW": "20 秒內接聽 ÷ (接聽量 + 放棄總量（含短時） − 短時放棄 + 目前等候已超過 20 秒)",
        },
    }


def test_the_newest_misses_come_first_and_page_by_page_everybody_once() -> None:
    floor, now = a_busy_half_hour()
    seen: list[str] = []
    after = ""
    while True:
        page = ask(floor.engine, "service_level", now, limit=7, after=after)
        assert (page.part, page.total) == ("miss", 31)
        seen += [line.thing.id for line in page.lines]
        if not (after := page.next):
            break
    assert seen[:2] == ["w2", "w1"]
    assert len(seen) == len(set(seen)) == 31
    arrivals = [floor.contact(id).queued for id in seen]
    assert arrivals == sorted(arrivals, reverse=True)


def test_a_page_goes_on_where_it_was_although_the_visit_it_ended_with_went_elsewhere() -> None:
    floor, now = a_busy_half_hour()
    first = ask(floor.engine, "service_level", now, part="out", limit=1)
    assert [line.thing.id for line in first.lines] == ["w3"]
    floor.say(answered(now + 1, "w3"))
    second = ask(floor.engine, "service_level", now + 1, part="out", limit=1, after=first.next)
    assert second.lines[0].thing.id not in {"w1", "w2", "w3"}


@pytest.mark.parametrize(("part", "n"), [("hit", 130), ("out", 9), ("late", 23), ("short", 6), ("lost", 0)])
def test_any_part_can_be_listed(part: str, n: int) -> None:
    floor, now = a_busy_half_hour()
    page = ask(floor.engine, "service_level", now, part=part, limit=3)
    assert (page.part, page.total, len(page.lines)) == (part, n, min(n, 3))
    assert {line.out for line in page.lines} <= {part in ("out", "short")}


# ── who is in it, who is not, and why ──────────────────────────────────────────────────────────────────────────────


def test_everybody_left_out_of_a_service_level_has_a_reason() -> None:
    floor = Floor().say(*connected(NOON))
    floor.say(queued(NOON, "w"), queued(NOON + 100, "now"), queued(NOON, "u", wait_known=False))
    ends: list[tuple[Callable[[float, str], AnyEvent], float]] = [
        (abandoned, 2.0),
        (lost, 9.0),
        (answered, 9.0),
    ]
    for n, (how, wait) in enumerate(ends):
        floor.say(queued(NOON + n, f"c{n}"), how(NOON + n + wait, f"c{n}"))
    causes: tuple[events.FlowOutCause, ...] = ("key", "voicemail", "error")
    for cause in causes:
        floor.say(queued(NOON, cause), flowed_out(NOON + 9, cause, cause))
    floor.say(queued(NOON, "cb"), events.ContactCallbackRequested(at=NOON + 9, contact=cid("cb"), queue=Q))
    floor.say(
        answered(NOON + 50, "u"), events.ContactRefused(at=NOON, contact=cid("r"), queue=Q, cause="full")
    )
    answer = told(floor, "service_level", NOON + 110)
    assert parts(answer) == {"within": 1, "overdue": 1}
    assert left_out(answer) == {
        "callbacks": 1, "errors": 1, "flowed_out.key": 1, "flowed_out.voicemail": 1, "lost": 1, "refused.full": 1,
        "short": 1, "undecided": 1, "unknown_wait": 1,
    }  # fmt: skip


def cid(id: str) -> events.ContactId:
    return events.ContactId(id)


def test_exactly_t_is_within_and_exactly_s_is_not_short() -> None:
    floor = Floor().say(*connected(NOON), queued(NOON, "t"), answered(NOON + 20, "t"), queued(NOON, "s"))
    floor.say(abandoned(NOON + 5, "s"), queued(NOON + 30, "w"))
    answer = told(floor, "service_level", NOON + 50)
    assert (parts(answer), left_out(answer)) == ({"abandoned": 1, "within": 1}, {"undecided": 1})
    assert answer["checked"] is True
    assert parts(told(floor, "service_level", NOON + 50.001)) == {"abandoned": 1, "overdue": 1, "within": 1}


def test_what_a_queue_does_not_count_is_left_out_of_every_formula() -> None:
    floor = Floor().say(*connected(NOON), queued(NOON, "a"), answered(NOON + 9, "a"), queued(NOON, "f"))
    floor.say(flowed_out(NOON + 9, "f"), queued(NOON, "cb"))
    floor.say(events.ContactCallbackRequested(at=NOON + 9, contact=cid("cb"), queue=Q))
    for variant in VARIANTS:
        answer = told(floor, "service_level", NOON + 60, variant=variant)
        assert (answer["value"], answer["checked"]) == (1.0, True)
        assert left_out(answer) == {"callbacks": 1, "flowed_out.timeout": 1}


def test_a_conversation_whose_beginning_nobody_saw_is_no_mean() -> None:
    floor = Floor().say(*connected(NOON), queued(NOON, "c1"))
    floor.say(events.ContactAnswered(at=NOON + 30, contact=cid("c1"), queue=Q, agent=ANNA, inferred=True))
    floor.say(
        released(NOON + 60, "c1"), queued(NOON, "c2"), answered(NOON + 5, "c2"), released(NOON + 65, "c2")
    )
    answer = told(floor, "aht", NOON + 70)
    assert (answer["value"], left_out(answer), answer["checked"]) == (60.0, {"unknown_talk": 1}, True)
    floor.say(queued(NOON, "c3"), queued(NOON + 100, "c4", wait_known=False))
    assert (
        told(floor, "in_progress", NOON + 900, window=f"interval:{int(NOON)}", basis="cohort")["value"] == 2
    )


def test_a_queue_that_counts_flow_outs_and_callbacks_has_them_in_its_formula() -> None:
    policy = Policy(default=QueueCard(flow_outs="count", callbacks="removed"))
    floor = Floor(policy).say(*connected(NOON))
    floor.say(queued(NOON, "a"), answered(NOON + 9, "a"), queued(NOON, "f"), flowed_out(NOON + 9, "f"))
    floor.say(queued(NOON, "cb"), events.ContactCallbackRequested(at=NOON + 9, contact=cid("cb"), queue=Q))
    answer = told(floor, "service_level", NOON + 60, variant="abandon_positive")
    assert answer["value"] == round(2 / 3, 6)
    assert parts(answer) == {"callbacks_within": 1, "flowed_out.timeout": 1, "within": 1}
    formula = answer["formula"]
    assert isinstance(formula, dict)
    assert formula["symbols"] == "(A_T + B_T + C_T) / (A + B + C + W_T + F)"


def test_a_team_is_judged_by_the_options_of_the_house() -> None:
    policy = Policy(queues={Q: QueueCard(flow_outs="count", team="north")}, default=QueueCard(threshold=9.0))
    floor = Floor(policy).say(*connected(NOON), queued(NOON, "a"), answered(NOON + 12, "a"))
    floor.say(queued(NOON, "f"), flowed_out(NOON + 9, "f"), queued(NOON, "g"), flowed_out(NOON + 9, "g"))
    assert told(floor, "service_level", NOON + 60)["value"] == round(1 / 3, 6)
    north = told(floor, "service_level", NOON + 60, scope="team:north")
    assert (north.get("value"), left_out(north), north["checked"]) == (None, {"flowed_out.timeout": 2}, True)


def test_queues_with_thresholds_of_their_own_are_mixed_and_each_is_judged_by_its_own() -> None:
    policy = Policy(queues={Q: QueueCard(threshold=5.0), PROMO: QueueCard(threshold=60.0)})
    floor = Floor(policy).say(*connected(NOON))
    for queue in (Q, PROMO):
        floor.say(queued(NOON, queue, queue), answered(NOON + 30, queue, queue=queue))
    answer = told(floor, "service_level", NOON + 60)
    assert (answer["value"], answer["mixed"]) == (0.5, True)
    assert "threshold" not in answer
    words = answer["formula"]
    assert isinstance(words, dict)
    assert "within T" in words["words"]["en"]


def test_a_closed_interval_has_nobody_overdue_and_says_who_was_decided_later() -> None:
    floor = Floor().say(
        *connected(NOON), queued(NOON + 890, "late"), queued(NOON, "c1"), answered(NOON + 9, "c1")
    )
    floor.say(answered(NOON + 990, "late"))
    closed = told(floor, "service_level", NOON + 1000, window=f"interval:{int(NOON)}")
    assert (closed["value"], left_out(closed)) == (1.0, {"decided_elsewhere": 1})
    formula, window = closed["formula"], closed["window"]
    assert isinstance(formula, dict)
    assert formula["symbols"] == "A_T / (A + B − B_S)"
    assert window == {"kind": "interval", "start": NOON, "end": NOON + 900, "open": False}
    cohort = told(floor, "service_level", NOON + 1000, basis="cohort", window=f"interval:{int(NOON)}")
    assert (cohort["value"], parts(cohort)) == (0.5, {"late": 1, "within": 1})
    present = told(floor, "service_level", NOON + 1000, basis="cohort", window="interval")
    assert left_out(present) == {"other_basis": 1}


def test_of_an_interval_that_is_over_who_waits_on_and_on_is_a_miss_as_on_the_curve() -> None:
    floor = Floor().say(*connected(NOON), queued(NOON, "c1"), answered(NOON + 9, "c1"), queued(NOON, "on"))
    closed = told(floor, "service_level", NOON + 1000, basis="cohort", window=f"interval:{int(NOON)}")
    assert (closed["value"], left_out(closed), closed["checked"]) == (0.5, {}, True)
    curve = floor.engine.board(NOON + 1000)["curve"]
    assert isinstance(curve, list)
    assert curve[0] == [NOON, 0.5, 2]


def test_hold_is_no_talk() -> None:
    floor = Floor().say(*connected(NOON), queued(NOON, "c1"), answered(NOON, "c1"))
    floor.say(events.ContactHeld(at=NOON + 10, contact=cid("c1"), queue=Q, agent=ANNA))
    floor.say(events.ContactRetrieved(at=NOON + 40, contact=cid("c1"), queue=Q, agent=ANNA))
    floor.say(released(NOON + 60, "c1"))
    values = {key: told(floor, key, NOON + 70) for key in ("talk_time", "hold_time", "aht", "held")}
    assert {key: answer["value"] for key, answer in values.items()} == {
        "talk_time": 30.0, "hold_time": 30.0, "aht": 60.0, "held": 1,
    }  # fmt: skip
    assert all(answer["checked"] for answer in values.values())


def test_the_answer_rate_is_of_those_who_arrived_whatever_is_asked() -> None:
    floor = Floor().say(
        *connected(NOON), queued(NOON, "c1"), answered(NOON + 9, "c1"), queued(NOON + 9, "c2")
    )
    answer = told(floor, "answer_rate", NOON + 20)
    assert (answer["basis"], answer["value"]) == ("cohort", 0.5)
    assert parts(answer) == {"answered": 1, "in_progress": 1}
    assert answer["margin"] == {"calls": 18, "side": "below"}


def test_a_mean_says_what_each_adds() -> None:
    floor = Floor().say(*connected(NOON), queued(NOON, "c1"), answered(NOON + 9, "c1"), queued(NOON, "c2"))
    floor.say(answered(NOON + 30, "c2"), released(NOON + 40, "c1"), wrap(NOON + 40, NOON + 50, "c1"))
    asa = ask(floor.engine, "asa", NOON + 60)
    assert {line.thing.id: line.value for line in asa.lines} == {"c1": 9.0, "c2": 30.0}
    assert asa.told["numerator"] == {
        "value": 39.0,
        "terms": [{"term": "answer_wait", "sign": 1, "value": 39.0, "names": TERMS["answer_wait"]}],
    }
    aht = ask(floor.engine, "aht", NOON + 60)
    assert [(line.thing.id, line.value) for line in aht.lines] == [("c1", 41.0)]
    assert left_out(aht.told) == {"not_over": 1}


def test_the_longest_wait_is_somebodys() -> None:
    floor, now = a_busy_half_hour()
    page = ask(floor.engine, "longest_wait", now, limit=9)
    assert (page.told["value"], page.part, page.total) == (40.0, "hit", 4)
    assert {floor.contact(line.thing.id).wait for line in page.lines} == {40.0}


def test_a_percentile_parts_the_waits() -> None:
    floor, now = a_busy_half_hour()
    answer = told(floor, "wait_p80", now)
    assert (answer["value"], parts(answer)) == (10.0, {"up_to": 130, "longer": 23})


def test_rings_are_listed_by_whom_they_rang() -> None:
    floor = Floor().say(*connected(NOON), queued(NOON, "c1"), alerting(NOON + 1, "c1"))
    floor.say(events.ContactNotAnswered(at=NOON + 16, contact=cid("c1"), queue=Q, agent=ANNA, ring_time=15.0))
    floor.say(alerting(NOON + 17, "c1", OLEG), answered(NOON + 20, "c1", OLEG))
    answer = ask(floor.engine, "pickup_rate", NOON + 60)
    assert (answer.told["value"], parts(answer.told)) == (0.5, {"answered": 1, "missed": 1})
    (ring,) = answer.lines
    assert (getattr(ring.thing, "agent", None), ring.part) == (ANNA, "missed")


def attempt(kind: type[events.AttemptEvent], at: float, id: str) -> AnyEvent:
    return kind(at=at, attempt=id, queue=PROMO, agent=ANNA)  # type: ignore[return-value]  # each is in the union


def test_an_attempt_that_was_dialled_in_an_earlier_window_is_told_apart() -> None:
    floor = Floor().say(*connected(NOON))
    floor.say(
        attempt(events.AttemptDialled, NOON + 890, "t1"), attempt(events.AttemptConnected, NOON + 905, "t1")
    )
    floor.say(
        attempt(events.AttemptDialled, NOON + 910, "t2"), attempt(events.AttemptFailed, NOON + 940, "t2")
    )
    floor.say(
        attempt(events.AttemptDialled, NOON + 911, "t3"), attempt(events.AttemptConnected, NOON + 930, "t3")
    )
    answer = told(floor, "connect_rate", NOON + 960, window="interval")
    assert (answer["value"], parts(answer)) == (1.0, {"connected": 1, "earlier": 1, "not_connected": 1})
    assert answer["checked"] is True


# ── now ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_gauges_name_those_they_count() -> None:
    floor = Floor().say(*connected(NOON), queued(NOON, "c1"), queued(NOON + 50, "c2"), queued(NOON, "t"))
    floor.say(
        answered(NOON + 9, "t"), events.ContactHeld(at=NOON + 30, contact=cid("t"), queue=Q, agent=ANNA)
    )
    now = NOON + 60
    waiting = told(floor, "waiting", now)
    assert (waiting["value"], parts(waiting), waiting["verdict"]) == (2, {"on_time": 1, "overdue": 1}, "good")
    longest = ask(floor.engine, "longest_since", now)
    assert [line.thing.id for line in longest.lines] == ["c1"]
    assert (longest.told["value"], longest.told["since"], longest.told["target"]) == (60.0, NOON, 60.0)
    hold = ask(floor.engine, "hold_since", now)
    assert (hold.told["value"], [line.thing.id for line in hold.lines]) == (30.0, ["t"])
    load = told(floor, "load", now)
    assert load["value"] == floor.at(now, "floor", "load")


def test_a_source_that_is_away_makes_everything_stand_still() -> None:
    floor = Floor().say(
        *connected(NOON), queued(NOON + 50, "c1"), events.SourceDown(at=NOON + 60, reason="eof")
    )
    answer = told(floor, "service_level", NOON + 200)
    assert (answer["as_of"], answer.get("value")) == (NOON + 60, None)
    assert answer["sources"] == [{"source": PBX, "state": "down", "as_of": NOON + 60}]
    assert (answer["gaps"], answer["incomplete"]) == ([[PBX, NOON + 60, 0]], [NOON + 60, 0])
    longest = told(floor, "longest_since", NOON + 200)
    assert longest["value"] == 10.0
    floor.say(events.SourceUp(at=NOON + 210), *resync(NOON + 211, queued(NOON + 50, "c1")))
    floor.say(queued(NOON + 205, "c2", inferred=True))
    later = told(floor, "offered", NOON + 220)
    assert (later["inferred"], later["incomplete"]) == (1, [NOON + 60, NOON + 211])
    assert "as_of" not in later


def test_a_rolling_window_stands_still_while_its_source_is_away() -> None:
    floor = Floor().say(*connected(NOON), queued(NOON, "c1"), answered(NOON + 9, "c1"))
    floor.say(events.SourceDown(at=NOON + 60, reason="eof"))
    answer = told(floor, "answered", NOON + 900, window="rolling:5")
    assert (answer["value"], answer["checked"]) == (1, True)


def test_visits_that_only_the_source_counted_are_told_beside_it() -> None:
    floor = Floor().say(*connected(NOON), events.QueueUnseen(at=NOON + 9, since=NOON, queue=Q, visits=3))
    assert told(floor, "offered", NOON + 10)["unseen"] == 3
    answer = told(floor, "unseen", NOON + 10)
    assert (answer["value"], answer["checked"]) == (3, True)


# ── people ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def a_shift() -> Floor:
    """Anna of the north talked half of ten minutes, Oleg was ready."""
    policy = Policy(
        agents={ANNA: AgentCard(team="north", names={"en": "Anna"}), OLEG: AgentCard(team="south")}
    )
    floor = Floor(policy).say(*connected(NOON))
    for agent, device in ((ANNA, "PJSIP/1"), (OLEG, "PJSIP/2")):
        floor.say(
            member(NOON, agent=agent, interface=device),
            ready(NOON, agent),
            phone(NOON, "idle", agent, device),
        )
    floor.say(queued(NOON, "c1"), answered(NOON + 300, "c1"), released(NOON + 600, "c1"))
    return floor


def test_occupancy_is_told_person_by_person() -> None:
    floor = a_shift()
    answer = ask(floor.engine, "occupancy", NOON + 600)
    assert (answer.told["value"], answer.told["checked"]) == (0.25, True)
    assert answer.told["numerator"] == {
        "value": 300.0,
        "terms": [{"term": "engaged_time", "sign": 1, "value": 300.0, "names": TERMS["engaged_time"]}],
    }
    assert [(row["agent"], row.get("value")) for row in answer.people] == [(ANNA, 0.5), (OLEG, 0.0)]
    north = ask(floor.engine, "occupancy", NOON + 600, scope="team:north")
    assert (north.told["value"], len(north.people)) == (0.5, 1)


def test_a_head_count_says_whose_heads() -> None:
    floor = a_shift()
    floor.say(queued(NOON, "c2"), answered(NOON + 700, "c2"))
    answer = ask(floor.engine, "ready", NOON + 800)
    assert (answer.told["value"], [row["agent"] for row in answer.people]) == (1, [OLEG])
    assert parts(ask(floor.engine, "staffed", NOON + 800).told) == {"ready": 1, "talking": 1}


def test_one_persons_numbers_are_explained_by_their_own_visits() -> None:
    floor = a_shift().say(queued(NOON, "c2"), answered(NOON + 10, "c2", OLEG))
    mine = ask(floor.engine, "answered", NOON + 700, scope=f"agent:{ANNA}")
    assert (mine.told["value"], mine.told["checked"]) == (1, True)
    assert [line.thing.id for line in mine.lines] == ["c1"]
    talk = told(floor, "own_talk", NOON + 700, scope=f"agent:{ANNA}")
    assert (talk["value"], talk["checked"]) == (300.0, True)


# ── estimates ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_estimate_tells_what_it_rests_on_and_is_that_of_the_board() -> None:
    floor = a_shift()
    for n in range(60):
        at = NOON + 600 + 20 * n
        floor.say(queued(at, f"e{n}"), answered(at + 5, f"e{n}", OLEG), released(at + 35, f"e{n}", OLEG))
    now = NOON + 600 + 20 * 60
    outlook = floor.at(now, "queues", Q, "outlook")
    assert isinstance(outlook, dict)
    answer = told(floor, "need", now, scope=f"queue:{Q}")
    assert (answer["value"], answer["samples"]) == (outlook["need"], {"rate": 61, "aht": 60})
    assert answer["forecast"] == outlook["forecast"]
    inputs = answer["inputs"]
    assert isinstance(inputs, dict)
    assert (inputs["arrivals"], inputs["handled"], inputs["handling"]) == (61, 60, 300.0 + 59 * 30.0)
    rate = ask(floor.engine, "rate", now, scope=f"queue:{Q}")
    assert (rate.told["value"], rate.total) == (outlook["rate"], 61)
    assert told(floor, "need", now)["value"] == floor.at(now, "floor", "outlook", "need")


def test_too_little_data_is_said_and_no_number() -> None:
    floor = a_shift()
    answer = told(floor, "need", NOON + 700, scope=f"queue:{Q}")
    assert "value" not in answer
    assert answer["too_little"] == "too_little_data"


# ── what the source says ───────────────────────────────────────────────────────────────────────────────────────────


def test_asterisks_own_figures_stand_beside_ours_made_in_its_way() -> None:
    floor = Floor().say(*connected(NOON))
    ends: list[tuple[float, Callable[[float, str], AnyEvent]]] = [(9.0, answered)] * 3
    ends += [(30.0, answered), (6.0, abandoned), (9.0, flowed_out)]
    floor.say(queued(NOON, "key"), flowed_out(NOON + 9, "key", "key"))
    none = {"Completed": 0.0, "Abandoned": 0.0, "ServiceLevel": 10.0}
    floor.say(events.QueueDeclared(at=NOON, queue=Q, figures=none))
    for n, (wait, how) in enumerate(ends):
        floor.say(queued(NOON, f"c{n}"), how(NOON + wait, f"c{n}"))
    floor.say(*(released(NOON + 60, f"c{n}") for n in range(3)))
    own = {"Completed": 3.0, "Abandoned": 2.0, "ServiceLevel": 10.0, "ServicelevelPerf": 100.0}
    floor.say(
        events.QueueDeclared(
            at=NOON + 61, queue=Q, figures=own | {"ServicelevelPerf2": 100.0, "Holdtime": 8.0}
        )
    )
    (declared,) = listed(told(floor, "service_level", NOON + 70, scope=f"queue:{Q}"), "declared")
    assert {name: figure["value"] for name, figure in declared["ours"].items()} == {
        "Completed": 3,
        "Abandoned": 2,
        "ServicelevelPerf": 100.0,
        "ServicelevelPerf2": 100.0,
    }
    assert declared["why"] == ["counts_at_end", "exits_as_abandoned", "whole_seconds", "moving_average"]


def test_what_a_source_had_counted_before_we_came_is_taken_from_it() -> None:
    base = {
        "Completed": 22.0,
        "Abandoned": 20.0,
        "ServiceLevel": 20.0,
        "ServicelevelPerf": 54.5,
        "ServicelevelPerf2": 64.3,
    }
    floor = Floor().say(*connected(NOON), events.QueueDeclared(at=NOON + 1, queue=Q, figures=base))
    floor.say(queued(NOON + 2, "c1"), answered(NOON + 9, "c1"), released(NOON + 20, "c1"))
    more = base | {"Completed": 23.0, "ServicelevelPerf": 56.5, "ServicelevelPerf2": 65.1}
    floor.say(events.QueueDeclared(at=NOON + 21, queue=Q, figures=more))
    (found,) = listed(told(floor, "service_level", NOON + 30, scope=f"queue:{Q}"), "declared")
    assert {name: figure["value"] for name, figure in found["ours"].items()} == {
        name: figure for name, figure in more.items() if name != "ServiceLevel"
    }
    assert found["why"] == ["since_its_start", "whole_seconds"]
    floor.say(
        events.QueueDeclared(at=NOON + 40, queue=Q, figures=base | {"Completed": 0.0, "Abandoned": 0.0})
    )
    (anew,) = listed(told(floor, "service_level", NOON + 50, scope=f"queue:{Q}"), "declared")
    assert anew["ours"]["Completed"] == {"value": 0}


def listed(told: dict[str, object], key: str) -> list[dict[str, Any]]:
    found = told[key]
    assert isinstance(found, list)
    return found


# ── when something is wrong ────────────────────────────────────────────────────────────────────────────────────────


def test_books_that_disagree_with_the_visits_are_told_of() -> None:
    floor, now = a_busy_half_hour()
    floor.engine._state.queues[Q].events.days[floor.engine._state.frame.start].within += 1
    answer = told(floor, "service_level", now)
    assert (answer["checked"], answer["value"], answer["recounted"]) == (False, round(131 / 161, 6), 0.807453)


def test_a_visit_that_is_missing_is_noticed() -> None:
    floor, now = a_busy_half_hour()
    del floor.engine._state.contacts[cid("c0")]
    answer = told(floor, "answered", now)
    assert (answer["checked"], answer["value"], answer["recounted"]) == (False, 153, 152)


def test_visits_too_many_to_be_remembered_are_said_to_be_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    floor, now = a_busy_half_hour()
    contacts = floor.engine._state.contacts
    monkeypatch.setattr("ccwall.engine.explain.doubt.MOST_CONTACTS", len(contacts) - 5)
    for n in range(5):
        del contacts[cid(f"c{n}")]
    answer = told(floor, "service_level", now)
    assert (answer["forgotten"], answer["checked"]) == (5, False)
    assert MOST_CONTACTS > 1000


@pytest.mark.parametrize(
    ("asked", "where"),
    [
        ({"metric": "happiness"}, "metric"),
        ({"metric": "offered", "scope": "queue:nowhere"}, "scope"),
        ({"metric": "offered", "scope": "agent:nobody"}, "scope"),
        ({"metric": "offered", "scope": "team:none"}, "scope"),
        ({"metric": "asa", "scope": f"agent:{ANNA}"}, "scope"),
        ({"metric": "occupancy", "window": "rolling:5"}, "window"),
        ({"metric": "waiting", "window": f"interval:{int(NOON)}"}, "window"),
        ({"metric": "asa", "variant": "offered"}, "variant"),
        ({"metric": "asa", "part": "../../etc"}, "part"),
        ({"metric": "asa", "after": "c999"}, "after"),
    ],
)
def test_a_question_that_nobody_can_answer_says_what_is_wrong_with_it(
    asked: dict[str, str], where: str
) -> None:
    floor = a_shift().say(queued(NOON + 890, "c2"))
    with pytest.raises(Mistaken) as mistake:
        told(floor, now=NOON + 1000, **asked)
    assert mistake.value.where == where


# ── how far from the target ────────────────────────────────────────────────────────────────────────────────────────


@given(st.integers(0, 400), st.integers(0, 400), st.sampled_from([0.8, 0.95, 0.5, 1.0, 0.0, 0.333333, 0.1]))
def test_the_margin_is_the_least_number_of_calls_that_turns_the_verdict(
    hits: int, misses: int, target: float
) -> None:
    whole = hits + misses
    found = margin(hits, whole, target)
    if found is None:
        assert whole == 0 or target in (0.0, 1.0) or hits == 0
        return
    n = found.calls
    if found.side == "above":
        assert reached(hits, whole, target)
        assert not reached(hits, whole + n, target)
        assert reached(hits, whole + n - 1, target)
    else:
        assert not reached(hits, whole, target)
        assert reached(hits + n, whole + n, target)
        assert not reached(hits + n - 1, whole + n - 1, target)


def test_what_is_exactly_on_the_target_is_on_it() -> None:
    assert reached(8, 10, 0.8)
    assert margin(8, 10, 0.8) == margin(80, 100, 0.8) == Margin(1, "above")
