"""Whatever number the engine gives, the catalogue has it; and whatever the catalogue has, the engine gives."""

from collections.abc import Iterator, Mapping

import pytest

from ccwall import events
from ccwall.engine import Engine
from ccwall.engine.catalogue import METRICS, PARTS, TERMS, state_names
from ccwall.engine.outlook import Outlook
from ccwall.engine.scope import Basis, Scope, scope_of
from ccwall.events import (
    AgentCard,
    ContactId,
    LineCard,
    Policy,
    QueueCard,
    QueueId,
    SiteId,
    SourceId,
)
from tests.engine.journal import ANNA, NOON, PBX, Floor, Q, phone, queued

FAR = SourceId("pbx2")
OUT = QueueId("pbx2/follow-up")
NOW = NOON + 700.0

POLICY = Policy(
    queues={Q: QueueCard(line="service", team="A"), OUT: QueueCard(line="outreach")},
    lines={"service": LineCard(), "outreach": LineCard(direction="out")},
    agents={ANNA: AgentCard(team="A")},
    sources={PBX: "asterisk-ami", FAR: "asterisk-ami"},
    places={FAR: SiteId("beijing")},
)
SCOPES = (
    "floor",
    f"queue:{Q}",
    "line:service",
    "line:outreach",
    "team:A",
    "team:",
    "site:site",
    "site:beijing",
)


def busy_floor() -> Engine:
    """Two sites, an outbound line, a team; everything has happened once, somebody talks and somebody waits."""
    c1, c7 = ContactId("c1"), ContactId("c7")
    floor = Floor(POLICY).say(
        events.SourceUp(at=NOON),
        events.AgentMembershipChanged(at=NOON, agent=ANNA, queue=Q, member=True, interface="PJSIP/1001"),
        events.AgentLoggedOn(at=NOON, agent=ANNA, name="Anna"),
        events.AgentReady(at=NOON, agent=ANNA),
        phone(NOON, device="PJSIP/1001"),
        queued(NOON + 1.0, "c1"),
        events.ContactAlerting(at=NOON + 2.0, contact=c1, queue=Q, agent=ANNA),
        events.ContactNotAnswered(at=NOON + 9.0, contact=c1, queue=Q, agent=ANNA, ring_time=7.0),
        events.ContactAlerting(at=NOON + 10.0, contact=c1, queue=Q, agent=ANNA),
        events.ContactAnswered(at=NOON + 12.0, contact=c1, queue=Q, agent=ANNA),
        events.ContactHeld(at=NOON + 20.0, contact=c1, queue=Q, agent=ANNA),
        events.ContactRetrieved(at=NOON + 30.0, contact=c1, queue=Q, agent=ANNA),
        events.ContactReleased(at=NOON + 60.0, contact=c1, queue=Q, agent=ANNA, by="transfer"),
        events.AgentWorkingAfterCall(at=NOON + 60.0, agent=ANNA, contact=c1, until=NOON + 70.0),
        queued(NOON + 80.0, "c9"),
        events.ContactAlerting(at=NOON + 81.0, contact=ContactId("c9"), queue=Q, agent=ANNA),
        events.ContactNotAnswered(at=NOON + 81.0, contact=ContactId("c9"), queue=Q, agent=ANNA),
        events.ContactLost(at=NOON + 90.0, contact=ContactId("c9"), queue=Q),
    )
    for name, wait in (("c2", 2.0), ("c3", 40.0)):
        left = events.ContactAbandoned(at=NOON + 100.0 + wait, contact=ContactId(name), queue=Q)
        floor.say(queued(NOON + 100.0, name), left)
    floor.say(
        queued(NOON + 200.0, "c4"),
        queued(NOON + 210.0, "c5"),
        events.ContactFlowedOut(at=NOON + 240.0, contact=ContactId("c4"), queue=Q, cause="timeout"),
        events.ContactCallbackRequested(at=NOON + 241.0, contact=ContactId("c5"), queue=Q),
        events.ContactRefused(at=NOON + 250.0, contact=ContactId("c6"), queue=Q, cause="full"),
    )
    floor.say(
        events.SourceUp(at=NOON + 290.0),
        events.AttemptPlanned(at=NOON + 300.0, attempt="o1", queue=OUT),
        events.AttemptDialled(at=NOON + 310.0, attempt="o1", queue=OUT),
        events.AttemptConnected(at=NOON + 320.0, attempt="o1", queue=OUT, agent=ANNA),
        events.AttemptCompleted(at=NOON + 380.0, attempt="o1", queue=OUT),
        source=FAR,
    )
    floor.say(
        queued(NOON + 600.0, "c7"),
        queued(NOON + 601.0, "c8"),
        events.ContactAnswered(at=NOON + 640.0, contact=c7, queue=Q, agent=ANNA),
        events.ContactHeld(at=NOON + 650.0, contact=c7, queue=Q, agent=ANNA),
    )
    return floor.engine


@pytest.fixture(scope="module")
def engine() -> Engine:
    return busy_floor()


def measured(engine: Engine, scope: str, basis: Basis) -> Mapping[str, object]:
    return engine.measure(scope_of(scope), engine.window("today", NOW), NOW, basis)


def named(key: str) -> bool:
    return key in METRICS or key in PARTS


@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize("basis", ["event", "cohort"])
def test_every_key_of_measure_is_a_metric_or_a_part_of_one(engine: Engine, scope: str, basis: Basis) -> None:
    assert [key for key in measured(engine, scope, basis) if not named(key)] == []


@pytest.mark.parametrize("scope", SCOPES)
def test_every_key_of_people_is_a_metric_or_a_part_of_one(engine: Engine, scope: str) -> None:
    found = engine.people(scope_of(scope), engine.window("today", NOW), NOW)
    heads = found["heads"]
    assert isinstance(heads, dict)
    assert [key for key in (*found, *heads) if not named(key)] == []
    states = found["states"]
    assert isinstance(states, dict)
    assert all(state_names(state) for state in states)


OUTLOOK = {
    "aht" if key == "recent_aht" else key
    for key, metric in METRICS.items()
    if metric.path[:1] == ("outlook",)
}


def test_every_field_of_the_outlook_is_a_metric_or_a_part_of_one() -> None:
    fields = set(Outlook.__struct_fields__) | {"capacity"}
    assert {field for field in fields if field not in OUTLOOK and field not in PARTS} == set()
    assert fields >= OUTLOOK


def given(engine: Engine) -> set[str]:
    """Every key under which the engine gives a number."""
    window = engine.window("today", NOW)
    found = {key for basis in ("event", "cohort") for key in measured(engine, "floor", basis)}
    shift = engine.people(Scope(), window, NOW)
    heads = shift["heads"]
    assert isinstance(heads, dict)
    agents = engine.board(NOW)["agents"]
    assert isinstance(agents, dict)
    return {*found, *shift, *heads, *agents[ANNA], *Outlook.__struct_fields__, "load"}


def test_the_engine_gives_every_metric_of_the_catalogue(engine: Engine) -> None:
    wanted = {key: metric.path[-1] if metric.path else key for key, metric in METRICS.items()}
    assert {key for key, place in wanted.items() if place not in given(engine)} == set()


def test_a_metric_has_a_value_where_the_catalogue_says_so(engine: Engine) -> None:
    """Kinds and scopes: what measure gives for a scope is said to have that scope."""
    for scope in SCOPES:
        kind = scope_of(scope).kind
        for key in measured(engine, scope, "event"):
            if key in METRICS:
                assert kind in METRICS[key].scopes, (scope, key)


def test_what_has_no_cohort_is_said_to_be_by_event(engine: Engine) -> None:
    by_event, by_cohort = (set(measured(engine, "floor", basis)) for basis in ("event", "cohort"))
    windowed = {key for key, metric in METRICS.items() if metric.windows} & (by_event | by_cohort)
    assert {key for key in windowed - by_cohort if METRICS[key].basis != "event"} == set()
    assert {key for key in windowed - by_event if METRICS[key].basis != "cohort"} == set()
    always = {key for key in by_event & by_cohort & set(METRICS) if METRICS[key].basis == "event"}
    assert always == {"refused", "unseen"}, "what never was a visit is counted when it happened"
    assert {key for key in by_event & by_cohort & set(METRICS) if METRICS[key].basis == "cohort"} == {
        "answer_rate",
        "lost_rate",
        "flow_rate",
    }


# ── the board ──

ABOUT = {
    "name", "names", "order", "line", "source", "team", "seat", "state", "reason", "kind", "since", "until", "limit",
    "queues", "not_ready_in", "contact_since", "times_at", "formula", "target", "incomplete", "revised", "interval",
    "rolling", "people", "outlook", "direction", "senses", "conflicts", "extension", "skills",
    "trend", "call",
}  # fmt: skip
"""What the board says beside numbers."""
OF_AGENT = {metric.path[0] for key, metric in METRICS.items() if metric.scopes == ("agent",) and metric.path}


def numbers_in(board: Mapping[str, object]) -> Iterator[tuple[str, Mapping[str, object]]]:
    """Every object of the board that holds numbers, and where it is."""
    found: list[tuple[str, object]] = [("floor", board["floor"])]
    for part in ("queues", "lines", "teams", "sites", "agents"):
        things = board.get(part, {})
        assert isinstance(things, dict)
        found += [(f"{part}.{id}", thing) for id, thing in things.items()]
    while found:
        place, thing = found.pop()
        assert isinstance(thing, dict)
        yield place, thing
        found += [(f"{place}.{key}", thing[key]) for key in ("interval", "people", "outlook") if key in thing]
        rolling = thing.get("rolling", {})
        assert isinstance(rolling, dict)
        found += [(f"{place}.rolling.{key}", value) for key, value in rolling.items()]


def test_every_number_of_the_board_is_in_the_catalogue(engine: Engine) -> None:
    unknown = {
        f"{place}: {key}"
        for place, thing in numbers_in(engine.board(NOW))
        for key in thing
        if not (
            named(key)
            or key in ABOUT
            or (place.startswith("agents.") and key in OF_AGENT)
            or (place.endswith(".outlook") and key in OUTLOOK)
        )
    }
    assert unknown == set()


def test_what_people_do_is_where_the_catalogue_says(engine: Engine) -> None:
    floor = engine.board(NOW)["floor"]
    assert isinstance(floor, dict)
    places = {metric.path[1] for metric in METRICS.values() if metric.path[:1] == ("people",)}
    assert {key for key in floor["people"] if key not in PARTS} == places


def test_shares_and_states_have_names(engine: Engine) -> None:
    shown = {
        key for place, thing in numbers_in(engine.board(NOW)) if "times" in thing for key in _times(thing)
    }
    assert shown
    assert all(state_names(state) for state in shown)
    assert set(TERMS) > {"within", "late"}


def _times(thing: Mapping[str, object]) -> list[str]:
    times = thing["times"]
    assert isinstance(times, dict)
    return list(times)
