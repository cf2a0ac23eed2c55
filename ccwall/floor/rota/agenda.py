"""The meetings of today with their agendas (F22): the figures of the last day that was watched, of the teams that meet, for
whoever may see them. Who was best is named to those who lead; nobody is told who was worst."""

from typing import TYPE_CHECKING, Final

from ccwall.engine.desk.rota import Meeting
from ccwall.engine.scope import Scope
from ccwall.events import Principal, Role
from ccwall.floor.acts import LEADS
from ccwall.floor.wish import Forbidden

if TYPE_CHECKING:
    from ccwall.engine import Engine

Tree = dict[str, object]

MAY: Final[frozenset[Role]] = LEADS | {"quality", "agent"}
NAMED: Final[frozenset[Role]] = LEADS | {"quality"}
"""Who is told whose figures they are."""
MOST_SECTIONS = 12
OF_LEADS: Final = ("attendance", "complaints", "promises", "best")
"""What an agent is not told of the team: who came late or is the best of them can be guessed in a small one."""


def agendas(engine: "Engine", principal: Principal, now: float) -> Tree:
    """``meetings``: those of today that concern them, by when they begin, each with ``sections``: one a team, or the floor
    (`ccwall.engine.last_day`). Raises Forbidden for a role that has no meetings."""
    if principal.role not in MAY:
        raise Forbidden(f"The role {principal.role} may not see the meetings.")
    told: dict[Scope, Tree] = {}

    def section(scope: Scope) -> Tree:
        if scope not in told:
            told[scope] = _masked(engine.last_day(scope, now), principal)
        return told[scope]

    found: list[Tree] = []
    for begins, meeting in engine.meetings(now):
        if _concerns(meeting, principal):
            found.append(
                _meeting(meeting, begins, principal)
                | {"sections": [section(scope) for scope in scopes(meeting, principal)]}
            )
    return {"now": now, "meetings": found}


def scopes(meeting: Meeting, principal: Principal | None) -> list[Scope]:
    """Whose figures are in the agenda; ``principal`` None: of who sees all."""
    own = None if principal is None else principal.teams
    if meeting.teams:
        teams = [team for team in meeting.teams if own is None or team in own]
    elif own is None and (principal is None or (principal.queues is None and principal.role != "agent")):
        return [Scope()]
    else:
        teams = list(own or ())
    return [Scope("team", team) for team in dict.fromkeys(teams)][:MOST_SECTIONS]


def _concerns(meeting: Meeting, principal: Principal) -> bool:
    """A meeting of all concerns everybody; an agent without a team has no other."""
    if not meeting.teams:
        return True
    if principal.role == "agent":
        return bool(set(meeting.teams) & set(principal.teams or ()))
    return principal.teams is None or bool(set(meeting.teams) & set(principal.teams))


def _meeting(meeting: Meeting, begins: float, principal: Principal) -> Tree:
    told: Tree = {
        "id": meeting.id,
        "title": meeting.title,
        "begins": begins,
        "lasts": meeting.lasts,
        "repeats": meeting.repeats,
        "teams": list(meeting.teams),
        "text": meeting.text,
        "edited": meeting.edited,
        "may_note": principal.role in LEADS and _leads(meeting, principal),
    }
    if meeting.by is not None and principal.role != "agent":
        told["by"] = {"id": meeting.by.id, "name": meeting.by.name, "role": meeting.by.role}
    return told


def _leads(meeting: Meeting, principal: Principal) -> bool:
    return principal.teams is None or bool(set(meeting.teams) & set(principal.teams))


def _masked(told: Tree, principal: Principal) -> Tree:
    if principal.role not in NAMED:
        return {name: value for name, value in told.items() if name not in OF_LEADS}
    queues = told.get("queues")
    if principal.queues is not None and isinstance(queues, list):
        mine = [each for each in queues if each["queue"] in principal.queues]
        return {**told, "queues": mine} if mine else {k: v for k, v in told.items() if k != "queues"}
    return told
