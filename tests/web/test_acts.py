"""Acts by REST: what is told to whoever was second."""

from structlog.testing import capture_logs

from tests.web.conftest import Client
from tests.web.house import BOSS, LEAD, WALL

PROPOSE = "/api/v1/acts/incident.propose"


async def test_the_second_is_told_who_was_faster_in_words_and_in_fields(browser: Client) -> None:
    asked = {"arguments": {"kind": "system", "text": "CRM"}}
    async with browser(token=BOSS) as boss, browser(token=LEAD) as lead:
        first = await boss.post(PROPOSE, json=asked)
        assert (first.status_code, list(first.json())) == (200, ["incident"])
        second = await lead.post(PROPOSE, json=asked)
        told = second.json()
        assert second.status_code == 409
        assert (told["done"], told["by"], told["detail"]) == (
            "proposed",
            "陈",
            "An incident of this kind was proposed by 陈.",
        )
        assert isinstance(told["at"], float)
        refused = await lead.post("/api/v1/acts/incident.confirm", json={"arguments": first.json()})
        assert refused.status_code == 403


async def test_what_a_role_may_do_is_listed(browser: Client) -> None:
    async with browser(token=WALL) as wall, browser(token=LEAD) as lead:
        assert (await wall.get("/api/v1/acts")).json() == {"acts": []}
        may = (await lead.get("/api/v1/acts")).json()["acts"]
        assert {"help.take", "patrol.make", "handover.note"} <= set(may)
        assert "incident.confirm" not in may


async def test_a_wrong_word_is_named_by_its_place(browser: Client) -> None:
    async with browser(token=BOSS) as boss:
        answer = await boss.post(PROPOSE, json={"arguments": {"kind": "system", "text": "x" * 300}})
        assert answer.status_code == 422
        assert answer.json()["mistakes"][0]["where"].endswith("text")


async def test_a_customer_s_words_and_number_are_in_no_log(browser: Client) -> None:
    asked = {"kind": "complaint", "title": "扣费", "number": "13812345678", "text": "秘密"}
    with capture_logs() as lines:
        async with browser(token=BOSS) as boss:
            opened = await boss.post("/api/v1/acts/case.open", json={"arguments": asked})
            assert opened.status_code == 200
    told = str(lines)
    assert "case.open" in told
    assert "complaint" in told
    for word in ("13812345678", "秘密", "扣费"):
        assert word not in told
