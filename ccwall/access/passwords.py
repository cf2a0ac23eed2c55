"""Passwords: what they must be, and Argon2id in threads of its own, so that neither the loop nor a wall waits for it.

What is asked of a password is NIST SP 800-63B (rev. 4, 3.1.1): a length and a list of common ones, no composition rules, no expiry.
"""

import asyncio
import secrets
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from ccwall.access.objections import Busy, NotGood

T = TypeVar("T")
SHORTEST, LONGEST = 10, 256
AT_ONCE, MOST_WAITING = 2, 32
"""Each computes with 46 MiB; who comes when so many wait is told to come again."""
ONE_TIME_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""What can be read out over a phone: no i l o 0 1."""
ONE_TIME_GROUPS, ONE_TIME_GROUP = 4, 4
COMMON = frozenset(
    [
        "1234567890",
        "0123456789",
        "0987654321",
        "9876543210",
        "12345678910",
        "123456789a",
        "a123456789",
        "1234567890a",
        "qwertyuiop",
        "1qaz2wsx3edc",
        "1q2w3e4r5t",
        "1q2w3e4r5t6y",
        "qwerty12345",
        "qwerty123456",
        "qwer123456",
        "asdf123456",
        "asdfghjkl1",
        "asdfghjkl;",
        "zxcvbnm123",
        "password12",
        "password123",
        "password1234",
        "passw0rd123",
        "p@ssw0rd123",
        "p@ssword123",
        "iloveyou123",
        "iloveyou12",
        "welcome123",
        "welcome1234",
        "letmein123",
        "admin12345",
        "admin123456",
        "administrator",
        "administrator1",
        "changeme123",
        "changemenow",
        "woaini1314",
        "woaini520",
        "woaini5201314",
        "5201314520",
        "1314520520",
        "abc1234567",
        "abc123456789",
        "abcdefghij",
        "abcd123456",
        "aa12345678",
        "aaa1234567",
        "q123456789",
        "zz123456789",
        "callcenter",
        "callcentre",
        "callcenter1",
        "callcenter123",
        "callcentre123",
        "wallboard1",
        "wallboard123",
        "supervisor",
        "supervisor1",
        "football123",
        "baseball123",
        "sunshine123",
        "princess123",
        "monkey12345",
        "dragon12345",
        "superman123",
        "trustno1trustno1",
        "mima123456",
        "mimamima",
        "mima12345678",
    ]
)
"""Of ten characters and more; shorter ones are refused for their length."""

OWASP = PasswordHasher(time_cost=1, memory_cost=47_104, parallelism=1)
"""The first option of OWASP's Password Storage Cheat Sheet: one pass over 46 MiB, in one lane. The four lanes of RFC 9106's recommendation are
four threads each: on the small machines walls run on, two sign-ins would hold up the loop."""


def normal(password: str) -> str:
    """However a keyboard composed it (NIST: normalise before hashing)."""
    return unicodedata.normalize("NFKC", password)


def judge(password: str, *about: str) -> None:
    """NotGood says what is wrong with a new password; `about`: the names it must not be."""
    password = normal(password)
    if len(password) < SHORTEST:
        raise NotGood("short", f"The password must have at least {SHORTEST} characters.")
    if len(password) > LONGEST:
        raise NotGood("long", f"The password may have at most {LONGEST} characters.")
    plain = password.casefold()
    if any(plain == name.casefold() * (len(plain) // len(name)) for name in about if name):
        raise NotGood("name", "The password must not be the name of the account.")
    if plain in COMMON or len(set(plain)) <= 2:
        raise NotGood("common", "Too many people have this password. Choose another.")


def one_time() -> str:
    """A password of some 79 bits that is given once and changed at the first sign-in, like ``abcd-efgh-jkmn-pqrs``."""
    groups = (
        "".join(secrets.choice(ONE_TIME_ALPHABET) for _ in range(ONE_TIME_GROUP))
        for _ in range(ONE_TIME_GROUPS)
    )
    return "-".join(groups)


class Passwords:
    """`hasher` has the parameters that new hashes get; old ones have their own with them."""

    def __init__(self, hasher: PasswordHasher = OWASP) -> None:
        self._hasher = hasher
        self._threads = ThreadPoolExecutor(AT_ONCE, "passwords")
        self._waiting = 0
        self._nobodys = ""

    def hash_now(self, password: str) -> str:
        """Where nobody waits: on the command line."""
        return self._hasher.hash(normal(password))

    async def hash(self, password: str) -> str:
        return await self._aside(partial(self.hash_now, password))

    async def verify(self, kept: str | None, password: str) -> bool:
        """Whether this is the password. Without a hash (there is no such account) it takes as long, and is not."""
        return await self._aside(partial(self._is_it, kept, password))

    def is_weak(self, kept: str) -> bool:
        """Whether it was hashed with less than what is asked now."""
        try:
            return self._hasher.check_needs_rehash(kept)
        except InvalidHashError:
            return False

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _is_it(self, kept: str | None, password: str) -> bool:
        if not self._nobodys:
            self._nobodys = self._hasher.hash(secrets.token_hex(16))
        try:
            self._hasher.verify(self._nobodys if kept is None else kept, normal(password))
        except (VerificationError, InvalidHashError):
            return False
        return kept is not None

    async def _aside(self, job: "partial[T]") -> T:
        if self._waiting >= MOST_WAITING:
            raise Busy("Too many people are signing in at this moment. Try again in a few seconds.")
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, job)
        finally:
            self._waiting -= 1
