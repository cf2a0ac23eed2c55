"""Boards, plans and pictures, through the whole app: who may, which version, and what is said when it cannot be."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from structlog.testing import capture_logs

from ccwall.access import Access, Key
from ccwall.api import Library
from ccwall.boards.store import Draft, Full, Unwritable, Version
from ccwall.clock import ManualClock
from ccwall.events import Principal
from ccwall.history import Documents
from ccwall.hub import Hub
from ccwall_web.app import create_app
from ccwall_web.schema.boards import (
    BoardAnswer,
    BoardList,
    BoardVersion,
    DocumentVersions,
    PictureAnswer,
    PictureList,
    PlanAnswer,
    PlanList,
    PlanVersion,
)
from tests.boards.sketches import EMBED, Json, board
from tests.boards.test_pictures import SVG, jpeg, png
from tests.hub.glass import Board
from tests.web.conftest import Client
from tests.web.house import BOSS, LEAD, TOKENS, WALL, LittleFloor
from tests.web.test_rest import problem

BOARDS, PLANS, PICTURES = "/api/v1/boards", "/api/v1/plans", "/api/v1/pictures"
GRID = "A-01 A-02\nA-03 A-04"


def plan(**changed: Any) -> Json:
    return {"format": 1, "id": "first", "name": {"en": "First floor"}, "text": GRID, **changed}


@pytest.fixture
async def wall(browser: Client) -> AsyncIterator[httpx.AsyncClient]:
    async with browser(token=WALL) as client:
        yield client


async def test_a_new_house_has_the_presets(wall: httpx.AsyncClient) -> None:
    told = BoardList.model_validate_json((await wall.get(BOARDS)).content)
    assert {"floor", told.default} <= {each.id for each in told.boards}
    assert {(each.version, each.preset) for each in told.boards} == {(0, True)}
    assert (told.kept, told.may_edit, told.embed) == (False, False, ["https://status.example.com"])


async def test_a_board_is_made_changed_and_taken_away(boss: httpx.AsyncClient) -> None:
    made = await boss.post(BOARDS, json={"board": board(), "note": "begun"})
    assert (made.status_code, made.headers["location"]) == (201, f"{BOARDS}/hall")
    assert BoardAnswer.model_validate_json(made.content).entry.version == 1
    loaded = (await boss.get(f"{BOARDS}/hall")).json()
    assert loaded["board"] == board()
    changed = await boss.put(f"{BOARDS}/hall", json={"board": board(theme="hc"), "base": 1})
    assert changed.json()["entry"] == {**loaded["entry"], "version": 2}
    versions = DocumentVersions.model_validate_json(
        (await boss.get(f"{BOARDS}/hall/versions")).content
    ).versions
    assert [(each.version, each.by, each.note) for each in versions] == [
        (2, "chen", ""),
        (1, "chen", "begun"),
    ]
    first = BoardVersion.model_validate_json((await boss.get(f"{BOARDS}/hall/versions/1")).content)
    assert first.board.theme == "dark"
    assert (await boss.delete(f"{BOARDS}/hall")).status_code == 204
    problem(await boss.get(f"{BOARDS}/hall"), 404)
    assert (await boss.get(f"{BOARDS}/hall/versions")).json()["versions"][0]["deleted"] is True


async def test_what_is_exported_can_be_imported_elsewhere(boss: httpx.AsyncClient) -> None:
    exported = (await boss.get(f"{BOARDS}/floor")).json()["board"]
    copy = await boss.post(BOARDS, json={"board": exported | {"id": "copy"}})
    assert copy.status_code == 201
    assert copy.json()["board"] == exported | {"id": "copy"}


async def test_a_preset_is_changed_and_comes_back(boss: httpx.AsyncClient) -> None:
    before = await boss.get(f"{BOARDS}/floor")
    preset = before.json()["board"]
    assert problem(await boss.delete(f"{BOARDS}/floor"), 409).version == 0
    mine = await boss.put(f"{BOARDS}/floor", json={"board": preset | {"theme": "light"}, "base": 0})
    assert (mine.json()["entry"]["version"], mine.json()["entry"]["preset"]) == (1, True)
    assert (await boss.get(f"{BOARDS}/floor/versions/0")).json()["board"] == preset
    assert (await boss.delete(f"{BOARDS}/floor")).status_code == 204
    after = await boss.get(f"{BOARDS}/floor")
    assert (after.json(), after.headers["etag"]) == (before.json(), before.headers["etag"])
    again = await boss.put(f"{BOARDS}/floor", json={"board": preset, "base": 0})
    assert again.json()["entry"]["version"] == 3


async def test_the_second_of_two_editors_is_told_who_was_first(boss: httpx.AsyncClient) -> None:
    await boss.post(BOARDS, json={"board": board()})
    saves = [
        boss.put(f"{BOARDS}/hall", json={"board": board(), "base": 1, "note": n}) for n in ("one", "two")
    ]
    answers = await asyncio.gather(*saves)
    assert sorted(each.status_code for each in answers) == [200, 409]
    told = problem(max(answers, key=lambda each: each.status_code), 409)
    assert (told.version, told.changed_by, told.changed_at) == (2, "chen", 1000.0)
    assert "Load it again" in told.detail


async def test_what_was_deleted_meanwhile_is_told(boss: httpx.AsyncClient) -> None:
    await boss.post(BOARDS, json={"board": board()})
    await boss.delete(f"{BOARDS}/hall")
    told = problem(await boss.put(f"{BOARDS}/hall", json={"board": board(), "base": 1}), 404)
    assert "Save it as a new one" in told.detail
    await boss.put(
        f"{BOARDS}/floor", json={"board": (await boss.get(f"{BOARDS}/floor")).json()["board"], "base": 0}
    )
    assert problem(await boss.delete(f"{BOARDS}/floor?base=7"), 409).version == 1


async def test_an_id_is_taken_once(boss: httpx.AsyncClient) -> None:
    await boss.post(BOARDS, json={"board": board()})
    assert problem(await boss.post(BOARDS, json={"board": board()}), 409).changed_by == "chen"
    assert problem(await boss.post(BOARDS, json={"board": board(id="floor")}), 409).version == 0


async def test_a_screen_that_has_it_is_told_so(boss: httpx.AsyncClient) -> None:
    for path in (BOARDS, f"{BOARDS}/floor", PLANS, PICTURES):
        tag = (await boss.get(path)).headers["etag"]
        for told in (tag, f'"x", W/{tag}', "*"):
            answer = await boss.get(path, headers={"If-None-Match": told})
            assert (answer.status_code, answer.content, answer.headers["etag"]) == (304, b"", tag)
        assert (await boss.get(path, headers={"If-None-Match": '"x"'})).status_code == 200
    tag = (await boss.get(f"{BOARDS}/floor")).headers["etag"]
    preset = (await boss.get(f"{BOARDS}/floor")).json()["board"]
    await boss.put(f"{BOARDS}/floor", json={"board": preset, "base": 0})
    assert (await boss.get(f"{BOARDS}/floor", headers={"If-None-Match": tag})).status_code == 200


async def test_a_program_may_say_if_match(boss: httpx.AsyncClient) -> None:
    tag = (await boss.post(BOARDS, json={"board": board()})).headers["etag"]
    save = {"board": board(), "base": 1}
    problem(await boss.put(f"{BOARDS}/hall", json=save, headers={"If-Match": '"0-x"'}), 412)
    assert (await boss.put(f"{BOARDS}/hall", json=save, headers={"If-Match": tag})).status_code == 200
    problem(await boss.delete(f"{BOARDS}/hall", headers={"If-Match": tag}), 412)


async def test_a_mistake_is_told_with_its_path(boss: httpx.AsyncClient) -> None:
    wrong = board(theme="pink")
    wrong["pages"][0]["tiles"][0]["w"] = 17
    told = problem(await boss.post(BOARDS, json={"board": wrong}), 422)
    assert [each.where for each in told.mistakes] == ["board.theme", "board.pages[0].tiles[0].w"]
    assert "17 is more than the 16 columns" in told.detail
    newer = problem(await boss.post(BOARDS, json={"board": board(format=2)}), 422)
    assert "newer ccwall" in newer.detail
    other = problem(await boss.put(f"{BOARDS}/floor", json={"board": board(), "base": 0}), 422)
    assert other.mistakes[0].where == "board.id"
    many = board(pages=[{"dwell": 0, "tiles": [{"id": f"T{n}"} for n in range(40)]}])
    assert "more" in problem(await boss.post(BOARDS, json={"board": many}), 422).detail


@pytest.mark.parametrize(
    "body", [b"", b"[", b"[" * 20_000, b'{"board": "x"}', b'{"board": {"format": 1e999}}']
)
async def test_no_body_is_too_strange(boss: httpx.AsyncClient, body: bytes) -> None:
    answer = await boss.post(BOARDS, content=body, headers={"content-type": "application/json"})
    problem(answer, 400 if answer.status_code == 400 else 422)


async def test_only_who_leads_may_change_and_every_try_is_on_record(browser: Client) -> None:
    with capture_logs() as logs:
        for token in (WALL, LEAD):
            async with browser(token=token) as client:
                tries = [
                    client.post(BOARDS, json={"board": board()}),
                    client.put(f"{BOARDS}/floor", json={"board": board(id="floor"), "base": 0}),
                    client.delete(f"{BOARDS}/floor"),
                    client.post(PLANS, json={"plan": plan()}),
                    client.put(f"{PLANS}/first", json={"plan": plan(), "base": 0}),
                    client.delete(f"{PLANS}/first"),
                    client.post(PICTURES, content=png()),
                    client.put(f"{PICTURES}/logo", content=png()),
                    client.delete(f"{PICTURES}/logo"),
                ]
                for answer in [await each for each in tries]:
                    assert "may not change" in problem(answer, 403).detail
                assert (await client.get(BOARDS)).json()["may_edit"] is False
    refused = [each for each in logs if each["event"] == "refused"]
    assert [each["what"] for each in refused] == [*["board"] * 3, *["plan"] * 3, *["picture"] * 3] * 2


async def test_nobody_sees_anything(stranger: httpx.AsyncClient) -> None:
    for path in (BOARDS, f"{BOARDS}/floor", f"{BOARDS}/floor/versions", PLANS, PICTURES, f"{PICTURES}/logo"):
        problem(await stranger.get(path), 401)


async def test_changes_are_on_record(boss: httpx.AsyncClient) -> None:
    with capture_logs() as logs:
        await boss.post(BOARDS, json={"board": board()})
        await boss.put(f"{BOARDS}/hall", json={"board": board(), "base": 9})
        await boss.delete(f"{BOARDS}/hall")
    told = [(each["wish"], each["id"], each.get("version"), "objection" in each) for each in logs]
    assert told == [
        ("made", "hall", 1, False),
        ("changed", "hall", None, True),
        ("deleted", "hall", 2, False),
    ]
    assert {(each["event"], each["who"], each["what"]) for each in logs} == {("changed", "chen", "board")}


async def test_the_viewer_of_the_demo_may_edit(floor: LittleFloor, hub: Hub, clock: ManualClock) -> None:
    demo = Access(clock=clock, open_to=Principal(id="demo", role="lead"))
    transport = httpx.ASGITransport(create_app(floor, hub, demo), client=("127.0.0.1", 40000))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        assert (await client.post(BOARDS, json={"board": board()})).status_code == 201


# ── floor plans ──


async def test_a_plan_is_kept_as_text_and_given_as_parts(boss: httpx.AsyncClient) -> None:
    made = await boss.post(PLANS, json={"plan": plan()})
    told = PlanAnswer.model_validate_json(made.content)
    assert (told.plan.text, told.entry.seats) == (GRID, 4)
    assert [seat["id"] for seat in told.parsed["seats"]] == ["A-01", "A-02", "A-03", "A-04"]
    await boss.put(f"{PLANS}/first", json={"plan": plan(text="B-01"), "base": 1})
    assert (await boss.get(f"{PLANS}/first")).json()["entry"]["seats"] == 1
    (entry,) = PlanList.model_validate_json((await boss.get(PLANS)).content).plans
    assert (entry.id, entry.version) == ("first", 2)
    assert len((await boss.get(f"{PLANS}/first/versions")).json()["versions"]) == 2
    old = PlanVersion.model_validate_json((await boss.get(f"{PLANS}/first/versions/1")).content)
    assert old.plan.text == GRID
    assert (await boss.delete(f"{PLANS}/first?base=2")).status_code == 204


async def test_a_plan_that_cannot_be_read_is_refused_where_it_is_wrong(boss: httpx.AsyncClient) -> None:
    told = problem(await boss.post(PLANS, json={"plan": plan(text="A-01 A-01")}), 422)
    assert told.mistakes[0].where == "plan.text"
    assert "line 1" in told.mistakes[0].what
    wrong = problem(await boss.post(PLANS, json={"plan": plan(text=3, colour=1)}), 422)
    assert {each.where for each in wrong.mistakes} == {"plan.text", "plan.colour"}


async def test_a_plan_is_looked_at_and_not_kept(boss: httpx.AsyncClient, wall: httpx.AsyncClient) -> None:
    seen = await boss.post(f"{PLANS}/look", json={"text": GRID})
    assert len(seen.json()["parsed"]["seats"]) == 4
    told = problem(await boss.post(f"{PLANS}/look", json={"text": "A-01 A-01"}), 422)
    assert told.mistakes[0].where == "plan.text"
    assert (await boss.get(PLANS)).json()["plans"] == []
    problem(await wall.post(f"{PLANS}/look", json={"text": GRID}), 403)


async def test_the_demo_has_a_plan_of_its_floor(boss: httpx.AsyncClient, floor: LittleFloor) -> None:
    assert floor.library is not None
    problem(await boss.get(f"{PLANS}/demo"), 404)
    floor.library.show_demo()
    told = PlanAnswer.model_validate_json((await boss.get(f"{PLANS}/demo")).content)
    assert (told.entry.version, told.entry.preset) == (0, True)
    assert told.entry.seats == len(told.parsed["seats"]) > 0
    save = {"plan": told.plan.model_dump(), "base": 0}
    assert (await boss.put(f"{PLANS}/demo", json=save)).json()["entry"]["version"] == 1


# ── pictures ──


async def test_a_picture_is_served_as_one_and_nothing_else(
    boss: httpx.AsyncClient, wall: httpx.AsyncClient
) -> None:
    made = await boss.post(f"{PICTURES}?id=logo", content=png(), headers={"content-type": "text/html"})
    assert made.headers["location"] == f"{PICTURES}/logo"
    entry = PictureAnswer.model_validate_json(made.content).entry
    assert (entry.type, entry.width, entry.height, entry.bytes) == ("image/png", 64, 32, len(png()))
    answer = await wall.get(f"{PICTURES}/logo")
    headers = answer.headers
    assert answer.content == png()
    assert (headers["content-type"], headers["x-content-type-options"]) == ("image/png", "nosniff")
    assert headers["content-security-policy"] == "sandbox; default-src 'none'"
    assert headers["cache-control"] == "private, no-cache"
    assert "immutable" in (await wall.get(f"{PICTURES}/logo?v=1")).headers["cache-control"]
    assert "immutable" not in (await wall.get(f"{PICTURES}/logo?v=2")).headers["cache-control"]
    assert (await wall.get(f"{PICTURES}/logo", headers={"If-None-Match": headers["etag"]})).status_code == 304


async def test_a_picture_is_replaced_and_taken_away(boss: httpx.AsyncClient) -> None:
    own = (await boss.post(PICTURES, content=png())).json()["entry"]["id"]
    twice = await boss.post(PICTURES, content=png())
    assert (twice.status_code, twice.json()["entry"]["id"], twice.json()["entry"]["version"]) == (201, own, 1)
    problem(await boss.post(f"{PICTURES}?id={own}", content=jpeg(9, 9)), 409)
    changed = await boss.put(f"{PICTURES}/{own}", content=jpeg(9, 9))
    assert (changed.json()["entry"]["version"], changed.json()["entry"]["type"]) == (2, "image/jpeg")
    problem(await boss.put(f"{PICTURES}/{own}?base=1", content=png()), 409)
    (entry,) = PictureList.model_validate_json((await boss.get(PICTURES)).content).pictures
    assert entry.version == 2
    assert (await boss.delete(f"{PICTURES}/{own}")).status_code == 204
    problem(await boss.get(f"{PICTURES}/{own}"), 404)
    problem(await boss.put(f"{PICTURES}/{own}", content=png()), 404)


async def test_what_is_no_picture_is_refused(boss: httpx.AsyncClient) -> None:
    assert "export it as PNG" in problem(await boss.post(PICTURES, content=SVG), 422).detail
    problem(await boss.post(PICTURES, content=b""), 422)
    problem(await boss.post(PICTURES, content=png() + bytes(512 * 1024)), 422)
    problem(await boss.post(PICTURES, content=bytes(600 * 1024)), 413)


# ── a disk that does not want ──


class BadStore:
    """Has one board, and a disk that fails."""

    kept = True
    changes = 7

    def __init__(self, error: Exception) -> None:
        self._error = error

    def newest(self, kind: str) -> dict[str, Version]:
        return (
            {}
            if kind != "board"
            else {"hall": Version(kind="board", id="hall", version=2, at=5.0, by="wu", about={"name": {}})}
        )

    async def ready(self) -> None:
        pass

    async def body(self, kind: str, id: str, version: int) -> bytes:
        raise self._error

    async def versions(self, kind: str, id: str) -> Sequence[Version]:
        raise self._error

    async def save(self, draft: Draft) -> Version:
        raise self._error


@pytest.mark.parametrize(
    ("error", "status"), [(Unwritable("the disk is full"), 503), (Full("500 boards already"), 409)]
)
async def test_a_disk_that_fails_is_told_and_the_presets_stay(
    hub: Hub, access: Access, error: Exception, status: int
) -> None:
    little = LittleFloor()
    little.library = Library(BadStore(error), lambda: 5.0, EMBED)
    app: FastAPI = create_app(little, hub, access)
    headers = {"Authorization": f"Bearer {BOSS}"}
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://127.0.0.1", headers=headers
    ) as client:
        assert (
            str(error) in problem(await client.post(BOARDS, json={"board": board(id="new")}), status).detail
        )
        assert (await client.get(f"{BOARDS}/floor")).status_code == 200
        if status == 503:
            for path in ("hall", "hall/versions", "hall/versions/2"):
                problem(await client.get(f"{BOARDS}/{path}"), 503)


async def test_where_there_are_no_boards_it_is_said(hub: Hub, access: Access) -> None:
    little = LittleFloor()
    little.library = None
    transport = httpx.ASGITransport(create_app(little, hub, access))
    headers = {"Authorization": f"Bearer {BOSS}"}
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1", headers=headers) as client:
        problem(await client.get(BOARDS), 503)


async def test_a_change_is_in_the_next_pulse(clock: ManualClock) -> None:
    library = Library(documents := Documents(None, clock.now), clock.now, EMBED)
    hub = Hub(clock, "1", changes=Board().changes, heard=dict, boards=lambda: library.changes)
    app = create_app(LittleFloorWith(library), hub, Access([Key.of(BOSS, TOKENS[BOSS])], clock=clock))
    headers = {"Authorization": f"Bearer {BOSS}"}
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://127.0.0.1", headers=headers
    ) as client:
        numbers = [hub.boards()]
        await client.post(BOARDS, json={"board": board()})
        numbers.append(hub.boards())
        await client.delete(f"{BOARDS}/hall")
        numbers.append(hub.boards())
        await client.delete(f"{BOARDS}/hall")
        numbers.append(hub.boards())
    assert numbers == [0, 1, 2, 2]
    await documents.close()


class LittleFloorWith(LittleFloor):
    def __init__(self, library: Library) -> None:
        super().__init__()
        self.library = library
