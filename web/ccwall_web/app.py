"""The app factory: routes on top of the house's api, hub and access. Nothing runs until a server serves it."""

from collections.abc import Sequence
from pathlib import Path

from fastapi import FastAPI

import ccwall
from ccwall.access import Access
from ccwall.api import Api
from ccwall.hub import Hub
from ccwall_web import (
    accounts,
    acts,
    alerts,
    boards,
    breaks,
    cases,
    commands,
    deliveries,
    documents,
    door,
    events,
    explain,
    live,
    people,
    pictures,
    problem,
    rest,
    rota,
    screens,
    static,
)
from ccwall_web.guard import Guard
from ccwall_web.practice import Practice
from ccwall_web.practice import router as practice_router

ABOUT = """What a ccwall wall shows, as JSON. The live stream is the WebSocket `/api/v1/live`, described in web/README.md.

Instants are epoch seconds (UTC) of the floor's clock, durations seconds, rates fractions of 1. Nothing is null: what has no value
is absent."""


def create_app(
    floor: Api,
    hub: Hub,
    access: Access,
    *,
    static_dir: Path | None = None,
    frame_ancestors: Sequence[str] = (),
    practice: Practice | None = None,
) -> FastAPI:
    """The web of one floor. `hub.run()` is the caller's to run. `static_dir`: where the built wall lies, if not in the package.
    `practice`: a simulated switch that who may look may also break."""
    app = FastAPI(
        title="ccwall",
        version=ccwall.__version__,
        description=ABOUT,
        openapi_url="/api/v1/openapi.json",
        docs_url=None,  # both would load scripts from another place
        redoc_url=None,
        redirect_slashes=False,
    )
    app.state.floor, app.state.hub, app.state.access = floor, hub, access
    app.state.screens = screens.Reports()
    problem.install(app)
    documents.install(app)
    accounts.install(app)
    for part in (
        rest,
        explain,
        people,
        commands,
        acts,
        alerts,
        breaks,
        deliveries,
        boards,
        pictures,
        screens,
        events,
        door,
        accounts,
        rota,
        cases,
        live,
    ):
        app.include_router(part.router)
    if practice is not None:
        app.include_router(practice_router(practice))
    static.install(app, static_dir or static.BUILT)
    embed = () if floor.library is None else floor.library.embed
    app.add_middleware(Guard, access=access, frame_ancestors=frame_ancestors, embed=embed)
    return app
