"""Breaking what is simulated from a page: only where there is one, in the demo and beside `ccwall simulate`."""

import asyncio
import contextlib
import socket
from collections.abc import Callable, Iterator
from typing import Annotated, Protocol, TypeVar

import uvicorn
from fastapi import APIRouter, Depends, FastAPI, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import RedirectResponse, Response

import ccwall
from ccwall.access import Access
from ccwall.events import Principal
from ccwall_web import problem, static
from ccwall_web.door import Who, access_of, client_of, problems, signed_in, who
from ccwall_web.guard import Guard
from ccwall_web.problem import Problem
from ccwall_web.rest import encoded
from ccwall_web.server import config

LONGEST = 600.0
T = TypeVar("T")


class Practice(Protocol):
    """Simulated products, as the web may break them. An empty `product` is the first; all but `told` raise ValueError with a
    sentence for people."""

    def told(self) -> dict[str, object]: ...
    def truth(self, product: str = "") -> dict[str, object]: ...
    def fault(self, name: str, seconds: float | None = None, product: str = "", queue: str = "") -> None: ...
    def stop(self, name: str, product: str = "") -> None: ...
    def pace(self, speed: float) -> None: ...


class Break(BaseModel):
    """What to break; `heal` ends what is broken on the link, and what befalls callers."""

    model_config = ConfigDict(extra="forbid")
    name: Annotated[str, Field(max_length=40, examples=["half_open"])]
    seconds: Annotated[
        float | None,
        Field(gt=0, le=LONGEST, description="real seconds; as long as it usually lasts when absent"),
    ] = None
    product: Annotated[
        str, Field(max_length=40, description="the id of one of `products`; the first when absent")
    ] = ""
    queue: Annotated[
        str,
        Field(
            max_length=100, description="of what befalls callers: the id of one of `queues`; all when absent"
        ),
    ] = ""
    stop: Annotated[bool, Field(description="end it, where one thing can be ended alone")] = False


class Pace(BaseModel):
    model_config = ConfigDict(extra="forbid")
    speed: Annotated[float, Field(gt=0, allow_inf_nan=False, description="floor seconds per real second")]


def router(practice: Practice) -> APIRouter:
    """The routes of all that is simulated."""
    routes = APIRouter(prefix="/api/practice", tags=["practice"], dependencies=[Depends(who), *signed_in])
    refusals = problems(400, 401, 403, 411, 413, 422, 429)

    @routes.get("", responses=problems(400, 401, 429))
    async def told() -> Response:
        """What can be broken, what is broken, and how the simulated queues are: of the first product, and of all as `products`."""
        return encoded(practice.told())

    @routes.get("/truth", responses=problems(400, 401, 422, 429))
    async def truth(product: Annotated[str, Query(max_length=40)] = "") -> Response:
        """Every visit and every queue as the floor of a simulated switch knows them, to compare a wall with."""
        return encoded(_obey(lambda: practice.truth(product)))

    @routes.post("/faults", responses=refusals)
    async def fault(request: Request, principal: Who, wish: Break) -> Response:
        """Break it, or end that. The answer is what is broken now. Every try is written to the audit log."""

        def do() -> None:
            if wish.stop:
                practice.stop(wish.name, wish.product)
            else:
                practice.fault(wish.name, wish.seconds, wish.product, wish.queue)

        _audited(request, principal, "practice.fault", wish, do)
        return encoded(practice.told())

    @routes.post("/speed", responses=refusals)
    async def speed(request: Request, principal: Who, wish: Pace) -> Response:
        """Let the simulated floor run faster or slower, where nobody else's clock runs with it."""
        _audited(request, principal, "practice.speed", wish, lambda: practice.pace(wish.speed))
        return encoded(practice.told())

    return routes


def create_practice_app(practice: Practice, access: Access) -> FastAPI:
    """The practice routes and their page alone, beside a simulated switch that some other wall looks at."""
    app = FastAPI(
        title="ccwall practice",
        version=ccwall.__version__,
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    app.state.access = access
    problem.install(app)

    @app.get("/", include_in_schema=False)
    def here() -> Response:
        return RedirectResponse("/practice", 303)

    app.include_router(router(practice))
    static.install(app, static.BUILT)
    app.add_middleware(Guard, access=access)
    return app


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield  # they are whoever runs us's


async def serve(app: FastAPI, listening: socket.socket) -> None:
    """Serve it until cancelled."""
    server = _Server(config(app))
    serving = asyncio.create_task(server.serve([listening]), name="practice")
    try:
        await asyncio.shield(serving)
    finally:
        server.should_exit = True
        await serving


def _audited(
    request: Request, principal: Principal, what: str, wish: BaseModel, do: Callable[[], None]
) -> None:
    audit, client = access_of(request).audit, client_of(request)
    asked = wish.model_dump(exclude_defaults=True)
    try:
        _obey(do)
    except Problem as objection:
        audit.acted(principal, what, client=client, asked=asked, objection=str(objection.detail)[:300])
        raise
    audit.acted(principal, what, client=client, asked=asked)


def _obey(wish: Callable[[], T]) -> T:
    try:
        return wish()
    except ValueError as error:
        raise Problem(422, str(error)) from error
