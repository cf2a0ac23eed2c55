"""Caller id as a modem passes it on: the formatted lines of V.253, and the message itself in hexadecimal (`AT+VCID=2`).

The message is Telcordia GR-30-CORE: type, length, data, checksum; type 04 is a single message (MMDDHHMM, number), type 80 a
list of parameters: 01 time, 02 number, 04 why there is none, 07 name, 08 why there is none.
"""

import re

import msgspec

SINGLE, MULTIPLE = 0x04, 0x80
_TIME, _NUMBER, _NO_NUMBER, _NAME, _NO_NAME = 0x01, 0x02, 0x04, 0x07, 0x08
_FIELD = re.compile(r"(DATE|TIME|NMBR|NAME|MESG|DDN_NMBR|DRON|DROF)\s*=\s*(.*?)\s*", re.IGNORECASE)
WITHHELD = {"P", "O"}
"""Private, and out of area."""


class CallerId(msgspec.Struct, frozen=True, kw_only=True):
    """`time`: MMDDHHMM by the network's clock."""

    time: str = ""
    number: str = ""
    name: str = ""


def field(text: str) -> tuple[str, str] | None:
    """`NMBR = 123` or `NMBR=123`; None when the line is none of these.

    >>> field("NMBR = 02187654321")
    ('NMBR', '02187654321')
    """
    found = _FIELD.fullmatch(text)
    return None if found is None else (found[1].upper(), found[2])


def message(hexadecimal: str) -> CallerId | None:
    """What a raw message says; None when it is damaged, or of another kind.

    >>> message("041230333231313430353032313837363534333254")
    CallerId(time='03211405', number='0218765432', name='')
    """
    try:
        whole = bytes.fromhex(hexadecimal)
    except ValueError:
        return None
    if len(whole) < 2 or len(whole) not in (whole[1] + 2, whole[1] + 3):
        return None
    if len(whole) == whole[1] + 3 and sum(whole) % 256:
        return None
    data = whole[2 : whole[1] + 2]
    if whole[0] == SINGLE:
        number = _text(data[8:])
        return CallerId(time=_text(data[:8]), number="" if number in WITHHELD else number)
    return _parameters(data) if whole[0] == MULTIPLE else None


def _parameters(data: bytes) -> CallerId | None:
    said: dict[int, str] = {}
    while len(data) >= 2:
        kind, length = data[0], data[1]
        if len(data) < length + 2:
            return None
        said[kind] = _text(data[2 : length + 2])
        data = data[length + 2 :]
    return CallerId(time=said.get(_TIME, ""), number=said.get(_NUMBER, ""), name=said.get(_NAME, ""))


def _text(data: bytes) -> str:
    return "".join(character for character in data.decode("latin-1") if character.isprintable()).strip()


def written(said: CallerId, why_not: str = "") -> str:
    """The message of many parameters in hexadecimal, with its checksum; `why_not`: P or O instead of a number."""
    parts = [
        (_TIME, said.time),
        (_NO_NUMBER, why_not) if why_not else (_NUMBER, said.number),
        (_NAME, said.name),
    ]
    data = b"".join(bytes([kind, len(text)]) + text.encode("latin-1") for kind, text in parts if text)
    whole = bytes([MULTIPLE, len(data)]) + data
    return (whole + bytes([-sum(whole) % 256])).hex().upper()
