"""Devices, connections and instants as CSTA messages write them, whatever the edition and the vendor's habit."""

import re
from datetime import datetime
from typing import NamedTuple

from ccwall.wire.xml import Element, parse

__all__ = [
    "CLOCK_SLACK",
    "LONGEST_ID",
    "Connection",
    "Element",
    "connection",
    "connection_in",
    "device",
    "device_in",
    "every",
    "flag",
    "instant",
    "number",
    "read",
    "reason",
]

LONGEST_ID = 200
"""Characters of a call's or a device's id; longer ones are somebody's attack on our memory."""
CLOCK_SLACK = 2.0
"""Seconds by which the switch's own times may differ from our clock and still be believed."""

_INSTANTS = ("systemTime", "timestamp", "timeStamp", "eventTime")
_REASONS = ("reasonCode", "reason", "notReadyReason", "reasonText")
_DEVICES = frozenset({"deviceIdentifier", "deviceNumber", "deviceID", "deviceObject", "device"})
_BRACKETED = re.compile(r"[A-Za-z]?<([^<>]*)>")
_SEPARATORS = str.maketrans("", "", "-.() ")


class Connection(NamedTuple):
    """A call at a device; the device is empty where it is not known."""

    call: str
    device: str


def read(xml: bytes) -> Element | None:
    """A message; None when its XML cannot be read, or is refused."""
    try:
        return parse(xml)
    except ValueError:
        return None


def number(written: str) -> str:
    """The number in a device identifier (ECMA-269, clause 12.3): plain digits, the switch's own notation, a URI.

    >>> [number(one) for one in ("3001", "N<3021061290002>;noa=nk", "tel:+49-30-1234;ext=7", "sip:3001@pbx:5060;user=phone")]
    ['3001', '3021061290002', '+49301234', '3001']
    """
    written = written.strip()[:LONGEST_ID]
    scheme, colon, rest = written.partition(":")
    if colon and scheme.lower() in ("sip", "sips"):
        return rest.partition("@")[0].partition(";")[0]
    if colon and scheme.lower() == "tel":
        return rest.partition(";")[0].translate(_SEPARATORS)
    found = _BRACKETED.match(written)
    if found is not None:
        return found[1].partition(";")[0].strip()
    return written.partition(";")[0].strip()


def device(element: Element | None) -> str:
    """The number of a device; empty when it is not known, restricted, or not said."""
    if element is None:
        return ""
    if element.text:
        return number(element.text)
    for child in element.children:
        if child.text and child.name in _DEVICES:
            return number(child.text)
        if child.children and (found := device(child)):
            return found
    return ""


def device_in(message: Element, *names: str) -> str:
    """Of the first of these children."""
    return device(message.child(*names))


def connection(element: Element | None) -> Connection | None:
    """A ConnectionID; None when it names no call."""
    if element is None:
        return None
    call = element.within("callID")[:LONGEST_ID]
    if not call:
        inner = next((child for child in element.children if child.children), None)
        return connection(inner)
    return Connection(call, device(element.child("deviceID")))


def connection_in(message: Element, *names: str) -> Connection | None:
    """Of the first of these children; of any child that is one, when there is none."""
    found = connection(message.child(*names))
    if found is None and message.child(*names) is None:
        found = next(
            (c for child in message.children if child.child("callID") and (c := connection(child))), None
        )
    return found


def flag(text: str) -> bool:
    return text.lower() in ("true", "1")


def every(element: Element, name: str) -> list[Element]:
    """All elements of this name, at any depth (the depth of a document is bounded)."""
    found = [child for child in element.children if child.name == name]
    for child in element.children:
        if child.name != name:
            found += every(child, name)
    return found


def _private(message: Element) -> list[Element]:
    return [child for child in message.children if child.name in ("extensions", "privateData")]


def reason(message: Element) -> str:
    """Why an agent is not ready: standing CSTA has no place for it, so vendors put it into their private data."""
    for part in (message, *_private(message)):
        for name in _REASONS:
            found = every(part, name) if part is not message else list(message.all(name))
            if found and found[0].text:
                return found[0].text[:LONGEST_ID]
    return ""


def instant(message: Element, now: float) -> float:
    """When the switch says it happened, if it says so with its zone and its clock goes right; else now."""
    for part in (message, *_private(message)):
        for name in _INSTANTS:
            found = every(part, name) if part is not message else list(message.all(name))
            if found:
                return _believed(found[0].text, now)
    return now


def _believed(written: str, now: float) -> float:
    try:
        told = datetime.fromisoformat(written)
        at = told.timestamp() if told.tzinfo is not None else now
    except (ValueError, OverflowError, OSError):
        return now
    return at if abs(at - now) <= CLOCK_SLACK else now
