"""The OpenAPI document, and that the interface does what it says."""

from typing import Any

import schemathesis
from schemathesis import Case

from ccwall.access import Access, Key
from ccwall.clock import ManualClock
from ccwall.hub import Hub
from ccwall_web.app import create_app
from tests.hub.glass import Board
from tests.web.house import BOSS, TOKENS, LittleFloor

HEADERS = {"Host": "127.0.0.1", "Authorization": f"Bearer {BOSS}"}


class RunningHub(Hub):
    """There is no loop to run it in while tests are collected."""

    @property
    def running(self) -> bool:
        return True


app = create_app(
    LittleFloor(),
    RunningHub(ManualClock(), "1.2.3", changes=Board().changes, heard=dict),
    Access([Key.of(BOSS, TOKENS[BOSS])], clock=ManualClock()),
)
schema = schemathesis.openapi.from_asgi("/api/v1/openapi.json", app, headers=HEADERS)


@schema.parametrize()
def test_the_interface_does_what_its_description_says(case: Case[Any]) -> None:
    case.call_and_validate(headers=HEADERS)


def test_every_route_of_the_interface_is_described() -> None:
    described = {
        f"{method.upper()} {path}" for path, item in app.openapi()["paths"].items() for method in item
    }
    assert described == {
        "GET /api/v1/board",
        "GET /api/v1/contacts",
        "POST /api/v1/events",
        "POST /api/v1/events/{source}",
        "OPTIONS /api/v1/events/{source}",
        "GET /api/v1/explain",
        "GET /api/v1/metrics",
        "GET /api/v1/catalogue",
        "GET /healthz",
        "GET /api/health",
        "GET /api/commands",
        "POST /api/commands",
        "GET /api/commands/{command_id}",
        "POST /api/v1/session",
        "DELETE /api/v1/session",
    }
