"""Who is meant by a word in a spreadsheet: an id, a name in any language, an extension."""

from collections.abc import Mapping

from ccwall.events import AgentCard, AgentId


class Roster:
    """``names``: what a source calls those of whom the roster says nothing."""

    def __init__(self, cards: Mapping[AgentId, AgentCard], names: Mapping[AgentId, str]) -> None:
        self._found: dict[str, AgentId] = {}
        self._several: dict[str, list[AgentId]] = {}
        for id, name in names.items():
            self._add(name, id)
        for id, card in cards.items():
            for name in {*card.names.values(), card.extension}:
                self._add(name, id)
        for id in {**names, **cards}:
            self._found[_key(id)] = id

    def find(self, word: str) -> AgentId | None:
        """Who that is; None when nobody, or more than one, is called so."""
        key = _key(word)
        return None if key in self._several else self._found.get(key)

    def called(self, word: str) -> list[AgentId]:
        """All who are called so, when there are several."""
        return sorted(self._several.get(_key(word), []))

    def words(self) -> list[str]:
        return list(self._found)

    def _add(self, name: str, id: AgentId) -> None:
        key = _key(name)
        if not key:
            return
        other = self._found.setdefault(key, id)
        if other != id:
            known = self._several.setdefault(key, [other])
            if id not in known:
                known.append(id)


def _key(word: str) -> str:
    return " ".join(word.split()).casefold()
