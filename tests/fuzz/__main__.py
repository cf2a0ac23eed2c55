"""`python -m tests.fuzz [NAME …] [--minutes M]`: mutated wire into the sessions of the adapters, guided by coverage.

Each adapter has `tests/adapters/<name>/fuzz.py` with `make()`, a session that was opened and greeted, and `SEEDS`, genuine
stretches of its wire. `wrap(data, dice)`, where there is one, makes messages of mutated bodies, because a mutated length says
nothing of what is inside. `KINDS` are more of the same, each with a time, a wrapper and wishes of its own; `Witness` makes them
of a living session. An input that reaches lines which none before it reached becomes a seed. What must hold: no exception but
those that the contract of a source documents, bounded memory, and no call that takes for ever.

Prints what was run, how many lines of the adapter were reached, and the first input of each fault; exit 1 when there is one.
"""

import argparse
import importlib
import io
import pickle
import random
import re
import resource
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from types import CellType, CodeType, FrameType, FunctionType, ModuleType
from typing import Any, NamedTuple

import msgspec

from ccwall.adapter import Session
from ccwall.errors import SourceError
from ccwall.events import AnyEvent, CommandRequested
from ccwall.wire.memory import Recent

NOW = 1_800_000_000.0
ADAPTERS = Path(__file__).parent.parent / "adapters"
LONGEST = 5.0
"""Seconds one input may take: far more than any needs, so that only what hangs is a fault."""
WRAPPED = 0.9
"""Share of inputs that are wrapped, where there is a wrapper."""
PAUSES = (0.25, 2.0, 2.0, 12.0, 70.0)
"""Seconds that go by between two pieces: nothing, and more than any question is waited for."""
AGAIN = 0.1
"""Share of inputs that come a second time, over a new connection."""
GROWTH = 256 * 1024
"""KiB by which the process may grow in a run."""
INTERESTING = (b"\x00", b"\xff", b"\r\n", b"\n\n", b"\r\n\r\n", b"=", b"0", b"-1", b"99999999999999999999", b"%", b"%00",
               b"<", b"&lt;", b"</", b"<!DOCTYPE", b'"', b"{", b"[", b"\xf0\x9f\x98\x80", b"1e309", b"nan", b":", b"|", b",")  # fmt: skip


BETWEEN = b"\x00\x00\x00\x00"
"""Between the messages of a seed whose wrapper makes frames of them."""
_ENDS = (BETWEEN, b"\r\n\r\n", b"\n\n", b"\r\n", b"\n")
_WORD = re.compile(rb"[\w@.:/+-]+")
_BEFORE = 5
"""Bytes before a word by which its like is found."""
_LENGTH = re.compile(rb"(?i)content-length: *([0-9]+)")
Wrapper = Callable[[bytes, random.Random], bytes]


class Kind(NamedTuple):
    """A way to make a session, and genuine wire for it. It was made at `now`; now and then it is wished something."""

    make: Callable[[], Session]
    seeds: Sequence[bytes]
    now: float = NOW
    wrap: Wrapper | None = None
    wishes: Sequence[CommandRequested] = ()


class Witness:
    """In the place of a living session: keeps what it hears, and itself whenever it has just asked something, so
    that answers to those very questions can be mutated."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.heard: list[bytes] = []
        self._stages: list[tuple[bytes, int, float]] = []
        self._now = NOW

    def __getattr__(self, name: str) -> Any:
        return getattr(self.session, name)

    def receive(self, data: bytes, now: float) -> Sequence[AnyEvent]:
        self.heard.append(data)
        self._now = now
        return self.session.receive(data, now)

    def tick(self, now: float) -> Sequence[AnyEvent]:
        self._now = now
        return self.session.tick(now)

    def outgoing(self) -> bytes:
        if data := self.session.outgoing():
            self._stages.append((frozen(self.session), len(self.heard), self._now))
        return data

    def kinds(
        self,
        count: int,
        size: int,
        *,
        seeds: Callable[[bytes], bytes] = bytes,
        wrap: Wrapper | None = None,
        wishes: Sequence[CommandRequested] = (),
    ) -> list[Kind]:
        """The first stages and some of the rest, evenly; of each, what came next, as much as `size` and less. `seeds` makes
        seeds of wire."""
        half = count // 2
        rest = self._stages[half:]
        found = []
        for session, at, now in self._stages[:half] + rest[:: max(1, len(rest) // max(1, count - half))]:
            wire = b"".join(self.heard[at:])[:size]
            ways = [seeds(wire[:short]) for short in (size // 16, size // 4, size) if wire[:short]]
            if ways:
                found.append(Kind(partial(pickle.loads, session), ways, now, wrap, wishes))
        return found


class Overheard:
    """An observer to whom all that comes is what another client asks."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def __getattr__(self, name: str) -> Any:
        return getattr(self._session, name)

    def receive(self, data: bytes, now: float) -> Sequence[AnyEvent]:
        self._session.sent(data, now)
        return ()


def parted(wire: bytes, empty: bytes) -> list[bytes]:
    """The whole messages of a head, an empty line and a body as long as `Content-Length` says."""
    found = []
    while (end := wire.find(empty)) >= 0:
        told = _LENGTH.search(wire[:end])
        end += len(empty) + (int(told[1]) if told else 0)
        if end > len(wire):
            break
        found.append(wire[:end])
        wire = wire[end:]
    return found


def sized(message: bytes, empty: bytes) -> bytes:
    """A mutated message whose length is right again: a wrong one says nothing of what is inside."""
    head, end, body = message.partition(empty)
    return _LENGTH.sub(b"Content-Length: %d" % len(body), head) + end + body


def frozen(session: Session) -> bytes:
    """A session as `pickle.loads` gives it again: a thousand times as fast as to let it hear all of that once more."""
    wire = io.BytesIO()
    _Freezer(wire, 5).dump(session)
    return wire.getvalue()


class _Freezer(pickle.Pickler):
    def reducer_override(self, value: Any) -> Any:
        if type(value) is Recent:
            return Recent, (vars(value)["_most"],), None, None, iter(value.items())
        if isinstance(value, FunctionType) and value.__closure__:
            _KEPT[id(value)] = value
            return _enclosed, (id(value), [cell.cell_contents for cell in value.__closure__])
        if isinstance(value, msgspec.json.Decoder):
            _KEPT[id(value)] = value
            return _kept, (id(value),)
        return NotImplemented


_KEPT: dict[int, Any] = {}
"""What cannot be frozen and has no memory, by its id."""


def _kept(what: int) -> object:
    return _KEPT[what]


def _enclosed(kept: int, cells: Sequence[object]) -> FunctionType:
    """A function that was made inside another, with what it knows of that."""
    made = _KEPT[kept]
    return FunctionType(
        made.__code__, made.__globals__, made.__name__, made.__defaults__, tuple(map(CellType, cells))
    )


class Reached:
    """Lines of the package that ran: by hand and not by a coverage library, so that each input can be asked."""

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self.lines: set[tuple[str, int]] = set()
        self.new = False
        self._ours: dict[CodeType, bool] = {}

    def trace(self, frame: FrameType, event: str, _: object) -> "Callable[..., Any] | None":
        code = frame.f_code
        ours = self._ours.get(code)
        if ours is None:
            ours = self._ours[code] = code.co_filename.startswith(self._folder)
        return self._line if ours else None

    def _line(self, frame: FrameType, event: str, _: object) -> "Callable[..., Any]":
        if event == "line":
            place = frame.f_code.co_filename, frame.f_lineno
            if place not in self.lines:
                self.lines.add(place)
                self.new = True
        return self._line


def mutated(seeds: Sequence[bytes], dice: random.Random) -> bytes:
    """One of the seeds, or two put together, with some of its bytes otherwise."""
    data = bytearray(dice.choice(seeds))
    if dice.random() < 0.2:
        other = dice.choice(seeds)
        data = data[: dice.randint(0, len(data))] + other[dice.randint(0, len(other)) :]
    for _ in range(dice.choice((1, 1, 2, 4, 16))):
        if not data:
            break
        where = dice.randrange(len(data))
        how = dice.randrange(9)
        if how == 0:
            data[where] ^= 1 << dice.randrange(8)
        elif how == 1:
            del data[where : where + dice.randint(1, 40)]
        elif how == 2:
            data[where:where] = dice.choice(INTERESTING)
        elif how == 3:
            piece = data[where : where + dice.randint(1, 200)]
            data[where:where] = piece * dice.randint(1, 3)
        elif how == 4:
            data[where : where + dice.randint(0, 8)] = dice.randbytes(dice.randint(0, 8))
        elif how == 5:
            data[where : where + 1] = dice.choice(INTERESTING)
        elif how == 6:
            _move_message(data, where, dice)
        else:
            _take_word(data, where, dice)
    return bytes(data[: 256 * 1024])


def _move_message(data: bytearray, where: int, dice: random.Random) -> None:
    """A message, or a line, comes later or sooner, twice, or not at all."""
    end = next((end for end in _ENDS if end in data), b"\n")

    def begin(at: int) -> int:
        before = data.rfind(end, 0, at)
        return before + len(end) if before >= 0 else 0

    start = begin(where)
    stop = data.find(end, where)
    piece = data[start : len(data) if stop < 0 else stop + len(end)]
    if dice.random() < 0.7:
        del data[start : start + len(piece)]
    to = begin(dice.randrange(len(data) + 1))
    data[to:to] = piece * dice.choice((0, 1, 1, 1, 2))


def _take_word(data: bytearray, where: int, dice: random.Random) -> None:
    """An id or a number is that of another message: what stands elsewhere behind the same few letters."""
    word = _WORD.search(data, where)
    if word is None or word.start() < _BEFORE:
        return
    start, stop = word.span()
    before = data[start - _BEFORE : start]
    at = data.find(before, dice.randrange(len(data)))
    other = _WORD.match(data, at + _BEFORE) if at >= 0 else None
    if other is not None:
        data[start:stop] = bytes(other[0])


def feed(session: Session, kind: Kind, data: bytes, dice: random.Random) -> None:
    """In pieces, with time going on, wishes, gaps and an end; now and then all of it again over a new connection."""
    now = _feed(session, kind, data, kind.now, dice)
    if dice.random() < AGAIN:
        _checked(session.close(now, dice.choice(("eof", "reset"))))
        now += dice.choice(PAUSES)
        _checked(session.open(now))
        now = _feed(session, kind, data, now, dice)
    _checked(session.close(now))


def _feed(session: Session, kind: Kind, data: bytes, now: float, dice: random.Random) -> float:
    """When it is over. What is raised closes the session, as in life."""
    try:
        while data:
            size = dice.choice((1, 7, 100, 5000, len(data)))
            if dice.random() < 0.1:
                now += dice.choice(PAUSES)
            _checked(session.receive(data[:size], now))
            data = data[size:]
            session.outgoing()
            chance = dice.random()
            if chance < 0.15:
                _checked(session.tick(now))
            elif chance < 0.17:
                _checked(session.skipped(now - 1.0, now))
            elif chance < 0.25 and kind.wishes:
                _checked(session.command(dice.choice(kind.wishes), now))
        for _ in range(dice.choice((0, 0, 0, 1, 4))):
            now += dice.choice(PAUSES[:-1])
            _checked(session.tick(now))
            session.outgoing()
    except SourceError:
        _checked(session.close(now, "protocol"))
        raise
    return now


def _checked(facts: Sequence[AnyEvent]) -> None:
    """Facts can be written to the journal and read again: no number is infinite, every word is one of those there are."""
    if facts:
        _read(_write(facts))


_write = msgspec.json.Encoder().encode
_read = msgspec.json.Decoder(list[AnyEvent]).decode


def run(name: str, minutes: float, seed: int) -> bool:
    """Whether nothing was found."""
    module = importlib.import_module(f"tests.adapters.{name}.fuzz")
    package = Path(
        importlib.import_module(f"ccwall_adapters.{getattr(module, 'PACKAGE', name)}").__file__ or ""
    )
    reached = Reached(str(package.parent))
    kinds = _kinds(module)
    dice = random.Random(seed)
    faults: dict[str, bytes] = {}
    inputs = known = 0
    began = time.monotonic()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    while time.monotonic() - began < minutes * 60:
        kind, seeds = kinds[inputs % len(kinds)]
        turn, first, wrap = inputs // len(kinds), len(kind.seeds), kind.wrap
        data = seeds[turn] if turn < first else mutated(seeds, dice)
        inputs += 1
        wrapped = wrap is not None and dice.random() < WRAPPED
        wire = wrap(data, dice) if wrap is not None and wrapped else data.replace(BETWEEN, b"")
        reached.new = False
        started = time.monotonic()
        # Every few inputs are watched: to watch costs ten times as much as to run.
        watched = turn < first or turn % 5 == 0
        try:
            session = kind.make()
            sys.settrace(reached.trace if watched else None)
            feed(session, kind, wire, dice)
        except SourceError:
            known += 1
        except Exception as error:  # noqa: BLE001 - any other is what is looked for
            place = traceback.extract_tb(error.__traceback__)[-1]
            faults.setdefault(
                f"{type(error).__name__} at {Path(place.filename).name}:{place.lineno}: {error}"[:200], data
            )
        finally:
            sys.settrace(None)
        if (took := time.monotonic() - started) > LONGEST:
            faults.setdefault(f"took {took:.1f} s", data)
        if reached.new and len(seeds) < 5000:
            seeds.append(data)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    if grown > GROWTH:
        faults[f"grew by {grown / 1024:.0f} MiB"] = b""
    lines = _executable(package.parent)
    share = len({place for place in reached.lines if place in lines}) / max(1, len(lines))
    print(
        f"{name}: {inputs:,} inputs in {minutes:g} min, {known:,} refused as documented, {sum(len(seeds) for _, seeds in kinds):,} seeds, "
        f"{share:.0%} of {len(lines):,} lines reached, grew by {grown / 1024:.0f} MiB, {len(faults)} faults"
    )
    for fault, data in faults.items():
        print(f"  {fault}\n    {data[:2000]!r}")
    return not faults


def _kinds(module: ModuleType) -> list[tuple[Kind, list[bytes]]]:
    """All of a module, each with the seeds it has until now."""
    wrap, found = getattr(module, "wrap", None), []
    for name in dir(module):
        if name == "make" or name.startswith("make_"):
            suffix = name.removeprefix("make").lstrip("_").upper()
            seeds = getattr(module, f"{suffix}_SEEDS" if suffix else "SEEDS")
            found.append(Kind(getattr(module, name), seeds, wrap=wrap))
    found += getattr(module, "KINDS", ())
    return [(kind, list(kind.seeds)) for kind in found]


def _executable(folder: Path) -> set[tuple[str, int]]:
    """All lines inside functions of a package."""
    found: set[tuple[str, int]] = set()

    def collect(code: CodeType, inside: bool) -> None:
        if inside:
            found.update(
                (code.co_filename, line)
                for _, _, line in code.co_lines()
                if line and line != code.co_firstlineno
            )
        for const in code.co_consts:
            if isinstance(const, CodeType):
                collect(const, inside=const.co_name != "<module>" and _is_function(const))

    for path in folder.rglob("*.py"):
        collect(compile(path.read_text(), str(path), "exec"), inside=False)
    return found


def _is_function(code: CodeType) -> bool:
    return bool(code.co_flags & 0x2)  # CO_NEWLOCALS: a class body has none


def main() -> int:
    names = sorted(path.parent.name for path in ADAPTERS.glob("*/fuzz.py"))
    asked = argparse.ArgumentParser(prog="tests.fuzz")
    asked.add_argument("names", nargs="*", metavar="NAME", help=f"which: {', '.join(names)} (all)")
    asked.add_argument("--minutes", type=float, default=10.0, help="of each (10)")
    asked.add_argument("--seed", type=int, default=0)
    arguments = asked.parse_args()
    good = [run(name, arguments.minutes, arguments.seed) for name in arguments.names or names]
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
