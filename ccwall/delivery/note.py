"""What is to be told, to whom, and how it is ranked. Every text may hold names that came from the network."""

from collections.abc import Mapping, Sequence
from typing import Literal

import msgspec

Kind = Literal["fired", "worsened", "escalated", "resolved", "test", "digest"]
Severity = Literal["info", "warn", "breach", "critical"]
SEVERITIES: tuple[Severity, ...] = ("info", "warn", "breach", "critical")
"""From the least to the worst."""

LONGEST_KEY, LONGEST_NAME, LONGEST_TEXT, LONGEST_URL = 200, 200, 2000, 2000
MOST_MENTIONS = 20
"""More people in one message is a shout; robots have limits of their own below that of a message's size."""


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who is to be named, by what each far end knows them as; empty where it does not."""

    name: str = ""
    phone: str = ""
    wecom: str = ""
    dingtalk: str = ""
    feishu: str = ""
    email: str = ""


class Note(msgspec.Struct, frozen=True, kw_only=True):
    """One thing to tell. Two notes with one ``key`` are the same note: a channel is told it once.

    ``title``, ``text`` and ``todo`` by language. ``at`` and ``since`` in epoch seconds of the floor; ``group`` keeps notes
    together when several go into one message; ``value`` and ``threshold`` as they are to be read.
    """

    key: str
    kind: Kind
    severity: Severity
    title: dict[str, str]
    at: float
    alert: str = ""
    text: dict[str, str] = {}
    todo: dict[str, str] = {}
    url: str = ""
    scope: str = ""
    value: str = ""
    threshold: str = ""
    since: float | None = None
    group: str = ""
    mentions: tuple[Person, ...] = ()


def rank(severity: Severity) -> int:
    """0 for what is only to be known, 3 for the worst."""
    return SEVERITIES.index(severity)


def said(texts: Mapping[str, str], language: str) -> str:
    """The text in that language, or in the nearest there is.

    >>> said({"zh-CN": "排队过长", "en": "Long wait"}, "zh-TW")
    '排队过长'
    """
    for each in (language, *(("zh-CN", "zh-TW") if language.startswith("zh") else ()), "en", "zh-CN"):
        if found := texts.get(each):
            return found
    return next((text for text in texts.values() if text), "")


def clean(text: str, most: int, *, lines: bool = False) -> str:
    """Without control characters and within bounds; ``lines`` leaves line breaks in.

    >>> clean("a\\x00b\\nc\\u202ed", 10)
    'ab cd'
    """
    found = "".join(
        letter if letter.isprintable() else letter if letter == "\n" and lines else " "
        for letter in text[: most * 2]
        if letter.isprintable() or letter in "\r\n\t\v\f\u2028\u2029"
    )
    return (found if lines else " ".join(found.split())).strip()[:most]


def bounded(note: Note) -> Note:
    """The same note, with every text within bounds; ValueError when it has no key."""
    if not note.key or len(note.key) > LONGEST_KEY:
        raise ValueError(f"a note's key has 1 to {LONGEST_KEY} characters, not {len(note.key)}")
    url = note.url if note.url.startswith(("https://", "http://")) and note.url.isprintable() else ""
    return msgspec.structs.replace(
        note,
        title=_each(note.title, LONGEST_NAME),
        text=_each(note.text, LONGEST_TEXT, lines=True),
        todo=_each(note.todo, LONGEST_TEXT, lines=True),
        url=url if len(url) <= LONGEST_URL and not set(url) & set(' "<>`()[]\\') else "",
        alert=clean(note.alert, LONGEST_KEY),
        group=clean(note.group, LONGEST_NAME),
        scope=clean(note.scope, LONGEST_NAME),
        value=clean(note.value, LONGEST_NAME),
        threshold=clean(note.threshold, LONGEST_NAME),
        mentions=tuple(_person(each) for each in note.mentions[:MOST_MENTIONS]),
    )


def worst_first(notes: Sequence[Note]) -> list[Note]:
    """As a digest lists them: what still stands before what is over, the worst first, groups together, oldest first."""
    return sorted(
        notes, key=lambda note: (note.kind == "resolved", -rank(note.severity), note.group, note.at, note.key)
    )


def _each(texts: Mapping[str, str], most: int, *, lines: bool = False) -> dict[str, str]:
    return {language[:10]: clean(text, most, lines=lines) for language, text in list(texts.items())[:10]}


def _person(person: Person) -> Person:
    told = {field: clean(getattr(person, field), LONGEST_NAME) for field in Person.__struct_fields__}
    return Person(**told)
