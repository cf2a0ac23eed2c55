"""One object of a document, read key by key: each mistake is noted with its path and what to do, and reading goes on.

Paths are what a program counts: `pages[0].tiles[3].w` is the width of the fourth tile of the first page.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from typing import TypeGuard

import msgspec

from ccwall.sheet import LANGUAGES, meant, shown

MOST_TEXT = 2000
"""Characters of one text."""
MOST_MISTAKES = 50
LARGEST = 1 << 53
"""What a browser's number holds exactly."""
ID = re.compile(r"[a-z0-9][a-z0-9-]{0,39}", re.ASCII)
ID_WORDS = "small letters, digits and hyphens, at most 40, beginning with a letter or a digit"
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
"""And halves of a letter, which no encoding holds."""


class Mistake(msgspec.Struct, frozen=True):
    """``where`` is a path, empty for the whole; ``what`` says what is wrong and what to do."""

    where: str
    what: str


class Mistaken(Exception):
    """A document that cannot be kept."""

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        self.mistakes = tuple(mistakes)
        told = (f"{each.where}: {each.what}" if each.where else each.what for each in self.mistakes)
        super().__init__("; ".join(told))


class Paper:
    """``mistakes`` is shared by all the papers of a document. Methods give None when the key is absent or wrong."""

    def __init__(self, path: str, told: Mapping[object, object], mistakes: list[Mistake]) -> None:
        self.path, self._told, self.mistakes = path, told, mistakes
        self._asked: set[str] = set()

    def at(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key

    def wrong(self, key: str, what: str) -> None:
        note(self.mistakes, self.at(key) if key else self.path, what)

    def take(self, key: str, *, required: bool = False) -> object:
        """The value; None when there is none."""
        self._asked.add(key)
        if key not in self._told:
            if required:
                self.wrong(key, "is missing; add it")
            return None
        value = self._told[key]
        if value is None:
            self.wrong(key, "must not be null; leave the key out")
        return value

    def text(self, key: str, *, required: bool = False) -> str | None:
        value = self.take(key, required=required)
        if value is None:
            return None
        if not isinstance(value, str):
            self.wrong(key, f"must be text, not {shown(value)}")
            return None
        if problem := wrong_text(value):
            self.wrong(key, problem)
            return None
        return value

    def matching(
        self, key: str, pattern: re.Pattern[str], words: str, *, required: bool = False
    ) -> str | None:
        value = self.text(key, required=required)
        if value is not None and not pattern.fullmatch(value):
            self.wrong(key, f"{shown(value)} is not {words}")
            return None
        return value

    def id(self, key: str, *, required: bool = False) -> str | None:
        return self.matching(key, ID, f"an id: {ID_WORDS}", required=required)

    def choice(self, key: str, among: Collection[str], *, required: bool = False) -> str | None:
        value = self.take(key, required=required)
        if value is None or (isinstance(value, str) and value in among):
            return value if isinstance(value, str) else None
        near = meant(value, among) if isinstance(value, str) else ""
        self.wrong(key, f"must be one of {', '.join(among)}, not {shown(value)}{near}")
        return None

    def number(self, key: str, low: float, high: float, unit: str = "") -> float | None:
        value = self.take(key, required=True)
        if value is None:
            return None
        if not is_number(value) or not low <= value <= high:
            self.wrong(
                key, f"must be a number from {low:g} to {high:g}{unit and ' ' + unit}, not {shown(value)}"
            )
            return None
        return float(value)

    def whole(self, key: str, low: int, words: str) -> int | None:
        """A whole number of at least `low`; `words` say what it is."""
        value = self.take(key, required=True)
        if value is None:
            return None
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= LARGEST:
            self.wrong(key, f"must be {words}: a whole number from {low} on, not {shown(value)}")
            return None
        return value

    def names(self, key: str, *, required: bool = False) -> Mapping[object, object] | None:
        """Words by language; at least one, where they are required."""
        paper = self.paper(key, required=required)
        if paper is None:
            return None
        told = {lang: paper.text(lang) for lang in LANGUAGES}
        paper.finish()
        if required and not any(word and word.strip() for word in told.values()):
            self.wrong(key, 'must have a name in at least one language, like {"en": "Floor"}')
        return paper._told

    def paper(self, key: str, *, required: bool = False) -> "Paper | None":
        value = self.take(key, required=required)
        if value is None:
            return None
        if not isinstance(value, dict):
            self.wrong(key, f"must be an object, not {shown(value)}")
            return None
        return Paper(self.at(key), value, self.mistakes)

    def items(self, key: str, most: int, what: str, *, required: bool = False) -> list[object]:
        value = self.take(key, required=required)
        if value is None:
            return []
        if not isinstance(value, list):
            self.wrong(key, f"must be a list of {what}, not {shown(value)}")
            return []
        if len(value) > most:
            self.wrong(key, f"has {len(value)} {what}, and {most} are the most; take some out")
            return []
        return value

    def papers(self, key: str, most: int, what: str) -> list["Paper"]:
        found = []
        for place, value in enumerate(self.items(key, most, what, required=True)):
            path = f"{self.at(key)}[{place}]"
            if isinstance(value, dict):
                found.append(Paper(path, value, self.mistakes))
            else:
                note(self.mistakes, path, f"must be an object, not {shown(value)}")
        return found

    def finish(self) -> None:
        """Every key nobody asked for is a mistake."""
        for key in self._told:
            if key not in self._asked:
                name = plain(str(key))
                near = meant(name, self._asked)
                self.wrong(name, f"is not a key of this format{near or '; take it out'}")


def plain(key: str) -> str:
    r"""A key out of a document as a path may repeat it.

    >>> plain("colour\n" + "x" * 80)
    'colour�xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…'
    """
    told = "".join(letter if letter.isprintable() else "�" for letter in key[:60])
    return told if len(key) <= 60 else told + "…"


def note(mistakes: list[Mistake], where: str, what: str) -> None:
    if len(mistakes) < MOST_MISTAKES:
        mistakes.append(Mistake(where, what))


def is_number(value: object) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def wrong_text(text: str) -> str:
    """What is wrong with a text that people wrote; empty when nothing is.

    >>> wrong_text("two\\nlines"), wrong_text("a\\x07bell")
    ('', 'has a control character in it; take it out')
    """
    if len(text) > MOST_TEXT:
        return f"has {len(text)} characters, and {MOST_TEXT} are the most; make it shorter"
    if _CONTROL.search(text):
        return "has a control character in it; take it out"
    return ""
