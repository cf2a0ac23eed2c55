"""The first words of a connection: is this an Event Socket at all, and does it let us in?"""

from typing import Literal

from ccwall.errors import AuthRejected, ProtocolError

from .wire import Frame

GREETINGS = (b"Content-Type: ", b"Content-Length: ")

Step = Literal["", "ask", "accepted", "middle"]
"""What follows from a frame: nothing; the password is wanted; we are in; the recording began when somebody was in already."""


class Login:
    """One connection at a time; `clear` begins the next. `refusal` says why we are not let in."""

    def __init__(self, *, live: bool) -> None:
        self._live = live
        self.clear()

    def clear(self) -> None:
        self._greeting = b""
        self.refusal = ""

    def greet(self, data: bytes) -> bytes:
        """All that came, once it is known for an Event Socket's; empty until then. Every message of FreeSWITCH begins with
        one of two words; nobody else's does. Raises ProtocolError."""
        self._greeting += data
        start = self._greeting
        if not any(start.startswith(one[: len(start)]) for one in GREETINGS):
            raise ProtocolError(
                f"this is not an Event Socket: it greets with {start[:60]!r} instead of "
                "'Content-Type: auth/request'. Check the port (event_socket.conf.xml, usually 8021).",
                start,
            )
        if len(start) < len(GREETINGS[1]):
            return b""
        self._greeting = b""
        return start

    def take(self, frame: Frame) -> Step:
        """A frame of before the login is accepted. Raises AuthRejected in live mode."""
        if frame.kind == b"auth/request":
            return "ask"
        if frame.kind == b"text/rude-rejection":
            self._refuse(
                "FreeSWITCH does not let this address in: "
                f"{frame.body.decode('utf-8', 'replace').strip()!r}. Add it to the access list that apply-inbound-acl "
                "names in event_socket.conf.xml, and run 'reloadacl'."
            )
        elif frame.kind == b"command/reply":
            return self._reply(frame.get(b"Reply-Text"))
        elif not self._live and frame.kind.startswith((b"text/event-", b"api/")):
            return "middle"
        return ""

    def _reply(self, said: str) -> Step:
        if said.startswith("-ERR invalid"):
            self._refuse(f"FreeSWITCH refuses the password ({said}). Check it against event_socket.conf.xml.")
        return "accepted" if said.startswith("+OK accepted") else ""

    def _refuse(self, why: str) -> None:
        self.refusal = why
        if self._live:
            raise AuthRejected(why)
