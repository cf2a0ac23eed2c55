"""One queue and one agent as a board of a few numbers, and the alerts about them: every life, without an engine's floor around."""

from collections.abc import Callable, Iterable
from typing import Any

from ccwall.alerts.rule import Rule
from ccwall.alerts.ruleset import Ruleset
from ccwall.alerts.watch import Memory, look
from ccwall.engine import Engine
from ccwall.events import (
    AlertAcknowledged,
    AlertEscalated,
    AlertEvent,
    AlertId,
    AlertSnoozed,
    AlertSnoozeEnded,
    AnyEvent,
    Envelope,
    Principal,
    SiteId,
    SourceId,
)

ID = AlertId("queue@queue:q")
CHEN = Principal(id="chen", role="lead", name="Chen")
QUEUE = Rule(
    id="queue", metric="waiting", scope="queue", threshold=2, lasts=10, clear=1, clear_for=10, worse=4
)
HOLD = Rule(id="hold", metric="agent.hold_now", scope="agent", threshold=20, worse=50)
SLOW_HOLD = Rule(id="slow", metric="agent.hold_now", scope="agent", threshold=5, lasts=7)


class Life:
    """``restarts``: before each look everything but the journalled state is forgotten."""

    def __init__(
        self, rules: Iterable[Rule] = (QUEUE,), *, restarts: Callable[[], bool] = lambda: False
    ) -> None:
        self.engine, self.rules, self.memory = Engine(), Ruleset(rules), Memory()
        self.now, self.due, self.seq, self.restarts = 1000.0, float("-inf"), 0, restarts
        self.facts: list[AlertEvent] = []
        self.queue: dict[str, Any] = {"waiting": 0, "source": "pbx1"}
        self.agent: dict[str, Any] = {"state": "ready", "since": 0.0, "source": "pbx1"}
        self.source: dict[str, Any] = {"state": "live"}

    def board(self) -> dict[str, Any]:
        return {
            "queues": {"q": self.queue},
            "agents": {"anna": self.agent},
            "sources": {"pbx1": self.source},
        }

    def take(self, event: AnyEvent, actor: Principal | None = None) -> None:
        self.seq += 1
        envelope = Envelope(
            seq=self.seq,
            id=str(self.seq),
            source=SourceId("ccwall"),
            site=SiteId("site"),
            received=self.now,
            event=event,
            actor=actor,
        )
        self.engine.apply(envelope)
        if isinstance(event, AlertEvent):
            self.facts.append(event)

    def settle(self) -> None:
        for _ in range(20):
            if self.restarts():
                self.memory, self.engine = Memory(), Engine.restore(self.engine.dump())
            looked = look(self.board(), self.rules, self.engine.alerts, self.now, self.memory)
            self.due = looked.due
            if not looked.events:
                return
            for event in looked.events:
                self.take(event)
        raise AssertionError(f"it never comes to rest: {looked.events}")

    def until(self, now: float, extra: Iterable[float] = ()) -> None:
        more = sorted(at for at in extra if self.now < at < now)
        while (soon := min([self.due, *more[:1]])) < now:
            if more and more[0] <= soon:
                more.pop(0)
            self.now = max(self.now, soon)
            self.settle()
        self.now = now

    def waiting(self, count: int) -> None:
        self.queue = {**self.queue, "waiting": count}

    def hold(self, since: float | None) -> None:
        on = {"state": "ready", "since": self.now} if since is None else {"state": "hold", "since": since}
        self.agent = {**self.agent, **on}

    def away(self, away: bool) -> None:
        self.source = {"state": "down", "as_of": self.now} if away else {"state": "live"}

    # ── what may happen to an alert ──

    def happen(self, what: str) -> None:
        """At a second later, or after the time it stands for."""
        passing = {"lasts": 10.0, "long_after": 600.0}
        self.until(self.now + passing.get(what, 1.0))
        match what:
            case "begins" | "ends" | "worsens":
                self.waiting({"begins": 2, "ends": 0, "worsens": 5}[what])
            case "source_down" if "as_of" not in self.source:
                self.away(True)
            case "source_up" if "as_of" in self.source:
                self.away(False)
            case "acknowledge":
                self.take(AlertAcknowledged(at=self.now, alert=ID), CHEN)
            case "snooze":
                self.take(AlertSnoozed(at=self.now, alert=ID, until=self.now + 300, reason="drill"), CHEN)
            case "unsnooze":
                self.take(AlertSnoozeEnded(at=self.now, alert=ID), CHEN)
            case "escalate":
                self.take(AlertEscalated(at=self.now, alert=ID), CHEN)
            case "rule_off":
                self.rules = Ruleset([])
        self.settle()

    @property
    def state(self) -> str:
        alert = self.engine.alerts.open.get(ID)
        return "inactive" if alert is None else alert.state
