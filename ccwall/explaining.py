"""Explanations as the web may give them: who may ask of what, whose visits are shown, and how old the sources are."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import msgspec

from ccwall.access.sight import may_explain, may_list_contacts, may_list_people, may_see_callers
from ccwall.card import behind, visit_of
from ccwall.clock import Clock
from ccwall.engine.catalogue import LANGUAGES, METRICS, TERMS, VARIANTS
from ccwall.engine.explain import Explanation, Mistaken, Question
from ccwall.engine.scope import Basis, Scope, Window, scope_of
from ccwall.events import AgentId, Principal, Variant
from ccwall.mirror import Tree

if TYPE_CHECKING:
    from ccwall.engine import Contact, Engine


class OutOfSight(Exception):
    """These numbers are made of more than this person may see."""


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """A question as it was written; docs/explain.md says what may be."""

    metric: str
    scope: str = "floor"
    window: str = "today"
    basis: Basis = "event"
    variant: Variant | None = None
    part: str = ""
    after: str = ""
    limit: int = 50


class Explaining:
    """Answers about numbers. `heard`: when each source was last heard."""

    def __init__(self, engine: "Engine", clock: Clock, heard: Callable[[], Mapping[str, float]]) -> None:
        self._engine, self._clock, self._heard = engine, clock, heard

    def explain(self, principal: Principal, asked: Asked) -> Tree:
        """Why a number is what it is. Raises `Mistaken` and `OutOfSight`."""
        now = self._clock.now()
        question = Question(
            metric=asked.metric,
            scope=self._scope(principal, asked.scope),
            window=self._window(asked.window, now),
            basis=asked.basis,
            variant=asked.variant,
            part=asked.part,
            after=asked.after,
            limit=asked.limit if may_list_contacts(principal) else 0,
            sees=self._sees(principal),
        )
        found = self._engine.explain(question, now)
        told = {**found.told, "sources": self._aged(found.told, now)}
        if found.part and question.limit > 0:
            told["contacts"] = self._contacts(principal, found)
        if found.people and may_list_people(principal):
            told["people"] = [row for row in found.people if self._sees_agent(principal, str(row["agent"]))]
        beside, queues = found.told.get("beside"), principal.queues
        if queues is not None and isinstance(beside, list):  # a queue out of sight counts, and has no name
            told["beside"] = [
                row if row["queue"] in queues else {**row, "queue": "", "names": {}} for row in beside
            ]
        return told

    def metrics(
        self, principal: Principal, *, scope: str = "floor", window: str = "today", basis: Basis = "event"
    ) -> Tree:
        """All numbers of a scope and a window, those that exist. Raises `Mistaken` and `OutOfSight`."""
        now = self._clock.now()
        whose, when = self._scope(principal, scope), self._window(window, now)
        numbers = self._numbers(whose, when, now, basis)
        return {
            "scope": str(whose),
            "window": str(when),
            "basis": basis,
            "now": now,
            "numbers": without_none(numbers),
        }

    def _numbers(self, scope: Scope, window: Window, now: float, basis: Basis) -> Mapping[str, object]:
        if not self._engine.knows(scope):
            raise Mistaken("scope", f"there is no {scope.kind} {scope.id!r} on this floor")
        if scope.kind != "agent":
            return self._engine.measure(scope, window, now, basis)
        try:
            return self._engine.people(scope, window, now)
        except ValueError as error:
            raise Mistaken("window", str(error)) from error

    def day_of(self, principal: Principal, agent: str) -> Tree | None:
        """The business day of one person as it went (`ccwall.engine.timeline`); None for who is not known. Raises `OutOfSight`."""
        id = AgentId(agent)
        own = principal.agent is not None and principal.agent == id
        if not own and not (
            may_list_people(principal) and may_explain(principal, "agent", id, self._engine.team(id))
        ):
            raise OutOfSight(agent)
        return self._engine.timeline(id, self._clock.now())

    def catalogue(self) -> Tree:
        """What every number, term and formula is called and means."""
        return {
            "languages": list(LANGUAGES),
            "metrics": [_bare(metric) for metric in METRICS.values()],
            "terms": dict(TERMS),
            "variants": [_bare(variant) for variant in VARIANTS.values()],
        }

    def _scope(self, principal: Principal, text: str) -> Scope:
        try:
            scope = scope_of(text)
        except ValueError as error:
            raise Mistaken("scope", str(error)) from error
        team = self._engine.team(AgentId(scope.id)) if scope.kind == "agent" else ""
        if not may_explain(principal, scope.kind, scope.id, team):
            raise OutOfSight(text)
        return scope

    def _window(self, text: str, now: float) -> Window:
        try:
            return self._engine.window(text, now)
        except ValueError as error:
            raise Mistaken("window", str(error)) from error

    def _sees(self, principal: Principal) -> Callable[["Contact"], bool] | None:
        """As in the list of contacts: of these queues, and answered by nobody of another team. None: all."""
        queues, teams = principal.queues, principal.teams
        if queues is None and teams is None:
            return None

        def sees(visit: "Contact") -> bool:
            if queues is not None and visit.queue not in queues:
                return False
            return teams is None or visit.agent is None or self._engine.team(visit.agent) in teams

        return sees

    def _sees_agent(self, principal: Principal, agent: str) -> bool:
        return principal.teams is None or self._engine.team(AgentId(agent)) in principal.teams

    def _contacts(self, principal: Principal, found: Explanation) -> Tree:
        full, cards = may_see_callers(principal), list[Tree]()
        for line in found.lines:
            visit = visit_of(line.thing)
            touched = visit is not None and self._engine.incomplete(visit)
            card = behind(line.thing, full, incomplete=touched)
            card |= {"part": line.part, "why": line.part} if line.out else {"part": line.part}
            if line.value is not None:
                card["value"] = line.value
            cards.append(card)
        told: Tree = {"part": found.part, "total": found.total, "names": found.names, "cards": cards}
        return told | ({"next": found.next} if found.next else {})

    def _aged(self, told: Tree, now: float) -> list[Tree]:
        heard, sources = self._heard(), told.get("sources")
        return [
            card | _age(heard.get(str(card.get("source"))), now)
            for card in (sources if isinstance(sources, list) else [])
        ]


def _age(heard: float | None, now: float) -> Tree:
    return {} if heard is None else {"heard": heard, "age": max(0.0, now - heard)}


def without_none(tree: Mapping[str, object]) -> Tree:
    """Without what has no value, all the way down."""
    return {
        key: without_none(value) if isinstance(value, dict) else value
        for key, value in tree.items()
        if value is not None
    }


def _bare(entry: object) -> Tree:
    told = msgspec.to_builtins(entry)
    return {key: value for key, value in told.items() if value not in ("", [], (), {}, None, False)}
