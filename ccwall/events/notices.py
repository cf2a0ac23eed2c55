"""Facts of what is told to everybody: announcements and thanks."""

from typing import Literal

from ccwall.events.base import AgentId, AnnouncementId, DeskEvent, ThanksId


class AnnouncementPosted(
    DeskEvent, frozen=True, kw_only=True, omit_defaults=True, tag="announcement.posted", gc=False
):
    """For the ticker, by language, until ``until``; ``teams`` empty: for all. Said again it replaces."""

    announcement_id: AnnouncementId
    texts: dict[str, str]
    until: float
    teams: tuple[str, ...] = ()
    weight: Literal["normal", "important"] = "normal"


class AnnouncementWithdrawn(DeskEvent, frozen=True, kw_only=True, tag="announcement.withdrawn", gc=False):
    """Before its time."""

    announcement_id: AnnouncementId


class ThanksGiven(DeskEvent, frozen=True, kw_only=True, omit_defaults=True, tag="thanks.given", gc=False):
    """Recognition (F24): to a person or a team, shown until ``until``."""

    thanks_id: ThanksId
    text: str
    until: float
    agent: AgentId | None = None
    team: str = ""


class ThanksWithdrawn(DeskEvent, frozen=True, kw_only=True, tag="thanks.withdrawn", gc=False):
    """Said by mistake."""

    thanks_id: ThanksId


Fact = AnnouncementPosted | AnnouncementWithdrawn | ThanksGiven | ThanksWithdrawn
