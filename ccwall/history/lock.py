"""Two ccwalls must not write one journal: who has the lock of a folder, has the folder. It ends with the process."""

import os
import sys
from pathlib import Path

from ccwall.errors import JournalError

NAME = "lock"


class Lock:
    """Held from `take` until `release`, or until the process is gone, however it went."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / NAME
        self._file: int | None = None

    def take(self) -> None:
        """JournalError when another process has it."""
        opened = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _hold(opened)
        except OSError:
            owner = os.read(opened, 32).decode("ascii", "replace").strip()
            os.close(opened)
            who = f" (process {owner})" if owner.isdigit() else ""
            raise JournalError(
                f"{self._path.parent} is the journal of another running ccwall{who}: stop that one first, "
                "or give this one a [journal] folder of its own"
            ) from None
        os.ftruncate(opened, 0)
        os.write(opened, str(os.getpid()).encode())
        self._file = opened

    def release(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None


def _hold(file: int) -> None:
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
