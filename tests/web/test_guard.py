"""What is stopped before any route, and the headers of every answer."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from ccwall.access import Access
from ccwall.hub import Hub
from ccwall_web.app import create_app
from ccwall_web.static import PAGES
from tests.web.conftest import Client
from tests.web.house import BOSS, LittleFloor

PATHS = ["/", "/assets/logo.svg", "/healthz", "/api/v1/board", "/api/v1/openapi.json", "/nothing"]


@pytest.mark.parametrize("host", ["evil.example", "wall.example.evil.example", "127.0.0.1.evil.example:8800"])
async def test_a_name_that_is_not_ours_is_refused(browser: Client, host: str) -> None:
    async with browser(host=host, address="127.0.0.1") as client:
        response = await client.get("/healthz")
    assert response.status_code == 421
    assert "hosts" in response.json()["next"]


@pytest.mark.parametrize(
    "host", ["localhost:8800", "127.0.0.1", "[::1]:8800", "WALL.example", "192.0.2.1:443"]
)
async def test_our_names_and_addresses_are_served(browser: Client, host: str) -> None:
    async with browser(host=host) as client:
        assert (await client.get("/healthz")).status_code == 200


@pytest.mark.parametrize("host", ["", "a b", "wall.example;script-src", "wall.example:99999x"])
async def test_a_malformed_name_is_refused(stranger: httpx.AsyncClient, host: str) -> None:
    assert (await stranger.get("/healthz", headers={"Host": host})).status_code == 400


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:9999", "file://"])
async def test_another_page_may_not_sign_in(stranger: httpx.AsyncClient, origin: str) -> None:
    response = await stranger.post("/api/v1/session", json={"token": BOSS}, headers={"Origin": origin})
    assert response.status_code == 403


async def test_our_own_page_may(stranger: httpx.AsyncClient) -> None:
    origin = {"Origin": "http://127.0.0.1:8800"}
    assert (await stranger.post("/api/v1/session", json={"token": BOSS}, headers=origin)).status_code == 200


async def test_a_big_body_is_not_read(stranger: httpx.AsyncClient) -> None:
    response = await stranger.post("/api/v1/session", content=b"x" * 20_000)
    assert response.status_code == 413


async def test_a_body_without_length_is_not_read(stranger: httpx.AsyncClient) -> None:
    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield b"x"

    response = await stranger.post("/api/v1/session", content=endless())
    assert response.status_code == 411


@pytest.mark.parametrize("path", PATHS)
async def test_every_answer_carries_the_headers(stranger: httpx.AsyncClient, path: str) -> None:
    headers = (await stranger.get(path)).headers
    policy = headers["content-security-policy"]
    for rule in ("default-src 'self'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'self'"):
        assert rule in policy.split("; ")
    assert "connect-src 'self' ws://127.0.0.1:8800 wss://127.0.0.1:8800" in policy
    assert "unsafe" not in policy
    assert (headers["x-content-type-options"], headers["referrer-policy"]) == ("nosniff", "no-referrer")


async def test_a_wall_may_be_framed_where_the_configuration_says(
    floor: LittleFloor, hub: Hub, access: Access, built: Path
) -> None:
    app = create_app(floor, hub, access, static_dir=built, frame_ancestors=["https://portal.example"])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1") as client:
        policy = (await client.get("/")).headers["content-security-policy"]
    assert "frame-ancestors 'self' https://portal.example" in policy.split("; ")
    assert "frame-src 'self' https://status.example.com" in policy.split("; ")


async def test_a_page_may_use_what_a_wall_needs_and_nothing_else(stranger: httpx.AsyncClient) -> None:
    headers = (await stranger.get("/")).headers
    policy = headers["content-security-policy"].split("; ")
    assert {"worker-src 'self'", "manifest-src 'self'", "object-src 'none'"} <= set(policy)
    allowed = headers["permissions-policy"].split(", ")
    assert {"autoplay=(self)", "screen-wake-lock=(self)", "fullscreen=(self)", "camera=()"} <= set(allowed)


@pytest.mark.parametrize(
    ("name", "kind"), [("sw.js", "text/javascript"), ("manifest.webmanifest", "application/manifest+json")]
)
async def test_the_service_worker_and_the_manifest_lie_beside_the_page(
    stranger: httpx.AsyncClient, built: Path, name: str, kind: str
) -> None:
    (built / name).write_text("{}")
    headers = (await stranger.get(f"/{name}")).headers
    assert headers["content-type"].split(";")[0] == kind
    assert headers["cache-control"] == "no-cache"


def test_the_service_worker_keeps_the_shell_for_every_page() -> None:
    worker = (Path(__file__).parents[2] / "web" / "wall" / "public" / "sw.js").read_text(encoding="utf-8")
    listed = re.search(r"const isPage = .*?/\^\(([a-z|]*)\)\$/", worker)
    assert listed is not None
    assert set(listed[1].split("|")) == {path.removeprefix("/") for path in PAGES}


@pytest.mark.parametrize("path", PAGES)
async def test_every_page_is_the_one_page(stranger: httpx.AsyncClient, path: str) -> None:
    assert "<title>wall</title>" in (await stranger.get(path)).text


async def test_answers_about_people_are_not_stored(boss: httpx.AsyncClient) -> None:
    assert (await boss.get("/api/v1/contacts")).headers["cache-control"] == "no-store"


async def test_the_page_is_asked_for_each_time(stranger: httpx.AsyncClient) -> None:
    response = await stranger.get("/")
    assert (response.status_code, response.headers["cache-control"]) == (200, "no-cache")


async def test_hashed_assets_are_kept_for_ever(stranger: httpx.AsyncClient) -> None:
    response = await stranger.get("/assets/index-Bx3kQ9aZ.js")
    assert "immutable" in response.headers["cache-control"]
    assert response.headers["content-type"].startswith("text/javascript")


async def test_other_assets_are_asked_for_each_time(stranger: httpx.AsyncClient) -> None:
    assert (await stranger.get("/assets/logo.svg")).headers["cache-control"] == "no-cache"


async def test_files_beside_the_page_are_served(stranger: httpx.AsyncClient) -> None:
    assert (await stranger.get("/favicon.svg")).headers["content-type"] == "image/svg+xml"


@pytest.mark.parametrize("path", ["/..%2fsecret.txt", "/%2e%2e/secret.txt", "/assets/..%2f..%2fsecret.txt"])
async def test_no_name_leads_out_of_the_folder(stranger: httpx.AsyncClient, path: str) -> None:
    assert (await stranger.get(path)).status_code == 404


async def test_an_unbuilt_wall_says_how_to_build_it(
    floor: LittleFloor, hub: Hub, access: Access, tmp_path: Path
) -> None:
    app: FastAPI = create_app(floor, hub, access, static_dir=tmp_path)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1") as client:
        response = await client.get("/")
        asset = await client.get("/assets/index.js")
    assert response.status_code == 503
    assert "make web" in response.text
    assert asset.status_code == 404
