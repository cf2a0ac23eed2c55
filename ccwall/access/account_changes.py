"""What may be changed about accounts and links, by whom: each a function of the open transaction, so that what it decides on is what is
there. Raises objections; then nothing is changed."""

import secrets
import sqlite3
from collections.abc import Mapping
from typing import Any

import msgspec

from ccwall.access.account_file import MOST_ACCOUNTS, MOST_LINKS, account_of, put
from ccwall.access.model import Account, AccountRole, Link, check_scope, checked, is_name
from ccwall.access.objections import (
    Busy,
    LastManager,
    NotAllowed,
    NotGood,
    Taken,
    Unknown,
)
from ccwall.access.passwords import judge, normal
from ccwall.events import Principal, Role

_BELOW: frozenset[AccountRole] = frozenset({"supervisor", "lead", "quality", "complaints", "agent"})
MANAGES: Mapping[Role, frozenset[AccountRole]] = {
    "system": _BELOW | {"manager", "operations"},
    "manager": _BELOW | {"manager", "operations"},
    "operations": _BELOW,
}
"""Whose accounts a role may make, change and disable: nobody makes somebody who may do more than they may."""
RESETS: Mapping[Role, frozenset[AccountRole]] = {**MANAGES, "supervisor": frozenset({"lead", "agent"})}
"""Whose password a role may set anew: at night a supervisor is all there is."""
OWN = frozenset({"role", "teams", "queues", "agent", "disabled"})
"""What nobody changes about themselves."""


def may_manage(principal: Principal) -> bool:
    return principal.role in MANAGES


def may_reset(principal: Principal) -> bool:
    return principal.role in RESETS


def create(db: sqlite3.Connection, by: Principal, account: Account) -> Account:
    checked(account)
    _allow(account.role in MANAGES.get(by.role, ()), by, f"make an account of the role {account.role}")
    (count,) = db.execute("SELECT count(*) FROM account").fetchone()
    if count == 0 and account.role != "manager":
        raise NotGood(
            "role", "The first account must be a manager's: somebody must be able to make the others."
        )
    if count >= MOST_ACCOUNTS:
        raise Busy(f"There are {MOST_ACCOUNTS} accounts already, as many as there may be.")
    try:
        put(db, "account", account, new=True)
    except sqlite3.IntegrityError as error:
        raise Taken(f"There is an account {account.id} already.") from error
    return account


def change(db: sqlite3.Connection, by: Principal, id: str, wanted: Mapping[str, Any], now: float) -> Account:
    """``wanted``: fields of an Account by name."""
    old = one(db, id)
    if unequal := {name: value for name, value in wanted.items() if getattr(old, name) != value}:
        new = checked(msgspec.structs.replace(old, **unequal, changed=now))
        manages = MANAGES.get(by.role, frozenset[AccountRole]())
        if by.id == id:
            _allow(not OWN & unequal.keys(), by, "change role, scope or state of their own account")
        else:
            _allow(
                old.role in manages and new.role in manages, by, f"change an account of the role {old.role}"
            )
        _write(db, old, new)
        return new
    return old


def reset(db: sqlite3.Connection, by: Principal, id: str, hashed: str, now: float) -> Account:
    """A one-time password; every session of the account ends."""
    old = one(db, id)
    _allow(by.id != id, by, "reset their own password: change it")
    _allow(old.role in RESETS.get(by.role, ()), by, f"reset the password of the role {old.role}")
    new = msgspec.structs.replace(old, password=hashed, must_change=True, changed=now)
    _write(db, old, new)
    return new


def end_everywhere(db: sqlite3.Connection, by: Principal, id: str) -> None:
    """Somebody else's sessions."""
    _allow(one(db, id).role in RESETS.get(by.role, ()), by, "sign out others")
    end_sessions(db, id)


def own_password(db: sqlite3.Connection, seen: Account, hashed: str, now: float) -> Account:
    old = one(db, seen.id)
    if old.scope != seen.scope:
        raise NotAllowed("The account was changed by somebody else meanwhile. Sign in again.")
    new = msgspec.structs.replace(old, password=hashed, must_change=False, changed=now)
    _write(db, old, new)
    return new


def judge_new(account: Account, old: str, new: str) -> None:
    judge(new, account.id, account.name)
    if normal(old) == normal(new):
        raise NotGood("same", "The new password is the old one.")


def make_link(db: sqlite3.Connection, by: Principal, link: Link) -> Link:
    _allow(may_manage(by), by, "make display links")
    if not is_name(link.name):
        raise NotGood(
            "name", "A link has a name of 1 to 80 characters, so that it is known which screen has it."
        )
    check_scope(link.teams, link.queues)
    (count,) = db.execute("SELECT count(*) FROM display_link WHERE revoked IS NULL").fetchone()
    if count >= MOST_LINKS:
        raise Busy(f"There are {MOST_LINKS} links already. Revoke one that no screen has any more.")
    # Of the revoked ones the oldest go; they are kept for who asks what became of a screen.
    db.execute(
        "DELETE FROM display_link WHERE id IN"
        f" (SELECT id FROM display_link WHERE revoked IS NOT NULL ORDER BY revoked DESC LIMIT -1 OFFSET {MOST_LINKS})"
    )
    put(db, "display_link", link, new=True)
    return link


def revoke_link(db: sqlite3.Connection, by: Principal, id: str, now: float) -> None:
    _allow(may_manage(by), by, "revoke display links")
    done = db.execute("UPDATE display_link SET revoked = ? WHERE id = ? AND revoked IS NULL", (now, id))
    if done.rowcount == 0:
        raise Unknown(f"There is no link {id} that opens anything.")
    db.execute("DELETE FROM session WHERE link = ?", (id,))


def used_link(db: sqlite3.Connection, id: str, now: float) -> None:
    db.execute("UPDATE display_link SET used = ? WHERE id = ?", (now, id))


def new_id() -> str:
    return secrets.token_hex(4)


# ── sessions ──


def signed_in(db: sqlite3.Connection, seen: Account, now: float, hashed: str | None) -> None:
    """``seen``: the account whose password was right; ``hashed``: the same one, with the parameters of today."""
    if one(db, seen.id).scope != seen.scope:
        raise NotAllowed("The account was changed at this moment. Sign in again.")
    db.execute(
        "UPDATE account SET signed_in = ?, password = ? WHERE id = ?", (now, hashed or seen.password, seen.id)
    )


def end_session(db: sqlite3.Connection, digest: bytes) -> None:
    db.execute("DELETE FROM session WHERE digest = ?", (digest,))


def end_sessions(db: sqlite3.Connection, account: str) -> None:
    db.execute("DELETE FROM session WHERE account = ?", (account,))


def used(db: sqlite3.Connection, at: Mapping[bytes, float]) -> None:
    db.executemany(
        "UPDATE session SET used = max(used, ?) WHERE digest = ?",
        [(when, digest) for digest, when in at.items()],
    )


# ── shared ──


def one(db: sqlite3.Connection, id: str) -> Account:
    found = account_of(db, id)
    if found is None:
        raise Unknown(f"There is no account {id}.")
    return found


def _write(db: sqlite3.Connection, old: Account, new: Account) -> None:
    put(db, "account", new)
    if old.scope != new.scope:
        end_sessions(db, old.id)
    was, is_now = (each.role == "manager" and not each.disabled for each in (old, new))
    if was and not is_now:
        left = db.execute("SELECT 1 FROM account WHERE role = 'manager' AND NOT disabled").fetchone()
        if left is None:
            raise LastManager("This is the last manager. Make another one first.")


def _allow(may: bool, by: Principal, what: str) -> None:
    if not may:
        raise NotAllowed(f"{by.id} ({by.role}) may not {what}.")
