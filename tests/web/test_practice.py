"""Breaking the simulated switch by the web: what is told, what is refused, and by whom."""

from collections.abc import AsyncIterator

import httpx
import pytest
import structlog
from fastapi import FastAPI

from ccwall.access import Access
from ccwall.clock import ManualClock
from ccwall.events import Principal
from ccwall.hub import Hub
from ccwall_web.app import create_app
from ccwall_web.practice import create_practice_app
from tests.web.house import LEAD, LittleFloor

HERE = "http://127.0.0.1:8800"


class Toy:
    """A practice that remembers what was broken."""

    def __init__(self) -> None:
        self.broken: list[tuple[str, float | None]] = []
        self.where: list[str] = []
        self.queues: list[str] = []
        self.stopped: list[tuple[str, str]] = []
        self.speed = 1.0

    def told(self) -> dict[str, object]:
        return {"product": "Toy", "speed": self.speed, "faults": [name for name, _ in self.broken]}

    def truth(self, product: str = "") -> dict[str, object]:
        if product == "phones":
            raise ValueError("no switch")
        return {"now": 1.0, "visits": [], "queues": {}}

    def fault(self, name: str, seconds: float | None = None, product: str = "", queue: str = "") -> None:
        if name == "unheard of":
            raise ValueError("there is no such fault; there are these: cut")
        self.broken.append((name, seconds))
        self.where.append(product)
        self.queues.append(queue)

    def stop(self, name: str, product: str = "") -> None:
        if name == "kill":
            raise ValueError("it ends by itself")
        self.stopped.append((name, product))

    def pace(self, speed: float) -> None:
        if speed > 100:
            raise ValueError("too fast")
        self.speed = speed


@pytest.fixture
def toy() -> Toy:
    return Toy()


@pytest.fixture
async def client(toy: Toy) -> AsyncIterator[httpx.AsyncClient]:
    access = Access(clock=ManualClock(), open_to=Principal(id="demo", role="lead"))
    app = create_practice_app(toy, access)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=HERE) as client:
        yield client


async def test_it_tells_what_can_be_broken(client: httpx.AsyncClient) -> None:
    answer = await client.get("/api/practice")
    assert answer.json() == {"product": "Toy", "speed": 1.0, "faults": []}


async def test_it_tells_the_truth(client: httpx.AsyncClient) -> None:
    assert (await client.get("/api/practice/truth")).json() == {"now": 1.0, "visits": [], "queues": {}}


@pytest.mark.parametrize(
    ("wish", "done"), [({"name": "cut"}, ("cut", None)), ({"name": "slow", "seconds": 5}, ("slow", 5.0))]
)
async def test_a_wish_is_obeyed_and_answered(
    client: httpx.AsyncClient, toy: Toy, wish: dict[str, object], done: tuple[str, float | None]
) -> None:
    answer = await client.post("/api/practice/faults", json=wish)
    assert (answer.status_code, answer.json()["faults"]) == (200, [done[0]])
    assert toy.broken == [done]


async def test_the_product_that_is_named_is_broken_and_the_first_one_if_none_is(
    client: httpx.AsyncClient, toy: Toy
) -> None:
    for wish in ({"name": "cut"}, {"name": "cut", "product": "pbx2"}):
        assert (await client.post("/api/practice/faults", json=wish)).status_code == 200
    assert toy.where == ["", "pbx2"]


async def test_what_befalls_callers_is_of_all_queues_or_of_one_and_can_be_ended_alone(
    client: httpx.AsyncClient, toy: Toy
) -> None:
    surge = {"name": "surge", "product": "callers"}
    for wish in (surge, {**surge, "queue": "pbx1/consult"}, {**surge, "stop": True}):
        assert (await client.post("/api/practice/faults", json=wish)).status_code == 200
    assert (toy.queues, toy.stopped) == (["", "pbx1/consult"], [("surge", "callers")])
    refused = await client.post("/api/practice/faults", json={"name": "kill", "stop": True})
    assert (refused.status_code, refused.json()["detail"]) == (422, "it ends by itself")


async def test_every_try_is_in_the_audit_log_with_who_and_what(client: httpx.AsyncClient) -> None:
    with structlog.testing.capture_logs() as log:
        await client.post("/api/practice/faults", json={"name": "surge", "queue": "pbx1/consult"})
        await client.post("/api/practice/faults", json={"name": "unheard of"})
        await client.post("/api/practice/speed", json={"speed": 20})
    told = [
        (line["event"], line["who"], line["what"], line["asked"], line.get("objection", "")) for line in log
    ]
    assert told == [
        ("acted", "demo", "practice.fault", {"name": "surge", "queue": "pbx1/consult"}, ""),
        (
            "acted",
            "demo",
            "practice.fault",
            {"name": "unheard of"},
            "there is no such fault; there are these: cut",
        ),
        ("acted", "demo", "practice.speed", {"speed": 20.0}, ""),
    ]


async def test_the_truth_of_what_counts_nothing_is_a_problem(client: httpx.AsyncClient) -> None:
    answer = await client.get("/api/practice/truth", params={"product": "phones"})
    assert (answer.status_code, answer.json()["detail"]) == (422, "no switch")


async def test_the_speed_is_changed(client: httpx.AsyncClient, toy: Toy) -> None:
    assert (await client.post("/api/practice/speed", json={"speed": 20})).json()["speed"] == 20
    refused = await client.post("/api/practice/speed", json={"speed": 1000})
    assert (refused.status_code, refused.json()["detail"]) == (422, "too fast")


@pytest.mark.parametrize(
    "wish",
    [
        {},
        {"name": "unheard of"},
        {"name": "x" * 1000},
        {"name": 5},
        {"name": "cut", "seconds": -1},
        {"name": "cut", "seconds": 1e9},
        {"name": "cut", "seconds": "soon"},
        {"name": "cut", "colour": "red"},
        {"name": "cut", "product": 5},
        {"name": "cut", "product": "x" * 1000},
        {"name": "surge", "queue": "x" * 1000},
        {"name": "surge", "stop": "perhaps"},
        ["cut"],
    ],
)
async def test_a_wrong_wish_is_a_problem_and_breaks_nothing(
    client: httpx.AsyncClient, toy: Toy, wish: object
) -> None:
    answer = await client.post("/api/practice/faults", json=wish)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert toy.broken == []


async def test_nan_is_no_length_of_time(client: httpx.AsyncClient, toy: Toy) -> None:
    answer = await client.post(
        "/api/practice/faults",
        content=b'{"name":"cut","seconds":NaN}',
        headers={"content-type": "application/json"},
    )
    assert (answer.status_code, toy.broken) == (422, [])


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:9999"])
@pytest.mark.parametrize("path", ["faults", "speed"])
async def test_a_page_of_another_place_breaks_nothing(
    client: httpx.AsyncClient, toy: Toy, origin: str, path: str
) -> None:
    answer = await client.post(
        f"/api/practice/{path}", json={"name": "kill", "speed": 2}, headers={"origin": origin}
    )
    assert answer.status_code == 403
    assert (toy.broken, toy.speed) == ([], 1.0)


async def test_our_own_page_may(client: httpx.AsyncClient, toy: Toy) -> None:
    answer = await client.post("/api/practice/faults", json={"name": "kill"}, headers={"origin": HERE})
    assert answer.status_code == 200


async def test_a_form_of_another_kind_breaks_nothing(client: httpx.AsyncClient, toy: Toy) -> None:
    answer = await client.post(
        "/api/practice/faults", content=b'{"name":"kill"}', headers={"content-type": "text/plain"}
    )
    assert (answer.status_code, toy.broken) == (422, [])


async def test_a_name_that_is_not_ours_is_not_served(toy: Toy, client: httpx.AsyncClient) -> None:
    answer = await client.get("/api/practice", headers={"host": "rebound.example"})
    assert answer.status_code == 421


async def test_the_root_leads_to_the_page(client: httpx.AsyncClient) -> None:
    answer = await client.get("/")
    assert (answer.status_code, answer.headers["location"]) == (303, "/practice")


async def test_a_wall_without_a_simulated_switch_has_none_to_break(boss: httpx.AsyncClient) -> None:
    assert (await boss.get("/api/practice")).status_code == 404
    assert (await boss.post("/api/practice/faults", json={"name": "kill"})).status_code in {404, 405}


async def test_where_one_must_sign_in_one_must_sign_in(
    floor: LittleFloor, hub: Hub, access: Access, toy: Toy
) -> None:
    app: FastAPI = create_app(floor, hub, access, practice=toy)
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url=HERE) as stranger:
        assert (await stranger.get("/api/practice")).status_code == 401
        assert (await stranger.get("/api/practice/truth")).status_code == 401
        assert (await stranger.post("/api/practice/faults", json={"name": "kill"})).status_code == 401
        stranger.headers["authorization"] = f"Bearer {LEAD}"
        assert (await stranger.get("/api/practice")).status_code == 200
    assert toy.broken == []
