"""Commands through the whole web: who may, what is answered, and what is on record."""

from collections.abc import AsyncIterator

import httpx
import pytest
from structlog.testing import capture_logs

from ccwall import events
from ccwall.events import CommandId
from ccwall_web.commands import Accepted, Command, Commands
from tests.floor.desk import ANNA, Disk
from tests.web.conftest import Client
from tests.web.house import BOSS, LEAD, WALL, LittleFloor
from tests.web.test_rest import problem

PATH = "/api/commands"
PAUSE = {"name": "agent.pause", "target": ANNA, "reason": "午餐"}


@pytest.fixture
async def lead(browser: Client) -> AsyncIterator[httpx.AsyncClient]:
    async with browser(token=LEAD) as client:
        yield client


async def test_a_command_is_accepted_and_can_be_asked_for(lead: httpx.AsyncClient) -> None:
    response = await lead.post(PATH, json=PAUSE)
    assert response.status_code == 202
    told = Accepted.model_validate_json(response.content)
    assert (told.state, response.headers["location"]) == ("requested", f"{PATH}/{told.command_id}")
    one = Command.model_validate_json((await lead.get(response.headers["location"])).content)
    assert (one.target, one.reason, one.arguments) == ("anna", "午餐", {"source": "pbx1"})
    assert one.actor is not None
    assert (one.actor.id, one.actor.role) == ("wu", "lead")


async def test_its_end_is_told(lead: httpx.AsyncClient, floor: LittleFloor) -> None:
    id = (await lead.post(PATH, json=PAUSE)).json()["command_id"]
    desk = floor.desk
    no = events.CommandRefused(at=desk.clock.now(), command_id=CommandId(id), detail="Permission denied")
    desk.say(no)
    told = Commands.model_validate_json((await lead.get(PATH)).content)
    assert [(c.command_id, c.state, c.detail) for c in told.commands] == [
        (id, "refused", "Permission denied")
    ]


async def test_numbers_may_be_numbers(lead: httpx.AsyncClient, floor: LittleFloor) -> None:
    arguments = {"queue": "pbx1/promo", "penalty": 3}
    wish = {"name": "queue.add_member", "target": "oleg", "arguments": arguments}
    assert (await lead.post(PATH, json=wish)).status_code == 202
    (command,) = floor.desk.engine.commands()
    assert command.arguments == {"queue": "pbx1/promo", "penalty": "3", "source": "pbx1"}


async def test_nobody_commands_without_a_token(stranger: httpx.AsyncClient, floor: LittleFloor) -> None:
    problem(await stranger.post(PATH, json=PAUSE), 401)
    problem(await stranger.get(PATH), 401)
    assert list(floor.desk.engine.commands()) == []


async def test_a_display_neither_commands_nor_looks_and_its_try_is_on_record(browser: Client) -> None:
    async with browser(token=WALL) as client:
        with capture_logs() as log:
            assert "display" in problem(await client.post(PATH, json=PAUSE), 403).detail
            problem(await client.get(PATH), 403)
    assert [(entry["event"], entry["who"]) for entry in log] == [
        ("commanded", "wall-1"),
        ("refused", "wall-1"),
    ]


async def test_another_page_cannot_command(boss: httpx.AsyncClient, floor: LittleFloor) -> None:
    problem(await boss.post(PATH, json=PAUSE, headers={"Origin": "https://evil.example"}), 403)
    assert list(floor.desk.engine.commands()) == []


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
async def test_what_a_form_could_send_is_no_command(boss: httpx.AsyncClient, kind: str) -> None:
    body = b'{"name": "agent.pause", "target": "anna", "reason": "x"}'
    problem(await boss.post(PATH, content=body, headers={"Content-Type": kind}), 422)


async def test_every_command_is_on_record_with_who_whom_and_why(lead: httpx.AsyncClient) -> None:
    with capture_logs() as log:
        id = (await lead.post(PATH, json=PAUSE)).json()["command_id"]
    (entry,) = log
    told = {key: entry[key] for key in ("event", "who", "role", "client", "name", "target", "reason")}
    assert told == {
        "event": "commanded",
        "who": "wu",
        "role": "lead",
        "client": "192.0.2.5",
        "name": "agent.pause",
        "target": "anna",
        "reason": "午餐",
    }
    assert entry["command_id"] == id


async def test_a_refused_wish_is_on_record_too(lead: httpx.AsyncClient) -> None:
    with capture_logs() as log:
        problem(await lead.post(PATH, json={**PAUSE, "target": "nobody"}), 404)
    assert [(entry["event"], entry["objection"]) for entry in log] == [
        ("commanded", "There is no agent 'nobody' here.")
    ]


@pytest.mark.parametrize(
    ("where", "wrong"),
    [
        ("body.name", {"name": "agent.fire"}),
        ("body.reason", {"reason": ""}),
        ("body.reason", {"reason": "x\r\nAction: Originate"}),
        ("body.arguments", {"arguments": {"colour": "red"}}),
        ("body.target", {"target": 5}),
        ("body.colour", {"colour": "red"}),
        ("body.arguments.penalty.str", {"arguments": {"penalty": True}}),
    ],
)
async def test_a_wrong_wish_is_answered_with_its_place(
    lead: httpx.AsyncClient, where: str, wrong: dict[str, object]
) -> None:
    told = problem(await lead.post(PATH, json={**PAUSE, **wrong}), 422)
    assert told.mistakes[0].where == where


@pytest.mark.parametrize(
    "body", [b'{"\\ud800": 1}', b'{"name": "\\ud800"}', b"[", b"\xff", b"null", b"1" * 5000]
)
async def test_no_body_is_a_bug(lead: httpx.AsyncClient, body: bytes) -> None:
    response = await lead.post(PATH, content=body, headers={"Content-Type": "application/json"})
    assert response.status_code in {400, 422}


async def test_what_the_floor_cannot_grant_now_is_a_conflict(lead: httpx.AsyncClient) -> None:
    told = problem(await lead.post(PATH, json={**PAUSE, "target": "wang"}), 409)
    assert told.next


async def test_too_many_are_told_when_to_come_again(lead: httpx.AsyncClient) -> None:
    for _ in range(10):
        assert (await lead.post(PATH, json=PAUSE)).status_code == 202
    response = await lead.post(PATH, json=PAUSE)
    problem(response, 429)
    assert int(response.headers["retry-after"]) >= 1


async def test_without_a_recording_there_are_no_commands(lead: httpx.AsyncClient, floor: LittleFloor) -> None:
    floor.commands.ledger = disk = Disk()
    disk.state = "stopped"
    assert "not recording" in problem(await lead.post(PATH, json=PAUSE), 503).detail


async def test_where_nobody_can_be_commanded_it_says_so(boss: httpx.AsyncClient, floor: LittleFloor) -> None:
    floor.commands = None  # type: ignore[assignment]  # as a replay's floor
    assert "recording" in problem(await boss.post(PATH, json=PAUSE), 503).detail
    problem(await boss.get(PATH), 503)


async def test_a_command_nobody_gave_is_not_there(lead: httpx.AsyncClient) -> None:
    problem(await lead.get(f"{PATH}/nothing"), 404)


async def test_the_token_is_of_no_use_in_the_address(stranger: httpx.AsyncClient) -> None:
    problem(await stranger.post(PATH, json=PAUSE, params={"token": BOSS}), 401)
