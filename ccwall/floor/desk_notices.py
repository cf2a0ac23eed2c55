"""Acts about what is told to everybody: announcements and thanks (F24)."""

from typing import Annotated, Literal

from msgspec import Meta

from ccwall.events import (
    AgentId,
    AnnouncementId,
    AnnouncementPosted,
    AnnouncementWithdrawn,
    Principal,
    ThanksGiven,
    ThanksId,
    ThanksWithdrawn,
)
from ccwall.floor.acts import LEADS, Act, Bench, Tree
from ccwall.floor.deeds import Args, Id, Instant, Text, not_there, sees_agent, sees_team, until_of
from ccwall.floor.wish import Mistaken, NotThere
from ccwall.floor.words import plain, seen_agent, texts

SHOWN = 160
LONGEST = 14 * 86_400.0
A_WHILE = 4 * 3600.0
"""Seconds for which something is told when nobody says until when."""


class Post(Args, frozen=True, kw_only=True):
    """``announcement``: the one it replaces. ``teams`` empty: for all that the person leads."""

    texts: Annotated[dict[str, Text], Meta(max_length=6)]
    until: Instant | None = None
    teams: Annotated[tuple[str, ...], Meta(max_length=100)] = ()
    weight: Literal["normal", "important"] = "normal"
    announcement: Annotated[str, Meta(max_length=128)] = ""


class Withdraw(Args, frozen=True, kw_only=True):
    announcement: Id


class Give(Args, frozen=True, kw_only=True):
    text: Text
    until: Instant | None = None
    agent: Annotated[str, Meta(max_length=256)] = ""
    team: Annotated[str, Meta(max_length=256)] = ""


class TakeBack(Args, frozen=True, kw_only=True):
    thanks: Id


def post(bench: Bench, principal: Principal, asked: Post) -> Tree:
    said = texts("texts", asked.texts, SHOWN)
    until = until_of(bench, "until", bench.now + A_WHILE if asked.until is None else asked.until, LONGEST)
    for team in asked.teams:
        if not sees_team(principal, plain("teams", team, 256, needed=True)):
            raise Mistaken("teams", f"{team!r} is none of yours")
    teams = tuple(dict.fromkeys(asked.teams)) or (principal.teams or ())
    if asked.announcement:
        _own_announcement(bench, principal, asked.announcement)
    id = AnnouncementId(asked.announcement or bench.fresh())
    bench.take(
        principal,
        AnnouncementPosted(
            at=bench.now, announcement_id=id, texts=said, until=until, teams=teams, weight=asked.weight
        ),
    )
    return {"announcement": id, "until": until}


def withdraw(bench: Bench, principal: Principal, asked: Withdraw) -> Tree:
    _own_announcement(bench, principal, asked.announcement)
    id = AnnouncementId(asked.announcement)
    bench.take(principal, AnnouncementWithdrawn(at=bench.now, announcement_id=id))
    return {"announcement": id}


def _own_announcement(bench: Bench, principal: Principal, id: str) -> None:
    """Of those who lead all its teams, or said it themselves."""
    known = bench.engine.desk.notices.announcements.get(AnnouncementId(id))
    if known is None:
        raise not_there("announcement", id)
    own = known.by is not None and known.by.id == principal.id
    all_of_it = principal.teams is None or (known.teams and all(t in principal.teams for t in known.teams))
    if not (own or all_of_it):
        raise not_there("announcement", id)


def give(bench: Bench, principal: Principal, asked: Give) -> Tree:
    text = plain("text", asked.text, SHOWN, needed=True)
    until = until_of(bench, "until", bench.now + A_WHILE if asked.until is None else asked.until, LONGEST)
    if not asked.agent and not asked.team:
        raise Mistaken("agent", "is missing: thanks go to a person or to a team")
    agent = seen_agent(bench.engine, principal, asked.agent) if asked.agent else None
    team = plain("team", asked.team, 256)
    if team and not sees_team(principal, team):
        raise NotThere(f"There is no team {team!r} here.")
    id = ThanksId(bench.fresh())
    bench.take(
        principal, ThanksGiven(at=bench.now, thanks_id=id, text=text, until=until, agent=agent, team=team)
    )
    return {"thanks": id, "until": until}


def take_back(bench: Bench, principal: Principal, asked: TakeBack) -> Tree:
    known = bench.engine.desk.notices.thanks.get(ThanksId(asked.thanks))
    if known is None:
        raise not_there("thanks", asked.thanks)
    own = known.by is not None and known.by.id == principal.id
    agent = known.agent
    ours = (
        sees_team(principal, known.team)
        if agent is None
        else sees_agent(bench.engine, principal, AgentId(agent), known.team)
    )
    if not (own or ours):
        raise not_there("thanks", asked.thanks)
    bench.take(principal, ThanksWithdrawn(at=bench.now, thanks_id=known.id))
    return {"thanks": known.id}


ACTS: tuple[Act, ...] = (
    Act(name="announcement.post", takes=Post, may=LEADS, do=post),
    Act(name="announcement.withdraw", takes=Withdraw, may=LEADS, do=withdraw),
    Act(name="thanks.give", takes=Give, may=LEADS | {"quality"}, do=give),
    Act(name="thanks.withdraw", takes=TakeBack, may=LEADS | {"quality"}, do=take_back),
)
