"""The board follows the books: what it shows is what is measured, however it came about."""

from collections.abc import Mapping

from hypothesis import given, settings
from hypothesis import strategies as st

from ccwall import events
from ccwall.engine import Engine
from ccwall.engine.scope import ROLLING, Scope
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
from tests.engine.journal import fact, fold
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


def _attempt(kind: type[events.AttemptEvent], **more: object) -> Make:
    def make(at: float, contact: str, queue: str, agent: str) -> events.AnyEvent:
        event = kind(at=at, attempt=contact, queue=QueueId(queue), agent=AgentId(agent), **more)
        return event  # type: ignore[return-value]  # every AttemptEvent is in the union

    return make


ATTEMPTS = (events.AttemptPlanned, events.AttemptDialled, events.AttemptConnected, events.AttemptCompleted)
EVERYTHING: list[Make] = [
    *MAKERS,
    *[_policy(n) for n in (0, 1, 2, 1)],
    *[_attempt(kind) for kind in ATTEMPTS],
]
steps = st.tuples(
    st.sampled_from(EVERYTHING),
    st.sampled_from([0.0, 0.004, 1.0, 3.0, 5.0, 21.5, 130.0, 290.0, 900.0, 3700.0]),
    st.sampled_from([0.0, 0.0, 0.0, 0.3, 25.0, -2.0, 400.0, 3599.0]),
    st.integers(0, 7),
    st.integers(0, 1),
    st.integers(0, 2),
    st.integers(0, 1),
)
looks = st.lists(st.sampled_from([0.0, 0.4, 4.9, 7.0, 61.0]), max_size=60)
Step = tuple[Make, float, float, int, int, int, int]


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


BESIDE = {"in_progress", "refused_by", "service_levels", "overdue", "wait_p50", "wait_p80", "wait_p90", "wait_p95"}
"""Measured, and not on the board."""
GAUGES = {"waiting", "talking", "longest_since", "talk_since", "hold_since"}
MEASURED = ["offered", "answered", "service_level", "answer_rate", "asa", "aht", "longest_wait", "longest_answered", "pickup_rate", "connected"]


def agrees(engine: Engine, board: Mapping[str, object], now: float) -> None:
    for scope, numbers in scopes(board):
        shown = {"today": numbers, "interval": _tree(numbers["interval"])}
        shown |= {f"rolling:{n}": _tree(_tree(numbers["rolling"])[str(n)]) for n in ROLLING}
        for text, mine in shown.items():
            for key, value in engine.measure(scope, engine.window(text, now), now).items():
                if key in BESIDE or (key in GAUGES and (text != "today" or scope.kind == "team")):
                    continue
                if not value and not isinstance(value, float):
                    value = None
                assert (mine.get(key) or (None if not isinstance(mine.get(key), float) else 0.0)) == value, (
                    f"{scope} {text} {key}: {mine.get(key)!r} is shown, {value!r} measured"
                )


@given(st.lists(steps, max_size=60), looks)
@settings(max_examples=150)
def test_the_board_shows_what_is_measured(drawn: list[Step], looks: list[float]) -> None:
    engine, seen, now = Engine(), dict[str, object](), START
    for number, envelope in enumerate(journal(drawn)):
        engine.apply(envelope)
        now = max(now, envelope.received)
        if number < len(looks):
            now += looks[number]
            fold(seen, engine.changes(now))
            assert seen == engine.board(now)
    fold(seen, engine.changes(now))
    agrees(engine, seen, now)
