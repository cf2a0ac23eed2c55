"""What screens say of themselves: memory, frames, errors. Kept in memory for some minutes, for whoever looks after the walls."""

from collections import OrderedDict

from fastapi import APIRouter, Request
from starlette.responses import Response

from ccwall.access import is_staff
from ccwall_web.door import Who, access_of, client_of, problems, signed_in
from ccwall_web.problem import Problem
from ccwall_web.rest import encoded
from ccwall_web.schema.boards import ScreenReport, Screens

PATH = "/api/v1/screens"
MOST = 256
FORGOTTEN = 600.0
"""Seconds after the last report."""

router = APIRouter(tags=["house"], dependencies=signed_in)


class Reports:
    """The last report of each screen. ``now`` is real time."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, str], tuple[float, dict[str, object]]] = OrderedDict()

    def take(self, who: str, screen: str, report: dict[str, object], now: float) -> None:
        """The longest silent goes when there are too many."""
        key = who, screen
        self._kept[key] = now, report
        self._kept.move_to_end(key)
        while len(self._kept) > MOST:
            self._kept.popitem(last=False)

    def all(self, now: float) -> list[dict[str, object]]:
        """The latest first."""
        for key, (at, _) in list(self._kept.items()):
            if not 0 <= now - at <= FORGOTTEN:
                del self._kept[key]
        return [report for _, report in reversed(self._kept.values())]


@router.post(PATH, status_code=204, responses=problems(400, 401, 411, 413, 422, 429), response_class=Response)
async def report(request: Request, principal: Who, body: ScreenReport) -> Response:
    """How a screen does: it says so once a minute."""
    now = access_of(request).now()
    told = body.model_dump(exclude_none=True)
    told |= {"at": now, "who": principal.id, "client": client_of(request)}
    _reports(request).take(principal.id, body.screen, told, now)
    return Response(status_code=204)


@router.get(PATH, response_model=Screens, responses=problems(400, 401, 403, 429))
async def screens(request: Request, principal: Who) -> Response:
    """The last word of every screen that said something in the last ten minutes. For the staff."""
    if not is_staff(principal):
        access_of(request).audit.refused(principal, "screens", client=client_of(request))
        raise Problem(403, f"The role {principal.role} may not see how the screens are.")
    return encoded({"screens": _reports(request).all(access_of(request).now())})


def _reports(request: Request) -> Reports:
    found: Reports = request.app.state.screens
    return found
