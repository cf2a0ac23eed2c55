"""Accounts over the real app: the first one, signing in and out, who may change whom, and what ends at once."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from structlog.testing import capture_logs
from websockets.asyncio.client import connect

from ccwall.access import Access, Accounts, Key
from ccwall.access.first import LASTS, FirstCode
from ccwall.clock import ManualClock
from ccwall.events import AgentId, Principal
from ccwall_web.schema.accounts import AccountMade, Door, LinkMade, Links, Me
from ccwall_web.schema.accounts import Accounts as AccountList
from tests.access.desk import GOOD, account, opened
from tests.web.conftest import Client, Serve
from tests.web.house import BOSS, TOKENS, WALL

SESSION, ACCOUNTS, LINKS, BOARD = (
    "/api/v1/session",
    "/api/v1/accounts",
    "/api/v1/display-links",
    "/api/v1/board",
)
NEW = {"id": "li", "name": "李芳", "role": "lead", "teams": ["B"]}


@pytest.fixture
def accounts(clock: ManualClock) -> Accounts:
    return opened(
        None,
        clock,
        account(),
        account("wu", "lead", teams=("A",)),
        account("song", "supervisor"),
        account("zhang", "agent", agent=AgentId("a1"), teams=("A",)),
    )


@pytest.fixture
def access(clock: ManualClock, accounts: Accounts) -> Access:
    keys = [Key.of(token, TOKENS[token]) for token in (BOSS, WALL)]
    return Access(keys, clock=clock, accounts=accounts)


async def signed(client: httpx.AsyncClient, who: str, password: str = GOOD) -> httpx.AsyncClient:
    answer = await client.post(SESSION, json={"account": who, "password": password})
    assert answer.status_code == 200, answer.text
    return client


@pytest.fixture
async def chen(browser: Client) -> AsyncIterator[httpx.AsyncClient]:
    async with browser() as client:
        yield await signed(client, "chen")


@pytest.fixture
async def wu(browser: Client) -> AsyncIterator[httpx.AsyncClient]:
    async with browser(address="192.0.2.77") as client:
        yield await signed(client, "wu")


async def test_who_signs_in_is_told_who_they_are_and_what_they_may(wu: httpx.AsyncClient) -> None:
    me = Me.model_validate_json((await wu.get(SESSION)).content)
    assert (me.id, me.name, me.role, me.teams, me.account) == ("wu", "Wu", "lead", ["A"], True)
    assert [what for what, may in me.may.model_dump().items() if may] == ["command", "contacts"]
    assert (await wu.get(BOARD)).status_code == 200


async def test_signing_out_is_the_end(wu: httpx.AsyncClient) -> None:
    cookie = wu.cookies["ccwall_session"]
    assert (await wu.delete(SESSION)).status_code == 204
    wu.cookies.set("ccwall_session", cookie)
    assert (await wu.get(SESSION)).status_code == 401


async def test_signing_out_everywhere_is_the_end_of_all_of_them(
    browser: Client, wu: httpx.AsyncClient
) -> None:
    async with browser() as other:
        await signed(other, "wu")
        assert (await wu.delete(SESSION, params={"everywhere": True})).status_code == 204
        assert (await other.get(SESSION)).status_code == 401


async def test_a_wrong_password_says_no_more_than_that(stranger: httpx.AsyncClient) -> None:
    told = []
    for who in ("chen", "nobody"):
        answer = await stranger.post(SESSION, json={"account": who, "password": "guess guess"})
        assert "set-cookie" not in answer.headers
        told.append((answer.status_code, answer.json()["detail"]))
    assert set(told) == {(401, "The account or the password is wrong.")}


async def test_tries_run_out(stranger: httpx.AsyncClient) -> None:
    for _ in range(10):
        await stranger.post(SESSION, json={"account": "chen", "password": "guess guess"})
    answer = await stranger.post(SESSION, json={"account": "chen", "password": GOOD})
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) > 0


async def test_each_sign_in_replaces_what_the_browser_had(wu: httpx.AsyncClient, accounts: Accounts) -> None:
    first = wu.cookies["ccwall_session"]
    await signed(wu, "wu")
    assert wu.cookies["ccwall_session"] != first
    assert len(accounts.sessions("wu")) == 1


async def test_tokens_go_on_working(stranger: httpx.AsyncClient) -> None:
    assert (await stranger.post(SESSION, json={"token": WALL})).json()["role"] == "display"
    assert (await stranger.get(BOARD)).status_code == 200
    me = (await stranger.get(SESSION)).json()
    assert (me["account"], me["must_change"]) == (False, False)


# ── the first one ──


@pytest.fixture
def nobody(access: Access, clock: ManualClock) -> FirstCode:
    access.accounts = opened(None, clock)
    access.first = FirstCode(clock.now())
    return access.first


async def test_the_code_of_the_console_makes_the_first_account_and_nothing_after(
    browser: Client, nobody: FirstCode
) -> None:
    async with browser() as client:
        door = Door.model_validate_json((await client.get("/api/v1/door")).content)
        assert (door.first, door.accounts) == (True, False)
        typed = nobody.text.lower().replace("-", " ")
        assert (await client.post(SESSION, json={"token": typed})).status_code == 200
        refused = await client.post(ACCOUNTS, json={**NEW, "password": GOOD})
        assert (refused.status_code, refused.json()["code"]) == (422, "role")
        first = {"id": "chen", "name": "陈静", "role": "manager", "password": GOOD}
        assert (await client.post(ACCOUNTS, json=first)).status_code == 201
        assert (await client.get(ACCOUNTS)).status_code == 401
        assert (await client.post(SESSION, json={"token": nobody.text})).status_code == 401
        await signed(client, "chen")
        assert not (await client.get("/api/v1/door")).json()["first"]


async def test_the_code_is_good_for_half_an_hour(
    browser: Client, nobody: FirstCode, clock: ManualClock
) -> None:
    async with browser() as client:
        assert (await client.post(SESSION, json={"token": nobody.text})).status_code == 200
        await clock.advance(LASTS)
        assert (await client.get(ACCOUNTS)).status_code == 401
        assert (await client.post(SESSION, json={"token": nobody.text})).status_code == 401


async def test_whoever_has_the_staff_token_makes_the_first_account_too(
    boss: httpx.AsyncClient, nobody: FirstCode
) -> None:
    assert (await boss.post(ACCOUNTS, json={**NEW, "role": "manager"})).status_code == 201


# ── managing ──


async def test_a_new_account_has_a_password_that_is_told_once_and_must_be_changed(
    chen: httpx.AsyncClient, browser: Client
) -> None:
    made = AccountMade.model_validate_json((await chen.post(ACCOUNTS, json=NEW)).content)
    assert made.password is not None
    async with browser() as li:
        await signed(li, "li", made.password)
        me = (await li.get(SESSION)).json()
        assert me["must_change"]
        for path in (BOARD, "/api/v1/contacts", ACCOUNTS):
            assert (await li.get(path)).status_code == 401
        change = {"old": made.password, "new": "my own from now on"}
        assert (await li.post("/api/v1/password", json=change)).status_code == 200
        assert (await li.get(BOARD)).status_code == 200
    listed = AccountList.model_validate_json((await chen.get(ACCOUNTS)).content)
    assert made.password not in listed.model_dump_json()
    assert "argon2" not in listed.model_dump_json()


async def test_the_list_says_who_is_signed_in_and_from_where(
    chen: httpx.AsyncClient, wu: httpx.AsyncClient
) -> None:
    listed = AccountList.model_validate_json((await chen.get(ACCOUNTS)).content)
    sessions = {each.id: [(one.client, one.current) for one in each.sessions] for each in listed.accounts}
    assert sessions["wu"] == [("192.0.2.77", False)]
    assert sessions["chen"] == [("192.0.2.5", True)]
    assert listed.roles[0] == "manager"


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", ACCOUNTS, None),
        ("POST", ACCOUNTS, NEW),
        ("PATCH", f"{ACCOUNTS}/zhang", {"name": "x"}),
        ("POST", f"{ACCOUNTS}/zhang/password", None),
        ("DELETE", f"{ACCOUNTS}/zhang/sessions", None),
        ("GET", LINKS, None),
        ("POST", LINKS, {"name": "x"}),
        ("DELETE", f"{LINKS}/x", None),
    ],
)
async def test_a_lead_manages_nobody(wu: httpx.AsyncClient, method: str, path: str, body: Any) -> None:
    answer = await wu.request(method, path, json=body)
    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")


async def test_a_supervisor_resets_a_lead_and_no_manager(browser: Client) -> None:
    async with browser() as song:
        await signed(song, "song")
        assert (await song.get(ACCOUNTS)).json()["roles"] == []
        assert (await song.post(f"{ACCOUNTS}/wu/password")).status_code == 200
        assert (await song.post(f"{ACCOUNTS}/chen/password")).status_code == 403
        assert (await song.post(ACCOUNTS, json=NEW)).status_code == 403


async def test_disabled_is_out_at_once(
    chen: httpx.AsyncClient, wu: httpx.AsyncClient, stranger: httpx.AsyncClient
) -> None:
    answer = await chen.patch(f"{ACCOUNTS}/wu", json={"disabled": True})
    assert answer.json()["account"]["disabled"]
    assert (await wu.get(BOARD)).status_code == 401
    refused = await stranger.post(SESSION, json={"account": "wu", "password": GOOD})
    assert refused.status_code == 401


OBJECTIONS = [
    ("PATCH", f"{ACCOUNTS}/chen", {"role": "lead"}, 403, "not_allowed"),
    ("PATCH", f"{ACCOUNTS}/nobody", {"name": "x"}, 404, "unknown"),
    ("PATCH", f"{ACCOUNTS}/wu", {"role": "agent"}, 422, "agent"),
    ("POST", ACCOUNTS, {**NEW, "id": "wu"}, 409, "taken"),
    ("POST", ACCOUNTS, {**NEW, "id": "staff"}, 422, "id"),
    ("POST", ACCOUNTS, {**NEW, "password": "1234567890"}, 422, "common"),
    ("DELETE", f"{LINKS}/x", None, 404, "unknown"),
]


@pytest.mark.parametrize(("method", "path", "body", "status", "code"), OBJECTIONS)
async def test_what_cannot_be_done_is_said_in_a_word_that_pages_know(
    chen: httpx.AsyncClient, method: str, path: str, body: Any, status: int, code: str
) -> None:
    answer = await chen.request(method, path, json=body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_what_is_not_said_stays_and_null_is_all(chen: httpx.AsyncClient, accounts: Accounts) -> None:
    await chen.patch(f"{ACCOUNTS}/wu", json={"name": "吴刚"})
    before = accounts.all["wu"]
    assert before.teams == ("A",)
    await chen.patch(f"{ACCOUNTS}/wu", json={"teams": None})
    after = accounts.all["wu"]
    assert after.teams is None
    assert after.name == "吴刚"


async def test_who_did_what_is_on_record_and_no_password_ever_is(chen: httpx.AsyncClient) -> None:
    with capture_logs() as logs:
        made = (await chen.post(ACCOUNTS, json={**NEW, "password": "a password of li"})).json()
        reset = (await chen.post(f"{ACCOUNTS}/wu/password")).json()
        await chen.post(SESSION, json={"account": "my password!!", "password": "guess guess"})
        await chen.post("/api/v1/password", json={"old": GOOD, "new": "brand new words"})
    record = [each for each in logs if each["event"] in {"changed", "turned away", "signed in"}]
    assert [each.get("wish", each["event"]) for each in record] == [
        "made", "password reset", "turned away", "changed",
    ]  # fmt: skip
    assert {each["who"] for each in record if "who" in each} == {"chen"}
    told = repr(logs)
    for secret in (
        "a password of li",
        reset["password"],
        "guess guess",
        "my password",
        GOOD,
        "brand new words",
    ):
        assert secret not in told
    assert made.get("password") is None


async def test_a_page_of_another_place_changes_nothing(chen: httpx.AsyncClient, accounts: Accounts) -> None:
    answer = await chen.post(ACCOUNTS, json=NEW, headers={"Origin": "https://evil.example"})
    assert answer.status_code == 403
    assert "li" not in accounts.all


# ── display links ──


async def test_a_link_opens_one_screen_with_what_it_was_made_for(
    chen: httpx.AsyncClient, browser: Client
) -> None:
    answer = await chen.post(LINKS, json={"name": "大厅", "board": "hall", "teams": ["A"]})
    made = LinkMade.model_validate_json(answer.content)
    async with browser(address="192.0.2.90") as screen:
        me = (await screen.post(SESSION, json={"token": made.token})).json()
        assert (me["id"], me["role"], me["teams"]) == (f"display:{made.link.id}", "display", ["A"])
        listed = Links.model_validate_json((await chen.get(LINKS)).content)
        assert [(each.name, each.screens, each.used is not None) for each in listed.links] == [
            ("大厅", 1, True)
        ]
        assert made.token not in listed.model_dump_json()
        assert (await chen.delete(f"{LINKS}/{made.link.id}")).status_code == 204
        assert (await screen.get(BOARD)).status_code == 401
        assert (await screen.post(SESSION, json={"token": made.token})).status_code == 401


async def test_a_link_in_the_address_becomes_a_session_of_its_own(
    chen: httpx.AsyncClient, browser: Client, accounts: Accounts
) -> None:
    token = (await chen.post(LINKS, json={"name": "Hall"})).json()["token"]
    async with browser() as screen:
        for _ in range(3):  # as a kiosk that starts each morning does
            answer = await screen.get("/", params={"board": "hall", "token": token})
            assert (answer.status_code, answer.headers["location"]) == (303, "/?board=hall")
        assert sum(each.link is not None for each in accounts.sessions()) == 1


# ── sockets ──


async def said_bye(socket: Any) -> bool:
    async with asyncio.timeout(10):
        async for frame in socket:
            if '"refused"' in frame:
                return True
    return False


@pytest.mark.parametrize(
    ("path", "wish"),
    [
        (f"{ACCOUNTS}/wu", {"role": "quality"}),
        (f"{ACCOUNTS}/wu", {"disabled": True}),
        (f"{ACCOUNTS}/wu", {"teams": ["B"]}),
    ],
)
async def test_another_role_closes_the_live_socket(
    app: FastAPI,
    serve: Serve,
    chen: httpx.AsyncClient,
    wu: httpx.AsyncClient,
    path: str,
    wish: dict[str, Any],
) -> None:
    async with serve(app) as (_, port):
        cookie = {"Cookie": f"ccwall_session={wu.cookies['ccwall_session']}"}
        async with connect(f"ws://127.0.0.1:{port}/api/v1/live", additional_headers=cookie) as socket:
            assert '"snapshot"' in await asyncio.wait_for(socket.recv(decode=True), 5)
            await chen.patch(path, json={"name": "Wu Gang"})
            await chen.patch(path, json=wish)
            assert await said_bye(socket)
            await asyncio.wait_for(socket.wait_closed(), 5)


async def test_so_does_signing_out_and_a_lead_sees_only_their_team(
    app: FastAPI, serve: Serve, wu: httpx.AsyncClient
) -> None:
    async with serve(app) as (_, port):
        cookie = {"Cookie": f"ccwall_session={wu.cookies['ccwall_session']}"}
        async with connect(f"ws://127.0.0.1:{port}/api/v1/live", additional_headers=cookie) as socket:
            snapshot = await asyncio.wait_for(socket.recv(decode=True), 5)
            assert '"a1"' in snapshot
            assert '"a2"' not in snapshot
            await wu.delete(SESSION)
            assert await said_bye(socket)


async def test_an_agent_sees_themselves_and_their_teams_totals(
    app: FastAPI, serve: Serve, browser: Client
) -> None:
    async with browser() as zhang, serve(app) as (_, port):
        await signed(zhang, "zhang")
        cookie = {"Cookie": f"ccwall_session={zhang.cookies['ccwall_session']}"}
        async with connect(f"ws://127.0.0.1:{port}/api/v1/live", additional_headers=cookie) as socket:
            snapshot = await asyncio.wait_for(socket.recv(decode=True), 5)
            assert "张三" in snapshot
            board = json.loads(snapshot)["board"]
            assert set(board) == {"agents", "sources"}
            assert set(board["agents"]) == {"a1"}
        assert (await zhang.get("/api/v1/contacts")).status_code == 403
        assert (await zhang.get(ACCOUNTS)).status_code == 403


# ── the demo ──


@pytest.fixture
def demo(clock: ManualClock, app: FastAPI, access: Access) -> Access:
    access.accounts = opened(None, clock, account(), account("wu", "lead"), personas=("chen", "wu"))
    access.open_to = Principal(id="demo", role="supervisor")
    return access


async def test_the_people_of_the_demo_need_no_password_on_its_own_machine(
    demo: Access, browser: Client
) -> None:
    async with browser(address="127.0.0.1") as client:
        door = Door.model_validate_json((await client.get("/api/v1/door")).content)
        assert [each.id for each in door.personas] == ["chen", "wu"]
        assert (await client.post(SESSION, json={"persona": "wu"})).json()["role"] == "lead"
        assert (await client.post(SESSION, json={"persona": "li"})).status_code == 401
    async with browser(address="192.0.2.5") as client:
        assert (await client.get("/api/v1/door")).json()["personas"] == []
        assert (await client.post(SESSION, json={"persona": "wu"})).status_code == 401


async def test_nowhere_else(access: Access, browser: Client, clock: ManualClock) -> None:
    access.accounts = opened(None, clock, account(), personas=("chen",))
    async with browser(address="127.0.0.1") as client:
        assert (await client.post(SESSION, json={"persona": "chen"})).status_code == 401
        assert (await client.get("/api/v1/door")).json()["personas"] == []
