"""The code that lets whoever sees the server's console make the first account, while there is none."""

import hashlib
import secrets

from ccwall.events import Principal

ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
GROUPS, GROUP = 3, 4
"""60 bits: enough for half an hour of tries that are counted."""
LASTS = 1800.0
SETUP = Principal(id="setup", role="manager")


class FirstCode:
    """Good until `until` (epoch seconds), and only while there is no account."""

    def __init__(self, now: float) -> None:
        groups = ("".join(secrets.choice(ALPHABET) for _ in range(GROUP)) for _ in range(GROUPS))
        self.text = "-".join(groups)
        self.until = now + LASTS


def plain(typed: str) -> str:
    """However it was copied from the console.

    >>> plain(" abcd efgh-2345 ")
    'ABCD-EFGH-2345'
    """
    letters = "".join(letter for letter in typed.upper() if letter.isascii() and letter.isalnum())
    if len(letters) != GROUPS * GROUP:
        return ""
    return "-".join(letters[at : at + GROUP] for at in range(0, len(letters), GROUP))


def digest_of(code: str) -> bytes:
    return hashlib.sha256(code.encode()).digest()
