"""What is called at an address: the extension in the names that sources give to phones and people."""

import re
from functools import lru_cache

_OF_TECHNOLOGY = re.compile(
    r"(?:pjsip|sip|iax2|sccp|skinny|local|user)/([^/@;:]+)(?:[/@;:].*)?", re.IGNORECASE
)
"""``PJSIP/1003``, ``Local/1003@agents/n``, ``user/1003@office``."""
_OF_URI = re.compile(r"(?:sips?|tel):([^@;:]+)(?:[@;:].*)?", re.IGNORECASE)
"""``sip:1003@host:5060;transport=tcp``, ``tel:1003``."""
_OF_HINT = re.compile(r"hint:([^@]+)@.*", re.IGNORECASE)
_OF_CSTA = re.compile(r"N<([^<>]*)>.*", re.IGNORECASE)
"""ECMA-269 6.1.3: a device number, and what is said of it."""
_AT = re.compile(r"([^/@:\s]+)@[^/@\s]+")
_VARIABLES = re.compile(r"^(?:[\[{][^\]}]*[\]}])+")
"""FreeSWITCH writes variables of a call before an address."""
_BRACKETS = re.compile(r"[^<>]*<([^<>]+)>(?:;.*)?")
"""``"Anna" <sip:1003@host>;tag=1``."""
PLAIN = re.compile(r"[\w+*#.-]{1,40}")
LONGEST = 500


@lru_cache(maxsize=8192)
def extension_of(address: str) -> str | None:
    """The extension at this address; None when it has none that can be told for sure.

    >>> [extension_of(each) for each in ("PJSIP/1003", "sip:1003@pbx.example:5060", "1003@default", "Local/1003@agents/n")]
    ['1003', '1003', '1003', '1003']
    >>> [extension_of(each) for each in ("N<1003>;Anna", "user/1003", "1003", "Agent/1003", "DAHDI/1-1")]
    ['1003', '1003', '1003', None, None]
    """
    text = _VARIABLES.sub("", address[:LONGEST].strip())
    for shape in (_OF_CSTA, _OF_TECHNOLOGY, _OF_URI, _OF_HINT, _AT, PLAIN):
        found = shape.fullmatch(text)
        if found is not None:
            user = found[1] if shape.groups else found[0]
            return user if PLAIN.fullmatch(user) else None
    inner = _BRACKETS.fullmatch(text)
    return extension_of(inner[1]) if inner is not None and "<" not in inner[1] else None
