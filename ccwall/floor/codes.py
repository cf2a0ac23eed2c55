"""Signed codes for patrols: a sheet of them hangs at the rows, and who opens one there says by it where they stand.

A code is `<what it says>.<signature>`, both base64url: team, row and until when, in MessagePack; 16 bytes of HMAC-SHA-256 with a
key of this house. It opens nothing: who presses must be signed in, and may patrol there.
"""

import hmac
import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from secrets import token_bytes

import msgspec

KEY_LENGTH, SIGNATURE_LENGTH = 32, 16
LONGEST = 1024
"""Characters of a code; a longer one is none of ours."""


class Place(msgspec.Struct, frozen=True, array_like=True):
    """What a code says. ``until`` in epoch seconds."""

    team: str
    row: str
    until: float


class Codes:
    """``key`` is asked for when the first code is made or read."""

    def __init__(self, key: Callable[[], bytes]) -> None:
        self._load = key
        self._key: bytes | None = None

    def make(self, place: Place) -> str:
        body = msgspec.msgpack.encode(place)
        return f"{_written(body)}.{_written(self._sign(body))}"

    def read(self, code: str, now: float) -> Place | None:
        """What it says; None when it is forged, damaged or too old."""
        if len(code) > LONGEST:
            return None
        said, _, signature = code.partition(".")
        try:
            body, given = _bytes(said), _bytes(signature)
        except ValueError:
            return None
        if not hmac.compare_digest(self._sign(body), given):
            return None
        try:
            place = msgspec.msgpack.decode(body, type=Place)
        except (msgspec.DecodeError, msgspec.ValidationError):
            return None
        return place if place.until > now else None

    def _sign(self, body: bytes) -> bytes:
        if self._key is None:
            self._key = self._load()
        return hmac.digest(self._key, b"patrol\0" + body, sha256)[:SIGNATURE_LENGTH]


def key_in(folder: Path | None) -> bytes:
    """The key of the house, made at its first need; readable by nobody else. Without a folder it lasts as long as the process."""
    if folder is None:
        return token_bytes(KEY_LENGTH)
    path = folder / "patrol.key"
    try:
        made = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        known = path.read_bytes()
        if len(known) == KEY_LENGTH:
            return known
        path.unlink()
        return key_in(folder)
    except OSError:
        return token_bytes(KEY_LENGTH)
    with os.fdopen(made, "wb") as file:
        key = token_bytes(KEY_LENGTH)
        file.write(key)
    return key


def _written(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    if not text.isascii():
        raise ValueError("no base64url")
    data = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if _written(data) != text:
        raise ValueError("not as we write it")
    return data
