"""Who is meant: extensions and SIP addresses, as configuration and as messages write them."""

import re
from urllib.parse import unquote

MOST_WATCHED = 5000
"""Phones of one source; a subscription each."""
_EXTENSIONS = re.compile(r"(\d{1,12})-(\d{1,12})")
_USER = re.compile(r"[^\s@<>\"\x00-\x1f]{1,128}")
_ADDRESS = re.compile(r"(?:(sips?):)?([^\s@<>\";]{1,128})@([^\s@<>\";/]{1,255})", re.IGNORECASE)
_ANY = re.compile(r"(?:sips?|pres|tel):(?:([^@;?]*)@)?([^;?]*)", re.IGNORECASE)


def watched(items: tuple[str, ...]) -> tuple[str, ...]:
    """What to watch, one by one: `"1001"`, `"1001-1020"`, `"sip:li@pbx.example"`. ValueError says what would be right.

    >>> watched(("0998-1001", "SIP:li@PBX"))
    ('0998', '0999', '1000', '1001', 'li@pbx')
    """
    found: dict[str, None] = {}
    for item in items:
        for one in _each(item.strip()):
            found[one] = None
        if len(found) > MOST_WATCHED:
            raise ValueError(f"watch: no more than {MOST_WATCHED} phones of one source can be watched")
    return tuple(found)


def _each(item: str) -> tuple[str, ...]:
    extensions = _EXTENSIONS.fullmatch(item)
    if extensions and len(extensions[1]) == len(extensions[2]):
        first, last = int(extensions[1]), int(extensions[2])
        if not 0 <= last - first < MOST_WATCHED:
            raise ValueError(f'watch: "{item[:60]}" is not from a lower to a higher extension')
        return tuple(str(number).zfill(len(extensions[1])) for number in range(first, last + 1))
    if found := _ADDRESS.fullmatch(item):
        return (f"{found[2]}@{found[3].lower()}",)
    if _USER.fullmatch(item) and ":" not in item:
        return (item,)
    raise ValueError(f'watch: "{item[:60]}" is no phone: write "1001", "1001-1020" or "sip:user@host"')


def aor(uri: str) -> str:
    """`user@host` of a SIP address, without what belongs to one call or one way; the host alone when nobody is named.

    >>> aor("sip:%31003@PBX:5060;transport=tcp"), aor("<sip:x@y>")
    ('1003@pbx:5060', '')
    """
    found = _ANY.match(uri)
    if found is None:
        return ""
    user = unquote((found[1] or "").partition(":")[0])
    return f"{user}@{found[2].lower()}" if user else found[2].lower()
