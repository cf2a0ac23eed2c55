"""A disk that notes what is written and synced, and what may be left of it when the power fails.

What was synced is there. Of what was written after a file's last sync, a part is there, in any order, and of a write some
sectors: that is all a disk promises.
"""

import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import apsw
import msgspec

SECTOR = 512


class Write(msgspec.Struct, frozen=True):
    file: str
    offset: int
    data: bytes


class Cut(msgspec.Struct, frozen=True):
    """The file ends here now."""

    file: str
    size: int


class Sync(msgspec.Struct, frozen=True):
    file: str


class Gone(msgspec.Struct, frozen=True):
    file: str


class Said(msgspec.Struct, frozen=True):
    """To the world: everything up to this number is safe."""

    seq: int


Step = Write | Cut | Sync | Gone | Said


class Disk(apsw.VFS):
    """Real files, and the steps that led to them."""

    NAME = "noting"

    def __init__(self) -> None:
        super().__init__(self.NAME, "")
        self.steps: list[Step] = []

    def xOpen(self, name: str | apsw.URIFilename | None, flags: list[int]) -> "_File":  # noqa: N802 - SQLite's word
        return _File(self.steps, name, flags)

    def xDelete(self, filename: str, syncdir: bool) -> None:  # noqa: N802
        self.steps.append(Gone(Path(filename).name))
        super().xDelete(filename, syncdir)


class _File(apsw.VFSFile):
    def __init__(self, steps: list[Step], name: str | apsw.URIFilename | None, flags: list[int]) -> None:
        full = name.filename() if isinstance(name, apsw.URIFilename) else name
        self._name, self._steps = Path(full or "").name, steps
        super().__init__("", name, flags)

    def xWrite(self, data: Any, offset: int) -> None:  # noqa: N802
        self._steps.append(Write(self._name, offset, bytes(data)))
        super().xWrite(data, offset)

    def xTruncate(self, newsize: int) -> None:  # noqa: N802
        self._steps.append(Cut(self._name, newsize))
        super().xTruncate(newsize)

    def xSync(self, flags: int) -> None:  # noqa: N802
        super().xSync(flags)
        self._steps.append(Sync(self._name))


class Connection(apsw.Connection):
    """As the journal uses one of sqlite3's, on that disk; ``synchronous`` instead of what it asks for."""

    def __init__(self, path: Path, synchronous: str = "FULL") -> None:
        super().__init__(str(path), vfs=Disk.NAME)
        self._synchronous = synchronous

    def execute(self, statements: str, bindings: Any = (), **more: Any) -> apsw.Cursor:
        if statements.startswith("PRAGMA synchronous"):
            statements = f"PRAGMA synchronous = {self._synchronous}"
        return super().execute(statements, tuple(bindings) or None, **more)

    def executescript(self, statements: str) -> apsw.Cursor:
        return self.execute(statements)


def after_a_cut(before: Path, steps: Sequence[Step], chance: random.Random, into: Path) -> None:
    """What is in the folder when the power comes back; ``before`` is what was in it before the first step."""
    for name in sorted({step.file for step in steps if not isinstance(step, Said)}):
        if name.endswith("-shm"):
            continue  # is made anew
        own = [step for step in steps if not isinstance(step, Said) and step.file == name]
        synced = max((place for place, step in enumerate(own) if isinstance(step, Sync)), default=-1)
        old = before / name
        content = old.read_bytes() if old.exists() else b""
        left = _left(content, own[: synced + 1], _survivors(own[synced + 1 :], chance))
        if left is None:
            (into / name).unlink(missing_ok=True)
        else:
            (into / name).write_bytes(left)


def _survivors(loose: Sequence[Step], chance: random.Random) -> list[Step]:
    how = chance.choice(["nothing", "most", "some", "some, in any order"])
    share = {"nothing": 0.0, "most": 0.95}.get(how, 0.5)
    found = [part for step in loose if chance.random() < share for part in _torn(step, chance)]
    if how.endswith("order"):
        chance.shuffle(found)
    return found


def _torn(step: Step, chance: random.Random) -> list[Step]:
    if not isinstance(step, Write) or chance.random() < 0.7:
        return [step]
    starts = range(0, len(step.data), SECTOR)
    return [
        Write(step.file, step.offset + start, step.data[start : start + SECTOR])
        for start in starts
        if chance.random() < 0.6
    ]


def _left(content: bytes, durable: Sequence[Step], loose: Sequence[Step]) -> bytes | None:
    found: bytearray | None = bytearray(content)
    for step in (*durable, *loose):
        if isinstance(step, Gone):
            found = None
        elif isinstance(step, Write):
            found = bytearray() if found is None else found
            found.extend(bytes(max(0, step.offset + len(step.data) - len(found))))
            found[step.offset : step.offset + len(step.data)] = step.data
        elif isinstance(step, Cut) and found is not None:
            del found[step.size :]
    return None if found is None else bytes(found)
