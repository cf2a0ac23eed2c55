"""One end point as configuration writes it: a url, read strictly."""

import re
from collections.abc import Callable, Mapping, Sequence

import msgspec

INTERNET = ("tcp", "tls", "udp", "mqtt", "mqtts", "zmq", "socket", "rfc2217", "listen")
SCHEMES = (*INTERNET, "unix", "serial", "file", "inlet")
USUAL = ("tcp", "tls", "unix", "serial", "file")
"""Over any of these comes a plain stream of bytes."""
_URL = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://(.*)", re.DOTALL)
USB = re.compile(r"usb/(?:([0-9A-Fa-f]{4}):([0-9A-Fa-f]{4})(?:/([^/?#\s]{1,120}))?|([^/?#\s]{1,120}))")
"""A serial device by what it is, wherever it is plugged in: `usb/VID:PID`, `usb/VID:PID/SERIAL` or `usb/SERIAL`."""
_COM = re.compile(r"COM\d{1,3}")
"""A serial port of Windows."""
_HOST = re.compile(r"(?:\[([0-9A-Fa-f:.]+(?:%\w+)?)\]|([^\s:/@?#\[\]]+))(?::(\d{1,5}))?/?")

INSTEAD = {
    "pty": 'a pseudo-terminal is opened as what it stands for: "serial:///dev/pts/3"',
}

BAUDS = (300, 600, 1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200, 230400, 460800, 921600)
PARITIES = {"none": "N", "even": "E", "odd": "O", "mark": "M", "space": "S"}
BITS = {"5": 5, "6": 6, "7": 7, "8": 8}
STOPBITS = {"1": 1.0, "1.5": 1.5, "2": 2.0}
YES_NO = {"yes": True, "no": False}


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """How a serial line is set: 9600 8N1 without flow control unless the url says otherwise."""

    baud: int = 9600
    bytesize: int = 8
    parity: str = "none"
    stopbits: float = 1.0
    rtscts: bool = False
    xonxoff: bool = False


class Address(msgspec.Struct, frozen=True, kw_only=True):
    """One end point. ``host`` and ``port`` for what goes over the internet's protocols, ``path`` for the others, of a serial
    line also what `USB` reads; ``ca`` trusts this file instead of the system's; ``follow`` waits at the end of a file for
    more. An ``inlet`` has neither: others come to it, over ccwall's own web."""

    scheme: str
    host: str = ""
    port: int = 0
    path: str = ""
    ca: str = ""
    line: Line = Line()
    follow: bool = False

    def __str__(self) -> str:
        if self.scheme in INTERNET:
            host = f"[{self.host}]" if ":" in self.host else self.host
            return f"{self.scheme}://{host}:{self.port}{self._query()}"
        return f"{self.scheme}://{self.path}{self._query()}"

    def _query(self) -> str:
        if self.scheme in ("serial", "rfc2217"):
            return f"?baud={self.line.baud}"
        return "?follow=yes" if self.follow else ""


def address(url: str, port: int = 0, schemes: Sequence[str] = USUAL) -> Address:
    """The address a url means, ``port`` when it says none; ValueError tells what would be right. ``schemes``: the transports
    that may be.

    >>> str(address("tcp://pbx.example", 5038)), str(address("tls://[::1]:5039"))
    ('tcp://pbx.example:5038', 'tls://[::1]:5039')
    >>> address("serial:///dev/ttyUSB0?baud=4800&parity=even").line.parity
    'even'
    """
    found = _URL.fullmatch(url)
    if not found:
        raise ValueError(f'"{url[:80]}" is not an address like "tcp://host:{port or 5038}"')
    scheme, rest = found[1].lower(), found[2]
    if scheme in INSTEAD:
        raise ValueError(f"{INSTEAD[scheme]}; this one opens {', '.join(schemes)}")
    if scheme not in SCHEMES:
        raise ValueError(f'"{scheme[:20]}://" is not a transport; this release opens {", ".join(schemes)}')
    if scheme not in schemes:
        raise ValueError(
            f'"{scheme}://" is no transport for this source; it is read over {", ".join(schemes)}'
        )
    if scheme in INTERNET:
        return _internet(scheme, rest, port)
    if scheme == "inlet":
        if rest:
            raise ValueError('an inlet has no address: write "inlet://"')
        return Address(scheme=scheme)
    return _local(scheme, rest)


def _local(scheme: str, rest: str) -> Address:
    """A path on this machine, with how to open it behind a question mark (not for unix: there it is part of the path)."""
    path, mark, query = (rest, "", "") if scheme == "unix" else rest.partition("?")
    example = {"unix": "/run/socket", "serial": "/dev/ttyUSB0?baud=9600", "file": "/var/log/smdr.log"}[scheme]
    if scheme == "serial" and path.startswith("usb/"):
        if not USB.fullmatch(path):
            raise ValueError(
                'a USB device is written "serial://usb/0403:6001/SERIAL", or with one of the two alone; '
                "ccwall devices lists them"
            )
    elif (not path.startswith("/") and not (scheme == "serial" and _COM.fullmatch(path))) or "\0" in path:
        raise ValueError(f'a {scheme} address has three slashes and a whole path: "{scheme}://{example}"')
    if scheme == "serial":
        line = msgspec.convert(_said(query, bool(mark), _LINE), Line)
        return Address(scheme=scheme, path=path, line=line)
    if scheme == "file":
        said = _said(query, bool(mark), {"follow": _one_of(YES_NO)})
        return Address(scheme=scheme, path=path, follow=bool(said.get("follow", False)))
    return Address(scheme=scheme, path=path)


Reading = Callable[[str], int | float | bool | str]


def _one_of(words: Mapping[str, int | float | bool]) -> Reading:
    def read(word: str) -> int | float | bool:
        if word not in words:
            raise ValueError(f"must be one of {', '.join(words)}")
        return words[word]

    return read


def _parity(word: str) -> str:
    if word not in PARITIES:
        raise ValueError(f"must be one of {', '.join(PARITIES)}")
    return word


_LINE: Mapping[str, Reading] = {
    "baud": _one_of({str(baud): baud for baud in BAUDS}),
    "bytesize": _one_of(BITS),
    "parity": _parity,
    "stopbits": _one_of(STOPBITS),
    "rtscts": _one_of(YES_NO),
    "xonxoff": _one_of(YES_NO),
}


def _said(query: str, marked: bool, known: Mapping[str, Reading]) -> dict[str, int | float | bool | str]:
    """What stands behind the question mark, each key once and only those that are known."""
    said: dict[str, int | float | bool | str] = {}
    for part in query.split("&") if marked else ():
        key, equals, word = part.partition("=")
        if key not in known or not equals:
            raise ValueError(
                f'"{part[:40]}" is none of what may stand behind the "?": {", ".join(f"{k}=…" for k in known)}'
            )
        if key in said:
            raise ValueError(f'"{key}" is said twice')
        try:
            said[key] = known[key](word)
        except ValueError as error:
            raise ValueError(f'{key} {error}, not "{word[:20]}"') from None
    return said


def _internet(scheme: str, rest: str, port: int) -> Address:
    rest, mark, query = rest.partition("?") if scheme in ("socket", "rfc2217") else (rest, "", "")
    if scheme == "socket" and mark:
        raise ValueError(
            'over a raw socket nobody can set the line: leave out what stands behind the "?", and set '
            "speed and parity at the terminal server (or write rfc2217://, if it speaks that)"
        )
    line = msgspec.convert(_said(query, bool(mark), _LINE), Line)
    found = _HOST.fullmatch(rest)
    if not found:
        raise ValueError(f'"{rest[:80]}" is not a host with a port: write "{scheme}://host:port"')
    host = found[1] or found[2]
    try:
        host.encode("idna")
    except UnicodeError:
        raise ValueError(f'"{host[:80]}" cannot be the name of a host') from None
    if not host.isprintable():
        raise ValueError("a host's name has no control characters")
    chosen = int(found[3]) if found[3] else port
    if not 1 <= chosen <= 65535:
        raise ValueError(f"the port must be from 1 to 65535, not {found[3] or 'missing'}")
    return Address(scheme=scheme, host=host, port=chosen, line=line)
