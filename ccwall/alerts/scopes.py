"""How subjects are named in alerts, and what they say of themselves."""

from ccwall.alerts.metrics import SINGLE, Tree


def scope_of(kind: str, id: str) -> str:
    """How a subject is named in alerts.

    >>> scope_of("queue", "pbx1/consult"), scope_of("floor", ""), scope_of("staff", "line:loans"), scope_of("quota", "a1")
    ('queue:pbx1/consult', 'floor', 'line:loans', 'agent:a1')
    """
    if kind in SINGLE:
        return kind
    if kind == "staff":
        return id
    return f"{'agent' if kind == 'quota' else kind}:{id}"


def id_of(kind: str, scope: str) -> str:
    """The inverse."""
    if kind in SINGLE:
        return ""
    return scope if kind == "staff" else scope.partition(":")[2]


def team_of(scope: str) -> str:
    """Empty when it is none.

    >>> team_of("team:loans"), team_of("line:loans")
    ('loans', '')
    """
    return scope.removeprefix("team:") if scope.startswith("team:") else ""


def text(subject: Tree, key: str) -> str:
    found = subject.get(key)
    return found if isinstance(found, str) else ""
