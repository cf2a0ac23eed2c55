"""What of a fact an outlet may say: callers' numbers and names as they are, masked, or not at all."""

from collections.abc import Callable, Mapping

import msgspec

from ccwall.access.sight import MASK, mask
from ccwall.events import AnyEvent
from ccwall.outlets.contract import Callers

INTERNAL = 6
"""Digits up to which a number that a call was passed on to is an extension, nobody's private one."""


def _number(text: str) -> str:
    return mask(text)


def _name(text: str) -> str:
    return MASK if text else ""


def _foreign(text: str) -> str:
    return text if len(text) <= INTERNAL else mask(text)


def _nothing(_text: str) -> str:
    return ""


_PERSONAL: Mapping[str, Mapping[str, Callable[[str], str]]] = {
    "contact.offered": {"caller": _number},
    "contact.queued": {"caller": _number, "caller_name": _name},
    "contact.refused": {"caller": _number},
    "contact.callback_requested": {"number": _number},
    "contact.transferred": {"to": _foreign},
    "call.logged": {"number": _number, "name": _name, "raw": _nothing},
}
"""By the tag of a fact, its fields that tell of a caller."""


def masked(event: AnyEvent, callers: Callers) -> AnyEvent:
    """The fact as it may be said."""
    personal = _PERSONAL.get(str(event.__struct_config__.tag))
    if personal is None or callers == "full":
        return event
    hide = _nothing if callers == "none" else None
    said = {field: (hide or how)(getattr(event, field)) for field, how in personal.items()}
    changed: AnyEvent = msgspec.structs.replace(event, **said)
    return changed
