"""The OpenAPI document, and that the interface does what it says."""

from typing import Any

import schemathesis
from hypothesis import settings
from schemathesis import Case

from ccwall.access import Access, Key
from ccwall.clock import ManualClock
from ccwall.hub import Hub
from ccwall_web.app import create_app
from tests.access.desk import account, opened
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
    Access(
        [Key.of(BOSS, TOKENS[BOSS])], clock=ManualClock(), accounts=opened(None, ManualClock(), account())
    ),
)
REFUSED = ["400", "401", "403", "404", "405", "406", "409", "411", "413", "415", "422", "428", "429", "5xx"]
"""What may be said to a wrong request; one may also be too long before it is anything else."""
ASKED = ["2xx", "3xx", "401", "403", "404", "409", "422", "429", "5xx"]
"""Of a question about a window or a scope: whether there is one of these words depends on the day and the floor."""
config = schemathesis.Config.from_dict(
    {
        "checks": {"negative_data_rejection": {"expected-statuses": REFUSED}},
        "operations": [
            {
                "include-path-regex": "/api/v1/(metrics|explain)$",
                "checks": {"positive_data_acceptance": {"expected-statuses": ASKED}},
            }
        ],
    }
)
schema = schemathesis.openapi.from_asgi("/api/v1/openapi.json", app, headers=HEADERS, config=config)


DOCUMENTS = "/api/v1/(boards|plans|pictures|screens|accounts|display-links|password|door|alerts|alert-rules)"


@schema.exclude(path_regex=DOCUMENTS).parametrize()
def test_the_interface_does_what_its_description_says(case: Case[Any]) -> None:
    case.call_and_validate(headers=HEADERS)


# Not `include`: beside what the configuration says of operations, it would take all of them.
@schema.exclude(path_regex=f"^(?!{DOCUMENTS})").parametrize()
@settings(
    max_examples=15
)  # thirty routes that share their code; tests/boards and tests/web/test_accounts.py have what may be sent
def test_documents_are_what_their_description_says(case: Case[Any]) -> None:
    case.call_and_validate(headers=HEADERS)


def test_every_route_of_the_interface_is_described() -> None:
    described = {
        f"{method.upper()} {path}" for path, item in app.openapi()["paths"].items() for method in item
    }
    assert described == {
        "GET /api/v1/board",
        "GET /api/v1/acts",
        "POST /api/v1/acts/{name}",
        "GET /api/v1/deliveries",
        "POST /api/v1/channels/{name}/test",
        "GET /api/v1/breaks/effects",
        "GET /api/v1/breaks/today",
        "GET /api/v1/moves",
        "GET /api/v1/cases",
        "GET /api/v1/cases/{case}",
        "GET /api/v1/alerts",
        "GET /api/v1/alerts/history",
        "GET /api/v1/alerts/{alert}",
        "GET /api/v1/alert-rules",
        "PUT /api/v1/alert-rules/{id}",
        "DELETE /api/v1/alert-rules/{id}",
        "POST /api/v1/alert-rules/{id}/try",
        "GET /api/v1/rota",
        "GET /api/v1/rota/meetings",
        "GET /api/v1/rota/sheet",
        "POST /api/v1/rota/preview",
        "POST /api/v1/rota/import",
        "GET /api/v1/contacts",
        "POST /api/v1/events",
        "POST /api/v1/events/{source}",
        "OPTIONS /api/v1/events/{source}",
        "GET /api/v1/boards",
        "POST /api/v1/boards",
        "GET /api/v1/boards/{id}",
        "PUT /api/v1/boards/{id}",
        "DELETE /api/v1/boards/{id}",
        "GET /api/v1/boards/{id}/versions",
        "GET /api/v1/boards/{id}/versions/{number}",
        "GET /api/v1/plans",
        "POST /api/v1/plans",
        "POST /api/v1/plans/look",
        "GET /api/v1/plans/{id}",
        "PUT /api/v1/plans/{id}",
        "DELETE /api/v1/plans/{id}",
        "GET /api/v1/plans/{id}/versions",
        "GET /api/v1/plans/{id}/versions/{number}",
        "GET /api/v1/pictures",
        "POST /api/v1/pictures",
        "GET /api/v1/pictures/{id}",
        "PUT /api/v1/pictures/{id}",
        "DELETE /api/v1/pictures/{id}",
        "GET /api/v1/screens",
        "POST /api/v1/screens",
        "GET /api/v1/explain",
        "GET /api/v1/people/{agent}/day",
        "GET /api/v1/metrics",
        "GET /api/v1/catalogue",
        "GET /healthz",
        "GET /api/health",
        "GET /api/commands",
        "POST /api/commands",
        "GET /api/commands/{command_id}",
        "POST /api/v1/session",
        "GET /api/v1/session",
        "DELETE /api/v1/session",
        "GET /api/v1/door",
        "POST /api/v1/password",
        "GET /api/v1/accounts",
        "POST /api/v1/accounts",
        "PATCH /api/v1/accounts/{id}",
        "POST /api/v1/accounts/{id}/password",
        "DELETE /api/v1/accounts/{id}/sessions",
        "GET /api/v1/display-links",
        "POST /api/v1/display-links",
        "DELETE /api/v1/display-links/{id}",
    }
