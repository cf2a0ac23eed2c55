"""The door: tokens, and the sessions that stand for them.

A token is a secret from the configuration. In memory is only its digest, and a key made from it that signs
sessions. A session is a cookie that proves itself: after a restart of the server the wall is still logged in, and
taking the token out of the configuration ends every session of it.
"""

import base64
import hashlib
import hmac
import ipaddress
from collections import OrderedDict
from collections.abc import Sequence

import msgspec

from ccwall.access.audit import Audit
from ccwall.access.tries import Tries
from ccwall.clock import Clock
from ccwall.errors import CcwallError
from ccwall.events import Principal

TOKEN_LIMIT = 512
DAY = 86_400.0
LASTS = 12 * 3600.0
"""A person's session: a long shift."""
DISPLAY_LASTS = 400 * DAY
"""A wall's: nobody is there to log it in again. The most that browsers grant."""
ENDED_LIMIT = 4096


class Refused(CcwallError):
    """Not let in."""


class TooManyTries(Refused):
    """Not even looked at; `wait` seconds until it will be."""

    def __init__(self, wait: float) -> None:
        self.wait = wait
        super().__init__(f"Too many wrong tokens came from this address. Try again in {wait:.0f} s.")


class Key(msgspec.Struct, frozen=True):
    """What is kept of a token, and whom it lets in."""

    digest: bytes
    signs: bytes
    principal: Principal

    @classmethod
    def of(cls, token: str, principal: Principal) -> "Key":
        if not token or len(token) > TOKEN_LIMIT:
            raise ValueError(f"a token has 1 to {TOKEN_LIMIT} characters")
        secret = token.encode()
        return cls(digest_of(token), hmac.digest(secret, b"ccwall session", "sha256"), principal)

    @property
    def id(self) -> str:
        return self.digest[:8].hex()

    @property
    def lasts(self) -> float:
        return DISPLAY_LASTS if self.principal.role == "display" else LASTS


class Access:
    """`keys` let people in from anywhere; `open_to` lets everybody on this very machine in without one (the demo).

    `hosts` are the names this server may be called by, beside numeric addresses and localhost. `clock` runs in real time.
    """

    def __init__(
        self,
        keys: Sequence[Key] = (),
        *,
        clock: Clock,
        open_to: Principal | None = None,
        hosts: Sequence[str] = (),
    ) -> None:
        self.keys = tuple(keys)
        self.open_to = open_to
        self.hosts = frozenset(host.lower() for host in hosts)
        self.tries = Tries()
        self.audit = Audit(clock)
        self._clock = clock
        self._ended: OrderedDict[str, None] = OrderedDict()

    def enter(self, *, token: str | None, session: str | None, client: str) -> Principal:
        """Who this is. Raises Refused, with what to do next in its text."""
        if token is not None:
            return self.by_token(token, client).principal
        if session is not None and (principal := self.by_session(session)) is not None:
            return principal
        if self.open_to is not None and loopback(client):
            return self.open_to
        raise Refused(
            "No valid token or session. Sign in, or send the header 'Authorization: Bearer <token>'."
        )

    def by_token(self, token: str, client: str) -> Key:
        """The key of a token. Every wrong one counts against the client."""
        now = self._clock.now()
        if (wait := self.tries.wait(client, now)) > 0:
            raise TooManyTries(wait)
        digest = digest_of(token)
        # Looks at all of them whatever it finds, so that the time taken tells nothing.
        found = [key for key in self.keys if hmac.compare_digest(key.digest, digest)]
        if not found:
            self.tries.failed(client, now)
            raise Refused("The token is not known here. Ask whoever set up this wall for a new link.")
        return found[0]

    def session(self, key: Key) -> tuple[str, float]:
        """A new session of this key, and when it ends (epoch seconds)."""
        expires = int(self._clock.now() + key.lasts)
        return f"{key.id}.{expires}.{_sign(key, expires)}", float(expires)

    def by_session(self, session: str) -> Principal | None:
        """Who holds this session; None when it is forged, over or ended."""
        parts = session.split(".")
        if len(parts) != 3 or not (parts[1].isascii() and parts[1].isdigit()) or len(parts[1]) > 12:
            return None
        expires = int(parts[1])
        for key in self.keys:
            if hmac.compare_digest(key.id.encode(), parts[0].encode()):
                genuine = hmac.compare_digest(_sign(key, expires).encode(), parts[2].encode())
                good = genuine and expires > self._clock.now() and session not in self._ended
                return key.principal if good else None
        return None

    def end(self, session: str) -> None:
        """Logged out: this session is worth nothing any more (until the server restarts: then it expires)."""
        if self.by_session(session) is not None:
            self._ended[session] = None
            while len(self._ended) > ENDED_LIMIT:
                self._ended.popitem(last=False)

    def now(self) -> float:
        """Epoch seconds, in real time: what `tries` count in."""
        return self._clock.now()

    def knows_host(self, name: str) -> bool:
        """Whether a Host header may say this name. A name we do not know may be a stranger's that points to us
        (DNS rebinding); an address in digits cannot be.

        >>> from ccwall.clock import ManualClock
        >>> [Access(clock=ManualClock(), hosts=["wall.example"]).knows_host(name)
        ...  for name in ("wall.example", "192.0.2.1", "::1", "localhost", "evil.example")]
        [True, True, True, True, False]
        """
        return name.lower() in self.hosts or name.lower() == "localhost" or _is_address(name)


def loopback(client: str) -> bool:
    """Whether this address is of this machine itself."""
    try:
        address = ipaddress.ip_address(client)
    except ValueError:
        return False
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return (mapped or address).is_loopback


def digest_of(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _sign(key: Key, expires: int) -> str:
    signature = hmac.digest(key.signs, f"{key.id}.{expires}".encode(), "sha256")
    return base64.urlsafe_b64encode(signature).rstrip(b"=").decode()
