"""`ccwall account`: the accounts beside a journal, also while `ccwall serve` runs; it notices within seconds."""

import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from ccwall.cli import app, guarded, say
from ccwall.clock import SystemClock
from ccwall.errors import CcwallError, ConfigError

if TYPE_CHECKING:
    from ccwall.access.account_file import AccountFile

T = TypeVar("T")
accounts = typer.Typer(
    name="account", help="Who may sign in: add, list, disable, reset a password.", no_args_is_help=True
)
app.add_typer(accounts)

Config = Annotated[
    Path | None, typer.Option("--config", "-c", metavar="FILE", help="The configuration, one TOML file.")
]
Id = Annotated[str, typer.Argument(metavar="LOGIN", help="How the account is called.")]
ROLES = ("manager", "operations", "supervisor", "lead", "quality", "complaints", "agent")


@accounts.command(short_help="Make an account.")
@guarded
def add(
    login: Id,
    config: Config = None,
    role: Annotated[str, typer.Option(metavar="ROLE", help=", ".join(ROLES))] = "lead",
    name: Annotated[str, typer.Option(metavar="NAME", help="As others read it.  [default: the login]")] = "",
    team: Annotated[
        list[str] | None, typer.Option(metavar="TEAM", help="Repeatable.  [default: all]")
    ] = None,
    queue: Annotated[
        list[str] | None, typer.Option(metavar="QUEUE", help="Repeatable.  [default: all]")
    ] = None,
    agent: Annotated[str, typer.Option(metavar="ID", help="Who that is on the roster.")] = "",
    language: Annotated[str, typer.Option(metavar="CODE", help="zh-CN, zh-TW or en")] = "",
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help="Read the password; else a one-time one is printed.")
    ] = False,
) -> None:
    """Make an account. Its one-time password is printed, and must be changed at the first sign-in.

    \b
    Examples:
      ccwall account add -c ccwall.toml chen --role manager --name 陈静
      ccwall account add -c ccwall.toml wu --role lead --team north --agent 1001
    """
    import msgspec

    from ccwall.access.account_changes import create
    from ccwall.access.model import Account, log_in
    from ccwall.access.passwords import Passwords, judge
    from ccwall.events import SYSTEM

    if role not in ROLES:
        raise ConfigError("--role", [(role, f"is none of {', '.join(ROLES)}")])
    id = log_in(login)
    given, is_one_time = _password(password_stdin)
    if not is_one_time:
        judge(given, id, name)
    now = SystemClock().now()
    told: dict[str, object] = {
        "id": id,
        "name": name or login.strip(),
        "role": role,
        "agent": agent or None,
        "language": language,
    }
    told |= {"teams": team or None, "queues": queue or None, "must_change": is_one_time}
    told |= {"created": now, "changed": now, "password": Passwords().hash_now(given)}
    try:
        account = msgspec.convert(told, Account)
    except msgspec.ValidationError as error:
        raise ConfigError("ccwall account add", [("options", str(error))]) from None
    with _file(config) as file:
        _done(lambda: file.change(lambda db: create(db, SYSTEM, account)))
    say(f"{id} ({role}) may sign in.")
    if is_one_time:
        typer.echo(given)


@accounts.command(name="list", short_help="Print the accounts.")
@guarded
def show(config: Config = None) -> None:
    """Print the accounts, one a line: login, role, state, last sign-in, name."""
    with _file(config) as file:
        for account in sorted(_done(file.load).accounts.values(), key=lambda each: each.id):
            state = "disabled" if account.disabled else "one-time" if account.must_change else "active"
            seen = "never" if account.signed_in is None else _when(account.signed_in)
            typer.echo("\t".join((account.id, account.role, state, seen, account.name)))


@accounts.command(short_help="Let somebody in no more, or again.")
@guarded
def disable(
    login: Id,
    config: Config = None,
    undo: Annotated[bool, typer.Option("--undo", help="Let them in again.")] = False,
) -> None:
    """Let somebody in no more: their sessions end within seconds, open pages too."""
    from ccwall.access.account_changes import change
    from ccwall.access.model import log_in
    from ccwall.events import SYSTEM

    wish = {"disabled": not undo}
    with _file(config) as file:
        found = _done(
            lambda: file.change(lambda db: change(db, SYSTEM, log_in(login), wish, SystemClock().now()))
        )
    say(f"{found.id} {'is disabled' if found.disabled else 'may sign in'}.")


@accounts.command(short_help="Give somebody a one-time password.")
@guarded
def password(
    login: Id,
    config: Config = None,
) -> None:
    """Print a one-time password, which must be changed at the next sign-in; all sessions of the account end."""
    from ccwall.access.account_changes import reset
    from ccwall.access.model import log_in
    from ccwall.access.passwords import Passwords, one_time
    from ccwall.events import SYSTEM

    given = one_time()
    hashed = Passwords().hash_now(given)
    with _file(config) as file:
        _done(lambda: file.change(lambda db: reset(db, SYSTEM, log_in(login), hashed, SystemClock().now())))
    say(f"{log_in(login)} must change it at the next sign-in.")
    typer.echo(given)


def _password(is_given: bool) -> tuple[str, bool]:
    from ccwall.access.passwords import one_time

    if not is_given:
        return one_time(), True
    return sys.stdin.readline(1024).rstrip("\r\n"), False


@contextmanager
def _file(config: Path | None) -> Iterator["AccountFile"]:
    if config is None:
        raise ConfigError("ccwall account", [("-c", "is missing: say whose accounts")])
    from ccwall.access.account_file import ACCOUNTS, AccountFile
    from ccwall.config import journal_folder, load

    found = load(config, observe=True)
    if not found.journal.enabled:
        text = "enabled = false: there accounts are in memory only, and gone with the process"
        raise ConfigError(str(config), [("journal", text)])
    folder = journal_folder(found)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise CcwallError(f"{folder} cannot be made: {error.strerror}") from None
    file = AccountFile(folder / ACCOUNTS, SystemClock().now, mends=False)
    try:
        yield file
    finally:
        file.close()


def _done(job: Callable[[], T]) -> T:
    from ccwall.access.account_file import Unwritable

    try:
        return job()
    except (Unwritable, sqlite3.Error) as error:
        raise CcwallError(f"the accounts cannot be read or written: {error}") from None


def _when(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
