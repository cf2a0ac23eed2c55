"""What an edge and its server say to each other, each word a JSON object with its kind in `type`.

    edge                                     server
    hello {edge, series, version, now}  ──▶
                                        ◀──  welcome {}      or  refused {why}
    facts {series, n, now, facts}       ──▶      (the number of the first; with the receipt `series:last`)
                                        ◀──  the receipt alone, when they are in the journal
    beat {now}                          ──▶      every 3 s, either way
                                        ◀──  beat {}
    bye {}                              ──▶
                                        ◀──  who {}          to whoever has not said hello

A *series* is the life of a spool: in it every fact has a number, counted from 1, that is given once. What has no receipt
is said again after every hello, from the oldest on.
"""

from collections.abc import Callable

import msgspec

from ccwall.events import AnyEvent

BEAT = 3.0
SILENT = 9.5
"""Seconds without a word after which the other end is dead."""
LONGEST_NAME = 100


class Word(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="type", tag=str.lower):
    """`now` is the edge's own clock when it said it, by which the server knows how far it is off."""


class Hello(Word, frozen=True, kw_only=True):
    edge: str
    series: str
    now: float
    version: str = ""


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """A fact as the edge's own source told it. Without one: all that stands has been said again (`settled`)."""

    source: str
    fact: msgspec.Raw = msgspec.Raw(b"")


class Facts(Word, frozen=True, kw_only=True):
    series: str
    n: int
    now: float
    facts: list[Told]


class Beat(Word, frozen=True, kw_only=True):
    now: float = 0.0


class Bye(Word, frozen=True, kw_only=True):
    pass


class Welcome(Word, frozen=True, kw_only=True):
    pass


class Refused(Word, frozen=True, kw_only=True):
    why: str


class Who(Word, frozen=True, kw_only=True):
    pass


FromEdge = Hello | Facts | Beat | Bye
FromServer = Welcome | Refused | Who | Beat

of_edge: Callable[[bytes], FromEdge] = msgspec.json.Decoder(FromEdge).decode
of_server: Callable[[bytes], FromServer] = msgspec.json.Decoder(FromServer).decode
written = msgspec.json.encode


def told(source: str, event: AnyEvent | None) -> bytes:
    """A `Told` as it lies in the spool."""
    head = b'{"source":%b' % written(source)
    return head + (b"}" if event is None else b',"fact":%b}' % written(event))


def facts(series: str, first: int, now: float, bodies: list[bytes]) -> bytes:
    """A `Facts` of what lies in the spool, without reading it."""
    head = written({"type": "facts", "series": series, "n": first, "now": now})[:-1]
    return head + b',"facts":[' + b",".join(bodies) + b"]}"
