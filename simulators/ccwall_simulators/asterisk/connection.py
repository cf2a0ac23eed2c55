"""One client of the manager port: its login, its rights, and the bytes in both directions, all of them bounded."""

from collections.abc import Iterable, Mapping
from hashlib import md5
from typing import Protocol

from ccwall_adapters.asterisk_ami.frame import encode
from ccwall_simulators.timers import Timers

from .channel import Channel, Numbers
from .speaker import Speaker, iso, lines
from .variant import RIGHTS, Variant

UNFINISHED = 64 * 1024
"""Bytes a client may send without ending its message. No action needs more than some KiB."""
UNREAD = 32 * 1024 * 1024
"""Bytes a client may leave unread before it is hung up on, as `writetimeout` does."""
REFUSED_AFTER = 1.0
"""Seconds until a wrong password is told; then the connection ends."""
LOGIN_WITHIN = 30.0
"""`authtimeout`."""
_ON, _OFF = frozenset({"on", "all", "true", "yes", "y"}), frozenset({"off", "none", "false", "no", "n"})

Headers = Mapping[str, str]
"""Names in small letters; of a repeated one the first counts."""


class Desk(Protocol):
    """Who answers the actions of a client that is logged in."""

    def act(self, client: "AmiConnection", action: str, headers: Headers) -> None: ...
    def forget(self, client: "AmiConnection") -> None: ...


class AmiConnection:
    """See `far_end.Connection`. `port` only tells the clients apart in the security events."""

    def __init__(
        self,
        desk: Desk,
        variant: Variant,
        speaker: Speaker,
        timers: Timers,
        numbers: Numbers,
        credentials: tuple[str, str],
        port: int,
    ) -> None:
        self._desk, self.variant, self._speaker = desk, variant, speaker
        self._timers, self._numbers, self._credentials = timers, numbers, credentials
        self._port, self._began = port, timers.now
        self._in, self._out = b"", bytearray()
        self._headers: dict[str, str] = {}
        self._size = 0
        self._challenge = ""
        self._logged_in = self._deaf = self._closed = False
        self._mask: frozenset[str] = frozenset()
        self._write(f"Asterisk Call Manager/{variant.ami}\r\n".encode())
        timers.after(LOGIN_WITHIN, self._expect_login)

    # ── the contract ──

    @property
    def closed(self) -> bool:
        return self._closed

    def receive(self, data: bytes) -> None:
        """Lines end with LF, with or without CR, as Asterisk takes them."""
        if not self._listens():
            return
        *lines_in, self._in = (self._in + data).split(b"\n")
        for line in lines_in:
            self._size += len(line) + 1
            self._line(line.rstrip(b"\r").decode("utf-8", "replace"))
            if not self._listens():
                return
        if self._size + len(self._in) > UNFINISHED:
            self.hang_up()

    def outgoing(self) -> bytes:
        data = bytes(self._out)
        self._out.clear()
        return data

    def close(self) -> None:
        self._out.clear()
        self.hang_up()

    # ── what the exchange does with it ──

    def hear(self, right: str, message: bytes) -> None:
        """An event; only those that the user may see and asked for."""
        if right in self._mask and right in self.variant.read:
            self._write(message)

    def hang_up(self) -> None:
        if not self._closed:
            self._closed = True
            self._in = b""
            self._desk.forget(self)

    def answer(self, headers: Headers, kind: str, *told: tuple[str, str]) -> None:
        """A response, with the ActionID of its question."""
        self.send((("Response", kind), *self.echo(headers), *told))

    def error(self, headers: Headers, message: str) -> None:
        self.answer(headers, "Error", ("Message", message))

    def send(self, pairs: Iterable[tuple[str, str]]) -> None:
        self._write(encode(pairs))

    def send_raw(self, data: bytes) -> None:
        self._write(data)

    def send_channel(
        self, head: Iterable[tuple[str, str]], channel: Channel, tail: Iterable[tuple[str, str]]
    ) -> None:
        """An item of a list that describes a channel."""
        self._write(lines(*head) + channel.block() + encode(tail))

    def wants(self, right: str) -> bool:
        return right in self._mask

    @staticmethod
    def echo(headers: Headers) -> tuple[tuple[str, str], ...]:
        action_id = headers.get("actionid", "")
        return (("ActionID", action_id),) if action_id else ()

    def ask_events(self, mask: str) -> str:
        """`Events: …` of a login or an Events action; returns On, Off, or nothing if it is no mask."""
        words = frozenset(word.strip() for word in mask.lower().split(","))
        if words <= _ON:
            self._mask = RIGHTS
        elif words <= _OFF:
            self._mask = frozenset()
        elif words <= RIGHTS:
            self._mask = words
        else:
            return ""
        return "On" if self._mask else "Off"

    def _write(self, data: bytes) -> None:
        if self._closed:
            return
        self._out += data
        if len(self._out) > UNREAD:
            self._out.clear()
            self.hang_up()

    # ── messages in ──

    def _listens(self) -> bool:
        return not (self._closed or self._deaf)

    def _line(self, line: str) -> None:
        if line:
            name, colon, value = line.partition(":")
            if colon:
                self._headers.setdefault(name.strip().lower(), value.strip())
            return
        self._size = 0
        headers, self._headers = self._headers, {}
        if headers:
            self._message(headers)

    def _message(self, headers: Headers) -> None:
        action = headers.get("action", "")
        known = action.lower()
        if not action:
            self.error(headers, "Missing action in request")
        elif known == "login":
            self._log_in(headers)
        elif known == "challenge":
            self._challenge_to(headers)
        elif known == "logoff":
            self.answer(headers, "Goodbye", ("Message", "Thanks for all the fish."))
            self.hang_up()
        elif not self._logged_in:
            self.error(headers, "Permission denied")
        else:
            self._desk.act(self, action, headers)

    def _challenge_to(self, headers: Headers) -> None:
        if headers.get("authtype", "").lower() != "md5":
            self.error(headers, "Must specify AuthType")
            return
        self._challenge = self._challenge or self._numbers.challenge()
        self.answer(headers, "Success", ("Challenge", self._challenge))

    def _log_in(self, headers: Headers) -> None:
        if self._logged_in:
            self.answer(headers, "Success", ("Message", "Already authenticated"))
        elif not self._is_right(headers):
            self._deaf = True
            self._timers.after(REFUSED_AFTER, lambda: self._refuse(headers))
        else:
            self._logged_in = True
            self.ask_events(headers.get("events", "on"))
            self.answer(headers, "Success", ("Message", "Authentication accepted"))
            self._desk.act(self, "Login", headers)

    def _is_right(self, headers: Headers) -> bool:
        name, secret = self._credentials
        if headers.get("username", "").lower() != name.lower():
            return False
        if headers.get("authtype", "").lower() == "md5":
            proof = md5((self._challenge + secret).encode(), usedforsecurity=False).hexdigest()
            return bool(self._challenge) and headers.get("key", "") == proof
        return headers.get("secret", "") == secret

    def _refuse(self, headers: Headers) -> None:
        if self._closed:
            return
        self.error(headers, "Authentication failed")
        self.hang_up()
        self.say_security("InvalidPassword", "Error", "2", ("SessionTV", iso(0)))

    def _expect_login(self) -> None:
        if not self._logged_in and not self._deaf:
            self.hang_up()

    def say_security(self, kind: str, severity: str, version: str, *told: tuple[str, str]) -> None:
        """Of this session, to all who may see security events."""
        self._speaker.event(
            kind,
            "security",
            lines(
                ("EventTV", iso(self._timers.now)),
                ("Severity", severity),
                ("Service", "AMI"),
                ("EventVersion", version),
                ("AccountID", self._credentials[0]),
                ("SessionID", f"0x{0x7F0000000000 + self._port:x}"),
                ("LocalAddress", "IPV4/TCP/127.0.0.1/5038"),
                ("RemoteAddress", f"IPV4/TCP/127.0.0.1/{self._port}"),
                *told,
            ),
        )

    @property
    def since(self) -> str:
        return iso(self._began)
