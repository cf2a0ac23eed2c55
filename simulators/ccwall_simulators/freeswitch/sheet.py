"""Which headers a channel's events carry, and in what order: lists made of genuine wire, filled in with one channel's values.

A sheet (`sheets/*.txt`) tells the life of one kind of channel in stages. Its first stage is written out; every other is
made of an earlier one: `-Name` takes a header away, `Name: value` changes it where it is or puts it after the header of the
line before, `Name` alone says after which. ``{placeholders}`` are the channel's own; ``[]a|b`` is an array.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple

import msgspec

from ccwall_adapters.freeswitch_esl.wire import UNDEF, Format, plain_encoded

Kind = Literal["caller", "agent", "own", "outside"]
Values = Mapping[str, str]

_SHEETS = Path(__file__).parent / "sheets"
_STAGE = re.compile(r"\[(\w+)\] ?(\w*)")
_PLACE = re.compile(r"\{\w+\}")
_ARRAY = "[]"


class Stage(NamedTuple):
    """What a channel's events say at one moment of its life: `pairs` to be filled in, and the same as one text a format."""

    pairs: tuple[tuple[str, str], ...]
    texts: Mapping[Format, str]

    def names(self) -> list[str]:
        return [name for name, _ in self.pairs]

    def filled(self, values: Values) -> list[tuple[str, str]]:
        """Every header; an array as FreeSWITCH writes it in one line."""
        return [(name, _in_line(value).format_map(dict(values))) for name, value in self.pairs]

    def rendered(self, values: Values, form: Format) -> str:
        """The part of an event, ready for the wire."""
        return self.texts[form].format_map(_Encoded(values, _ENCODERS[form]))


@cache
def stage(kind: Kind, name: str) -> Stage:
    pairs = _stages(kind)[name]
    return Stage(tuple(pairs.items()), {form: write(pairs) for form, write in _WRITERS.items()})


# ── reading ──


@cache
def _stages(kind: Kind) -> Mapping[str, dict[str, str]]:
    stages: dict[str, dict[str, str]] = {}
    name, after = "", ""
    for line in (_SHEETS / f"{kind}.txt").read_text(encoding="utf-8").splitlines():
        if found := _STAGE.fullmatch(line):
            name, after = found[1], ""
            stages[name] = dict(stages[found[2]]) if found[2] else {}
        elif line:
            after = _change(stages, name, line, after)
    return stages


def _change(stages: dict[str, dict[str, str]], stage: str, line: str, after: str) -> str:
    """Obeys one line; the header it was about."""
    pairs = stages[stage]
    if line.startswith("-"):
        del pairs[line[1:]]
        return after
    name, colon, value = line.partition(": ")
    value = value.replace("\\r", "\r").replace("\\n", "\n")
    if name in pairs:
        pairs[name] = value if colon else pairs[name]
    elif not after or after == next(reversed(pairs)):
        pairs[name] = value
    else:
        place = list(pairs.items())
        place.insert(list(pairs).index(after) + 1, (name, value))
        stages[stage] = dict(place)
    return name


# ── writing ──


class _Encoded(dict[str, str]):
    """A channel's values as one format writes them, each encoded when it is asked for."""

    def __init__(self, values: Values, encode: Callable[[str], str]) -> None:
        super().__init__()
        self._values, self._encode = values, encode

    def __missing__(self, name: str) -> str:
        text = self[name] = self._encode(self._values[name])
        return text


def _plain(text: str) -> str:
    return plain_encoded(text).decode("ascii")


def _json(text: str) -> str:
    return msgspec.json.encode(text).decode()[1:-1]


_ENCODERS: Mapping[Format, Callable[[str], str]] = {"plain": _plain, "json": _json}


def _kept(value: str, encode: Callable[[str], str]) -> str:
    """Encoded, but for the places that are filled in later."""
    parts: list[str] = []
    end = 0
    for found in _PLACE.finditer(value):
        parts += [_braced(encode(_bare(value[end : found.start()]))), found[0]]
        end = found.end()
    return "".join([*parts, _braced(encode(_bare(value[end:])))])


def _bare(text: str) -> str:
    return text.replace("{{", "{").replace("}}", "}")


def _braced(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")


def _in_line(value: str) -> str:
    return "ARRAY::" + value[len(_ARRAY) :].replace("|", "|:") if value.startswith(_ARRAY) else value


def _plain_text(pairs: Mapping[str, str]) -> str:
    return "".join(f"{name}: {_kept(_in_line(value), _plain)}\n" for name, value in pairs.items())


def _json_text(pairs: Mapping[str, str]) -> str:
    return ",".join(_json_pair(name, value) for name, value in pairs.items())


def _json_pair(name: str, value: str) -> str:
    if value.startswith(_ARRAY):
        items = ",".join(f'"{_kept(item, _json)}"' for item in value[len(_ARRAY) :].split("|"))
        return f'"{name}":[{items}]'
    return f'"{name}":"{_kept(value, _json)}"'


_WRITERS: Mapping[Format, Callable[[Mapping[str, str]], str]] = {"plain": _plain_text, "json": _json_text}


def pairs_rendered(pairs: Iterable[tuple[str, str]], form: Format) -> str:
    """Headers that are nobody's, as one part of an event."""
    if form == "plain":
        return "".join(f"{name}: {_plain(value) or UNDEF}\n" for name, value in pairs)
    return ",".join(f'"{name}":"{_json(value)}"' for name, value in pairs)
