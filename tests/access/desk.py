"""Accounts as tests want them: on a clock of their own, and with a hash that costs nothing."""

from functools import partial
from pathlib import Path
from typing import Any

from argon2 import PasswordHasher

from ccwall.access.account_changes import create
from ccwall.access.account_file import AccountFile
from ccwall.access.accounts import Accounts
from ccwall.access.model import Account
from ccwall.access.passwords import Passwords
from ccwall.clock import Clock
from ccwall.events import SYSTEM

HERE, AWAY = "192.0.2.5", "203.0.113.9"
GOOD = "the grass is blue"
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
DEARER = PasswordHasher(time_cost=2, memory_cost=16, parallelism=1)


def cheaply() -> Passwords:
    return Passwords(CHEAP)


def account(id: str = "chen", role: str = "manager", **more: Any) -> Account:
    told = {"id": id, "name": id.title(), "role": role, "password": CHEAP.hash(GOOD), **more}
    return Account(**{"created": 1.0, "changed": 1.0, **told})


def opened(path: Path | None, clock: Clock, *known: Account, **more: Any) -> Accounts:
    """These accounts, beside what is in the file."""
    file = AccountFile(path, clock.now)
    for each in known:
        file.change(partial(create, by=SYSTEM, account=each))
    return Accounts(file, clock, more.pop("passwords", cheaply()), **more)
