"""`python -m tests.fuzz [NAME …] [--minutes M]`: mutated wire into the sessions of the adapters, guided by coverage.

Each adapter has `tests/adapters/<name>/fuzz.py` with `make()`, a session that was opened and greeted, and `SEEDS`, genuine
stretches of its wire. `wrap(data, dice)`, where there is one, makes messages of mutated bodies, because a mutated length says
nothing of what is inside. An input that reaches lines which none before it reached becomes a seed. What must hold: no exception
but those that the contract of a source documents, bounded memory, and no call that takes for ever.

Prints what was run, how many lines of the adapter were reached, and the first input of each fault; exit 1 when there is one.
"""

import argparse
import importlib
import random
import resource
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from types import CodeType, FrameType, ModuleType
from typing import Any

from ccwall.adapter import Session
from ccwall.errors import SourceError

NOW = 1_800_000_000.0
ADAPTERS = Path(__file__).parent.parent / "adapters"
LONGEST = 5.0
"""Seconds one input may take: far more than any needs, so that only what hangs is a fault."""
WRAPPED = 0.9
"""Share of inputs that are wrapped, where there is a wrapper."""
GROWTH = 256 * 1024
"""KiB by which the process may grow in a run."""
INTERESTING = (b"\x00", b"\xff", b"\r\n", b"\n\n", b"\r\n\r\n", b"=", b"0", b"-1", b"99999999999999999999", b"%", b"%00",
               b"<", b"&lt;", b"</", b"<!DOCTYPE", b'"', b"{", b"[", b"\xf0\x9f\x98\x80", b"1e309", b"nan", b":", b"|", b",")  # fmt: skip


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
        how = dice.randrange(6)
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
        else:
            data[where : where + 1] = dice.choice(INTERESTING)
    return bytes(data[: 256 * 1024])


def feed(session: Session, data: bytes, dice: random.Random) -> None:
    """In pieces, with time going on, and an end."""
    now = NOW
    while data:
        size = dice.choice((1, 7, 100, 5000, len(data)))
        session.receive(data[:size], now)
        data = data[size:]
        session.outgoing()
        if dice.random() < 0.1:
            now += dice.choice((0.25, 2.0))
            session.tick(now)
    session.close(now)


def run(name: str, minutes: float, seed: int) -> bool:
    """Whether nothing was found."""
    module = importlib.import_module(f"tests.adapters.{name}.fuzz")
    package = Path(
        importlib.import_module(f"ccwall_adapters.{getattr(module, 'PACKAGE', name)}").__file__ or ""
    )
    reached = Reached(str(package.parent))
    kinds = _kinds(module)
    dice = random.Random(seed)
    wrap: Callable[[bytes, random.Random], bytes] | None = getattr(module, "wrap", None)
    faults: dict[str, bytes] = {}
    inputs = known = 0
    began = time.monotonic()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    while time.monotonic() - began < minutes * 60:
        make, seeds, first = kinds[inputs % len(kinds)]
        turn = inputs // len(kinds)
        data = seeds[turn] if turn < first else mutated(seeds, dice)
        inputs += 1
        wire = wrap(data, dice) if wrap is not None and dice.random() < WRAPPED else data
        reached.new = False
        started = time.monotonic()
        # Every few inputs are watched: to watch costs ten times as much as to run.
        watched = turn < first or turn % 5 == 0
        try:
            session = make()
            sys.settrace(reached.trace if watched else None)
            feed(session, wire, dice)
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
        f"{name}: {inputs:,} inputs in {minutes:g} min, {known:,} refused as documented, {sum(len(kind[1]) for kind in kinds):,} seeds, "
        f"{share:.0%} of {len(lines):,} lines reached, grew by {grown / 1024:.0f} MiB, {len(faults)} faults"
    )
    for fault, data in faults.items():
        print(f"  {fault}\n    {data[:2000]!r}")
    return not faults


def _kinds(module: ModuleType) -> list[tuple[Callable[[], Session], list[bytes], int]]:
    """`make` with `SEEDS`, and each `make_x` with `X_SEEDS`: how to make one, its seeds, and how many of them were given."""
    makers = [name for name in dir(module) if name == "make" or name.startswith("make_")]
    found = []
    for name in makers:
        suffix = name.removeprefix("make").lstrip("_").upper()
        seeds = list(getattr(module, f"{suffix}_SEEDS" if suffix else "SEEDS"))
        found.append((getattr(module, name), seeds, len(seeds)))
    return found


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
