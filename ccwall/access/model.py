"""What is kept of people who may act, of screens that show without a person, and of who is signed in."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Literal

import msgspec

from ccwall.access.objections import NotGood
from ccwall.events import AgentId, Principal, QueueId

AccountRole = Literal["manager", "operations", "supervisor", "lead", "quality", "complaints", "agent"]
"""Every role that a person can have: `system` is ccwall, `display` a screen."""
Language = Literal["", "zh-CN", "zh-TW", "en"]

ID = re.compile(r"[a-z0-9\u3400-\u4dbf\u4e00-\u9fff][a-z0-9._\u3400-\u4dbf\u4e00-\u9fff-]{1,39}")
"""A log-in: letters in lower case, digits, Chinese characters, and . _ - inside."""
RESERVED = frozenset({"system", "staff", "display", "demo", "setup", "practice", "wall"})
"""Who acts without an account is called so in the records."""
NAME_LIMIT, SCOPE_LIMIT, SCOPE_TEXT = 80, 200, 256


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """One person. ``agent`` is who they are on the floor's roster. Instants are epoch seconds."""

    id: str
    name: str
    role: AccountRole
    password: str
    """The Argon2 hash."""
    teams: tuple[str, ...] | None = None
    queues: tuple[QueueId, ...] | None = None
    agent: AgentId | None = None
    language: Language = ""
    disabled: bool = False
    must_change: bool = False
    created: float = 0.0
    changed: float = 0.0
    signed_in: float | None = None

    @property
    def scope(self) -> tuple[object, ...]:
        """What a session was begun with: when it changes, the session ends."""
        return self.role, self.teams, self.queues, self.agent, self.disabled, self.password


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """A screen's way in: its address holds the secret, here is only the digest."""

    id: str
    name: str
    board: str
    digest: bytes
    by: str
    created: float
    teams: tuple[str, ...] | None = None
    queues: tuple[QueueId, ...] | None = None
    used: float | None = None
    revoked: float | None = None

    @property
    def principal(self) -> Principal:
        return Principal(
            id=f"display:{self.id}", role="display", name=self.name, teams=self.teams, queues=self.queues
        )


class Signed(msgspec.Struct, frozen=True, kw_only=True):
    """A session: of an account or of a link. ``client`` is an address, ``browser`` a few words about what it runs."""

    digest: bytes
    created: float
    used: float
    expires: float
    account: str | None = None
    link: str | None = None
    client: str = ""
    browser: str = ""


class Kept(msgspec.Struct, frozen=True):
    """All there is, as the file has it. ``places``: from where somebody has signed in before."""

    accounts: Mapping[str, Account] = {}
    links: Mapping[str, Link] = {}
    sessions: Mapping[bytes, Signed] = {}
    places: frozenset[tuple[str, str]] = frozenset()


def log_in(typed: str) -> str:
    """A log-in as it is kept, of what somebody typed.

    >>> log_in(" Chen.Wei "), log_in("王芳"), log_in("ｌｉ７")
    ('chen.wei', '王芳', 'li7')
    """
    return unicodedata.normalize("NFKC", typed).strip().lower()


def checked(account: Account) -> Account:
    """NotGood says what cannot be kept so."""
    if not ID.fullmatch(account.id):
        raise NotGood(
            "id",
            "A log-in has 2 to 40 letters in lower case, digits, Chinese characters, or . _ - inside.",
        )
    if account.id in RESERVED:
        raise NotGood("id", f"{account.id} is a name of ccwall's own. Choose another log-in.")
    if not is_name(account.name):
        raise NotGood("name", f"A name has 1 to {NAME_LIMIT} characters that can be seen.")
    if account.role == "agent" and account.agent is None:
        raise NotGood("agent", "An agent's account needs the person on the roster that it is for.")
    check_scope(account.teams, account.queues)
    if account.agent is not None and not 0 < len(account.agent) <= SCOPE_TEXT:
        raise NotGood("agent", f"An agent's id has 1 to {SCOPE_TEXT} characters.")
    return account


def check_scope(teams: tuple[str, ...] | None, queues: tuple[QueueId, ...] | None) -> None:
    for what, scope in (("teams", teams), ("queues", queues)):
        if scope is not None and (
            len(scope) > SCOPE_LIMIT or not all(0 < len(each) <= SCOPE_TEXT for each in scope)
        ):
            raise NotGood(what, f"There may be {SCOPE_LIMIT} {what}, each of 1 to {SCOPE_TEXT} characters.")


def is_name(text: str) -> bool:
    return 0 < len(text.strip()) <= NAME_LIMIT and text.isprintable()
