"""What the journal remembers, looked at without touching it: also while ccwall runs."""

import sqlite3
from contextlib import closing

from ccwall.config import SITE, Config, journal_folder
from ccwall.errors import JournalError
from ccwall.history import store
from ccwall.history.opening import JOURNAL
from ccwall.history.past import remember


def board_of(config: Config) -> dict[str, object]:
    """The board as of the last fact in the journal. JournalError when there is none, or it cannot be read."""
    path = journal_folder(config) / JOURNAL
    if not path.exists():
        raise JournalError(
            f"{path.parent} has no {JOURNAL}: run ccwall serve first, or give a board with --from-board"
        )
    try:
        with closing(store.look(path)) as connection:
            past = remember(connection, SITE)
    except sqlite3.Error as error:
        raise JournalError(f"{path} cannot be read: {error}") from None
    return past.engine.board(past.lived or 0.0)
