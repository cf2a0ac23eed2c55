"""`ccwall demo` as it comes: a whole floor, everything on it on a wire of its own, each broken alone."""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest

from tests.main.processes import URL, command

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals")]
HEADSETS = {f"headset-{agent}" for agent in ("1001", "1002", "1014", "1017", "1019")}
SOURCES = {"pbx1", "pbx2", "acd3", "phones", "desks", *HEADSETS}


@asynccontextmanager
async def whole_floor(*options: str) -> AsyncIterator[httpx.AsyncClient]:
    async with command("demo", "--no-browser", *options) as running:
        async with httpx.AsyncClient(base_url=await running.says(URL), timeout=20) as client:
            yield client
        assert await running.stop() == 0
    assert "Traceback" not in running.said


async def board(client: httpx.AsyncClient) -> dict[str, Any]:
    found: dict[str, Any] = (await client.get("/api/v1/board")).json()
    return found


async def until(client: httpx.AsyncClient, true: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    while True:
        if true(found := await board(client)):
            return found
        await asyncio.sleep(0.2)


def are_live(found: dict[str, Any]) -> bool:
    return {name for name, source in found["sources"].items() if source["state"] == "live"} == SOURCES


async def test_every_source_is_heard_each_over_its_own_wire_and_the_wall_says_which_says_what() -> None:
    async with whole_floor("--speed", "10") as client:
        first = await until(client, are_live)
        assert len(first["agents"]) == 34
        assert {queue.partition("/")[0] for queue in first["queues"]} == {"pbx1", "pbx2", "acd3"}
        await until(
            client,
            lambda now: all(
                any(queue["offered"] > 0 for id, queue in now["queues"].items() if id.startswith(source))
                for source in ("pbx1", "pbx2", "acd3")
            ),
        )
        found = await until(
            client,
            lambda now: (
                {each["sense"] for each in now["agents"]["1001"].get("senses", [])}
                == {"acd", "phone", "desk", "seat"}
            ),
        )
        said = {each["sense"]: each["source"] for each in found["agents"]["1001"]["senses"]}
        assert said == {"acd": "pbx1", "phone": "phones", "desk": "headset-1001", "seat": "desks"}
        health = (await client.get("/api/health")).json()
        assert health["outlets"]["bus"]["state"] == "live"
        assert {name: source["unknown"] for name, source in health["sources"].items()} == dict.fromkeys(
            SOURCES, 0
        )


def gone(found: dict[str, Any]) -> set[str]:
    return {name for name, source in found["sources"].items() if source["state"] != "live"}


async def breaks(client: httpx.AsyncClient, name: str, product: str, seconds: float) -> dict[str, Any]:
    """The product as it is told of afterwards."""
    wish = {"name": name, "product": product, "seconds": seconds}
    answer = await client.post("/api/practice/faults", json=wish)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = next(each for each in answer.json()["products"] if each["id"] == product)
    return found


async def test_one_that_dies_takes_no_other_with_it() -> None:
    async with whole_floor() as client:
        await until(client, are_live)
        answer = await client.post("/api/practice/faults", json={"name": "kill", "seconds": 3})
        assert answer.status_code == 200
        broken = await until(client, lambda now: now["sources"]["pbx1"]["state"] != "live")
        assert gone(broken) == {"pbx1"}
        await until(client, are_live)
        # And the other way round: everything is gone but that one and four of the headsets.
        for product, name in {"pbx2": "kill", "acd3": "restart", "phones": "kill", "desks": "kill"}.items():
            assert (await breaks(client, name, product, 8))["up"] is False
        pulled = next(
            f"headset-{fault['about']}"
            for fault in (await breaks(client, "unplug", "headsets", 8))["faults"]
            if fault["name"] == "unplug"
        )
        others = {"pbx2", "acd3", "phones", "desks", pulled}
        assert gone(await until(client, lambda now: gone(now) >= others)) == others
        await until(client, are_live)


async def test_each_switch_has_its_own_truth_and_what_senses_contradict_is_shown() -> None:
    async with whole_floor("--speed", "5") as client:
        await until(client, are_live)
        products = {each["id"]: each for each in (await client.get("/api/practice")).json()["products"]}
        things = ["pbx1", "pbx2", "acd3", "phones", "desks", "headsets", "people", "callers"]
        assert list(products) == things
        assert (await board(client))["yesterday"], "what is usual here is known from the first minute on"
        (surge, _) = (await breaks(client, "surge", "callers", 60))["faults"]
        assert (surge["active"], surge["until"] - surge["since"]) == (True, pytest.approx(300, abs=15))
        assert set(products["pbx2"]["gauges"]) == {"consult@default", "technical@default"}
        truth = (await client.get("/api/practice/truth", params={"product": "acd3"})).json()
        assert set(truth["queues"]) == {"witness"}
        hit = await breaks(client, "unregister", "phones", 20)
        who = next(fault["about"] for fault in hit["faults"] if fault["name"] == "unregister").split(", ")
        await until(client, lambda now: any(is_unreachable(now["agents"][agent]) for agent in who))


def is_unreachable(agent: dict[str, Any]) -> bool:
    return any(each["kind"] == "ready_unreachable" for each in agent.get("conflicts", ()))
