"""``[[agent]]`` and ``[not_ready]``: who is who, and what their reasons mean."""

from ccwall.config.queues import KnownSource
from ccwall.config.shape import Agent
from ccwall.events import AgentCard, AgentId, SeatId, SourceId
from ccwall.sheet import Sheet, shown

KINDS = ("break", "meal", "breather", "away", "training")
"""What a not-ready reason may mean to the floor."""


def agents(sheets: list[Sheet], known: KnownSource) -> tuple[Agent, ...]:
    found: dict[AgentId, Agent] = {}
    taken: dict[tuple[str, str], str] = {}
    for sheet in sheets:
        key = AgentId(sheet.text("id", required=True))
        if key and key in found:
            sheet.wrong("id", f"{shown(key)} is already the id of another agent")
        interfaces = _interfaces(sheet.table("interfaces"), key, taken, known)
        seat = sheet.text("seat")
        card = AgentCard(
            names=sheet.names("name", {}), team=sheet.text("team"), seat=SeatId(seat) if seat else None
        )
        sheet.finish()
        found[key] = Agent(id=key, card=card, interfaces=interfaces)
    return tuple(found.values())


def _interfaces(
    sheet: Sheet, agent: AgentId, taken: dict[tuple[str, str], str], known: KnownSource
) -> dict[SourceId, tuple[str, ...]]:
    found: dict[SourceId, tuple[str, ...]] = {}
    for source in sheet.written():
        interfaces = sheet.texts(source)
        if not known(sheet, source, source):
            continue
        for interface in interfaces:
            if taken.setdefault((source, interface), agent) != agent:
                sheet.wrong(
                    source, f"{shown(interface)} is already the agent {shown(taken[source, interface])}"
                )
        found[SourceId(source)] = interfaces
    return found


def not_ready(sheet: Sheet) -> dict[str, str]:
    found = {reason: sheet.choice(reason, KINDS, "away") for reason in sheet.written()}
    sheet.finish()
    return found
