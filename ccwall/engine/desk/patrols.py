"""Patrols of each team (F12), and what one lead leaves to the next (F16)."""

from typing import TYPE_CHECKING

import msgspec

from ccwall.engine.desk.deeds import Deed, Tree, filled, forget, who_shown
from ccwall.engine.desk.who import Who
from ccwall.events import AnyEvent, Envelope, HandoverId, HandoverNoted, HandoverRead, PatrolId, PatrolMade

if TYPE_CHECKING:
    from ccwall.engine.state import State

EVERY = 900.0
"""Four an hour (F12)."""
KEPT_FOR = 12 * 3600.0
MOST_PATROLS = 96
"""of a team"""
MOST_TEAMS = 300
NOTES_KEPT_FOR = 72 * 3600.0
MOST_NOTES = 100
MOST_READERS = 40


class Patrol(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    id: PatrolId
    at: float
    by: Who | None = None
    row: str = ""
    findings: tuple[str, ...] = ()
    note: str = ""
    via: str = "page"


class Note(msgspec.Struct, kw_only=True, omit_defaults=True, gc=False):
    id: HandoverId
    text: str
    at: float
    team: str = ""
    must_read: bool = True
    by: Who | None = None
    read: list[Deed] = []


class Rounds(msgspec.Struct, kw_only=True, gc=False):
    """By team; ``""`` is the whole floor."""

    made: dict[str, list[Patrol]] = {}
    notes: dict[HandoverId, Note] = {}


FACTS: tuple[type[AnyEvent], ...] = (PatrolMade, HandoverNoted, HandoverRead)


def reduce(state: "State", envelope: Envelope, at: float) -> None:
    rounds, event, by = state.desk.patrols, envelope.event, Who.of(envelope.actor)
    match event:
        case PatrolMade():
            _made(rounds, event, at, by)
        case HandoverNoted() if event.handover_id not in rounds.notes:
            rounds.notes[event.handover_id] = Note(
                id=event.handover_id,
                text=event.text,
                at=at,
                team=event.team,
                must_read=event.must_read,
                by=by,
            )
        case HandoverRead() if (note := rounds.notes.get(event.handover_id)) is not None:
            if len(note.read) < MOST_READERS and all(each.by != by for each in note.read):
                note.read = [*note.read, Deed(at=at, by=by)]
        case _:
            pass
    forget(rounds.notes, lambda each: each.at, at - NOTES_KEPT_FOR, MOST_NOTES)


def _made(rounds: Rounds, event: PatrolMade, at: float, by: Who | None) -> None:
    made = rounds.made.get(event.team, [])
    if any(each.id == event.patrol_id for each in made):
        return
    if event.team not in rounds.made and len(rounds.made) >= MOST_TEAMS:
        del rounds.made[min(rounds.made, key=lambda team: rounds.made[team][-1].at)]
    patrol = Patrol(
        id=event.patrol_id,
        at=at,
        by=by,
        row=event.row,
        findings=event.findings,
        note=event.note,
        via=event.via,
    )
    kept = [each for each in made if each.at > at - KEPT_FOR]
    rounds.made[event.team] = sorted([*kept, patrol], key=lambda each: each.at)[-MOST_PATROLS:]


def shown(state: "State", now: float) -> dict[str, object]:
    rounds = state.desk.patrols
    teams = {card.team for card in state.policy.agents.values() if card.team} | rounds.made.keys()
    return {
        "patrols": {team: _team(rounds.made.get(team, [])) for team in sorted(teams)[: MOST_TEAMS * 2]},
        "handover": {id: _note(note) for id, note in rounds.notes.items()},
    }


def _team(made: list[Patrol]) -> Tree:
    told: Tree = {"due_every": EVERY, "made": [_patrol(each) for each in made]}
    if made:
        told["next_due"] = made[-1].at + EVERY
    return told


def _patrol(each: Patrol) -> Tree:
    return filled(
        id=each.id,
        at=each.at,
        by=None if each.by is None else who_shown(each.by),
        row=each.row,
        findings=list(each.findings),
        note=each.note,
        via=each.via,
    )


def _note(note: Note) -> Tree:
    told = filled(
        text=note.text,
        team=note.team,
        by=None if note.by is None else who_shown(note.by),
        at=note.at,
        read=[each.shown() for each in note.read],
    )
    return {**told, "must_read": note.must_read}
