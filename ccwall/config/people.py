"""``[[agent]]``, ``[[seat]]``, ``[conflicts]`` and ``[not_ready]``: who is who and where, when senses contradict each other too long,
and what reasons mean.
"""

from collections.abc import Collection, Sequence

from ccwall.config.queues import KnownSource
from ccwall.config.shape import Agent, Seat
from ccwall.events import AgentCard, AgentId, SeatId, SourceId
from ccwall.extension import PLAIN
from ccwall.sheet import Sheet, shown

KINDS = ("break", "meal", "breather", "away", "training")
"""What a not-ready reason may mean to the floor."""
CONFLICTS = ("ready_docked", "ready_vacant", "ready_unreachable", "idle_talking", "call_ended")
GHOSTS = ("ghost", "waiting_ghost")
LONGEST_LIMIT = 7 * 86_400.0


class People:
    """Everybody read so far, whichever file they are in. ``acds``: the sources that know people best."""

    def __init__(self, known: KnownSource, acds: Collection[str]) -> None:
        self._known, self._acds = known, acds
        self._found: dict[AgentId, Agent] = {}
        self._taken: dict[tuple[str, str], str] = {}
        self._extensions: dict[str, AgentId] = {}

    def read(self, sheets: list[Sheet]) -> None:
        for sheet in sheets:
            self._person(sheet)

    @property
    def agents(self) -> tuple[Agent, ...]:
        return tuple(self._found.values())

    def _person(self, sheet: Sheet) -> None:
        key = AgentId(sheet.text("id", required=True))
        if key and key in self._found:
            sheet.wrong("id", f"{shown(key)} is already the id of another agent")
        interfaces = self._interfaces(sheet.table("interfaces"), key)
        seat, extension = sheet.text("seat"), self._extension(sheet, key)
        card = AgentCard(
            names=sheet.names("name", {}),
            team=sheet.text("team"),
            seat=SeatId(seat) if seat else None,
            extension=extension,
            skills=sheet.texts("skills"),
            acd=self._is_at_an_acd(interfaces, extension),
        )
        sheet.finish()
        self._found[key] = Agent(id=key, card=card, interfaces=interfaces)

    def _interfaces(self, sheet: Sheet, agent: AgentId) -> dict[SourceId, tuple[str, ...]]:
        found: dict[SourceId, tuple[str, ...]] = {}
        for source in sheet.written():
            interfaces = sheet.texts(source)
            if not self._known(sheet, source, source):
                continue
            for interface in interfaces:
                other = self._taken.setdefault((source, interface), agent)
                if other != agent:
                    sheet.wrong(source, f"{shown(interface)} is already the agent {shown(other)}")
            found[SourceId(source)] = interfaces
        return found

    def _extension(self, sheet: Sheet, agent: AgentId) -> str:
        extension = sheet.text("extension")
        if not extension:
            return ""
        if not PLAIN.fullmatch(extension):
            sheet.wrong(
                "extension",
                f"{shown(extension)} must be one number or word like 1003, without a technology or a host",
            )
            return ""
        other = self._extensions.setdefault(extension, agent)
        if other != agent:
            sheet.wrong(
                "extension",
                f"{shown(extension)} is already that of the agent {shown(other)}: say interfaces instead, source by source",
            )
        return extension

    def _is_at_an_acd(self, interfaces: dict[SourceId, tuple[str, ...]], extension: str) -> bool:
        """Whether an ACD is to tell of them; not of who has interfaces at phones, headsets or seats alone."""
        anywhere = bool(extension) or not interfaces
        return bool(self._acds) and (anywhere or any(source in self._acds for source in interfaces))


def seats(sheets: list[Sheet], known: KnownSource) -> tuple[Seat, ...]:
    found: dict[SeatId, Seat] = {}
    taken: dict[tuple[str, str], str] = {}
    for sheet in sheets:
        key = SeatId(sheet.text("id", required=True))
        if key and key in found:
            sheet.wrong("id", f"{shown(key)} is already the id of another seat")
        below, sensors = sheet.table("sensors"), dict[SourceId, tuple[str, ...]]()
        for source in below.written():
            watching = below.texts(source)
            if not known(below, source, source):
                continue
            for sensor in watching:
                other = taken.setdefault((source, sensor), key)
                if other != key:
                    below.wrong(source, f"{shown(sensor)} already watches the seat {shown(other)}")
            sensors[SourceId(source)] = watching
        sheet.finish()
        found[key] = Seat(id=key, sensors=sensors)
    return tuple(found.values())


def conflicts(sheet: Sheet) -> dict[str, float]:
    """The limits that are written, seconds."""
    limits = {kind: sheet.duration(kind, 0.0, LONGEST_LIMIT) for kind in (*CONFLICTS, *GHOSTS)}
    sheet.finish()
    return {kind: limit for kind, limit in limits.items() if sheet.has(kind)}


def not_ready(sheet: Sheet, breaks: Sequence[str] = ()) -> dict[str, str]:
    """By reason: a state of the floor, or one of the `breaks`."""
    kinds = tuple(dict.fromkeys((*KINDS, *breaks)))
    found = {reason: sheet.choice(reason, kinds, "away") for reason in sheet.written()}
    sheet.finish()
    return found
