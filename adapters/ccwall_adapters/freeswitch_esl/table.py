"""What `api callcenter_config … list` answers: columns parted by `|`, a first row of names, a last line `+OK`.

Nothing is quoted or escaped (mod_callcenter.c 3466), so a value may hold the separator: what a row has too much belongs to
the one column people write freely. An empty list has no row of names; an unknown queue looks the same.
"""

import re
from collections.abc import Mapping

Row = Mapping[str, str]

FREE = ("cid_name", "contact", "moh_sound")
"""Columns that people or callers write: a name, a dial string, a file or URL of music."""
READ = frozenset(
    {
        *("name", "strategy", "calls_answered", "calls_abandoned"),
        *("contact", "status", "wrap_up_time", "last_status_change"),
        *("queue", "agent", "level"),
        *("uuid", "session_uuid", "cid_number", "cid_name", "state", "serving_agent"),
        *("joined_epoch", "rejoined_epoch", "bridge_epoch"),
    }
)
"""The columns that are wanted."""
MOST_ROWS = 200_000
"""Of one list; a PBX with more has never been seen."""
LONGEST = 1024
"""Characters of a value that are kept."""

_NUMBER = re.compile(r"-?\d{1,18}(?:\.\d{1,6})?", re.ASCII)


def rows(text: str) -> list[Row] | None:
    """The rows of a list, of each what is in `READ`; None when this is no list but an error (``-ERR …``, ``-USAGE: …``).

    >>> rows("name|contact|status\\na|user/1|user/2|On Break\\n+OK\\n")
    [{'name': 'a', 'contact': 'user/1|user/2', 'status': 'On Break'}]
    >>> rows("+OK\\n"), rows("-ERR Agent not found!\\n")
    ([], None)
    """
    lines = text.split("\n")
    while lines and not lines[-1].strip("\r"):
        lines.pop()
    if not lines or lines[-1].strip("\r") != "+OK":
        return None
    if len(lines) < 2:
        return []
    names = lines[0].strip("\r").split("|")
    free = next((names.index(name) for name in FREE if name in names), -1)
    read = {name: at for at, name in enumerate(names) if name in READ}
    columns, width = tuple(read.items()), len(names)
    found: list[Row] = []
    for line in lines[1:-1][:MOST_ROWS]:
        values = line.split("|")
        extra = len(values) - width
        if extra > 0 and free >= 0:
            values[free : free + extra + 1] = ["|".join(values[free : free + extra + 1])]
            extra = 0
        if len(line) > LONGEST:
            values = [value[:LONGEST] for value in values]
        if not extra:
            found.append({name: values[at] for name, at in columns})
    return found


def number(text: str, default: float = 0.0) -> float:
    """A value that should be a number; what is not one counts as `default`.

    >>> number("1795307261"), number(""), number("nan"), number("9" * 400)
    (1795307261.0, 0.0, 0.0, 0.0)
    """
    if len(text) <= 18 and text.isascii() and text.isdecimal():
        return float(text)  # which nearly all of them are
    return float(text) if _NUMBER.fullmatch(text) else default
