"""The REST interface, through the whole app."""

import httpx
import pytest
from structlog.testing import capture_logs

from ccwall_web.schema.accounts import Me
from ccwall_web.schema.board import Board
from ccwall_web.schema.contacts import Contacts
from ccwall_web.schema.health import Health, Healthz
from ccwall_web.schema.problem import ProblemDocument
from tests.web.conftest import Client
from tests.web.house import BOSS, LEAD, TOKENS, WALL, LittleFloor

CONTACTS, BOARD, SESSION = "/api/v1/contacts", "/api/v1/board", "/api/v1/session"
HEALTH = "/api/health"


def problem(response: httpx.Response, status: int) -> ProblemDocument:
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    return ProblemDocument.model_validate_json(response.content)


async def test_the_board_is_given_to_the_signed_in(boss: httpx.AsyncClient) -> None:
    Board.model_validate_json((await boss.get(BOARD)).content)


@pytest.mark.parametrize("path", [BOARD, CONTACTS])
async def test_nobody_gets_a_401_that_says_what_to_do(stranger: httpx.AsyncClient, path: str) -> None:
    response = await stranger.get(path)
    told = problem(response, 401)
    assert response.headers["www-authenticate"] == "Bearer"
    assert (told.instance, told.next) == (
        path,
        "Sign in, or send the header 'Authorization: Bearer <token>'.",
    )


async def test_a_wrong_token_is_refused_even_on_the_machine_of_the_demo(browser: Client) -> None:
    async with browser(token="wrong", address="127.0.0.1") as client:
        problem(await client.get(BOARD), 401)


async def test_a_token_in_the_address_of_an_api_call_is_not_looked_at(stranger: httpx.AsyncClient) -> None:
    problem(await stranger.get(BOARD, params={"token": BOSS}), 401)


async def test_contacts_pass_the_question_on(boss: httpx.AsyncClient, floor: LittleFloor) -> None:
    response = await boss.get(CONTACTS, params={"queue": "q1", "outcome": "abandoned", "limit": 5})
    Contacts.model_validate_json(response.content)
    assert floor.asked == [(TOKENS[BOSS], "q1", "abandoned", 5, "")]


@pytest.mark.parametrize("wrong", [{"limit": 1001}, {"limit": 0}, {"limit": "x"}, {"outcome": "gone"}])
async def test_a_wrong_question_is_answered_with_the_mistake(
    boss: httpx.AsyncClient, wrong: dict[str, str]
) -> None:
    told = problem(await boss.get(CONTACTS, params=wrong), 422)
    assert told.mistakes[0].where == f"query.{next(iter(wrong))}"


async def test_an_unknown_cursor_is_a_mistake_of_the_asker(boss: httpx.AsyncClient) -> None:
    assert "after" in problem(await boss.get(CONTACTS, params={"after": "c9"}), 400).detail


async def test_every_look_at_contacts_is_on_record_without_their_numbers(browser: Client) -> None:
    async with browser(token=LEAD) as client:
        with capture_logs() as log:
            await client.get(CONTACTS, params={"queue": "q1"})
    (entry,) = log
    assert entry["event"] == "looked up"
    asked = {key: entry[key] for key in ("what", "who", "role", "client", "queue", "count", "callers")}
    assert asked == {
        "what": "contacts",
        "who": "wu",
        "role": "lead",
        "client": "192.0.2.5",
        "queue": "q1",
        "count": 1,
        "callers": "masked",
    }
    assert "at" in entry
    assert "4034" not in str(entry)


async def test_a_display_may_not_list_contacts_and_its_try_is_on_record(browser: Client) -> None:
    async with browser(token=WALL) as client:
        with capture_logs() as log:
            problem(await client.get(CONTACTS), 403)
    assert [(entry["event"], entry["who"]) for entry in log] == [("refused", "wall-1")]


async def test_healthz_tells_anybody_states_and_ages_only(browser: Client) -> None:
    for token in ("", BOSS):
        async with browser(token=token) as client:
            response = await client.get("/healthz")
        assert response.status_code == 200
        Healthz.model_validate_json(response.content)
        assert response.json()["sources"] == {
            "pbx1": {"state": "refused", "since": 1.0, "age": 3.0, "unknown": 2}
        }


async def test_healthz_is_503_when_the_engine_does_not_run(
    stranger: httpx.AsyncClient, floor: LittleFloor
) -> None:
    floor.running = False
    response = await stranger.get("/healthz")
    assert (response.status_code, response.json()["running"]) == (503, False)


async def test_health_tells_the_staff_the_last_words(boss: httpx.AsyncClient) -> None:
    response = await boss.get(HEALTH)
    Health.model_validate_json(response.content)
    assert response.json()["sources"]["pbx1"]["detail"] == "the words of the far end"


@pytest.mark.parametrize("token", [LEAD, WALL])
async def test_health_is_for_the_staff_and_another_ones_try_is_on_record(browser: Client, token: str) -> None:
    async with browser(token=token) as client:
        with capture_logs() as log:
            problem(await client.get(HEALTH), 403)
    assert [(entry["event"], entry["who"]) for entry in log] == [("refused", TOKENS[token].id)]


async def test_health_is_for_the_signed_in(stranger: httpx.AsyncClient) -> None:
    problem(await stranger.get(HEALTH), 401)


@pytest.mark.parametrize("path", ["/", "/health", "/practice"])
async def test_the_page_is_served_wherever_it_has_something_to_show(
    stranger: httpx.AsyncClient, path: str
) -> None:
    response = await stranger.get(path)
    assert (response.status_code, response.text) == (200, "<!doctype html><title>wall</title>")


async def test_signing_in_gives_a_cookie_no_script_can_read(stranger: httpx.AsyncClient) -> None:
    response = await stranger.post(SESSION, json={"token": BOSS})
    assert Me.model_validate_json(response.content).role == "manager"
    cookie = response.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert "secure" not in cookie
    assert (await stranger.get(BOARD)).status_code == 200


async def test_over_tls_the_cookie_stays_on_tls(browser: Client) -> None:
    async with browser(scheme="https") as client:
        response = await client.post(SESSION, json={"token": BOSS})
    assert "secure" in response.headers["set-cookie"].lower()


async def test_signing_out_ends_the_session_itself(stranger: httpx.AsyncClient) -> None:
    await stranger.post(SESSION, json={"token": BOSS})
    kept = dict(stranger.cookies)
    assert (await stranger.delete(SESSION)).status_code == 204
    assert not stranger.cookies
    stranger.cookies.update(kept)
    problem(await stranger.get(BOARD), 401)


async def test_signing_in_with_a_wrong_token_says_so(stranger: httpx.AsyncClient) -> None:
    told = problem(await stranger.post(SESSION, json={"token": "wrong"}), 401)
    assert "not known" in told.detail


async def test_guessing_is_slowed_down(stranger: httpx.AsyncClient) -> None:
    for _ in range(10):
        problem(await stranger.post(SESSION, json={"token": "wrong"}), 401)
    response = await stranger.post(SESSION, json={"token": BOSS})
    problem(response, 429)
    assert int(response.headers["retry-after"]) >= 1


async def test_a_display_link_becomes_a_session_and_leaves_the_address(stranger: httpx.AsyncClient) -> None:
    response = await stranger.get("/", params={"lang": "zh-CN", "token": WALL, "board": "a b"})
    assert (response.status_code, response.headers["location"]) == (303, "/?lang=zh-CN&board=a+b")
    assert (await stranger.get(BOARD)).status_code == 200


async def test_a_wrong_display_link_is_refused(stranger: httpx.AsyncClient) -> None:
    problem(await stranger.get("/", params={"token": "wrong"}), 401)


async def test_what_is_not_there_is_a_problem_too(stranger: httpx.AsyncClient) -> None:
    assert problem(await stranger.get("/api/v1/nothing"), 404).next


async def test_a_bug_is_told_without_its_traceback(
    stranger: httpx.AsyncClient, floor: LittleFloor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_principal: object) -> object:
        raise ZeroDivisionError("secret words")

    monkeypatch.setattr(floor, "health", broken)
    stranger._transport.raise_app_exceptions = False  # type: ignore[attr-defined]  # as a real server
    response = await stranger.get("/healthz")
    problem(response, 500)
    assert "secret" not in response.text
