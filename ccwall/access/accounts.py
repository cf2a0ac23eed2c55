"""Accounts, sessions and display links, as the running server knows them: in memory, and every change on the disk first.

The file may be changed by `ccwall account` meanwhile; that is noticed within seconds. A session ends at once when what it
was begun with changes (role, scope, password), when it was signed out, or when its time is over; `listen` tells whoever holds a
socket of it.
"""

import asyncio
import hashlib
import secrets
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from typing import TypeVar

import msgspec
import structlog

from ccwall.access import account_changes as changes
from ccwall.access.account_file import AccountFile, Unwritable, put_place, put_session
from ccwall.access.account_file import Change as OnFile
from ccwall.access.model import Account, Kept, Link, Signed, log_in
from ccwall.access.objections import NotStored
from ccwall.access.passwords import Passwords
from ccwall.access.tries import Tries, neighbourhood
from ccwall.clock import Clock
from ccwall.errors import CcwallError
from ccwall.events import AgentId, Principal

HOUR, DAY = 3600.0, 86_400.0
IDLE, ABSOLUTE = 12 * HOUR, 7 * DAY
"""A person's session: over after so long without a sign of them, and after so long in any case."""
LINK_LASTS = 400 * DAY
"""A wall's: nobody is there to sign it in again. The most that browsers grant."""
LOOK, SWEEP = 2.0, 30.0
"""Seconds between two looks for what others wrote; and for sessions whose time is over, and to write who was here."""
BROWSER_LIMIT = 80
TRIES_EACH, TRIES_REFILL = 10, 30.0
"""Wrong passwords of one account at once, and seconds until there is another try."""
T = TypeVar("T")
_log = structlog.get_logger("ccwall.access")


class WrongPassword(CcwallError):
    """Which of account and password is wrong is not told."""

    def __init__(self, known: bool) -> None:
        self.known = known
        super().__init__("The account or the password is wrong.")


class Wait(CcwallError):
    """Not even looked at; `seconds` until it will be."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        super().__init__(f"Too many wrong tries. Try again in {seconds:.0f} s.")


class Entered(msgspec.Struct, frozen=True, kw_only=True):
    """A session that has begun. ``secret`` goes into the cookie and nowhere else."""

    secret: str
    session: Signed
    account: Account | None = None


class Accounts:
    """``clock`` runs in real time. ``personas``: log-ins of the demo that need no password on its own machine."""

    def __init__(
        self,
        file: AccountFile,
        clock: Clock,
        passwords: Passwords | None = None,
        personas: tuple[str, ...] = (),
    ) -> None:
        self.passwords = passwords or Passwords()
        self.personas = personas
        self.team_of: Callable[[AgentId], str] = lambda _: ""
        """The team of somebody on the floor, for agents whose account names none."""
        self.problem = ""
        """Why the file cannot be used now; empty when it can."""
        self._file, self._clock = file, clock
        self._tries = Tries(TRIES_EACH, TRIES_REFILL)
        self._kept = Kept()
        self._used: dict[bytes, float] = {}
        self._places: set[tuple[str, str]] = set()
        self._listeners: set[Callable[[], None]] = set()
        self._thread = ThreadPoolExecutor(1, "accounts")
        try:
            self._take(file.load())
        except Unwritable as error:
            self._failed(error)

    # ── what is known ──

    @property
    def all(self) -> Mapping[str, Account]:
        return self._kept.accounts

    @property
    def links(self) -> Mapping[str, Link]:
        return self._kept.links

    @property
    def damage(self) -> str:
        """What became of a damaged file; empty when none was."""
        return self._file.problem

    @property
    def kept(self) -> bool:
        """Whether a restart keeps them."""
        return self._file.path is not None and not self.problem

    @property
    def needs_first(self) -> bool:
        """Whether there is nobody yet. A file that cannot be read is not taken for an empty one."""
        return not self.problem and not self._kept.accounts

    def sessions(self, account: str = "") -> list[Signed]:
        """Those that are good now, the last used first; with the instants of their last use."""
        found = [self._fresh(each) for each in self._kept.sessions.values()]
        good = [each for each in found if self._is_good(each) and (not account or each.account == account)]
        return sorted(good, key=lambda each: (-each.used, each.digest))

    def session_of(self, secret: str) -> Signed | None:
        """The session of this secret, if it is good; it counts as used now."""
        session = self._kept.sessions.get(digest(secret))
        if session is None or not self._is_good(self._fresh(session)):
            return None
        self._used[session.digest] = self._clock.now()
        return self._fresh(session)

    def account_of(self, secret: str) -> Account | None:
        session = self.session_of(secret)
        return self._kept.accounts.get(session.account or "") if session is not None else None

    def principal_of(self, secret: str) -> Principal | None:
        """Who holds this session."""
        session = self.session_of(secret)
        if session is None:
            return None
        if session.link is not None:
            return self._kept.links[session.link].principal
        return self.principal(self._kept.accounts[session.account or ""])

    def principal(self, account: Account) -> Principal:
        teams = account.teams
        if account.role == "agent" and teams is None and account.agent is not None:
            teams = tuple(team for team in (self.team_of(account.agent),) if team)
        return Principal(
            id=account.id,
            role=account.role,
            name=account.name,
            teams=teams,
            queues=account.queues,
            agent=account.agent,
        )

    def link_of(self, token: str) -> Link | None:
        wanted = digest(token)
        return next(
            (each for each in self._kept.links.values() if each.digest == wanted and each.revoked is None),
            None,
        )

    @contextmanager
    def listen(self, changed: Callable[[], None]) -> Iterator[None]:
        """While inside, `changed` is called whenever a session may have ended."""
        self._listeners.add(changed)
        try:
            yield
        finally:
            self._listeners.discard(changed)

    # ── coming and going ──

    async def sign_in(self, typed: str, password: str, *, client: str, browser: str = "") -> Entered:
        """By password. WrongPassword; Wait when there were too many wrong ones; objections.Busy."""
        id, place, now = log_in(typed), neighbourhood(client), self._clock.now()
        # Where somebody has been let in before they have tries of their own: a stranger who uses up the others locks out nobody there.
        bucket = f"{id}\n{place}" if (id, place) in self._places else id
        if (wait := self._tries.wait(bucket, now)) > 0:
            raise Wait(wait)
        self._tries.failed(bucket, now)  # taken back below: others must not try meanwhile for nothing
        account = self._kept.accounts.get(id)
        usable = account is not None and not account.disabled
        good = await self.passwords.verify(account.password if account and usable else None, password)
        is_known, now_there = account is not None, self._kept.accounts.get(id)
        if not good or account is None or now_there is None or now_there.scope != account.scope:
            raise WrongPassword(known=is_known)
        account = now_there
        self._tries.forgiven(bucket)
        again = await self.passwords.hash(password) if self.passwords.is_weak(account.password) else None
        return await self._begin(account, client, browser, again)

    async def sign_in_as(self, persona: str, *, client: str, browser: str = "") -> Entered:
        """A person of the demo, without a password; who asks must have been found to be on this machine."""
        account = self._kept.accounts.get(persona) if persona in self.personas else None
        if account is None or account.disabled:
            raise WrongPassword(known=False)
        return await self._begin(account, client, browser, None)

    async def enter_by(self, link: Link, *, client: str, browser: str = "") -> Entered:
        """A screen that was opened with its link."""
        now = self._clock.now()
        secret, session = self._session(now, now + LINK_LASTS, client, browser, link=link.id)

        def write(db: sqlite3.Connection) -> None:
            changes.used_link(db, link.id, now)
            put_session(db, session)

        await self._write_session(session, write)
        return Entered(secret=secret, session=session)

    async def sign_out(self, secret: str) -> None:
        await self._written(lambda db: changes.end_session(db, digest(secret)))

    async def sign_out_everywhere(self, account: str) -> None:
        await self._written(lambda db: changes.end_sessions(db, account))

    async def change_password(self, secret: str, old: str, new: str) -> Entered:
        """Of oneself: every session ends, and this one goes on as a new one. WrongPassword, Wait, objections."""
        account, session = self.account_of(secret), self.session_of(secret)
        if account is None or session is None:
            raise WrongPassword(known=False)
        now, bucket = self._clock.now(), f"{account.id}\nown"
        if (wait := self._tries.wait(bucket, now)) > 0:
            raise Wait(wait)
        self._tries.failed(bucket, now)
        if not await self.passwords.verify(account.password, old):
            raise WrongPassword(known=True)
        self._tries.forgiven(bucket)
        changes.judge_new(account, old, new)
        hashed = await self.passwords.hash(new)
        new_secret, begun = self._session(
            now, now + ABSOLUTE, session.client, session.browser, account=account.id
        )

        def write(db: sqlite3.Connection) -> Account:
            changed = changes.own_password(db, account, hashed, now)
            put_session(db, begun)
            return changed

        changed = await self._written(write)
        return Entered(secret=new_secret, session=begun, account=changed)

    # ── what managers do; `write` is one of ccwall.access.account_changes ──

    async def change(self, write: OnFile[T]) -> T:
        """On the disk, then known here. Objections of the change itself; NotStored."""
        return await self._written(write)

    @property
    def now(self) -> float:
        return self._clock.now()

    # ── the file ──

    async def run(self) -> None:
        """Until cancelled: notice what others write, end what is over, write who was here."""
        swept = self._clock.now()
        try:
            while True:
                await self._clock.sleep(LOOK)
                await self._look()
                if (now := self._clock.now()) - swept >= SWEEP:
                    swept = now
                    await self._sweep()
        finally:
            self._thread.submit(self._last_words)
            self._thread.shutdown(wait=False)
            self.passwords.close()

    async def _look(self) -> None:
        with suppress(NotStored):
            is_due = bool(self.problem)
            if is_due or await self._aside(self._file.is_changed):
                self._take(await self._aside(self._file.load))

    async def _sweep(self) -> None:
        used = self._unwritten()
        if used:
            with suppress(NotStored):
                await self._aside(lambda: self._file.change(lambda db: changes.used(db, used)))
        self._tell()

    def _last_words(self) -> None:
        with suppress(Unwritable, sqlite3.Error):
            if used := self._unwritten():
                self._file.change(lambda db: changes.used(db, used))
        self._file.close()

    def _unwritten(self) -> dict[bytes, float]:
        sessions = self._kept.sessions
        return {key: at for key, at in self._used.items() if key in sessions and at > sessions[key].used}

    async def _begin(self, account: Account, client: str, browser: str, hashed: str | None) -> Entered:
        now, place = self._clock.now(), neighbourhood(client)
        secret, session = self._session(now, now + ABSOLUTE, client, browser, account=account.id)

        def write(db: sqlite3.Connection) -> None:
            changes.signed_in(db, account, now, hashed)
            put_place(db, account.id, place, now)
            put_session(db, session)

        self._places.add((account.id, place))
        await self._write_session(session, write)
        return Entered(secret=secret, session=session, account=account)

    async def _write_session(self, session: Signed, write: OnFile[None]) -> None:
        """A disk that fails keeps nobody out: the session is then known until a restart."""
        try:
            await self._written(write)
        except NotStored:
            self._take(
                msgspec.structs.replace(self._kept, sessions={**self._kept.sessions, session.digest: session})
            )

    def _session(
        self, now: float, expires: float, client: str, browser: str, **whose: str
    ) -> tuple[str, Signed]:
        secret = secrets.token_urlsafe(32)
        told = "".join(each for each in browser[:BROWSER_LIMIT] if each.isprintable())
        session = Signed(
            digest=digest(secret),
            created=now,
            used=now,
            expires=expires,
            client=client[:64],
            browser=told,
            **whose,
        )
        return secret, session

    async def _written(self, write: OnFile[T]) -> T:
        def job() -> tuple[T, Kept]:
            return self._file.change(write), self._file.load()

        told, kept = await self._aside(job)
        self._take(kept)
        return told

    async def _aside(self, job: Callable[[], T]) -> T:
        try:
            found = await asyncio.shield(asyncio.get_running_loop().run_in_executor(self._thread, job))
        except Unwritable as error:
            self._failed(error)
            raise NotStored(f"The accounts cannot be written: {error}") from error
        self.problem = ""
        return found

    def _failed(self, error: Unwritable) -> None:
        if not self.problem:
            _log.error("accounts cannot be read or written; staff_token still opens", error=str(error))
        self.problem = str(error)

    def _take(self, kept: Kept) -> None:
        self._kept = kept
        self._places |= kept.places
        self._used = {key: at for key, at in self._used.items() if key in kept.sessions}
        self._tell()

    def _tell(self) -> None:
        for changed in list(self._listeners):
            changed()

    def _fresh(self, session: Signed) -> Signed:
        used = max(session.used, self._used.get(session.digest, 0.0))
        return msgspec.structs.replace(session, used=used)

    def _is_good(self, session: Signed) -> bool:
        now = self._clock.now()
        if session.link is not None:
            link = self._kept.links.get(session.link)
            return link is not None and link.revoked is None and now < session.expires
        account = self._kept.accounts.get(session.account or "")
        idle = now - session.used
        return account is not None and not account.disabled and now < session.expires and idle < IDLE


def digest(secret: str) -> bytes:
    """What is kept of a secret that nobody can guess; of passwords it would be too little."""
    return hashlib.sha256(secret.encode()).digest()
