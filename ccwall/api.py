"""What the web may ask of the house."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Literal, Protocol

import msgspec

from ccwall.access.sight import is_staff, may_see_callers
from ccwall.boards.library import Library, Shelf, Shown, Wish
from ccwall.boards.objections import Conflict, NoRoom, NotKept, Refused
from ccwall.boards.objections import NotThere as NotStored
from ccwall.boards.objections import Objection as DocumentObjection
from ccwall.card import card
from ccwall.clock import Clock
from ccwall.engine.explain import Mistaken as MistakenQuestion
from ccwall.engine.scope import Basis
from ccwall.events import Principal
from ccwall.explaining import Asked, Explaining, OutOfSight
from ccwall.floor.rota.office import Brought
from ccwall.floor.wish import Forbidden, Mistaken, NotNow, NotRecording, NotThere, Objection, TooMany
from ccwall.health import Vitals, printable
from ccwall.inlets import MOST_BODY, Answer, Arrived
from ccwall.mirror import Mirror, Sight, Tree

if TYPE_CHECKING:
    from ccwall.engine import Contact, Engine

__all__ = [
    "CONTACTS_LIMIT",
    "MOST_BODY",
    "Acts",
    "Alerts",
    "Answer",
    "Api",
    "Arrived",
    "Asked",
    "Breaks",
    "Brought",
    "Conflict",
    "DocumentObjection",
    "Explanations",
    "Floor",
    "Forbidden",
    "Instruments",
    "Library",
    "Mistaken",
    "MistakenQuestion",
    "NoRoom",
    "NotKept",
    "NotNow",
    "NotRecording",
    "NotStored",
    "NotThere",
    "Objection",
    "Openings",
    "OutOfSight",
    "Post",
    "Reception",
    "Recording",
    "Refused",
    "Shelf",
    "Shown",
    "TooMany",
    "Tree",
    "UnknownCursor",
    "Wish",
    "card",
]

CONTACTS_LIMIT = 1000
SHOWN_FOR = 0.1
UNKNOWN = "unknown:"


class UnknownCursor(LookupError):
    """`after` names no contact of today."""


class Api(Protocol):
    """Queries, and a desk for commands. All results are JSON-able, without null."""

    def board(self, principal: Principal) -> Tree: ...
    def contacts(
        self, principal: Principal, *, queue: str = "", outcome: str = "", limit: int = 100, after: str = ""
    ) -> Tree: ...
    def health(self, principal: Principal | None) -> Tree:
        """How the house is: everything for the staff, states and ages for all others, signed in or not."""
        ...

    @property
    def explaining(self) -> "Explanations":
        """Where people ask why a number is what it is."""
        ...

    @property
    def inlets(self) -> "Reception | None":
        """Where sources come that are not read but come to us; None where there are none."""
        ...

    @property
    def library(self) -> Library | None:
        """The boards that hang on the walls, floor plans and pictures; None where there are none."""
        ...

    @property
    def acts(self) -> "Acts | None":
        """Where people do things at the desk; None where nobody can."""
        ...

    @property
    def breaks(self) -> "Breaks | None":
        """What a lead looks at before deciding on a break; None where nobody decides."""
        ...

    @property
    def office(self) -> "Office | None":
        """Where the rota is looked at and imported; None where there is none."""
        ...

    @property
    def register(self) -> "Register | None":
        """Complaints, callbacks, promises; None where there are none."""
        ...

    @property
    def post(self) -> "Post | None":
        """How people are told who do not look at a screen; None where nobody is."""
        ...

    @property
    def alerts(self) -> "Alerts | None":
        """Where people ask about alerts and their rules; None where nobody watches."""
        ...

    @property
    def running(self) -> bool: ...
    @property
    def commands(self) -> "Desk | None":
        """Where people command the floor; None where nobody can."""
        ...


class Acts(Protocol):
    """What people do: each raises an `Objection` when it is not granted."""

    def may(self, principal: Principal) -> Sequence[str]: ...
    async def do(self, principal: Principal, name: str, arguments: Mapping[str, object]) -> Tree: ...


class Register(Protocol):
    """Complaints, callbacks and promises: each raises an `Objection` when the look is not granted."""

    def cases(self, principal: Principal, *, closed: bool = False, kind: str = "") -> Tree: ...
    def case(self, principal: Principal, id: str) -> Tree: ...


class Office(Protocol):
    """The rota: each raises an `Objection` when the look, or the import, is not granted."""

    def rota(self, principal: Principal, since: float, until: float, team: str = "") -> Tree: ...
    def sheet(self, principal: Principal, team: str = "") -> Tree: ...
    def meetings(self, principal: Principal) -> Tree: ...
    async def preview(self, principal: Principal, brought: Brought) -> Tree: ...
    async def bring(self, principal: Principal, brought: Brought, note: str = "") -> Tree: ...


class Breaks(Protocol):
    """The break desk: each raises an `Objection` when the look is not granted."""

    def effects(self, principal: Principal) -> Tree: ...
    def moves(self, principal: Principal) -> Tree: ...
    def today(self, principal: Principal) -> Tree: ...


class Post(Protocol):
    """Channels and what went out on them. `state`: only notes there; `tried`: a test, with what the far end said; KeyError when
    there is no such channel."""

    async def page(
        self,
        limit: int = 100,
        state: Literal["waiting", "sending", "sent", "failed", "dropped"] | None = None,
    ) -> Mapping[str, object]: ...
    async def tried(self, channel: str) -> Mapping[str, str]: ...


class Alerts(Protocol):
    """Alerts and their rules: each raises an `Objection`, what changes a rule a `DocumentObjection`."""

    def alerts(
        self, principal: Principal, *, state: str = "open", rule: str = "", scope: str = "", limit: int = 200
    ) -> Tree: ...
    def one(self, principal: Principal, id: str, fired: float | None = None) -> Tree: ...
    def rules(self, principal: Principal, *, may_edit: bool) -> Tree: ...
    async def save(self, principal: Principal, id: str, words: object, note: str = "") -> Tree: ...
    async def delete(self, principal: Principal, id: str) -> None: ...
    def tried(self, principal: Principal, id: str, words: object) -> Tree: ...


class Desk(Protocol):
    """Commands: each raises an `Objection` when the wish, or the look, is not granted."""

    def request(
        self, principal: Principal, name: str, target: str, arguments: Mapping[str, str], reason: str
    ) -> Tree: ...
    def recent(self, principal: Principal) -> Sequence[Tree]: ...
    def one(self, principal: Principal, id: str) -> Tree: ...


class Reception(Protocol):
    """Requests that bring facts, to the sources of these `names`."""

    @property
    def names(self) -> Collection[str]: ...
    async def deliver(self, source: str, request: Arrived) -> Answer:
        """KeyError when no source of this name takes requests."""
        ...


class Explanations(Protocol):
    """Questions about numbers: each raises `MistakenQuestion` or `OutOfSight` when it is not to be answered."""

    def explain(self, principal: Principal, asked: Asked) -> Tree: ...
    def metrics(
        self, principal: Principal, *, scope: str = "floor", window: str = "today", basis: Basis = "event"
    ) -> Tree: ...
    def day_of(self, principal: Principal, agent: str) -> Tree | None:
        """The day of one person as it went; None for who is not known."""
        ...

    def catalogue(self) -> Tree: ...


class Recording(Protocol):
    """How the journal is. `bytes` is what it takes on the disk, `pending` what is not committed yet."""

    @property
    def state(self) -> str: ...
    @property
    def since(self) -> float: ...
    @property
    def reason(self) -> str: ...
    @property
    def committed(self) -> int: ...
    @property
    def pending(self) -> int: ...
    @property
    def bytes(self) -> int: ...
    @property
    def events_per_second(self) -> float: ...


def _nothing_recorded() -> Recording | None:
    return None


def _none() -> int:
    return 0


def _always() -> bool:
    return True


class Instruments(msgspec.Struct, frozen=True, kw_only=True):
    """What to ask about the house itself: when each source was last `heard`; the `vitals` of those that are read here;
    how the journal is, None without one; how many `screens` look; the loop's longest lag of late; whether facts
    still reach the engine; and how each outlet is."""

    heard: Callable[[], Mapping[str, float]] = dict
    vitals: Callable[[], Mapping[str, Vitals]] = dict
    recording: Callable[[], Recording | None] = _nothing_recorded
    screens: Callable[[], int] = _none
    loop_lag: Callable[[], float] = _none
    running: Callable[[], bool] = _always
    outlets: Callable[[], Mapping[str, Mapping[str, object]]] = dict


class Openings(msgspec.Struct, frozen=True, kw_only=True):
    """Where somebody comes who does not only look; None where nobody can."""

    commands: Desk | None = None
    inlets: Reception | None = None
    library: Library | None = None
    acts: Acts | None = None
    alerts: Alerts | None = None
    office: Office | None = None
    register: Register | None = None
    breaks: Breaks | None = None
    post: Post | None = None


class Floor:
    """The one floor of this process. `board` is the newest board, not to be kept; without it the engine works it out."""

    def __init__(
        self,
        engine: "Engine",
        clock: Clock,
        instruments: Instruments,
        *,
        board: Callable[[], Tree] | None = None,
        version: str = "",
        openings: "Openings | None" = None,
    ) -> None:
        opened = openings or Openings()
        self.inlets, self.library, self.acts = opened.inlets, opened.library, opened.acts
        self.alerts = opened.alerts
        self.office, self.register = opened.office, opened.register
        self.breaks, self.post = opened.breaks, opened.post
        self._engine, self._clock, self._ask, self._version = engine, clock, instruments, version
        self._newest = board or (lambda: engine.board(clock.now()))
        self._shown: tuple[float, Tree] | None = None
        self.commands = opened.commands
        self.explaining: Explanations = Explaining(engine, clock, instruments.heard)

    @property
    def running(self) -> bool:
        return self._ask.running()

    def board(self, principal: Principal) -> Tree:
        """The board as this person may see it, at most a tenth of a second old."""
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
        cards = [card(visit, full, incomplete=self._engine.incomplete(visit)) for visit in page[:limit]]
        answer: Tree = {"contacts": cards}
        if len(page) > limit:
            answer["next"] = page[limit - 1].id
        return answer

    def health(self, principal: Principal | None) -> Tree:
        now, vitals, heard = self._clock.now(), self._ask.vitals(), self._ask.heard()
        staff = principal is not None and is_staff(principal)
        cards = self._board().get("sources")
        sources = cards if isinstance(cards, dict) else {}
        told: Tree = {"version": self._version, "now": now, "running": self.running}
        if staff:
            told |= {"rate": self._clock.rate, "seq": self._engine.seq, "screens": self._ask.screens()}
            told |= {"loop_lag": self._ask.loop_lag()}
        if (recording := self._ask.recording()) is not None:
            told["recording"] = _recorded(recording, staff)
        told["sources"] = {
            name: _source(sources.get(name, {}), vitals.get(name), _age(now, heard.get(name)), staff)
            for name in dict.fromkeys([*sources, *vitals])
        }
        if staff and (outlets := self._ask.outlets()):
            told["outlets"] = {name: dict(vitals) for name, vitals in outlets.items()}
        if staff and isinstance(strangers := self._board().get("strangers"), dict):
            told["strangers"] = strangers
        return told

    def _board(self) -> Tree:
        """Looked at anew at most ten times a second: anybody may ask for /healthz, as often as they like."""
        now = self._clock.now()
        if self._shown is None or not 0 <= now - self._shown[0] < SHOWN_FOR * self._clock.rate:
            self._shown = now, self._newest()
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


def _beyond(visits: Iterable["Contact"], after: str) -> Iterable["Contact"]:
    rest = iter(visits)
    for visit in rest:
        if visit.id == after:
            return rest
    raise UnknownCursor(after)


def _team(cards: object, agent: str) -> object:
    found = cards.get(agent) if isinstance(cards, dict) else None
    return found.get("team", "") if isinstance(found, dict) else ""


def _source(card: Tree, vitals: Vitals | None, age: Tree, staff: bool) -> Tree:
    """One source: how it is on the board, and what its supervisor knows of it."""
    counts = {} if vitals is None else vitals.counts
    unknown = sum(number for kind, number in counts.items() if kind.startswith(UNKNOWN))
    if not staff:
        told = {key: value for key, value in {**card, **age}.items() if key in {"state", "since", "age"}}
        return told | {"unknown": unknown}
    told = {**card, **age, "unknown": unknown, "counts": dict(counts)}
    return told if vitals is None else told | _supervised(vitals)


def _supervised(vitals: Vitals) -> Tree:
    health = vitals.health
    told: Tree = {
        "address": health.address,
        "condition": health.condition,
        "condition_since": health.since,
        "heard": health.heard,
        "connections": health.connections,
        "failures": health.failures,
        "error": health.error,
        "error_at": health.error_at,
        "cause": health.cause,
        "last_words": printable(health.last_words),
        "next_try": health.next_try,
        "rates": {
            "bytes": vitals.rates.bytes,
            "messages": vitals.rates.messages,
            "facts": vitals.rates.facts,
        },
        "spool": vitals.spool,
        "skipped": health.skipped,
        "gaps": health.gaps,
    }
    return {key: value for key, value in told.items() if value is not None and value != ""}


def _recorded(recording: Recording, staff: bool) -> Tree:
    if not staff:
        return {"state": recording.state}
    told: Tree = {
        "state": recording.state,
        "since": recording.since,
        "reason": recording.reason,
        "committed": recording.committed,
        "pending": recording.pending,
        "rate": recording.events_per_second,
        "bytes": recording.bytes,
    }
    return {key: value for key, value in told.items() if value is not None and value != ""}


def _age(now: float, heard: float | None) -> Tree:
    return {} if heard is None else {"heard": heard, "age": max(0.0, now - heard)}
