"""JSON pointers (RFC 6901): where in a payload a value stands.

>>> find({"a/b": [10, {"~": 5}]}, parsed("/a~1b/1/~0"))
5
"""

from collections.abc import Sequence

MISSING = object()
Pointer = Sequence[str]


def parsed(text: str) -> Pointer:
    """ValueError when it is none. Empty: the whole payload."""
    if not text:
        return ()
    if not text.startswith("/"):
        raise ValueError(f'"{text[:60]}" is no JSON pointer: it begins with a slash, as in "/state/occupied"')
    for place, letter in enumerate(text):
        if letter == "~" and text[place + 1 : place + 2] not in ("0", "1"):
            raise ValueError(f'"{text[:60]}" is no JSON pointer: "~" is written "~0", and "/" in a name "~1"')
    return tuple(part.replace("~1", "/").replace("~0", "~") for part in text[1:].split("/"))


def find(value: object, pointer: Pointer) -> object:
    """What stands there, or `MISSING`."""
    for part in pointer:
        if isinstance(value, dict):
            value = value.get(part, MISSING)
        elif isinstance(value, list) and part.isascii() and part.isdigit() and str(int(part[:9])) == part:
            value = value[int(part)] if int(part) < len(value) else MISSING
        else:
            return MISSING
    return value
