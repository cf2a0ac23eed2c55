"""A `[[source.map]]` at work: from a message to what it says."""

from . import pointer, said, topic
from .said import LONGEST_KEY, Said
from .settings import Map, places


class Mapping:
    def __init__(self, told: Map) -> None:
        self._told = told
        self.filter = topic.Filter(told.topic)
        self._value, self._at = pointer.parsed(told.pointer), pointer.parsed(told.at)
        key = told.key or "{1}"
        self._key = key
        self._places = {
            written: pointer.parsed(bare) if bare.startswith("/") else int(bare) - 1
            for written, bare in places(key).items()
        }

    def read(self, where: tuple[str, ...], payload: object) -> Said | None:
        """What the message says; None when it says nothing that is known. `where`: what stood at the wildcards."""
        told = self._told
        found = pointer.find(payload, self._value)
        if found is pointer.MISSING:
            return None
        if told.values:
            found = told.values.get(said.text(found))
        value = said.read(told.fact, found, told.full)
        key = self._named(where, payload)
        if value is None or not key:
            return None
        return Said(key, told.fact, value, said.instant(pointer.find(payload, self._at)) if told.at else None)

    def _named(self, where: tuple[str, ...], payload: object) -> str:
        key = self._key
        for written, place in self._places.items():
            part = where[place] if isinstance(place, int) else pointer.find(payload, place)
            if not isinstance(part, str | int) or isinstance(part, bool):
                return ""
            key = key.replace(written, str(part))
        return key if len(key) <= LONGEST_KEY and key.isprintable() else ""
