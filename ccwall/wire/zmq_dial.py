"""What a ZeroMQ link must know beside its address: the pattern, which end listens, and whose keys are good.

A key is 32 bytes in the letters of Z85 (ZeroMQ RFC 32), 40 of them, as every ZeroMQ tool writes it. Who listens is the
CURVE server: it has a secret key, and a list of the public keys that may come. Who connects has a secret key of its
own, and the public key of the server.
"""

import re
from collections.abc import Mapping
from typing import Literal

import msgspec

from ccwall.adapter import Dial

Pattern = Literal["sub", "pull", "router", "dealer"]

MOST_ALLOWED = 10_000
"""Keys in a list: what is longer is no list of keys."""
_KEY = re.compile(r"[0-9a-zA-Z.\-:+=^!/*?&<>()\[\]{}@%$#]{40}")


class ZmqDial(Dial, frozen=True, kw_only=True):
    """`secret` is our own secret key, `server_key` the public key of whom we connect to. `allowed`: who may connect to us, by
    name, and `allowed_file` a list of the same, read again at every connection. `insecure`: no keys, and yet not only this
    machine. `receipts`: a message that has one is kept by its sender until it hears that it is safe."""

    pattern: Pattern = "sub"
    bind: bool = False
    topics: tuple[str, ...] = ("",)
    secret: str = ""
    server_key: str = ""
    allowed: dict[str, str] = msgspec.field(default_factory=dict)
    allowed_file: str = ""
    insecure: bool = False
    high_water: int = 20_000


def is_key(text: str) -> bool:
    """Whether it can be a CURVE key.

    >>> is_key("rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7"), is_key("secret")
    (True, False)
    """
    return _KEY.fullmatch(text) is not None


def keys_trouble(
    *,
    bind: bool,
    secret: str | None,
    server_key: str,
    allowed: Mapping[str, str],
    allowed_file: str,
) -> str:
    """What is wrong with the keys of a source or an outlet; empty when nothing is. Never says a secret.

    `secret` is None when there is none, and empty when it is out of reach: recordings are read without it.
    """
    if secret and not is_key(secret):
        return 'secret is not a CURVE key of 40 letters: make one with "ccwall edge --keys NAME"'
    if server_key and not is_key(server_key):
        return "server_key is not a CURVE key of 40 letters: it is the content of the server's NAME.public"
    if wrong := [name for name, key in allowed.items() if not is_key(key)]:
        return f"the key of {wrong[0][:40]!r} is not a CURVE key of 40 letters: it is the content of its NAME.public"
    named = bool(allowed or allowed_file)
    if bind and server_key:
        return "server_key is for who connects; this end listens, and needs secret and a list of who may come"
    given = secret is not None
    if bind and given != named:
        return "secret and the list of who may come belong together: " + (
            "nobody is in the list" if given else "secret is missing"
        )
    if not bind and named:
        return "a list of who may come is for the end that listens; this one connects, and needs secret and server_key"
    if not bind and given != bool(server_key):
        return f"secret and server_key belong together: {'server_key' if given else 'secret'} is missing"
    return ""


def key_list(text: str) -> dict[str, str]:
    """Names by public key, of lines `NAME KEY`; `#` begins a comment. ValueError names the line.

    >>> key_list("# desks\\npc-1 rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7")
    {'rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7': 'pc-1'}
    """
    found: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), 1):
        words = line.split()
        if not words or words[0].startswith("#"):
            continue
        if len(words) != 2 or not is_key(words[1]):
            raise ValueError(f'line {number} is not "NAME KEY", the key of 40 letters')
        if words[0] in found.values() or words[1] in found:
            raise ValueError(f"line {number} says a name or a key a second time")
        if len(found) == MOST_ALLOWED:
            raise ValueError(f"has more than {MOST_ALLOWED} keys")
        found[words[1]] = words[0]
    return found
