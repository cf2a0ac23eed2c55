"""Who is to be away when: what a break desk knows and no ACD does."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

import msgspec

from ccwall.events import AgentId, BreakId

if TYPE_CHECKING:
    from ccwall.engine.desk.breaks import Break

BIN = 300.0
"""Seconds: staffing ahead is followed in steps of five minutes, in each of which it is its mean."""


class Planned(msgspec.Struct, frozen=True, gc=False):
    """One absence, granted or running: [``start``, ``end``) in epoch seconds. Who is back early has none any more."""

    agent: AgentId
    start: float
    end: float


def of_desk(items: Iterable["Break"], now: float, but: BreakId | None = None) -> list[Planned]:
    """Who is to be away when, as far as it is granted, promised, or so."""
    found = []
    for item in items:
        if item.id == but:
            continue
        start = item.began if item.state == "running" else item.begins
        if start is not None and item.state in ("running", "granted", "postponed"):
            start = start if item.state == "running" else max(start, now)
            end = start + item.lasts
            # Somebody who should be back is expected at any moment.
            found.append(Planned(item.agent, start, max(end, now + 60.0)))
    return found


def by_agent(plans: Iterable[Planned], now: float) -> dict[AgentId, list[Planned]]:
    """Those that are not over, by person."""
    found: dict[AgentId, list[Planned]] = {}
    for plan in plans:
        if plan.end > max(now, plan.start):
            found.setdefault(plan.agent, []).append(plan)
    return found


def without(there: tuple[float, ...], start: float, end: float) -> tuple[float, ...]:
    """Presence by step, less an absence from ``start`` to ``end``, seconds from now.

    >>> without((1.0, 1.0, 1.0), 150, 600), without((1.0, 0.2), 0, 0)
    ((0.5, 0.0, 1.0), (1.0, 0.2))
    """
    return tuple(
        max(0.0, part - max(0.0, min(end, (k + 1) * BIN) - max(start, k * BIN)) / BIN)
        for k, part in enumerate(there)
    )
