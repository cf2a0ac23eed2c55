"""Where the rota is looked at, imported and judged, for whoever may see it."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal
from zoneinfo import ZoneInfo

import msgspec

from ccwall.engine.desk.attendance import Spell, adherence, judge
from ccwall.events import AgentId, Principal, Shift, ShiftsPlanned
from ccwall.floor.acts import LEADS
from ccwall.floor.rota.agenda import agendas
from ccwall.floor.rota.compare import difference
from ccwall.floor.rota.ical import Calendars
from ccwall.floor.rota.roster import Roster
from ccwall.floor.rota.table import Code, Found, Table, decoded
from ccwall.floor.wish import Forbidden, Mistaken, NotNow, may_see

if TYPE_CHECKING:
    from ccwall.engine import Engine
    from ccwall.floor.acts import Acts

Tree = dict[str, object]
Format = Literal["csv", "ical"]

LONGEST_LOOK = 100 * 86_400.0
PART = 500
"""Shifts of one fact: a journal's line stays short."""
SHOWN = 500
"""Of each list of a preview."""
MOST_CHANGES = 100


class Brought(msgspec.Struct, frozen=True, kw_only=True):
    """A file, and what to do with it. ``clears``: what else its people have in the days of the file goes."""

    content: bytes
    format: Format = "csv"
    since: float
    until: float
    clears: bool = True


class Office:
    """``codes``: the letters of shifts. ``zone``: the site's."""

    def __init__(self, engine: "Engine", acts: "Acts", codes: Mapping[str, Code]) -> None:
        self._engine, self._acts, self._codes = engine, acts, codes

    # ── to be looked at ──

    def rota(self, principal: Principal, since: float, until: float, team: str = "") -> Tree:
        """Shifts that touch [since, until), with what came of them; raises an Objection."""
        self._may(principal)
        if not 0 < until - since <= LONGEST_LOOK:
            raise Mistaken("until", "must be later than since, by 100 days at the most")
        now = self._acts.bench.now
        rota = self._engine.desk.rota
        found: Tree = {}
        for shift in self._seen(principal, rota.shifts.values(), team):
            if shift.begins < until and shift.ends > since:
                judged = judge(shift, rota.worked.get(shift.shift_id), now)
                found[shift.shift_id] = self._engine.shift_card(shift) | {
                    "judged": msgspec.to_builtins(judged)
                }
        changes = [
            msgspec.to_builtins(change)
            for change in reversed(rota.changes)
            if not change.agent or may_see(self._engine, principal, AgentId(change.agent))
        ]
        days, zone = self._engine.working_days(), self._zone
        first = datetime.fromtimestamp(since, zone).date()
        count = int((until - since) // 86_400) + 1
        free = [
            day.isoformat()
            for day in (first + timedelta(days=n) for n in range(count))
            if not days.is_working(day)
        ]
        return {
            "shifts": found,
            "changes": changes[:MOST_CHANGES],
            "free": free,
            "codes": {
                code: {"begins": meaning.begins, "ends": meaning.ends, "kind": meaning.kind}
                for code, meaning in self._codes.items()
            },
        }

    def sheet(self, principal: Principal, team: str = "") -> Tree:
        """Attendance and adherence of this business day, a row a shift."""
        self._may(principal)
        now, rota = self._acts.bench.now, self._engine.desk.rota
        today = self._engine.today()
        start, end = float(today.start), float(today.end)
        rows = []
        for shift in self._seen(principal, rota.shifts.values(), team):
            if shift.begins >= end or shift.ends <= start or shift.begins > now:
                continue
            row = self._engine.shift_card(shift) | {
                "shift_id": shift.shift_id,
                "judged": msgspec.to_builtins(judge(shift, rota.worked.get(shift.shift_id), now)),
            }
            if shift.kind == "work" and (spells := self._spells(shift.agent, now)):
                row["adherence"] = msgspec.to_builtins(
                    adherence(shift, spells, now, self._engine.heard_since(shift.agent))
                )
            rows.append(row)
        return {"from": start, "to": end, "rows": rows}

    def meetings(self, principal: Principal) -> Tree:
        """The meetings of today with their agendas (`ccwall.floor.rota.agenda`); raises Forbidden."""
        return agendas(self._engine, principal, self._acts.bench.now)

    # ── to be imported ──

    async def preview(self, principal: Principal, brought: Brought) -> Tree:
        """What would change; nothing does."""
        self._may(principal)
        found, shifts = await self._read(principal, brought)
        known = self._engine.desk.rota.shifts
        differs = difference(known, shifts, brought.since, brought.until, brought.clears)
        return {
            "shifts": len(shifts),
            "kept": differs.kept,
            "added": _some(differs.added),
            "changed": [_pair(pair) for pair in differs.changed[:SHOWN]],
            "removed": _some(differs.removed),
            "overlaps": [_pair(pair) for pair in differs.overlaps[:SHOWN]],
            "counts": {
                "added": len(differs.added),
                "changed": len(differs.changed),
                "removed": len(differs.removed),
                "overlaps": len(differs.overlaps),
            },
            "mistakes": [{"where": where, "what": what} for where, what in found.mistakes],
            "more_mistakes": found.more,
        }

    async def bring(self, principal: Principal, brought: Brought, note: str = "") -> Tree:
        """Do what `preview` shows. A file with a mistake in it changes nothing."""
        self._may(principal)
        found, shifts = await self._read(principal, brought)
        if found.mistakes:
            where, what = found.mistakes[0]
            raise Mistaken("content", f"{where}: {what} ({len(found.mistakes) + found.more} mistakes in all)")
        differs = difference(
            self._engine.desk.rota.shifts, shifts, brought.since, brought.until, brought.clears
        )
        if differs.overlaps:
            before, after = differs.overlaps[0]
            raise NotNow(
                f"{after.agent} would have two shifts at once: {before.shift_id} and {after.shift_id}."
            )
        bench = self._acts.bench
        facts = self._facts(brought, shifts, bench.fresh(), note, bench.now)
        bench.take(principal, *facts)
        await self._acts.recorded()
        return {
            "shifts": len(shifts),
            "added": len(differs.added),
            "changed": len(differs.changed),
            "removed": len(differs.removed),
        }

    def _facts(
        self, brought: Brought, shifts: Sequence[Shift], import_id: str, note: str, now: float
    ) -> list[ShiftsPlanned]:
        """The first one clears, the others add."""
        parts = [shifts[n : n + PART] for n in range(0, len(shifts), PART)] or [()]
        about = tuple(sorted({shift.agent for shift in shifts}))
        return [
            ShiftsPlanned(
                at=now,
                shifts=tuple(part),
                clears=brought.clears and place == 0,
                agents=about if brought.clears and place == 0 else None,
                since=brought.since,
                until=brought.until,
                import_id=import_id,
                note=note,
            )
            for place, part in enumerate(parts)
        ]

    async def _read(self, principal: Principal, brought: Brought) -> tuple[Found, list[Shift]]:
        if not 0 < brought.until - brought.since <= LONGEST_LOOK:
            raise Mistaken("until", "must be later than since, by 100 days at the most")
        roster = Roster(self._engine.policy.agents, self._engine.names())
        try:
            # a month of a thousand people takes a second, which the wall must not wait for
            found = await asyncio.to_thread(self._found, brought, roster, self._zone)
        except ValueError as error:
            raise Mistaken("content", str(error)) from error
        inside = [shift for shift in found.shifts if brought.since <= shift.begins < brought.until]
        foreign = sorted({s.agent for s in inside if not may_see(self._engine, principal, s.agent)})
        if foreign:
            raise Forbidden(f"{', '.join(foreign[:5])}: not of your teams ({len(foreign)} people in all).")
        return found, inside

    def _found(self, brought: Brought, roster: Roster, zone: ZoneInfo) -> Found:
        text = decoded(brought.content)
        if brought.format == "ical":
            since, until = (datetime.fromtimestamp(at, zone).date() for at in (brought.since, brought.until))
            return Calendars(roster, zone, since, until).read(text)
        return Table(roster, self._codes, zone, self._engine.break_policy.known).read(text)

    # ── who ──

    @property
    def _zone(self) -> ZoneInfo:
        return ZoneInfo(self._engine.policy.zone)

    def _may(self, principal: Principal) -> None:
        if principal.role not in LEADS:
            raise Forbidden(f"The role {principal.role} may not see the rota.")

    def _seen(self, principal: Principal, shifts: Iterable[Shift], team: str) -> list[Shift]:
        mine = (
            shift
            for shift in shifts
            if may_see(self._engine, principal, shift.agent) and team in ("", self._engine.team(shift.agent))
        )
        return sorted(mine, key=lambda each: (each.begins, each.agent))

    def _spells(self, agent: AgentId, now: float) -> list[Spell]:
        day = self._engine.timeline(agent, now)
        spells = day.get("spells") if day is not None else None
        if not isinstance(spells, list):
            return []
        return [Spell(begins=each["from"], ends=each.get("to", now), state=each["state"]) for each in spells]


def _some(shifts: Sequence[Shift]) -> list[object]:
    return [msgspec.to_builtins(shift) for shift in shifts[:SHOWN]]


def _pair(pair: tuple[Shift, Shift]) -> Tree:
    before, after = pair
    return {"before": msgspec.to_builtins(before), "after": msgspec.to_builtins(after)}
