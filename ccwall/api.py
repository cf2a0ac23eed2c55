"""What the web may ask of the house."""

from collections.abc import Callable, Iterable, Mapping
from itertools import islice
from typing import TYPE_CHECKING, Protocol

from ccwall.access.sight import MASK, mask, may_see_callers
from ccwall.clock import Clock
from ccwall.events import Principal
from ccwall.mirror import Mirror, Sight, Tree

if TYPE_CHECKING:
    from ccwall.engine import Contact, Engine

CONTACTS_LIMIT = 1000
SHOWN_FOR = 0.5
UNKNOWN = "unknown:"


class UnknownCursor(LookupError):
    """`after` names no contact of today."""


class Api(Protocol):
    """Queries; commands come with the floor. All results are JSON-able, without null."""

    def board(self, principal: Principal) -> Tree: ...
    def contacts(
        self, principal: Principal, *, queue: str = "", outcome: str = "", limit: int = 100, after: str = ""
    ) -> Tree: ...
    def health(self) -> Tree: ...
    @property
    def running(self) -> bool: ...


class Floor:
    """The one floor of this process.

    `heard` says when each source was last heard; `counts` how many frames of each kind each one sent (with `unknown:` before
    those nobody translates); `running` whether facts still reach the engine.
    """

    def __init__(
        self,
        engine: "Engine",
        clock: Clock,
        *,
        heard: Callable[[], Mapping[str, float]],
        counts: Callable[[], Mapping[str, Mapping[str, int]]] = dict,
        running: Callable[[], bool] = lambda: True,
        version: str = "",
    ) -> None:
        self._engine, self._clock, self._version = engine, clock, version
        self._heard, self._counts, self._running = heard, counts, running
        self._shown: tuple[float, Tree] | None = None

    @property
    def running(self) -> bool:
        return self._running()

    def board(self, principal: Principal) -> Tree:
        """The board as this person may see it, at most half a second old."""
        mirror = Mirror()
        mirror.root = self._board()
        return Sight.of(principal).board(mirror)

    def contacts(
        self, principal: Principal, *, queue: str = "", outcome: str = "", limit: int = 100, after: str = ""
    ) -> Tree:
        """Today's visits in order of queueing. `next`, when there is more, is the `after` of the next question."""
        visits = self._visible(principal)
        if after:
            visits = _beyond(visits, after)
        wanted = (v for v in visits if queue in {"", v.queue} and outcome in {"", v.outcome})
        page = list(islice(wanted, min(limit, CONTACTS_LIMIT) + 1))
        full = may_see_callers(principal)
        answer: Tree = {"contacts": [card(visit, full) for visit in page[:limit]]}
        if len(page) > limit:
            answer["next"] = page[limit - 1].id
        return answer

    def health(self) -> Tree:
        """Each source's state, how old it and the last word from it are, its counts, and its own last words."""
        now, heard, counts = self._clock.now(), self._heard(), self._counts()
        cards = self._board().get("sources")
        sources = cards.items() if isinstance(cards, dict) else ()
        return {
            "version": self._version,
            "now": now,
            "rate": self._clock.rate,
            "seq": self._engine.seq,
            "running": self.running,
            "sources": {
                name: {**source, **_age(now, heard.get(name)), **_counted(counts.get(name, {}))}
                for name, source in sources
            },
        }

    def _board(self) -> Tree:
        """Worked out anew at most twice a second: anybody may ask for /healthz, as often as they like."""
        now = self._clock.now()
        if self._shown is None or not 0 <= now - self._shown[0] < SHOWN_FOR * self._clock.rate:
            self._shown = now, self._engine.board(now)
        return self._shown[1]

    def _visible(self, principal: Principal) -> Iterable["Contact"]:
        queues, teams = principal.queues, principal.teams
        cards = self._board().get("agents") if teams is not None else None
        for visit in self._engine.contacts():
            if queues is not None and visit.queue not in queues:
                continue
            if teams is not None and visit.agent is not None and _team(cards, visit.agent) not in teams:
                continue
            yield visit


def card(visit: "Contact", full: bool) -> Tree:
    """A visit as the web shows it; what has no value is absent. `full`: with the caller's number and name."""
    told: Tree = {
        "id": visit.id,
        "source": visit.source,
        "queue": visit.queue,
        "queue_name": visit.queue_name,
        "call": visit.call,
        "caller": visit.caller if full else mask(visit.caller),
        "caller_name": visit.caller_name if full else (MASK if visit.caller_name else ""),
        "queued": visit.queued,
        "outcome": visit.outcome,
        "cause": visit.cause,
        "answered": visit.answered,
        "ended": visit.ended,
        "end": visit.end,
        "wait": visit.wait,
        "declared_wait": visit.declared_wait,
        "talk": visit.talk,
        "agent": visit.agent,
        "agent_name": visit.agent_name,
        "member": visit.member,
        "interface": visit.interface,
        "inferred": visit.inferred,
    }
    return {key: value for key, value in told.items() if value is not None and value != ""}


def _beyond(visits: Iterable["Contact"], after: str) -> Iterable["Contact"]:
    rest = iter(visits)
    for visit in rest:
        if visit.id == after:
            return rest
    raise UnknownCursor(after)


def _team(cards: object, agent: str) -> object:
    found = cards.get(agent) if isinstance(cards, dict) else None
    return found.get("team", "") if isinstance(found, dict) else ""


def _counted(counts: Mapping[str, int]) -> Tree:
    unknown = sum(number for kind, number in counts.items() if kind.startswith(UNKNOWN))
    return {"unknown": unknown, "counts": dict(counts)}


def _age(now: float, heard: float | None) -> Tree:
    return {} if heard is None else {"heard": heard, "age": max(0.0, now - heard)}
