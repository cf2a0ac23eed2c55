"""Topic filters (MQTT 5, 4.7): which topics one means, and what stood where its wildcards are.

>>> Filter("desk/+/presence").match("desk/A-12/presence")
('A-12',)
>>> Filter("a/#").match("a/b/c"), Filter("a/#").match("a"), Filter("+").match("$SYS")
(('b/c',), ('',), None)
"""

LONGEST = 1024
"""Letters. The protocol allows 65,535 bytes; nobody's desk is called so."""


def trouble(text: str) -> str:
    """What is wrong with a filter; empty when nothing is."""
    if not text or len(text) > LONGEST:
        return f"must have 1 to {LONGEST} letters"
    levels = text.split("/")
    if any(level != "+" and "+" in level for level in levels):
        return 'has a "+" that is not a whole level: "desk/+/presence"'
    if any("#" in level for level in levels[:-1]) or ("#" in levels[-1] and levels[-1] != "#"):
        return 'has a "#" that is not the last level alone: "desk/#"'
    return "has control characters" if not text.isprintable() else ""


class Filter:
    def __init__(self, text: str) -> None:
        self.text = text
        self._levels = text.split("/")

    @property
    def wildcards(self) -> int:
        return sum(level in ("+", "#") for level in self._levels)

    def match(self, topic: str) -> tuple[str, ...] | None:
        """What stood at each wildcard; None when the topic is not meant."""
        levels = topic.split("/")
        if topic.startswith("$") and self._levels[0] in ("+", "#"):
            return None
        found: list[str] = []
        for place, wanted in enumerate(self._levels):
            if wanted == "#":
                return (*found, "/".join(levels[place:]))
            if place >= len(levels):
                return None
            if wanted == "+":
                found.append(levels[place])
            elif wanted != levels[place]:
                return None
        return tuple(found) if len(levels) == len(self._levels) else None
