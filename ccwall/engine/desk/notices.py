"""What is told to everybody: announcements for the ticker, and thanks (F24)."""

from typing import TYPE_CHECKING

import msgspec

from ccwall.engine.desk.deeds import Tree, filled, forget, team_of, who_shown
from ccwall.engine.desk.who import Who
from ccwall.events import (
    AgentId,
    AnnouncementId,
    AnnouncementPosted,
    AnnouncementWithdrawn,
    AnyEvent,
    Envelope,
    ThanksGiven,
    ThanksId,
    ThanksWithdrawn,
)

if TYPE_CHECKING:
    from ccwall.engine.state import State

MOST = 60
"""Of each; the browser leaves away what has run out, the memory forgets it with the next fact."""


class Announcement(msgspec.Struct, kw_only=True, omit_defaults=True, gc=False):
    id: AnnouncementId
    texts: dict[str, str]
    until: float
    at: float
    teams: tuple[str, ...] = ()
    weight: str = "normal"
    by: Who | None = None


class Thanks(msgspec.Struct, kw_only=True, omit_defaults=True, gc=False):
    id: ThanksId
    text: str
    until: float
    at: float
    agent: AgentId | None = None
    team: str = ""
    by: Who | None = None


class Notices(msgspec.Struct, kw_only=True, gc=False):
    announcements: dict[AnnouncementId, Announcement] = {}
    thanks: dict[ThanksId, Thanks] = {}


FACTS: tuple[type[AnyEvent], ...] = (AnnouncementPosted, AnnouncementWithdrawn, ThanksGiven, ThanksWithdrawn)


def reduce(state: "State", envelope: Envelope, at: float) -> None:
    notices, event, by = state.desk.notices, envelope.event, Who.of(envelope.actor)
    match event:
        case AnnouncementPosted():
            notices.announcements[event.announcement_id] = Announcement(
                id=event.announcement_id,
                texts=event.texts,
                until=event.until,
                at=at,
                teams=event.teams,
                weight=event.weight,
                by=by,
            )
        case AnnouncementWithdrawn():
            notices.announcements.pop(event.announcement_id, None)
        case ThanksGiven():
            notices.thanks[event.thanks_id] = Thanks(
                id=event.thanks_id,
                text=event.text,
                until=event.until,
                at=at,
                agent=event.agent,
                team=event.team or team_of(state, event.agent),
                by=by,
            )
        case ThanksWithdrawn():
            notices.thanks.pop(event.thanks_id, None)
        case _:
            pass
    forget(notices.announcements, lambda each: each.until, at, MOST)
    forget(notices.thanks, lambda each: each.until, at, MOST)


def shown(state: "State", now: float) -> dict[str, object]:
    notices = state.desk.notices
    return {
        "announcements": {id: _announcement(each) for id, each in notices.announcements.items()},
        "thanks": {id: _thanks(each) for id, each in notices.thanks.items()},
    }


def _announcement(each: Announcement) -> Tree:
    return filled(
        texts=dict(each.texts),
        until=each.until,
        teams=list(each.teams),
        weight=each.weight,
        by=None if each.by is None else who_shown(each.by),
        at=each.at,
    )


def _thanks(each: Thanks) -> Tree:
    return filled(
        text=each.text,
        until=each.until,
        agent=each.agent,
        team=each.team,
        by=None if each.by is None else who_shown(each.by),
        at=each.at,
    )
