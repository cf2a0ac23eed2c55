"""GET today's meetings with their agendas: who may, and what is on record of the look."""

import httpx
from structlog.testing import capture_logs

from tests.web.conftest import Client
from tests.web.house import LEAD, WALL, LittleFloor

PATH = "/api/v1/rota/meetings"


async def test_a_meeting_has_an_agenda_that_says_when_there_are_no_numbers(
    boss: httpx.AsyncClient, floor: LittleFloor
) -> None:
    now = floor.desk.clock.now()
    asked = {"title": "班前会", "begins": now + 60, "lasts": 900.0, "repeats": "daily"}
    id = (await boss.post("/api/v1/acts/meeting.plan", json={"arguments": asked})).json()["meeting_id"]
    noted = await boss.post(
        "/api/v1/acts/meeting.note", json={"arguments": {"meeting_id": id, "text": "今天"}}
    )
    assert noted.status_code == 200
    with capture_logs() as logs:
        told = await boss.get(PATH)
    assert told.status_code == 200
    (one,) = told.json()["meetings"]
    assert (one["id"], one["text"], one["may_note"], one["by"]["role"]) == (id, "今天", True, "manager")
    (section,) = one["sections"]
    assert (section["scope"], section["none"]) == ("floor", "began")
    assert "numbers" not in section
    assert [log["what"] for log in logs if log.get("what") == "meetings"] == ["meetings"]


async def test_a_wall_is_told_nothing_and_a_lead_no_more_than_theirs(browser: Client) -> None:
    async with browser(token=WALL) as wall, browser(token=LEAD) as lead, browser() as nobody:
        assert (await wall.get(PATH)).status_code == 403
        assert (await lead.get(PATH)).json()["meetings"] == []
        assert (await nobody.get(PATH)).status_code == 401
