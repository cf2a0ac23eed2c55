"""What an import would change: to be shown before anything is done."""

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from ccwall.events import AgentId, Shift, ShiftId


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """``overlaps``: pairs of one person's shifts at the same time, of the new rota."""

    added: tuple[Shift, ...]
    changed: tuple[tuple[Shift, Shift], ...]
    removed: tuple[Shift, ...]
    kept: int
    overlaps: tuple[tuple[Shift, Shift], ...]


def difference(
    known: Mapping[ShiftId, Shift], wanted: Sequence[Shift], since: float, until: float, clears: bool
) -> Difference:
    """``clears``: what is known of the same people in [since, until) and not wanted goes."""
    new = {shift.shift_id: shift for shift in wanted}
    about = {shift.agent for shift in wanted}
    gone = [
        shift
        for id, shift in known.items()
        if clears and id not in new and shift.agent in about and since <= shift.begins < until
    ]
    removed = {shift.shift_id for shift in gone}
    stays = [s for id, s in known.items() if id not in new and id not in removed and s.agent in about]
    return Difference(
        added=tuple(s for id, s in new.items() if id not in known),
        changed=tuple((known[id], s) for id, s in new.items() if id in known and known[id] != s),
        removed=tuple(gone),
        kept=sum(known.get(id) == s for id, s in new.items()),
        overlaps=overlaps([*new.values(), *stays]),
    )


def overlaps(shifts: Iterable[Shift]) -> tuple[tuple[Shift, Shift], ...]:
    """Two at the same time, of one person."""
    latest: dict[AgentId, Shift] = {}
    found = []
    for shift in sorted(shifts, key=lambda each: (each.begins, each.shift_id)):
        before = latest.get(shift.agent)
        if before is not None and shift.begins < before.ends:
            found.append((before, shift))
        if before is None or shift.ends > before.ends:
            latest[shift.agent] = shift
    return tuple(found)
