"""Accounts, their sessions and their file: who is let in, until when, and what a bad disk or a second process does to that."""

import asyncio
import sqlite3
from contextlib import closing
from functools import partial
from pathlib import Path

import msgspec
import pytest

from ccwall.access import account_changes as changes
from ccwall.access.account_file import PLACES_EACH, SESSIONS_EACH, AccountFile, Unwritable
from ccwall.access.accounts import ABSOLUTE, IDLE, LOOK, SWEEP, Accounts, Wait, WrongPassword
from ccwall.access.model import Link, checked, log_in
from ccwall.access.objections import (
    Busy,
    LastManager,
    NotAllowed,
    NotGood,
    NotStored,
    Taken,
    Unknown,
)
from ccwall.access.passwords import AT_ONCE, MOST_WAITING, OWASP, Passwords, judge, one_time
from ccwall.clock import ManualClock
from ccwall.events import AgentId, Principal, Role
from tests.access.desk import AWAY, CHEAP, DEARER, GOOD, HERE, account, cheaply, opened
from tests.hub.glass import settled

BOSS = Principal(id="chen", role="manager")


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "accounts.sqlite"


@pytest.fixture
def accounts(path: Path, clock: ManualClock) -> Accounts:
    return opened(path, clock, account(), account("wu", "lead", teams=("north",)))


def principal(role: Role, id: str = "x") -> Principal:
    return Principal(id=id, role=role)


# ── passwords ──


def test_the_parameters_are_those_of_owasp() -> None:
    kept = OWASP.hash("x")
    assert kept.startswith("$argon2id$v=19$m=47104,t=1,p=1$")


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("short", "short"),
        ("x" * 257, "long"),
        ("1234567890", "common"),
        ("QwertyUIOP", "common"),
        ("abababababab", "common"),
        ("chen.wei.1990", "name"),
        ("CHENCHENCHEN", "name"),
    ],
)
def test_a_password_that_others_would_guess_is_refused(password: str, code: str) -> None:
    with pytest.raises(NotGood) as found:
        judge(password, "chen.wei.1990", "chen")
    assert found.value.code == code


@pytest.mark.parametrize(
    "password", ["just words in a row", "密码很长很长很长很长", "aaaaaaaaab1", "x y z x y z"]
)
def test_any_other_of_ten_characters_will_do(password: str) -> None:
    judge(password, "chen", "陈静")


def test_one_time_passwords_are_good_ones_and_differ() -> None:
    made = {one_time() for _ in range(50)}
    assert len(made) == 50
    for each in made:
        judge(each)


async def test_no_more_than_two_are_hashed_at_once_and_not_for_ever_many_wait() -> None:
    passwords, running, most = cheaply(), 0, 0
    gate = asyncio.Event()
    loop = asyncio.get_running_loop()

    class Slow:
        def hash(self, _: str) -> str:
            nonlocal running, most
            running += 1
            most = max(most, running)
            asyncio.run_coroutine_threadsafe(gate.wait(), loop).result(5)
            running -= 1
            return "hash"

    passwords._hasher = Slow()  # type: ignore[assignment]
    tasks = [asyncio.create_task(passwords.hash("x")) for _ in range(MOST_WAITING)]
    await asyncio.sleep(0)
    with pytest.raises(Busy):
        await passwords.hash("one more")
    gate.set()
    assert await asyncio.gather(*tasks) == ["hash"] * MOST_WAITING
    assert most == AT_ONCE


# ── signing in ──


async def test_the_right_password_opens_and_a_wrong_one_does_not(accounts: Accounts) -> None:
    entered = await accounts.sign_in(" Chen ", GOOD, client=HERE, browser="Firefox · Linux")
    assert accounts.principal_of(entered.secret) == Principal(id="chen", role="manager", name="Chen")
    for typed, password in (("chen", GOOD + "!"), ("nobody", GOOD), ("wu", "")):
        with pytest.raises(WrongPassword) as wrong:
            await accounts.sign_in(typed, password, client=HERE)
        assert str(wrong.value) == "The account or the password is wrong."


async def test_an_account_that_is_not_there_costs_as_much_as_one_that_is(
    path: Path, clock: ManualClock
) -> None:
    asked: list[str] = []

    class Counting:
        """Every hash that is computed, by its parameters."""

        hash, check_needs_rehash = CHEAP.hash, CHEAP.check_needs_rehash

        def verify(self, kept: str, password: str) -> bool:
            asked.append(kept.rsplit("$", 2)[0])
            return CHEAP.verify(kept, password)

    passwords = Passwords(Counting())  # type: ignore[arg-type]
    accounts = opened(path, clock, account(), account("wu", "lead", disabled=True), passwords=passwords)
    for id in ("chen", "nobody", "wu"):
        with pytest.raises(WrongPassword):
            await accounts.sign_in(id, "wrong wrong", client=HERE)
    assert asked == ["$argon2id$v=19$m=8,t=1,p=1"] * 3


def raw(path: Path) -> bytes:
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return path.read_bytes()


async def test_no_secret_is_in_the_file(accounts: Accounts, path: Path) -> None:
    entered = await accounts.sign_in("chen", GOOD, client=HERE)
    content = raw(path)
    assert b"$argon2id$" in content
    assert entered.secret.encode() not in content
    assert GOOD.encode() not in content


async def test_every_sign_in_is_another_session(accounts: Accounts) -> None:
    one, two = [await accounts.sign_in("chen", GOOD, client=HERE) for _ in range(2)]
    assert one.secret != two.secret
    assert len(accounts.sessions("chen")) == 2
    await accounts.sign_out(one.secret)
    assert accounts.principal_of(one.secret) is None
    assert accounts.principal_of(two.secret) is not None
    await accounts.sign_out_everywhere("chen")
    assert accounts.principal_of(two.secret) is None


async def test_sessions_outlive_a_restart(accounts: Accounts, path: Path, clock: ManualClock) -> None:
    entered = await accounts.sign_in("wu", GOOD, client=HERE)
    again = opened(path, clock)
    assert again.principal_of(entered.secret) == Principal(id="wu", role="lead", name="Wu", teams=("north",))


async def test_a_session_ends_when_nobody_uses_it_and_after_a_week_in_any_case(
    accounts: Accounts, clock: ManualClock
) -> None:
    idle, busy = [await accounts.sign_in("chen", GOOD, client=HERE) for _ in range(2)]
    began, step = clock.now(), IDLE / 2
    await clock.advance(step)
    assert accounts.principal_of(busy.secret) is not None
    await clock.advance(step)
    assert accounts.principal_of(idle.secret) is None
    while clock.now() + step < began + ABSOLUTE:
        assert accounts.principal_of(busy.secret) is not None
        await clock.advance(step)
    await clock.advance(step)
    assert accounts.principal_of(busy.secret) is None


async def test_only_so_many_sessions_of_one_account_are_kept(accounts: Accounts, clock: ManualClock) -> None:
    first = await accounts.sign_in("chen", GOOD, client=HERE)
    for _ in range(SESSIONS_EACH):
        await clock.advance(1)
        await accounts.sign_in("chen", GOOD, client=HERE)
    assert len(accounts.sessions("chen")) == SESSIONS_EACH
    assert accounts.principal_of(first.secret) is None


async def test_wrong_tries_of_an_account_run_out_whoever_makes_them(
    accounts: Accounts, clock: ManualClock
) -> None:
    for number in range(10):
        with pytest.raises(WrongPassword):
            await accounts.sign_in("chen", "guess guess", client=f"203.0.113.{number}")
    with pytest.raises(Wait) as wait:
        await accounts.sign_in("chen", GOOD, client=HERE)
    assert (await accounts.sign_in("wu", GOOD, client=HERE)).account is not None
    await clock.advance(wait.value.seconds)
    assert (await accounts.sign_in("chen", GOOD, client=HERE)).account is not None


async def test_a_stranger_locks_nobody_out_where_they_have_been_before(
    accounts: Accounts, path: Path, clock: ManualClock
) -> None:
    await accounts.sign_in("chen", GOOD, client=HERE)
    after_restart = opened(path, clock)
    for _ in range(10):
        with pytest.raises(WrongPassword):
            await after_restart.sign_in("chen", "guess guess", client=AWAY)
    with pytest.raises(Wait):
        await after_restart.sign_in("chen", "guess guess", client=AWAY)
    assert (await after_restart.sign_in("chen", GOOD, client=HERE)).account is not None
    for _ in range(10):
        with pytest.raises(WrongPassword):
            await after_restart.sign_in("chen", "guess guess", client=HERE)
    with pytest.raises(Wait):
        await after_restart.sign_in("chen", GOOD, client=HERE)


async def test_tries_at_the_same_moment_count_as_well(accounts: Accounts) -> None:
    outcomes = await asyncio.gather(
        *(accounts.sign_in("chen", "guess guess", client=HERE) for _ in range(20)), return_exceptions=True
    )
    assert sum(isinstance(each, WrongPassword) for each in outcomes) == 10
    assert sum(isinstance(each, Wait) for each in outcomes) == 10


async def test_good_sign_ins_use_up_no_tries(accounts: Accounts) -> None:
    for _ in range(30):
        await accounts.sign_in("chen", GOOD, client=HERE)


async def test_a_hash_of_yesterday_is_made_anew_with_the_parameters_of_today(
    path: Path, clock: ManualClock
) -> None:
    opened(path, clock, account())
    accounts = opened(path, clock, passwords=Passwords(DEARER))
    before = accounts.all["chen"].password
    entered = await accounts.sign_in("chen", GOOD, client=HERE)
    after = accounts.all["chen"].password
    assert before.startswith("$argon2id$v=19$m=8,")
    assert after.startswith("$argon2id$v=19$m=16,")
    assert accounts.principal_of(entered.secret) is not None
    await accounts.sign_in("chen", GOOD, client=HERE)
    assert accounts.all["chen"].password == after


async def test_known_places_are_bounded(accounts: Accounts, path: Path, clock: ManualClock) -> None:
    for number in range(PLACES_EACH + 3):
        await clock.advance(1)
        await accounts.sign_in("chen", GOOD, client=f"192.0.2.{number}")
    with closing(sqlite3.connect(path)) as db:
        places = {place for (place,) in db.execute("SELECT place FROM known_place")}
    assert places == {f"192.0.2.{number}" for number in range(3, PLACES_EACH + 3)}


# ── what changes, and for whom ──


async def test_another_role_ends_what_was_begun_with_the_old_one(accounts: Accounts) -> None:
    entered, told = await accounts.sign_in("wu", GOOD, client=HERE), list[bool]()
    with accounts.listen(lambda: told.append(accounts.principal_of(entered.secret) is None)):
        await accounts.change(partial(changes.change, by=BOSS, id="wu", wanted={"name": "Wu Gang"}, now=2.0))
        assert told == [False]
        await accounts.change(partial(changes.change, by=BOSS, id="wu", wanted={"role": "quality"}, now=3.0))
        assert told == [False, True]
    await accounts.change(partial(changes.change, by=BOSS, id="wu", wanted={"name": "Wu"}, now=4.0))
    assert told == [False, True]


@pytest.mark.parametrize(
    "wanted",
    [{"role": "agent", "agent": "7"}, {"teams": ()}, {"queues": ("q",)}, {"agent": "7"}, {"disabled": True}],
)
async def test_so_does_every_other_change_of_what_they_may(
    accounts: Accounts, wanted: dict[str, object]
) -> None:
    entered = await accounts.sign_in("wu", GOOD, client=HERE)
    await accounts.change(partial(changes.change, by=BOSS, id="wu", wanted=wanted, now=2.0))
    assert accounts.principal_of(entered.secret) is None


async def test_a_new_password_ends_every_other_session(accounts: Accounts) -> None:
    mine, other = [await accounts.sign_in("wu", GOOD, client=HERE) for _ in range(2)]
    with pytest.raises(WrongPassword):
        await accounts.change_password(mine.secret, "not mine at all", "a new one entirely")
    for same, code in ((GOOD, "same"), ("wu" * 6, "name")):
        with pytest.raises(NotGood) as found:
            await accounts.change_password(mine.secret, GOOD, same)
        assert found.value.code == code
    assert accounts.principal_of(other.secret) is not None
    changed = await accounts.change_password(mine.secret, GOOD, "a new one entirely")
    assert [accounts.principal_of(each.secret) is None for each in (mine, other, changed)] == [
        True,
        True,
        False,
    ]
    with pytest.raises(WrongPassword):
        await accounts.sign_in("wu", GOOD, client=HERE)
    await accounts.sign_in("wu", "a new one entirely", client=HERE)


async def test_a_password_set_while_the_old_one_is_looked_at_lets_nobody_in_by_the_old_one(
    accounts: Accounts,
) -> None:
    verify = accounts.passwords.verify

    async def slowly(kept: str | None, password: str) -> bool:
        good = await verify(kept, password)
        hashed = CHEAP.hash("another one now")
        await accounts.change(partial(changes.reset, by=BOSS, id="wu", hashed=hashed, now=2.0))
        return good

    accounts.passwords.verify = slowly  # type: ignore[method-assign]
    with pytest.raises(WrongPassword):
        await accounts.sign_in("wu", GOOD, client=HERE)
    assert accounts.sessions("wu") == []


async def test_a_reset_password_has_to_be_changed(accounts: Accounts) -> None:
    entered = await accounts.sign_in("wu", GOOD, client=HERE)
    hashed = CHEAP.hash("one-time")
    await accounts.change(partial(changes.reset, by=BOSS, id="wu", hashed=hashed, now=2.0))
    assert accounts.principal_of(entered.secret) is None
    again = await accounts.sign_in("wu", "one-time", client=HERE)
    assert accounts.all["wu"].must_change
    await accounts.change_password(again.secret, "one-time", "my own from now on")
    assert not accounts.all["wu"].must_change


MANAGING: list[tuple[Role, str, bool]] = [
    ("manager", "manager", True),
    ("manager", "agent", True),
    ("operations", "supervisor", True),
    ("operations", "manager", False),
    ("operations", "operations", False),
    ("supervisor", "lead", False),
    ("lead", "agent", False),
    ("display", "agent", False),
]


@pytest.mark.parametrize(("by", "role", "may"), MANAGING)
async def test_nobody_makes_somebody_who_may_do_more(
    accounts: Accounts, by: Role, role: str, may: bool
) -> None:
    new = account("li", role, agent="7")
    make = accounts.change(partial(changes.create, by=principal(by), account=new))
    if may:
        await make
        assert accounts.all["li"] == new
        return
    with pytest.raises(NotAllowed):
        await make
    assert "li" not in accounts.all


RESETTING: list[tuple[Role, str, bool]] = [
    ("supervisor", "lead", True),
    ("supervisor", "agent", True),
    ("supervisor", "quality", False),
    ("supervisor", "supervisor", False),
    ("lead", "agent", False),
    ("operations", "manager", False),
]


@pytest.mark.parametrize(("by", "role", "may"), RESETTING)
async def test_at_night_a_supervisor_may_set_passwords_anew(
    accounts: Accounts, by: Role, role: str, may: bool
) -> None:
    await accounts.change(partial(changes.create, by=BOSS, account=account("li", role, agent="7")))
    for wish in (
        partial(changes.reset, by=principal(by), id="li", hashed="h", now=2.0),
        partial(changes.end_everywhere, by=principal(by), id="li"),
    ):
        if may:
            await accounts.change(wish)
        else:
            with pytest.raises(NotAllowed):
                await accounts.change(wish)


@pytest.mark.parametrize("wanted", [{"role": "lead"}, {"disabled": True}, {"teams": ()}])
async def test_nobody_changes_what_they_may_themselves(accounts: Accounts, wanted: dict[str, object]) -> None:
    with pytest.raises(NotAllowed):
        await accounts.change(partial(changes.change, by=BOSS, id="chen", wanted=wanted, now=2.0))
    await accounts.change(partial(changes.change, by=BOSS, id="chen", wanted={"name": "陈静"}, now=2.0))


async def test_the_last_manager_stays(accounts: Accounts) -> None:
    other = Principal(id="lin", role="manager")
    demote = partial(changes.change, by=other, id="chen", wanted={"role": "lead"}, now=2.0)
    with pytest.raises(LastManager):
        await accounts.change(demote)
    assert accounts.all["chen"].role == "manager"
    await accounts.change(partial(changes.create, by=BOSS, account=account("lin")))
    await accounts.change(demote)
    with pytest.raises(LastManager):
        await accounts.change(partial(changes.change, by=BOSS, id="lin", wanted={"disabled": True}, now=2.0))


async def test_the_first_account_is_a_managers(path: Path, clock: ManualClock) -> None:
    accounts = opened(path, clock)
    is_first = accounts.needs_first
    assert is_first
    setup = Principal(id="setup", role="manager")
    with pytest.raises(NotGood, match="manager"):
        await accounts.change(partial(changes.create, by=setup, account=account("wu", "lead")))
    await accounts.change(partial(changes.create, by=setup, account=account()))
    assert not accounts.needs_first
    with pytest.raises(Taken):
        await accounts.change(partial(changes.create, by=setup, account=account()))


@pytest.mark.parametrize(
    "typed", ["x", "Chen Wei", "-chen", "chen!", "staff", "陈", "a" * 41, "chén", "che\u200bn"]
)
def test_a_log_in_that_two_could_read_differently_is_refused(typed: str) -> None:
    with pytest.raises(NotGood):
        checked(account(log_in(typed)))


@pytest.mark.parametrize("typed", ["Chen.Wei", "王芳", "li_7", "1001", "ｗｕ２", "王芳2"])
def test_others_are_kept_in_one_way(typed: str) -> None:
    checked(account(log_in(typed)))


def test_an_agents_account_is_of_somebody_on_the_roster() -> None:
    with pytest.raises(NotGood, match="roster"):
        checked(account("li", "agent"))


async def test_an_agents_team_is_the_floors(path: Path, clock: ManualClock) -> None:
    accounts = opened(path, clock, account(), account("li", "agent", agent=AgentId("7")))
    accounts.team_of = {"7": "north"}.get  # type: ignore[assignment]
    assert accounts.principal(accounts.all["li"]).teams == ("north",)


# ── links ──


def link(secret: str, **more: object) -> Link:
    from ccwall.access.accounts import digest

    told = {
        "id": "l1",
        "name": "Hall",
        "board": "hall",
        "digest": digest(secret),
        "by": "chen",
        "created": 1.0,
    }
    return msgspec.convert({**told, **more}, Link)


async def test_a_link_lets_a_screen_in_until_it_is_revoked(accounts: Accounts, clock: ManualClock) -> None:
    made = link("secret of the hall", teams=["north"])
    await accounts.change(partial(changes.make_link, by=BOSS, link=made))
    found = accounts.link_of("secret of the hall")
    assert found == made
    assert accounts.link_of("secret of the halls") is None
    screen = await accounts.enter_by(made, client=HERE)
    await clock.advance(300 * 86_400.0)
    assert accounts.principal_of(screen.secret) == Principal(
        id="display:l1", role="display", name="Hall", teams=("north",)
    )
    await accounts.change(partial(changes.revoke_link, by=BOSS, id="l1", now=clock.now()))
    assert accounts.principal_of(screen.secret) is None
    assert accounts.link_of("secret of the hall") is None
    late = await accounts.enter_by(made, client=HERE)  # it was looked at before it was revoked
    assert accounts.principal_of(late.secret) is None
    with pytest.raises(Unknown):
        await accounts.change(partial(changes.revoke_link, by=BOSS, id="l1", now=clock.now()))
    with pytest.raises(NotAllowed):
        await accounts.change(partial(changes.make_link, by=principal("lead"), link=link("x", id="l2")))


# ── the file ──


async def test_what_another_process_writes_is_noticed(
    accounts: Accounts, path: Path, clock: ManualClock
) -> None:
    entered, told = await accounts.sign_in("wu", GOOD, client=HERE), asyncio.Event()
    task = asyncio.create_task(accounts.run())
    await settled()
    other = AccountFile(path, clock.now, mends=False)
    other.change(partial(changes.change, by=BOSS, id="wu", wanted={"disabled": True}, now=2.0))
    other.close()
    assert accounts.principal_of(entered.secret) is not None
    with accounts.listen(told.set):
        await clock.advance(LOOK)
        await asyncio.wait_for(told.wait(), 5)
    assert accounts.principal_of(entered.secret) is None
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_when_somebody_was_last_here_is_written_now_and_then(
    accounts: Accounts, path: Path, clock: ManualClock
) -> None:
    entered = await accounts.sign_in("wu", GOOD, client=HERE)
    task = asyncio.create_task(accounts.run())
    await settled()
    await clock.advance(100.0)
    assert accounts.session_of(entered.secret) is not None
    seen = clock.now()
    await clock.advance(SWEEP)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    accounts._thread.shutdown(wait=True)
    (kept,) = opened(path, clock).sessions("wu")
    assert kept.used == seen


class Bad:
    """A disk that can be told to fail."""

    def __init__(self) -> None:
        self.fails = False

    def connect(self, path: Path) -> sqlite3.Connection:
        from ccwall.history import store

        bad = self

        class Connection(sqlite3.Connection):
            def execute(self, sql: str, *more: object) -> sqlite3.Cursor:
                if bad.fails and not sql.startswith("ROLLBACK"):
                    error = sqlite3.OperationalError("disk I/O error")
                    error.sqlite_errorcode = sqlite3.SQLITE_IOERR
                    raise error
                return super().execute(sql, *more)  # type: ignore[arg-type]

        store.connect(path).close()
        return sqlite3.connect(path, isolation_level=None, check_same_thread=False, factory=Connection)


async def test_a_disk_that_fails_keeps_nobody_out_and_makes_nobody(path: Path, clock: ManualClock) -> None:
    bad = Bad()
    opened(path, clock, account())
    accounts = Accounts(AccountFile(path, clock.now, bad.connect), clock, cheaply())
    bad.fails = True
    entered = await accounts.sign_in("chen", GOOD, client=HERE)
    assert accounts.principal_of(entered.secret) is not None
    assert accounts.problem
    with pytest.raises(NotStored):
        await accounts.change(partial(changes.create, by=BOSS, account=account("li", "lead")))
    assert not accounts.needs_first
    bad.fails = False
    await accounts.change(partial(changes.create, by=BOSS, account=account("li", "lead")))
    assert accounts.problem == ""


def test_a_file_that_cannot_be_read_is_not_taken_for_an_empty_one(path: Path, clock: ManualClock) -> None:
    bad = Bad()
    bad.fails = True
    accounts = Accounts(AccountFile(path, clock.now, bad.connect), clock, cheaply())
    assert accounts.problem
    assert not accounts.needs_first


def spoilt(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[100:4000] = b"\xff" * 3900
    path.write_bytes(content)


async def test_a_damaged_file_is_set_aside_and_told(path: Path, clock: ManualClock) -> None:
    first = AccountFile(path, clock.now)
    first.change(partial(changes.create, by=BOSS, account=account()))
    first.close()
    spoilt(path)
    accounts = opened(path, clock)
    assert not accounts.all
    assert accounts.needs_first
    assert "damaged" in accounts.damage
    assert len(list(path.parent.glob("accounts.sqlite.damaged-*"))) >= 1
    await accounts.change(partial(changes.create, by=BOSS, account=account()))
    assert opened(path, clock).all["chen"].id == "chen"


async def test_a_file_damaged_while_it_is_open_loses_nobody(
    accounts: Accounts, path: Path, clock: ManualClock
) -> None:
    entered = await accounts.sign_in("chen", GOOD, client=HERE)
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA foreign_keys = OFF")
        db.execute("DROP TABLE session")
    await accounts.change(partial(changes.create, by=BOSS, account=account("li", "lead")))
    assert set(accounts.all) == {"chen", "wu", "li"}
    assert accounts.principal_of(entered.secret) is not None
    again = opened(path, clock)
    assert set(again.all) == {"chen", "wu", "li"}
    assert again.principal_of(entered.secret) is not None
    assert "damaged" in accounts.damage


@pytest.fixture
def foreign(path: Path, clock: ManualClock) -> Path:
    first = AccountFile(path, clock.now)
    first.change(partial(changes.create, by=BOSS, account=account()))
    first.close()
    spoilt(path)
    return path


def test_the_command_line_leaves_a_damaged_file_to_the_server(foreign: Path, clock: ManualClock) -> None:
    before = foreign.read_bytes()
    with pytest.raises(Unwritable):
        AccountFile(foreign, clock.now, mends=False).load()
    assert foreign.read_bytes() == before


async def test_two_managers_at_once_lose_no_change_and_leave_a_manager(
    accounts: Accounts, path: Path
) -> None:
    await accounts.change(partial(changes.create, by=BOSS, account=account("lin")))
    outcomes = await asyncio.gather(
        *(
            accounts.change(partial(changes.change, by=Principal(id=by, role="manager"), id=id, wanted={"disabled": True}, now=2.0))
            for by, id in (("chen", "lin"), ("lin", "chen"))
        ),
        return_exceptions=True,
    )  # fmt: skip
    assert sorted(type(each).__name__ for each in outcomes) == ["Account", "LastManager"]
