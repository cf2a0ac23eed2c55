"""Events as a switch writes them, for the monitors of every device concerned."""

from collections.abc import Collection
from typing import Protocol

from ccwall_adapters.csta_xml.frame import EVENT, framed
from ccwall_adapters.csta_xml.writing import NAMESPACE, SESSION_NAMESPACE, leaf, tag

from .table import Call
from .variant import Variant


class Listener(Protocol):
    """A client with its monitors."""

    def references(self, device: str) -> Collection[str]: ...
    def hear(self, message: bytes) -> None: ...


class Saying:
    """The switch's own way of writing; `listeners` are the clients."""

    def __init__(self, variant: Variant) -> None:
        self._variant = variant
        self.namespace = NAMESPACE + variant.edition
        self.listeners: list[Listener] = []

    # ── words ──

    def message(self, name: str, *inner: str, session: bool = False) -> bytes:
        """A whole document, in the variant's edition and with its prefix."""
        namespace = SESSION_NAMESPACE if session else self.namespace
        if not (prefix := self._variant.prefix) or session:
            return f'<?xml version="1.0" encoding="UTF-8"?><{name} xmlns="{namespace}">{"".join(inner)}</{name}>'.encode()
        body = (
            "".join(inner).replace("</", f"\x00{prefix}:").replace("<", f"<{prefix}:").replace("\x00", "</")
        )
        start = f'<{prefix}:{name} xmlns:{prefix}="{namespace}">'
        return f'<?xml version="1.0"?>{start}{body}</{prefix}:{name}>'.encode()

    def device(self, number: str) -> str:
        """A device identifier as this make writes it."""
        if not number.isdigit() or self._variant.device_ids == "digits":
            return number
        if self._variant.device_ids == "uri":
            return f"tel:{number}" if len(number) > 6 else f"sip:{number}@switch.example"
        return f"N<{number}>;noa=nk"

    def subject(self, name: str, number: str) -> str:
        """A device in an event; one that is withheld is not known."""
        return tag(name, leaf("deviceIdentifier", self.device(number)) if number else tag("notKnown"))

    @staticmethod
    def connection(name: str, call: Call, device: str) -> str:
        return tag(name, leaf("callID", call.id), leaf("deviceID", device))

    def parties(self, call: Call) -> str:
        """Who called whom."""
        return self.subject("callingDevice", call.shown) + self.subject("calledDevice", call.called)

    # ── events ──

    def tell(
        self, name: str, concerned: Collection[str], *inner: str, call: Call | None = None, cause: str = ""
    ) -> None:
        """The event, once for every monitor of a device that it concerns. `call`: whose state at the device is added."""
        tail = leaf("cause", cause) if cause else ""
        for listener in list(self.listeners):
            for device in concerned:
                for reference in listener.references(device):
                    local = leaf("localConnectionInfo", call.parties.get(device, "null")) if call else ""
                    xml = self.message(
                        name + "Event", leaf("monitorCrossRefID", reference), *inner, local, tail
                    )
                    listener.hear(framed(EVENT, xml))
