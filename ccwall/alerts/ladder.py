"""Who is told when: step by step up the ladder, past those who are not there, until somebody acknowledges. Pure."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from hashlib import blake2b
from typing import Protocol

import msgspec

from ccwall.alerts.rule import SEVERITIES, Rule, Severity
from ccwall.alerts.ruleset import Ruleset
from ccwall.engine.desk.alert import Alert, Alerts
from ccwall.events import AgentId, AlertTelling, AlertTold, Role

MOST_PEOPLE = 50
"""Names of one telling that are kept; beyond, it is a shout."""


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who may be told. ``there``: they look at a screen, or are signed in on the floor. The rest is what far ends
    know them as, for mentions."""

    id: str
    name: str = ""
    agent: AgentId | None = None
    there: bool = False
    phone: str = ""
    wecom: str = ""
    dingtalk: str = ""
    feishu: str = ""
    email: str = ""


class Presence(Protocol):
    """Who has a role, and whether they are there now."""

    def who(self, role: str, team: str, queue: str) -> Sequence[Person]:
        """Everybody of this role who answers for this team (empty: any) and this queue."""
        ...


class Nobody:
    """Where there are no accounts."""

    def who(self, role: str, team: str, queue: str) -> Sequence[Person]:
        return ()


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """``after`` seconds of firing, these roles on their screens, and these channels."""

    after: float = 0.0
    roles: tuple[Role, ...] = ()
    channels: tuple[str, ...] = ()


class Ladder(msgspec.Struct, frozen=True, kw_only=True):
    """``severities``: of the rules that name no ladder."""

    name: str
    steps: tuple[Step, ...]
    severities: tuple[Severity, ...] = ()


MINUTE = 60.0
USUAL: tuple[Ladder, ...] = (
    Ladder(name="note", severities=("info",), steps=(Step(roles=("lead",)),)),
    Ladder(
        name="usual",
        severities=("warn",),
        steps=(Step(roles=("lead",)), Step(after=10 * MINUTE, roles=("supervisor",))),
    ),
    Ladder(
        name="firm",
        severities=("breach",),
        steps=(
            Step(roles=("lead",)),
            Step(after=5 * MINUTE, roles=("supervisor",)),
            Step(after=15 * MINUTE, roles=("operations",)),
        ),
    ),
    Ladder(
        name="urgent",
        severities=("critical",),
        steps=(
            Step(roles=("lead", "supervisor")),
            Step(after=5 * MINUTE, roles=("operations",)),
            Step(after=15 * MINUTE, roles=("manager",)),
        ),
    ),
    Ladder(
        name="floor",
        steps=(
            Step(roles=("lead", "supervisor")),
            Step(after=5 * MINUTE, roles=("operations",)),
        ),
    ),
    Ladder(
        name="breaks",
        steps=(
            Step(roles=("lead",)),
            Step(after=3 * MINUTE, roles=("supervisor",)),
            Step(after=15 * MINUTE, roles=("operations",)),
        ),
    ),
    Ladder(
        name="cases",
        steps=(
            Step(roles=("complaints",)),
            Step(after=30 * MINUTE, roles=("supervisor",)),
            Step(after=120 * MINUTE, roles=("manager",)),
        ),
    ),
    Ladder(
        name="group_cases",
        steps=(
            Step(roles=("complaints", "supervisor", "operations")),
            Step(after=30 * MINUTE, roles=("manager",)),
        ),
    ),
    Ladder(
        name="public_cases",
        steps=(Step(roles=("complaints", "supervisor", "operations", "manager")),),
    ),
)
"""What holds where configuration names no ladder: the lead at once, then upwards (班组长 → 主管 → 运营主管)."""


class Ladders:
    """``channels`` are told at every step of the usual ladders, but not of what is only to be known (``info``): that is for
    screens, unless a ladder of the configuration names channels for it."""

    def __init__(self, ladders: Sequence[Ladder] = (), channels: Sequence[str] = ()) -> None:
        self._own: Mapping[str, Ladder] = {ladder.name: ladder for ladder in ladders}
        self._usual = {ladder.name: ladder for ladder in USUAL}
        self._told = {ladder.name: _with(ladder, tuple(channels)) for ladder in USUAL}
        self._by_severity = {
            severity: ladder.name for ladder in (*USUAL, *ladders) for severity in ladder.severities
        }

    def of(self, rule: Rule | None, severity: Severity) -> Ladder:
        name = rule.ladder if rule is not None else ""
        if name not in self._own and name not in self._usual:
            name = self._by_severity[severity]
        usual = self._usual if severity == "info" else self._told
        return self._own.get(name) or usual[name]


def _with(ladder: Ladder, channels: tuple[str, ...]) -> Ladder:
    steps = tuple(msgspec.structs.replace(step, channels=channels) for step in ladder.steps)
    return msgspec.structs.replace(ladder, steps=steps)


class Climbed(msgspec.Struct, frozen=True):
    """``due``: when the next step of any alert is due."""

    told: list[AlertTold]
    due: float


def climb(alerts: Alerts, rules: Ruleset, ladders: Ladders, presence: Presence, now: float) -> Climbed:
    """Whom to tell now. To be called again until it says nothing: a step that nobody is there for makes way for the next."""
    told = [_over(alert, now) for alert in alerts.closing.values()]
    due = float("inf")
    for alert in alerts.open.values():
        rule = rules.rules.get(alert.rule)
        if alert.quiet or rule is None:
            continue
        if rules.is_quiet(rule, now):
            due = min(due, rules.next_border(now, rule.quiet_hours))
            continue
        found = _one(alert, rule, ladders.of(rule, alert.severity), presence, now)
        if found is not None:
            told.append(found)
        elif alert.next_at is not None:
            due = min(due, alert.next_at)
    return Climbed(told, due)


def _one(alert: Alert, rule: Rule, ladder: Ladder, presence: Presence, now: float) -> AlertTold | None:
    last = len(ladder.steps) - 1
    if "fired" in alert.untold or alert.step < 0:
        return _tell(alert, ladder, (0,), "fired", presence, now)
    if "worsened" in alert.untold:
        return _tell(alert, ladder, range(min(alert.step, last) + 1), "worsened", presence, now)
    if "escalated" in alert.untold:
        return _tell(alert, ladder, (min(alert.step + 1, last),), "escalated", presence, now)
    if "reminded" in alert.untold:
        return _tell(alert, ladder, range(min(alert.step, last) + 1), "reminded", presence, now)
    if alert.next_at is not None and alert.next_at <= now:
        return _tell(alert, ladder, (min(alert.step + 1, last),), "escalated", presence, alert.next_at)
    return None


def _tell(
    alert: Alert, ladder: Ladder, steps: Sequence[int], kind: AlertTelling, presence: Presence, at: float
) -> AlertTold:
    step = steps[-1]
    roles = tuple(dict.fromkeys(role for each in steps for role in ladder.steps[each].roles))
    channels = tuple(dict.fromkeys(name for each in steps for name in ladder.steps[each].channels))
    known = {
        person.id: person for role in roles for person in presence.who(role, alert.team, alert.queue)
    }.values()
    there = [person.id for person in known if person.there]
    away = [person.id for person in known if not person.there]
    following = ladder.steps[step + 1] if step + 1 < len(ladder.steps) else None
    next_at = None
    if following is not None:
        # Somebody has this role and nobody of them is there: the next is told at once.
        skipped = bool(away) and not there
        began = alert.fired if alert.fired is not None else alert.since
        waits = following.after - ladder.steps[step].after
        next_at = at if skipped else max(began + following.after, at + (waits if kind == "reminded" else 0.0))
    return AlertTold(
        at=at,
        alert=alert.id,
        key=key_of(alert, kind, step, at),
        kind=kind,
        step=step,
        roles=roles,
        people=tuple(there[:MOST_PEOPLE]),
        skipped=tuple(away[:MOST_PEOPLE]),
        channels=channels,
        next_at=next_at,
        next_roles=following.roles if following is not None else (),
    )


def _over(alert: Alert, now: float) -> AlertTold:
    """Whoever was told that it began is told that it is over."""
    return AlertTold(
        at=now,
        alert=alert.id,
        key=key_of(alert, "resolved", alert.step, alert.ended or now),
        kind="resolved",
        step=max(0, alert.step),
        roles=_each(told.roles for told in alert.told),
        people=_each(told.people for told in alert.told)[:MOST_PEOPLE],
        channels=_each(told.channels for told in alert.told),
    )


def _each(lists: Iterator[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for names in lists for name in names))


def key_of(alert: Alert, kind: str, step: int, at: float) -> str:
    """Of the note: the same telling has the same, another another."""
    told = f"{alert.id}\n{alert.fired}\n{kind}\n{step}\n{at}"
    return blake2b(told.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()


def worst_open(alerts: Alerts) -> Severity | None:
    """The worst that fires and that nobody looks after."""
    loud = [alert.severity for alert in alerts.open.values() if not alert.quiet]
    return max(loud, key=SEVERITIES.index, default=None)


class Roll:
    """A `Presence` of lists: ``everybody`` gives role, teams, queues and person of each account."""

    def __init__(self, everybody: Callable[[], Sequence["Entry"]]) -> None:
        self._everybody = everybody

    def who(self, role: str, team: str, queue: str) -> Sequence[Person]:
        return [
            entry.person
            for entry in self._everybody()
            if entry.role == role
            and (entry.teams is None or not team or team in entry.teams)
            and (entry.queues is None or not queue or queue in entry.queues)
        ]


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """``teams`` and ``queues`` None: all."""

    person: Person
    role: str
    teams: tuple[str, ...] | None = None
    queues: tuple[str, ...] | None = None
