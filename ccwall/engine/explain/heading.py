"""The head of every answer: what is asked, of whom, of when, the value, and what it is judged by."""

from ccwall.engine.explain.account import Account
from ccwall.engine.explain.judged import margin_of, target_of, verdict
from ccwall.engine.explain.question import View
from ccwall.engine.explain.words import Words
from ccwall.engine.state import State, short_name

Told = dict[str, object]


def heading(state: State, view: View, value: float | None, counted: Account | None = None) -> Told:
    metric, words = view.metric, Words.of(view)
    target = target_of(state, view)
    margin = margin_of(view, target, counted)
    told: Told = {
        "metric": metric.key,
        "scope": scope_told(state, view),
        "window": window_told(view),
        "basis": view.basis,
        "now": view.now,
        "unit": metric.unit,
        "names": metric.names,
        "formula": {"symbols": metric.symbols, "words": words.fill(metric.words)},
    }
    optional: Told = {
        "value": value,
        "target": target,
        "verdict": verdict(view, value, target, counted),
        "margin": None if margin is None else {"calls": margin.calls, "side": margin.side},
    }
    return told | {key: known for key, known in optional.items() if known is not None}


def scope_told(state: State, view: View) -> Told:
    """``names`` as configured, ``name`` the source's own or the id."""
    scope, policy = view.asked.scope, state.policy
    name, names = short_name(scope.id), dict[str, str]()
    if scope.kind == "floor":
        names = policy.names
    elif scope.kind == "queue":
        name, names = view.queues[0].name, view.queues[0].card.names
    elif scope.kind == "line" and view.line is not None:
        names = view.line.names
    elif view.agent is not None:
        card = policy.agents.get(view.agent.id)
        name, names = view.agent.name or name, {} if card is None else card.names
    return {"kind": scope.kind, "id": scope.id, "name": name, "names": dict(names)}


def window_told(view: View) -> Told:
    window = view.asked.window
    told: Told = {"kind": window.kind, "start": window.start, "end": window.end, "open": window.is_open}
    return told | ({"minutes": window.minutes} if window.kind == "rolling" else {})
