"""Acts about patrols and their codes (F12), and about what one lead leaves to the next (F16)."""

from typing import Annotated

from msgspec import Meta

from ccwall.events import HandoverId, HandoverNoted, HandoverRead, PatrolId, PatrolMade, Principal
from ccwall.floor.acts import LEADS, Act, Bench, Tree
from ccwall.floor.codes import Place
from ccwall.floor.deeds import NOTE, TEXT, WORD, Args, Id, Note, Text, Word, not_there, sees_team
from ccwall.floor.wish import Mistaken, NotNow, NotThere
from ccwall.floor.words import plain

FINDINGS = frozenset(
    {"headset", "dress", "noise", "empty_seat", "phone_use", "posture", "tidiness", "script", "equipment", "other"}
)  # fmt: skip
AGAIN = 30.0
"""Seconds within which the same person's press at the same place is the same patrol."""
MOST_ROWS = 60
DAYS = 366

Team = Annotated[str, Meta(max_length=256)]


class Make(Args, frozen=True, kw_only=True):
    """``code``: of a row's sheet; it says team and row then."""

    team: Team = ""
    row: Word = ""
    findings: Annotated[tuple[str, ...], Meta(max_length=12)] = ()
    note: Note = ""
    code: Annotated[str, Meta(max_length=1024)] = ""


class MakeCodes(Args, frozen=True, kw_only=True):
    team: Team
    rows: Annotated[tuple[Word, ...], Meta(min_length=1, max_length=MOST_ROWS)]
    days: Annotated[int, Meta(ge=1, le=DAYS)] = 180


class ReadCode(Args, frozen=True, kw_only=True):
    code: Annotated[str, Meta(min_length=1, max_length=1024)]


class NoteIt(Args, frozen=True, kw_only=True):
    text: Text
    team: Team = ""
    must_read: bool = True


class Read(Args, frozen=True, kw_only=True):
    handover: Id


def make(bench: Bench, principal: Principal, asked: Make) -> Tree:
    place = _place(bench, asked.code) if asked.code else None
    team = plain("team", asked.team, 256) if place is None else place.team
    row = plain("row", asked.row, WORD) if place is None else place.row
    note = plain("note", asked.note, NOTE)
    for finding in asked.findings:
        if finding not in FINDINGS:
            raise Mistaken("findings", f"{finding[:20]!r} must be one of {', '.join(sorted(FINDINGS))}")
    _in_scope(principal, team)
    for known in reversed(bench.engine.desk.patrols.made.get(team, [])):
        mine = known.by is not None and known.by.id == principal.id and known.row == row
        if mine and 0 <= bench.now - known.at < AGAIN and not asked.findings and not note:
            return {"patrol": known.id, "at": known.at, "team": team, "row": row}
    id = PatrolId(bench.fresh())
    bench.take(
        principal,
        PatrolMade(
            at=bench.now,
            patrol_id=id,
            team=team,
            row=row,
            findings=tuple(dict.fromkeys(asked.findings)),
            note=note,
            via="page" if place is None else "code",
        ),
    )
    return {"patrol": id, "at": bench.now, "team": team, "row": row}


def make_codes(bench: Bench, principal: Principal, asked: MakeCodes) -> Tree:
    """A code for each row. Nothing happens on the floor by it."""
    team = plain("team", asked.team, 256)
    _in_scope(principal, team)
    rows = dict.fromkeys(plain("rows", row, WORD) for row in asked.rows)
    until = bench.now + asked.days * 86_400.0
    codes = [{"row": row, "code": bench.codes.make(Place(team, row, until))} for row in rows]
    return {"team": team, "until": until, "codes": codes}


def read_code(bench: Bench, principal: Principal, asked: ReadCode) -> Tree:
    """Where a code stands, before somebody presses."""
    place = _place(bench, asked.code)
    _in_scope(principal, place.team)
    return {"team": place.team, "row": place.row, "until": place.until}


def _place(bench: Bench, code: str) -> Place:
    place = bench.codes.read(code, bench.now)
    if place is None:
        raise NotNow(
            "This code is not one of this house, or it is too old: print a new sheet.", done="expired"
        )
    return place


def _in_scope(principal: Principal, team: str) -> None:
    if not sees_team(principal, team):
        raise NotThere(f"There is no team {team!r} here.")


def note(bench: Bench, principal: Principal, asked: NoteIt) -> Tree:
    text = plain("text", asked.text, TEXT, needed=True, lines=True)
    team = plain("team", asked.team, 256)
    _in_scope(principal, team)
    id = HandoverId(bench.fresh())
    bench.take(
        principal,
        HandoverNoted(at=bench.now, handover_id=id, text=text, team=team, must_read=asked.must_read),
    )
    return {"handover": id}


def read(bench: Bench, principal: Principal, asked: Read) -> Tree:
    """Read twice is read once."""
    known = bench.engine.desk.patrols.notes.get(HandoverId(asked.handover))
    if known is None or not sees_team(principal, known.team):
        raise not_there("note", asked.handover)
    if all(each.by is None or each.by.id != principal.id for each in known.read):
        bench.take(principal, HandoverRead(at=bench.now, handover_id=known.id))
    return {"handover": known.id}


ACTS: tuple[Act, ...] = (
    Act(name="patrol.make", takes=Make, may=LEADS, do=make),
    Act(name="patrol.codes", takes=MakeCodes, may=LEADS, do=make_codes),
    Act(name="patrol.code", takes=ReadCode, may=LEADS, do=read_code),
    Act(name="handover.note", takes=NoteIt, may=LEADS, do=note),
    Act(name="handover.read", takes=Read, may=LEADS, do=read),
)
