"""The board follows the books: what it shows is what is measured, however it came about."""

from collections.abc import Mapping

from hypothesis import given, settings
from hypothesis import strategies as st

from ccwall import events
from ccwall.engine import Changes, Engine
from ccwall.engine.outlook import Outlook
from ccwall.engine.prospects import together
from ccwall.engine.scope import ROLLING, Scope
from ccwall.engine.shown import MAIN
from ccwall.events import (
    AgentCard,
    AgentId,
    Envelope,
    LineCard,
    Measure,
    Policy,
    QueueCard,
    QueueId,
    SiteId,
    SourceId,
)
from tests.engine.journal import (
    NOON,
    PROMO,
    Floor,
    Q,
    abandoned,
    answered,
    connected,
    fact,
    fold,
    member,
    phone,
    queued,
    released,
    resync,
)
from tests.engine.test_laws import MAKERS, START, Make

CARDS = {
    QueueId("s/q0"): QueueCard(line="in", team="red", variant="abandon_positive", callbacks="removed"),
    QueueId("s/q1"): QueueCard(
        line="in", threshold=3.0, short=2.0, flow_outs="count",
        measures={"offered_less_short": Measure(threshold=20, short=0), "answered": Measure(threshold=1)},
    ),
    QueueId("s/q2"): QueueCard(line="out", team="blue", variant="answered"),
}  # fmt: skip
AGENTS = {AgentId("a0"): AgentCard(team="red"), AgentId("a1"): AgentCard(team="blue")}


def _policy(n: int) -> Make:
    policy = Policy(
        queues=CARDS,
        lines={"in": LineCard(names={"en": "In"}), "out": LineCard(direction="out")},
        agents=AGENTS if n else {},
        places={SourceId("s1"): SiteId("elsewhere")} if n == 1 else {},
        default=QueueCard(team="red", variant="offered" if n == 2 else "offered_less_short"),
    )
    return lambda at, contact, queue, agent: events.ConfigApplied(at=at, hash=f"x{n}", policy=policy)


def _attempt(kind: type[events.AttemptEvent]) -> Make:
    def make(at: float, contact: str, queue: str, agent: str) -> events.AnyEvent:
        return kind(at=at, attempt=contact, queue=QueueId(queue), agent=AgentId(agent))  # type: ignore[return-value]  # all are in the union

    return make


ATTEMPTS = (events.AttemptPlanned, events.AttemptDialled, events.AttemptConnected, events.AttemptCompleted)
EVERYTHING: list[Make] = [
    *MAKERS,
    *[_policy(n) for n in (0, 1, 2, 1)],
    *[_attempt(kind) for kind in ATTEMPTS],
]
Step = tuple[Make, float, float, int, int, int, int]
OUTAGES = (
    events.SourceUp,
    events.SourceDown,
    events.SourceGap,
    events.SourceResyncStarted,
    events.SourceResyncFinished,
)
QUIET = [make for make in EVERYTHING if not isinstance(make(START, "c0", "s/q0", "a0"), OUTAGES)]


def steps(makers: list[Make], *longer: float) -> st.SearchStrategy[list[Step]]:
    return st.lists(
        st.tuples(
            st.sampled_from(makers),
            st.sampled_from([0.0, 0.004, 1.0, 3.0, 5.0, 21.5, *longer]),  # time since the step before
            st.sampled_from([0.0, 0.0, 0.0, 0.3, 25.0, -2.0, 400.0]),  # how late the fact is told
            st.integers(0, 7),
            st.integers(0, 1),
            st.integers(0, 2),
            st.integers(0, 1),
        ),
        max_size=60,
    )


looks = st.lists(st.sampled_from([0.0, 0.4, 4.9, 7.0, 61.0]), max_size=60)


def journal(drawn: list[Step]) -> list[Envelope]:
    now, out = START, [fact(_policy(1)(START, "", "", ""), 1, SourceId("s0"), START)]
    for seq, (make, step, late, contact, queue, agent, source) in enumerate(drawn, 2):
        now += step
        event = make(now - late, f"c{contact}", f"s/q{contact % 2 + queue}", f"a{agent}")
        out.append(fact(event, seq, SourceId(f"s{source}"), now))
    return out


def scopes(board: Mapping[str, object]) -> list[tuple[Scope, Mapping[str, object]]]:
    found: list[tuple[Scope, Mapping[str, object]]] = [(Scope(), _tree(board["floor"]))]
    for part, kind in (("queues", "queue"), ("lines", "line"), ("teams", "team"), ("sites", "site")):
        for id, numbers in _tree(board.get(part, {})).items():
            found.append((Scope(kind, id), _tree(numbers)))  # type: ignore[arg-type]  # its kinds
    return found


def _tree(value: object) -> Mapping[str, object]:
    assert isinstance(value, Mapping)
    return value


BESIDE = {
    "in_progress",
    "refused_by",
    "service_levels",
    "overdue",
    "wait_p50",
    "wait_p80",
    "wait_p90",
    "wait_p95",
}
"""Measured, and not on the board."""
GAUGES = {"waiting", "talking", "longest_since", "talk_since", "hold_since"}
MEASURED = [
    "offered",
    "answered",
    "service_level",
    "answer_rate",
    "asa",
    "aht",
    "longest_wait",
    "longest_answered",
    "pickup_rate",
    "connected",
]


def agrees(engine: Engine, board: Mapping[str, object], now: float) -> None:
    for scope, numbers in scopes(board):
        shown = {"today": numbers, "interval": _tree(numbers["interval"])}
        shown |= {f"rolling:{n}": _tree(_tree(numbers["rolling"])[str(n)]) for n in ROLLING}
        for text, mine in shown.items():
            for key, value in engine.measure(scope, engine.window(text, now), now).items():
                if key in BESIDE or (key in GAUGES and (text != "today" or scope.kind == "team")):
                    continue
                if text != "today" and key not in MAIN | {"service_level"}:
                    assert key not in mine
                    continue
                shown_value = mine.get(key)
                if shown_value is None and not isinstance(value, float):
                    assert not value, f"{scope} {text} {key}: {value!r} is measured, and not shown"
                    continue  # no value, or a count of 0
                assert shown_value == value, (
                    f"{scope} {text} {key}: {shown_value!r} is shown, {value!r} measured"
                )


def follows(drawn: list[Step], looks: list[float]) -> None:
    engine, seen, now = Engine(), dict[str, object](), START
    for number, envelope in enumerate(journal(drawn)):
        engine.apply(envelope)
        now = max(now, envelope.received)
        if number < len(looks):
            now += looks[number]
            fold(seen, engine.changes(now))
            assert seen == engine.board(now)
    fold(seen, engine.changes(now))
    assert seen == engine.board(now)
    agrees(engine, seen, now)
    restored = Engine.restore(engine.dump())
    agrees(restored, restored.board(now), now)


@given(steps(EVERYTHING), looks)
@settings(max_examples=100)
def test_the_board_shows_what_is_measured(drawn: list[Step], looks: list[float]) -> None:
    follows(drawn, looks)


@given(steps(QUIET, 130.0, 290.0, 900.0, 3700.0), looks)
@settings(max_examples=60)
def test_and_so_it_does_for_hours_and_over_midnight(drawn: list[Step], looks: list[float]) -> None:
    follows(drawn, looks)


def test_a_rolling_window_moves_in_steps_and_forgets() -> None:
    floor = Floor().say(
        queued(NOON + 1), answered(NOON + 3), queued(NOON + 61, "c2"), answered(NOON + 64, "c2")
    )
    assert floor.at(NOON + 64.9, "floor", "rolling", "5", "offered") == 1
    assert floor.at(NOON + 65, "floor", "rolling", "5", "offered") == 2
    assert floor.at(NOON + 65, "queues", Q, "rolling", "5", "longest_wait") == 3.0
    assert floor.at(NOON + 304.9, "floor", "rolling", "5", "asa") == 2.5
    assert floor.at(NOON + 305, "floor", "rolling", "5", "asa") == 3.0
    assert floor.at(NOON + 365, "floor", "rolling", "5") == {}
    assert floor.at(NOON + 3600, "floor", "rolling", "60", "offered") == 2


def test_what_moves_on_at_a_step_is_said_once_for_each_window() -> None:
    floor = Floor().say(queued(NOON + 1), answered(NOON + 3))
    floor.engine.changes(NOON + 4.9)
    said = floor.engine.changes(NOON + 5)
    assert floor.engine.changes(NOON + 9.9) == Changes(set=[], delete=[])
    moved = {path[-3:] for path, _ in said.set if "rolling" in path}
    assert moved == {
        (scope, "rolling", minutes) for scope in ("floor", Q) for minutes in ("5", "15", "30", "60")
    }


def test_a_lost_source_lets_its_rolling_windows_stand_still() -> None:
    floor = Floor().say(*connected(NOON), queued(NOON + 1), answered(NOON + 3))
    floor.say(events.SourceDown(at=NOON + 60, reason="eof"))
    assert floor.at(NOON + 900, "queues", Q, "rolling", "5", "offered") == 1
    floor.say(*resync(NOON + 901))
    assert floor.at(NOON + 901, "queues", Q, "rolling", "5", "offered") is None


def test_lines_teams_and_sites_are_sums_of_their_own() -> None:
    policy = Policy(
        site=SiteId("north"),
        queues={Q: QueueCard(line="in", team="red"), PROMO: QueueCard(line="in", team="blue")},
        lines={"in": LineCard(names={"en": "In"}, order=3)},
        places={SourceId("pbx2"): SiteId("south")},
    )
    floor = Floor(policy).say(
        queued(NOON + 1), queued(NOON + 2, "c2", PROMO), abandoned(NOON + 12, "c2", PROMO)
    )
    floor.say(queued(NOON + 3, "c3", QueueId("pbx2/x")), source=SourceId("pbx2"))
    now = NOON + 13
    assert floor.at(now, "lines", "in", "offered") == 2
    assert floor.at(now, "lines", "in", "queues") == [Q, PROMO]
    assert floor.at(now, "lines", "in", "order") == 3
    assert [floor.at(now, "teams", team, "abandoned") for team in ("red", "blue")] == [0, 1]
    assert [floor.at(now, "sites", site, "offered") for site in ("north", "south")] == [2, 1]
    assert floor.at(now, "floor", "waiting") == 2


def test_a_caller_who_passes_the_threshold_is_seen_in_every_sum_although_nothing_was_said() -> None:
    floor = Floor(Policy(queues={Q: QueueCard(line="in", threshold=20.0)})).say(queued(NOON + 1))
    floor.engine.changes(NOON + 21)
    said = dict(floor.engine.changes(NOON + 21.01).set)
    assert said["queues", Q, "service_level"] == said["lines", "in", "service_level"] == 0.0
    assert said["floor", "service_level"] == 0.0
    assert said["floor", "load"] == 4


def test_an_outlook_is_worked_out_once_a_minute_and_the_gap_follows() -> None:
    floor = Floor()
    for n in range(40):
        floor.say(
            queued(NOON + 10 * n, f"c{n}"),
            answered(NOON + 10 * n + 2, f"c{n}"),
            released(NOON + 10 * n + 9, f"c{n}"),
        )
    now = NOON + 400
    first = floor.at(now, "queues", Q, "outlook")
    assert isinstance(first, dict)
    assert (first["rate_n"], first["aht"], first["why"]) == (40, 7.0, "nobody")
    floor.say(member(now + 1), phone(now + 1))
    later = floor.at(now + 2, "queues", Q, "outlook")
    assert isinstance(later, dict)
    assert later["capacity"] == 1.0
    assert later["gap"] == 1.0 - float(later["need"])
    assert later["ewt"] == 0.0
    assert floor.at(now + 2, "floor", "outlook", "need") == later["need"]


def test_the_floor_has_a_forecast_when_its_queues_have_one_and_it_is_never_narrower_than_theirs() -> None:
    sure = Outlook(rate=0.03, need=9, forecast={15: (0.6, 0.8, 0.9)})
    other = Outlook(rate=0.01, need=3, forecast={15: (0.2, 0.4, 0.8)})
    unknown = Outlook(rate=0.01, why="too_little_data")
    assert together([sure, other]) == (12, {15: (0.5, 0.7, 0.875)})
    assert together([sure, other, unknown]) == (
        12,
        {15: (0.4, 0.7, 0.9)},
    )  # of every fifth caller nothing is known
    assert together([sure, unknown, unknown]) == (None, None)
    assert together([Outlook(), unknown]) == (None, None)
    assert together([sure, Outlook(rate=0.01, need=3, why="nobody")]) == (12, None)
