"""What is asked, and of whom: the queues of a scope, how each of them is judged, and what it is to be judged by."""

from collections.abc import Callable, Iterable

import msgspec

from ccwall.engine.catalogue import METRICS, TERMS, VARIANTS, Metric
from ccwall.engine.explain.case import Limits, Span
from ccwall.engine.measure import queues_of, seen_of
from ccwall.engine.persons import Agent
from ccwall.engine.prospects import HOUR
from ccwall.engine.scope import STEP, Basis, Scope, Window
from ccwall.engine.state import Queue, State
from ccwall.engine.visits import Contact
from ccwall.events import AgentId, LineCard, Measure, QueueCard, QueueId, Variant

MOST_CARDS = 200
"""Of one answer."""
DEFAULT_CARDS = 50


class Mistaken(ValueError):
    """A question nobody can answer: which of its parameters is wrong, and what is."""

    def __init__(self, where: str, what: str) -> None:
        self.where, self.what = where, what
        super().__init__(f"{where}: {what}")


class Question(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """``variant`` None: the scope's own. ``part`` is a group, or a part; empty for the one that matters most. ``after`` is a
    thing's id, ``limit`` how many of them are wanted: 0 for none. ``sees``: whose visits may be shown, None: everybody's."""

    metric: str
    scope: Scope
    window: Window
    basis: Basis = "event"
    variant: Variant | None = None
    part: str = ""
    after: str = ""
    limit: int = DEFAULT_CARDS
    sees: Callable[[Contact], bool] | None = None


class View(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The question made ready: ``span`` is the window by the basis that the metric really has, ``card`` what the scope as a
    whole is judged by. ``team`` and ``agent`` narrow the queues' visits."""

    metric: Metric
    asked: Question
    span: Span
    basis: Basis
    now: float
    queues: tuple[Queue, ...]
    limits: dict[QueueId, Limits]
    variant: Variant
    card: QueueCard
    line: LineCard | None = None
    team: str | None = None
    agent: Agent | None = None

    def counts(self, queue: QueueId, at: float | None) -> bool:
        """Whether what happened there at that time is in the window."""
        limits = self.limits.get(queue)
        return limits is not None and limits.span.has(at)

    @property
    def measures(self) -> set[tuple[float, float]]:
        """The different (T, S) in it."""
        return measures_of(self.limits)


def view(state: State, asked: Question, now: float) -> View:
    """Raises `Mistaken`."""
    metric = METRICS.get(asked.metric)
    if metric is None:
        raise Mistaken("metric", f"{asked.metric!r} is no metric; /api/v1/catalogue lists them all")
    scope, window = asked.scope, asked.window
    if scope.kind not in metric.scopes:
        raise Mistaken(
            "scope", f"{metric.key} is not kept for a {scope.kind}; it is for {', '.join(metric.scopes)}"
        )
    _check(metric, asked)
    queues, line, agent = tuple(queues_in(state, scope)), None, None
    if scope.kind == "line":
        line = state.policy.lines.get(scope.id, LineCard())
    if scope.kind == "agent":
        agent = state.agents[AgentId(scope.id)]
    card = queues[0].card if scope.kind == "queue" else state.policy.default
    basis = _basis(metric, asked.basis)
    start, end = _stretch(metric, window, now)
    variant = asked.variant or card.variant
    own = variant if metric.key in _BY_VARIANT else None
    return View(
        metric=metric,
        asked=asked,
        span=Span(start, end, window.is_open or basis == "cohort", basis == "cohort"),
        basis=basis,
        now=now,
        queues=queues,
        limits=limits_of(state, asked, queues, own, now, basis == "cohort"),
        variant=variant,
        card=card,
        line=line,
        team=scope.id if scope.kind == "team" else None,
        agent=agent,
    )


_BY_VARIANT = ("service_level", "overdue", "waiting")
"""What is judged by the T of the service level that is shown."""


def _check(metric: Metric, asked: Question) -> None:
    kind = asked.window.kind
    if metric.windows and kind not in metric.windows:
        raise Mistaken("window", f"{metric.key} has no {kind} window; it has {', '.join(metric.windows)}")
    if not metric.windows and not asked.window.is_open:
        raise Mistaken("window", f"{metric.key} is of this moment; ask without a window")
    if asked.variant is not None and (metric.key != "service_level" or asked.variant not in VARIANTS):
        raise Mistaken("variant", f"only service_level has variants: {', '.join(VARIANTS)}")
    if asked.part and asked.part not in {"hit", "miss", "out", *TERMS}:
        raise Mistaken(
            "part", f"{asked.part!r} is no part: hit, miss, out, or the `part` or `why` of an answer"
        )


def _stretch(metric: Metric, window: Window, now: float) -> tuple[int, int]:
    """Of an estimate, the last hour, which it rests on."""
    if metric.kind != "outlook":
        return window.start, window.end
    end = int(now // STEP) * STEP
    return end - HOUR, end


def _basis(metric: Metric, asked: Basis) -> Basis:
    return asked if metric.basis == "asked" else ("cohort" if metric.basis == "cohort" else "event")


def is_known(state: State, scope: Scope) -> bool:
    """Whether a scope exists on this floor."""
    policy, id = state.policy, scope.id
    match scope.kind:
        case "floor":
            return True
        case "agent":
            return AgentId(id) in state.agents
        case "team":
            people = {card.team for card in policy.agents.values()}
            return not id or id in state.teams or id in people | {q.card.team for q in state.queues.values()}
        case "line":
            return id in policy.lines or bool(queues_of(state, scope))
        case "site":
            return id == policy.site or bool(queues_of(state, scope))
    return QueueId(id) in state.queues


def queues_in(state: State, scope: Scope) -> list[Queue]:
    """The queues whose visits may be counted in a scope: those of a team and of a person may be in any of them. Raises
    `Mistaken` for a scope that does not exist."""
    if not is_known(state, scope):
        raise Mistaken("scope", f"there is no {scope.kind} {scope.id!r} on this floor")
    return list(state.queues.values()) if scope.kind in ("team", "agent") else queues_of(state, scope)


def limits_of(
    state: State, asked: Question, queues: Iterable[Queue], variant: Variant | None, now: float, cohort: bool
) -> dict[QueueId, Limits]:
    """By queue, for this service level; without one as its own card says. A team's books are written by the queues' own T
    and S, and judged by the house's options."""
    is_team = asked.scope.kind in ("team", "agent")
    house = state.policy.default if asked.scope.kind == "team" else None
    found = {}
    for queue in queues:
        window = asked.window if is_team else seen_of(state, queue, asked.window, now)
        span = Span(*_stretch(METRICS[asked.metric], window, now), window.is_open or cohort, cohort)
        found[queue.id] = _limits(queue, house, variant, state.known_at(queue.source, now), span)
    return found


def _limits(queue: Queue, house: QueueCard | None, variant: Variant | None, now: float, span: Span) -> Limits:
    card = house or queue.card
    own = Measure() if variant is None else card.measures.get(variant, Measure())
    return Limits(
        threshold=queue.card.threshold if own.threshold is None else own.threshold,
        short=queue.card.short if own.short is None else own.short,
        patience=queue.card.threshold if own.threshold is None else own.threshold,
        flow_outs=card.flow_outs == "count",
        callbacks=card.callbacks == "removed",
        now=now,
        span=span,
    )


def measures_of(limits: dict[QueueId, Limits]) -> set[tuple[float, float]]:
    """The different (T, S)."""
    return {(float(each.threshold), float(each.short)) for each in limits.values()}
