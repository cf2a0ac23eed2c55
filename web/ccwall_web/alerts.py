"""GET alerts with what is known of them, GET, PUT and DELETE the rules they are found by, and POST a rule to be tried."""

from collections.abc import Callable
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from ccwall.api import Alerts, DocumentObjection, Objection
from ccwall.events import Principal
from ccwall_web import documents
from ccwall_web.commands import objected
from ccwall_web.door import Who, access_of, client_of, problems, signed_in
from ccwall_web.problem import Problem
from ccwall_web.rest import encoded, floor_of
from ccwall_web.schema.alerts import AlertList, AlertWhole, RuleItem, RuleList, RuleSave, RuleTry, Tried

ALERTS, RULES = "/api/v1/alerts", "/api/v1/alert-rules"
LONGEST = 400
MOST = 1000

router = APIRouter(tags=["alerts"], dependencies=signed_in)
LOOK = problems(400, 401, 403, 404, 422, 429, 503)
CHANGE = problems(400, 401, 403, 404, 409, 411, 413, 422, 429, 503, 507)
RuleId = Annotated[str, Path(max_length=64)]
Only = Annotated[str, Query(max_length=LONGEST)]
Limit = Annotated[int, Query(ge=1, le=MOST)]


@router.get(ALERTS, response_model=AlertList, responses=LOOK)
async def alerts(
    request: Request,
    principal: Who,
    state: Annotated[Literal["open", "today"], Query(description="today: those that are over")] = "open",
    limit: Limit = 200,
) -> Response:
    """Those that are open, or those of today that are over, the newest first."""
    return _list(request, principal, state, "", "", limit)


@router.get(ALERTS + "/history", response_model=AlertList, responses=LOOK)
async def history(
    request: Request, principal: Who, rule: Only = "", scope: Only = "", limit: Limit = 200
) -> Response:
    """Those of today that are over, of one rule or one scope (`queue:pbx1/consult`)."""
    return _list(request, principal, "today", rule, scope, limit)


@router.get(ALERTS + "/{alert:path}", response_model=AlertWhole, responses=LOOK)
async def one(
    request: Request,
    principal: Who,
    alert: Annotated[str, Path(max_length=LONGEST)],
    fired: Annotated[
        float | None, Query(description="when it came more than once today: the one of then")
    ] = None,
) -> Response:
    """One alert with its curve and who did what. Its id may hold slashes."""
    return _answer(request, principal, "alert", lambda: _desk(request).one(principal, alert, fired), (alert,))


@router.get(RULES, response_model=RuleList, responses=LOOK)
async def rules(request: Request, principal: Who) -> Response:
    """Every rule in its words, and the numbers that rules may be about."""
    may_edit = access_of(request).may_edit(principal)
    return _answer(
        request, principal, "alert-rules", lambda: _desk(request).rules(principal, may_edit=may_edit), ()
    )


@router.put(RULES + "/{id}", response_model=RuleItem, responses=CHANGE)
async def save(request: Request, principal: Who, id: RuleId, body: RuleSave) -> Response:
    """Watch by this from now on; it takes the place of the rule of this id that came before. A version is kept."""
    documents.may_change(request, principal, "alert rule")
    audit, client, desk = access_of(request).audit, client_of(request), _desk(request)
    try:
        saved = await desk.save(principal, id, body.words, body.note)
    except DocumentObjection as objection:
        audit.changed(principal, "rule", client=client, id=id, wish="changed", objection=str(objection)[:500])
        return documents.objected(request, objection)
    audit.changed(principal, "rule", client=client, id=id, wish="changed", version=0)
    return encoded(saved)


@router.delete(RULES + "/{id}", status_code=204, responses=CHANGE, response_class=Response)
async def delete(request: Request, principal: Who, id: RuleId) -> Response:
    """As it came; a rule of your own is gone. 409 of one that nobody changed."""
    documents.may_change(request, principal, "alert rule")
    audit, client, desk = access_of(request).audit, client_of(request), _desk(request)
    try:
        await desk.delete(principal, id)
    except DocumentObjection as objection:
        audit.changed(principal, "rule", client=client, id=id, wish="deleted", objection=str(objection)[:500])
        return documents.objected(request, objection)
    audit.changed(principal, "rule", client=client, id=id, wish="deleted", version=0)
    return Response(status_code=204)


@router.post(RULES + "/{id}/try", response_model=Tried, responses=CHANGE)
async def tried(request: Request, principal: Who, id: RuleId, body: RuleTry) -> Response:
    """What this rule would say now. Nothing is changed."""
    try:
        return encoded(_desk(request).tried(principal, id, body.words))
    except DocumentObjection as objection:
        return documents.objected(request, objection)
    except Objection as objection:
        return objected(request, objection)


def _list(request: Request, principal: Principal, state: str, rule: str, scope: str, limit: int) -> Response:
    desk = _desk(request)
    return _answer(
        request,
        principal,
        "alerts",
        lambda: desk.alerts(principal, state=state, rule=rule, scope=scope, limit=limit),
        (state, rule, scope),
    )


def _answer(
    request: Request, principal: Principal, what: str, ask: Callable[[], object], about: tuple[str, ...]
) -> Response:
    audit, client = access_of(request).audit, client_of(request)
    try:
        told = ask()
    except Objection as objection:
        audit.refused(principal, what, client=client)
        return objected(request, objection)
    audit.kept_looking(principal, what, about, client=client)
    return encoded(told)


def _desk(request: Request) -> Alerts:
    alerts = floor_of(request).alerts
    if alerts is None:
        raise Problem(503, "Nobody watches here: this is a recording.")
    return alerts
