"""One table of a configuration, read key by key: every mistake is noted with its path, and reading goes on.

Paths are what a person counts: ``source[1].url`` is the ``url`` of the first ``[[source]]``.
"""

import difflib
import math
import os
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path
from typing import TypeVar

Mistakes = list[tuple[str, str]]
Result = TypeVar("Result")
Choice = TypeVar("Choice", bound=str)

LANGUAGES = ("zh-CN", "zh-TW", "en")
_DURATION = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h|d)", re.ASCII)
_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86_400.0}
_SIZE = re.compile(r"(\d{1,6}) ?([KMGT]iB)", re.ASCII)
_SIZES = {"KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30, "TiB": 1 << 40}
_LONGEST_SECRET = 64 * 1024
_MISSING = object()


def seconds(text: str) -> float:
    """Seconds of a duration as configuration writes it; ValueError when it is none.

    >>> seconds("20s"), seconds("1.5m"), seconds("500ms")
    (20.0, 90.0, 0.5)
    """
    found = _DURATION.fullmatch(text.strip())
    if not found:
        raise ValueError(f'"{text}" is not a duration')
    return float(found[1]) * _UNITS[found[2]]


def meant(word: str, known: Iterable[str]) -> str:
    """A question to append to "unknown": the known word that is nearest, if one is near.

    >>> meant("secert", ["secret", "url"])
    '; did you mean "secret"?'
    """
    near = difflib.get_close_matches(word[:100], list(known), n=1, cutoff=0.6)
    return f'; did you mean "{near[0]}"?' if near else ""


def shown(value: object) -> str:
    """A value as a message may quote it: short, one line."""
    text = repr(value) if not isinstance(value, str) else f'"{value}"'
    text = "".join(c if c.isprintable() else "�" for c in text)
    return text if len(text) <= 60 else text[:57] + "…" + ('"' if isinstance(value, str) else "")


class Sheet:
    """``key`` methods return the value, or the default when it is absent *or wrong*; `finish` names unknown keys."""

    def __init__(self, path: str, table: Mapping[str, object], mistakes: Mistakes) -> None:
        self.path, self._table, self.mistakes = path, table, mistakes
        self._asked: set[str] = set()

    def at(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key

    def wrong(self, key: str, text: str) -> None:
        self.mistakes.append((self.at(key), text))

    def has(self, key: str) -> bool:
        return key in self._table

    def raw(self, key: str) -> object:
        """The value as TOML gave it, or None."""
        self._asked.add(key)
        return self._table.get(key)

    def _take(
        self, key: str, default: Result, read: Callable[[object], Result], required: bool = False
    ) -> Result:
        self._asked.add(key)
        value = self._table.get(key, _MISSING)
        if value is _MISSING:
            if required:
                self.wrong(key, "is missing")
            return default
        try:
            return read(value)
        except ValueError as error:
            self.wrong(key, str(error))
            return default

    def text(self, key: str, default: str = "", *, required: bool = False) -> str:
        def read(value: object) -> str:
            if not isinstance(value, str):
                raise ValueError(f"must be text in quotes, not {shown(value)}")
            if required and not value.strip():
                raise ValueError("must not be empty")
            return value

        return self._take(key, default, read, required)

    def choice(self, key: str, options: tuple[Choice, ...], default: Choice) -> Choice:
        def read(value: object) -> Choice:
            for option in options:
                if value == option:
                    return option
            raise ValueError(
                f"must be one of {', '.join(options)}, not {shown(value)}{meant(str(value), options)}"
            )

        return self._take(key, default, read)

    def kind(self, known: Collection[str], what: str) -> str:
        """The ``type`` of a source, an outlet, a channel: one of ``known``, whose own keys are judged by it; else "", and a mistake."""
        choices = ", ".join(known)
        if not self.has("type"):
            self.wrong("type", f"is missing: write one of {choices}")
            return ""
        kind = self.text("type", required=True)
        if kind in known:
            return kind
        if kind:
            self.wrong("type", f"{shown(kind)} is not {what} I have: {choices}{meant(kind, known)}")
        return ""

    def whole(self, key: str, default: int, low: int, high: int) -> int:
        def read(value: object) -> int:
            if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
                raise ValueError(f"must be a whole number from {low} to {high}, not {shown(value)}")
            return value

        return self._take(key, default, read)

    def flag(self, key: str, default: bool) -> bool:
        def read(value: object) -> bool:
            if not isinstance(value, bool):
                raise ValueError(f"must be true or false, not {shown(value)}")
            return value

        return self._take(key, default, read)

    def size(self, key: str, default: int, low: int) -> int:
        """Bytes, written `"2GiB"`; at least ``low`` of them."""

        def read(value: object) -> int:
            found = _SIZE.fullmatch(value) if isinstance(value, str) else None
            if not found:
                raise ValueError(f'must be a size like "512MiB" or "2GiB", in quotes, not {shown(value)}')
            size = int(found[1]) * _SIZES[found[2]]
            if size < low:
                raise ValueError(f"must be at least {low // _SIZES['MiB']}MiB, not {shown(value)}")
            return size

        return self._take(key, default, read)

    def share(self, key: str, default: float) -> float:
        def read(value: object) -> float:
            if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
                hint = " (write 80 % as 0.8)" if isinstance(value, int | float) and 1 < value <= 100 else ""
                raise ValueError(f"must be a fraction from 0 to 1, not {shown(value)}{hint}")
            return float(value)

        return self._take(key, default, read)

    def duration(self, key: str, default: float, longest: float = 86400.0) -> float:
        return self._take(key, default, lambda value: _duration(value, longest))

    def whole_seconds(self, key: str, default: int | None, longest: int) -> int | None:
        """A duration without a fraction of a second."""

        def read(value: object) -> int | None:
            found = _duration(value, longest)
            if found != int(found):
                raise ValueError(f"must be whole seconds, not {shown(value)}")
            return int(found)

        return self._take(key, default, read)

    def names(self, key: str, default: dict[str, str]) -> dict[str, str]:
        """A name in every language (a plain text), or a table by language."""
        return self._take(key, default, _names)

    def secret(self, key: str, *, required: bool) -> str:
        """The value behind ``{ env = "NAME" }`` or ``{ file = "path" }``; never a literal."""
        return self._take(key, "", lambda value: secret(value, required=required))

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts; one text alone is a list of one."""
        return self._take(key, (), _texts)

    def table(self, key: str) -> "Sheet":
        def read(value: object) -> Mapping[str, object]:
            if not isinstance(value, dict):
                raise ValueError(f"must be a table [{key}], not {shown(value)}")
            return value

        empty: Mapping[str, object] = {}
        return Sheet(self.at(key), self._take(key, empty, read), self.mistakes)

    def tables(self, key: str) -> list["Sheet"]:
        def read(value: object) -> list[object]:
            if not isinstance(value, list):
                raise ValueError(f"must be written [[{key}]], with two brackets, once for each")
            return value

        nothing: list[object] = []
        sheets = []
        for place, item in enumerate(self._take(key, nothing, read), 1):
            if isinstance(item, dict):
                sheets.append(Sheet(f"{self.at(key)}[{place}]", item, self.mistakes))
            else:
                self.mistakes.append((f"{self.at(key)}[{place}]", f"must be a table, not {shown(item)}"))
        return sheets

    def written(self) -> list[str]:
        """The keys that are there."""
        return list(self._table)

    def finish(self) -> None:
        """Every key nobody asked for is a mistake."""
        for key in self._table:
            if key not in self._asked:
                self.mistakes.append((self.at(key), f"is not a key I know{meant(key, self._asked)}"))


def secret(value: object, *, required: bool = True) -> str:
    """What ``{ env = "NAME" }`` or ``{ file = "path" }`` points to; ValueError says what is wrong.

    Not ``required``: nothing when it is not there.
    """
    if isinstance(value, dict) and len(value) == 1:
        (kind, place), *_ = value.items()
        if kind in {"env", "file"} and isinstance(place, str):
            try:
                return _from_environment(place) if kind == "env" else _from_file(Path(place))
            except ValueError:
                if required:
                    raise
                return ""
    raise ValueError('a secret does not belong in this file: write { env = "NAME" } or { file = "path" }')


def _from_environment(name: str) -> str:
    found = os.environ.get(name)
    if not found:
        raise ValueError(
            f"the environment variable {shown(name)} is {'not set' if found is None else 'empty'}"
        )
    return _plain(found, f"the environment variable {shown(name)}")


def _plain(text: str, where: str) -> str:
    """A secret goes into headers and lines of protocols: it is text, and of one line."""
    if any("\ud800" <= letter <= "\udfff" for letter in text):  # bytes that were no UTF-8
        raise ValueError(f"{where} is not UTF-8 text")
    if not text.isprintable():
        raise ValueError(f"{where} has a line break or another control character in it")
    return text


def _from_file(path: Path) -> str:
    try:
        with path.open("rb") as file:
            content = file.read(_LONGEST_SECRET + 1)
        text = content.decode("utf-8").strip()
    except (OSError, ValueError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or "is not UTF-8 text"
        raise ValueError(f"cannot read {shown(str(path))}: {reason}") from None
    if not text or len(content) > _LONGEST_SECRET:
        raise ValueError(f"{shown(str(path))} is {'empty' if not text else 'too long for a secret'}")
    return _plain(text, shown(str(path)))


def _duration(value: object, longest: float) -> float:
    example = 'must be a duration like "20s", "15m", "1h" or "500ms"'
    if not isinstance(value, str):
        raise ValueError(f"{example}, in quotes, not {shown(value)}")
    try:
        found = seconds(value)
    except ValueError:
        raise ValueError(f"{example}, not {shown(value)}") from None
    if not math.isfinite(found) or found > longest:
        raise ValueError(f"must be at most {longest:g} s, not {shown(value)}")
    return found


def _names(value: object) -> dict[str, str]:
    if isinstance(value, str) and value.strip():
        return dict.fromkeys(LANGUAGES, value)
    if not isinstance(value, dict) or not value:
        raise ValueError(f'must be text, or {{ zh-CN = "…", zh-TW = "…", en = "…" }}, not {shown(value)}')
    for language, text in value.items():
        if language not in LANGUAGES:
            raise ValueError(f"{shown(language)} is not a language of ccwall: {', '.join(LANGUAGES)}")
        if not isinstance(text, str) or not text.strip():
            raise ValueError(f"the name for {language} must be text, not {shown(text)}")
    return dict(value)


def _texts(value: object) -> tuple[str, ...]:
    items = [value] if isinstance(value, str) else value
    if not isinstance(items, list) or not all(isinstance(item, str) and item for item in items):
        raise ValueError(f"must be text or a list of texts, not {shown(value)}")
    return tuple(items)
