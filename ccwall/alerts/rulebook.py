"""All rules: those that come with ccwall, over them those of the configuration, over them those of the page; kept in versions."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from ccwall.alerts import pack
from ccwall.alerts.rule import Rule
from ccwall.alerts.writing import rule_of
from ccwall.boards.library import Checked, Shelf, Wish
from ccwall.boards.objections import Conflict, NoRoom, Refused
from ccwall.boards.paper import Mistake, Mistaken
from ccwall.boards.store import Kind, Store

Words = Mapping[str, Any]
KIND: Kind = "rule"
MOST = 300


class Rulebook:
    """``configured``: the words of each by id, without a mistake in them."""

    def __init__(self, store: Store, now: Callable[[], float], configured: Mapping[str, Words]) -> None:
        self._store, self._configured = store, configured
        self._fixed: Mapping[str, Words] = {**pack.words(), **configured}
        presets = {id: checked(words) for id, words in self._fixed.items()}
        self._shelf = Shelf(KIND, store, now, checked, lambda: presets)
        self._own: dict[str, Words] = {}
        self._rules: dict[str, Rule] = {id: _rule(words) for id, words in self._fixed.items()}

    @property
    def rules(self) -> Sequence[Rule]:
        return list(self._rules.values())

    async def load(self) -> None:
        """What people made of them; what a release no longer understands is left as it came."""
        for entry in await self._shelf.entries():
            if entry["version"]:
                shown = await self._shelf.one(entry["id"])
                words: Words = msgspec.json.decode(shown.body)
                rule, mistakes = rule_of(words)
                if not mistakes:
                    self._own[rule.id], self._rules[rule.id] = words, rule

    def listed(self) -> list[dict[str, Any]]:
        """Each with where it is from, and whether there is something to go back to."""
        return [
            {"id": id, "origin": self._origin(id), "words": dict(self._own.get(id, self._fixed.get(id, {})))}
            | ({"changed": True} if id in self._own and id in self._fixed else {})
            for id in sorted(self._rules)
        ]

    def _origin(self, id: str) -> str:
        return "configured" if id in self._configured else "shipped" if id in self._fixed else "own"

    async def save(self, id: str, told: object, by: str, note: str = "") -> Rule:
        """Watch by it from now on; `Refused` says what is wrong with it."""
        words = told if isinstance(told, dict) else {}
        if (named := words.get("id", id)) != id:
            raise Refused(Mistaken([Mistake("id", f"is {named!r}, and the address says {id}")]), "words")
        if id not in self._rules and len(self._rules) >= MOST:
            raise NoRoom(f"There are {MOST} rules: delete one that nobody needs.")
        words = {**words, "id": id}
        rule = checked_rule(words)
        wish = Wish(told=words, by=by, base=self._version(id), note=note)
        await (self._shelf.change(id, wish) if self._shelf.knows(id) else self._shelf.create(wish))
        self._own[id], self._rules[id] = words, rule
        return rule

    async def delete(self, id: str, by: str) -> None:
        """As it came; one of people's own is gone."""
        if id in self._fixed and id not in self._own:
            raise Conflict(
                "This rule comes with ccwall or the configuration: switch it off with enabled = false."
            )
        await self._shelf.delete(id, by)
        self._own.pop(id, None)
        if id in self._fixed:
            self._rules[id] = _rule(self._fixed[id])
        else:
            self._rules.pop(id, None)

    def _version(self, id: str) -> int:
        made = self._store.newest(KIND).get(id)
        return 0 if made is None or made.deleted else made.version


def checked_rule(words: Words) -> Rule:
    """The rule of these words; `Refused` says what is wrong with them."""
    rule, mistakes = rule_of(words)
    if mistakes:
        raise Refused(Mistaken([Mistake(where, what) for where, what in mistakes]), "words")
    return rule


def checked(told: object) -> Checked:
    """As a shelf wants it."""
    words = told if isinstance(told, dict) else {}
    rule, mistakes = rule_of(words)
    if mistakes:
        raise Mistaken([Mistake(where, what) for where, what in mistakes])
    return Checked(id=rule.id, about={"names": rule.names}, body=msgspec.json.encode(words))


def _rule(words: Words) -> Rule:
    rule, mistakes = rule_of(words)
    assert not mistakes, mistakes  # read before
    return rule
