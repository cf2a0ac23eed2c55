"""Some space of the disk held back, so that on a full one the journal can still say what happened."""

import errno
import os
import shutil
import sqlite3
from contextlib import suppress
from pathlib import Path

NAME = "reserve"
SIZE = 4 * 1024 * 1024
MARGIN = 16 * 1024 * 1024
"""Bytes that must be free beside it: on a disk with room for a minute, recording would stop and go on without end."""
NOTHING = 256 * 1024
"""With less than this free, whatever fails fails for want of room."""


class Reserve:
    """A file of zeros in the journal's folder."""

    def __init__(self, folder: Path, size: int = SIZE) -> None:
        self._path, self._size = folder / NAME, size

    def hold(self) -> None:
        """Have it; OSError when there is no room for it."""
        with suppress(FileNotFoundError):
            if self._path.stat().st_size == self._size:
                return
        if self.room < self._size + MARGIN:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(self._path))
        opened = os.open(self._path, os.O_WRONLY | os.O_CREAT, 0o600)
        try:
            _fill(opened, self._size)
        except OSError:
            self.free()
            raise
        finally:
            os.close(opened)

    @property
    def room(self) -> int:
        """Bytes free on its disk."""
        try:
            return shutil.disk_usage(self._path.parent).free
        except OSError:
            return 1 << 60  # that is not what is wrong

    def free(self) -> None:
        with suppress(OSError):
            self._path.unlink(missing_ok=True)


def _fill(file: int, size: int) -> None:
    if hasattr(os, "posix_fallocate"):
        os.posix_fallocate(file, 0, size)
    else:
        os.write(file, bytes(size))
    os.fsync(file)


def is_full(error: sqlite3.Error | OSError) -> bool:
    """Whether an error is of a disk, or a quota, without room."""
    if isinstance(error, OSError):
        return error.errno in {errno.ENOSPC, errno.EDQUOT}
    return getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL
