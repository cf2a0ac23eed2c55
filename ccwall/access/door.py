"""The door: accounts, tokens, and the sessions that stand for them.

A token is a secret from the configuration. In memory is only its digest, and a key made from it that signs
sessions. A session is a cookie that proves itself: after a restart of the server the wall is still logged in, and
taking the token out of the configuration ends every session of it. Sessions of people and of display links are kept in a file
(`ccwall.access.accounts`), so that each can be ended by itself.
"""

import base64
import hashlib
import hmac
import ipaddress
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager

import msgspec

from ccwall.access.accounts import Accounts, Entered, Wait, WrongPassword
from ccwall.access.audit import Audit
from ccwall.access.first import SETUP, FirstCode, plain
from ccwall.access.model import Link
from ccwall.access.sight import is_staff
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
        super().__init__(f"Too many wrong tries came from this address. Try again in {wait:.0f} s.")


class MustChange(Refused):
    """Signed in with a password that somebody else knows; nothing is open until it is another."""

    def __init__(self) -> None:
        super().__init__("The password was given by somebody else. Choose one of your own first.")


class Begun(msgspec.Struct, frozen=True, kw_only=True):
    """A session that has begun: what the cookie holds, until when (epoch seconds), and whose it is."""

    secret: str
    expires: float
    principal: Principal
    must_change: bool = False
    language: str = ""


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
        accounts: Accounts | None = None,
    ) -> None:
        self.keys = tuple(keys)
        self.open_to = open_to
        self.hosts = frozenset(host.lower() for host in hosts)
        self.accounts = accounts
        self.first: FirstCode | None = None
        """Opens while there is no account; made when nobody has a token that could."""
        self.tries = Tries()
        self.audit = Audit(clock)
        self._clock = clock
        self._ended: OrderedDict[str, None] = OrderedDict()
        self._listeners: set[Callable[[], None]] = set()

    def enter(
        self, *, token: str | None, session: str | None, client: str, unfinished: bool = False
    ) -> Principal:
        """Who this is. Raises Refused, with what to do next in its text. `unfinished`: also who must change their password first."""
        if token is not None:
            return self.by_token(token, client).principal
        if session is not None and (principal := self.by_session(session)) is not None:
            if not unfinished and self.must_change(session):
                raise MustChange
            return principal
        if self.open_to is not None and loopback(client):
            return self.open_to
        raise Refused(
            "No valid token or session. Sign in, or send the header 'Authorization: Bearer <token>'."
        )

    def must_change(self, session: str) -> bool:
        account = None if self.accounts is None else self.accounts.account_of(session)
        return account is not None and account.must_change

    def may_edit(self, principal: Principal) -> bool:
        """Whether this person may change what hangs on the walls: the staff, and whoever sits at the demo."""
        return is_staff(principal) or principal == self.open_to

    def by_token(self, token: str, client: str) -> Key:
        """The key of a token: a configured one, a display link's, or the code for the first account. Every wrong one counts against
        the client."""
        now = self._clock.now()
        if (wait := self.tries.wait(client, now)) > 0:
            raise TooManyTries(wait)
        digest, code = digest_of(token), digest_of(plain(token))
        # Looks at all of them whatever it finds, so that the time taken tells nothing.
        found = [key for key in self.keys if hmac.compare_digest(key.digest, digest)]
        found += [key for key in self._first() if hmac.compare_digest(key.digest, code)]
        if (link := self._link(token)) is not None:
            found.append(Key.of(token, link.principal))
        if not found:
            self.tries.failed(client, now)
            raise Refused("The token is not known here. Ask whoever set up this wall for a new link.")
        return found[0]

    async def begin(self, token: str, *, client: str, browser: str = "") -> Begun:
        """A token becomes a session. Raises Refused."""
        key, link = self.by_token(token, client), self._link(token)
        if link is not None and self.accounts is not None:
            return self._begun(await self.accounts.enter_by(link, client=client, browser=browser))
        session, expires = self.session(key)
        return Begun(secret=session, expires=expires, principal=key.principal)

    async def sign_in(self, account: str, password: str, *, client: str, browser: str = "") -> Begun:
        """By account and password. Raises Refused; wrong ones count against the client and against the account."""
        now = self._clock.now()
        if self.accounts is None:
            raise Refused("There are no accounts here. Use a token.")
        if (wait := self.tries.wait(client, now)) > 0:
            raise TooManyTries(wait)
        try:
            entered = await self.accounts.sign_in(account, password, client=client, browser=browser)
        except WrongPassword as wrong:
            self.tries.failed(client, self._clock.now())
            self.audit.turned_away(account if wrong.known else "", client=client)
            raise Refused(str(wrong)) from wrong
        except Wait as wait_error:
            raise TooManyTries(wait_error.seconds) from wait_error
        return self._begun(entered)

    async def practise_as(self, persona: str, *, client: str, browser: str = "") -> Begun:
        """A person of the demo, on its own machine only. Raises Refused."""
        if self.accounts is None or self.open_to is None or not loopback(client):
            raise Refused("Only in the demo, and on its own machine, nobody needs a password.")
        try:
            return self._begun(await self.accounts.sign_in_as(persona, client=client, browser=browser))
        except WrongPassword as wrong:
            raise Refused("There is nobody of this name in the demo.") from wrong

    async def change_password(self, session: str, old: str, new: str, *, client: str) -> Begun:
        """Of oneself; the session goes on as another. Raises Refused, and what may be objected to a password."""
        if self.accounts is None:
            raise Refused("There are no accounts here.")
        try:
            return self._begun(await self.accounts.change_password(session, old, new))
        except WrongPassword as wrong:
            raise Refused("The present password is not this one.") from wrong
        except Wait as wait:
            raise TooManyTries(wait.seconds) from wait

    def _begun(self, entered: Entered) -> Begun:
        assert self.accounts is not None  # who entered has one
        session, account = entered.session, entered.account
        if account is None:
            principal = self.accounts.links[session.link or ""].principal
            return Begun(secret=entered.secret, expires=session.expires, principal=principal)
        return Begun(
            secret=entered.secret,
            expires=session.expires,
            principal=self.accounts.principal(account),
            must_change=account.must_change,
            language=account.language,
        )

    def _link(self, token: str) -> Link | None:
        return None if self.accounts is None else self.accounts.link_of(token)

    def _first(self) -> list[Key]:
        """The key that opens while there is no account."""
        if self.first is None or self.accounts is None or not self.accounts.needs_first:
            return []
        return [Key.of(self.first.text, SETUP)] if self._clock.now() < self.first.until else []

    def session(self, key: Key) -> tuple[str, float]:
        """A new session of this key, and when it ends (epoch seconds)."""
        expires = int(self._clock.now() + key.lasts)
        return f"{key.id}.{expires}.{_sign(key, expires)}", float(expires)

    def by_session(self, session: str) -> Principal | None:
        """Who holds this session; None when it is forged, over or ended."""
        parts = session.split(".")
        if len(parts) == 1 and self.accounts is not None:
            return self.accounts.principal_of(session)
        if len(parts) != 3 or not (parts[1].isascii() and parts[1].isdigit()) or len(parts[1]) > 12:
            return None
        expires = int(parts[1])
        for key in (*self.keys, *self._first()):
            if hmac.compare_digest(key.id.encode(), parts[0].encode()):
                genuine = hmac.compare_digest(_sign(key, expires).encode(), parts[2].encode())
                good = genuine and expires > self._clock.now() and session not in self._ended
                return key.principal if good else None
        return None

    async def leave(self, session: str) -> None:
        """Signed out: this session is worth nothing any more."""
        if "." in session or self.accounts is None:
            self.end(session)
            for changed in list(self._listeners):
                changed()
        elif self.accounts.session_of(session) is not None:
            await self.accounts.sign_out(session)

    @contextmanager
    def listen(self, changed: Callable[[], None]) -> Iterator[None]:
        """While inside, `changed` is called whenever a session may have ended: whoever holds a socket looks again."""
        self._listeners.add(changed)
        with ExitStack() as stack:
            if self.accounts is not None:
                stack.enter_context(self.accounts.listen(changed))
            stack.callback(self._listeners.discard, changed)
            yield

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
