"""The day before the demonstration began: the same floors, lived by another seed, and kept as a house keeps yesterday's curve.

So the wall has something to hold today against, and the detectors know what is usual here before an hour has passed.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

import msgspec

from ccwall.config import Config
from ccwall.engine.day import Frame, frame_at
from ccwall.engine.metrics import SERVICE_LEVELS, Tally
from ccwall.engine.yesterday import Days, Past, Yesterday
from ccwall.events import AgentId, SourceId
from ccwall.main.day_figures import Lived, figures
from ccwall.main.practising import DAY, PRODUCTS, floor_of

if TYPE_CHECKING:
    from ccwall_simulators.callcentre import Scenario
    from ccwall_simulators.callcentre.contract import Visit

LIVED = 6 * 3600.0
"""Seconds of it, from the time of day that it is now: today begins now, too, and a whole day would keep who starts it waiting."""
ROUNDED = 6


class Behind(msgspec.Struct, frozen=True):
    """What is behind a source: the floor of a scenario, on one of `PRODUCTS`."""

    source: SourceId
    scenario: "Scenario"
    product: str = "asterisk"


def day_before(config: Config, floors: Iterable[Behind], seed: int, now: float) -> tuple[Yesterday, Days]:
    """Its curve and its figures, of the same visits. Takes about half a second."""
    from ccwall_simulators.callcentre.happening import AgentRung

    site = config.site
    today = frame_at(now, site.zone, site.day_starts, site.interval)
    day = frame_at(today.start - 1.0, site.zone, site.day_starts, site.interval)
    start = float(day.interval_of(max(day.start, now - DAY)))
    end = min(float(day.end), start + LIVED)
    visits: list[Visit] = []
    lived: list[Lived] = []
    for behind in floors:
        floor = floor_of(behind.scenario, seed + 1, start)
        rung = {each.visit: each.agent for each in floor.advance(end) if isinstance(each, AgentRung)}
        came = [visit for visit in floor.visits() if start <= visit.queued < end]
        visits += came
        lived += _lived(config, behind, came, rung)
    points = tuple(_points(config, day, visits))
    yesterday = Yesterday(day.start, day.end, day.length, points)
    return yesterday, figures(config, day, start, end, lived)


def _lived(
    config: Config, behind: Behind, visits: "Iterable[Visit]", rung: Mapping[int, str]
) -> Iterator[Lived]:
    """Of queues that are configured; ``rung``: by visit, whom it last rang at."""
    names = {native: queue for queue in config.queues for native in queue.natives}
    teams = {agent.id: agent.card.team for agent in config.agents}
    called = PRODUCTS[behind.product].queue
    for visit in visits:
        queue = names.get((behind.source, called(visit.queue)))
        if queue is None:
            continue
        whose = visit.agent or ("" if visit.outcome == "open" else rung.get(visit.visit, ""))
        decided = visit.ended if visit.answered is None else visit.answered
        ended = visit.ended if visit.answered is not None else None
        yield Lived(
            queue=queue,
            team=teams.get(AgentId(whose), "") if whose else queue.card.team,
            queued=visit.queued,
            outcome=visit.outcome if visit.answered is None else "answered",
            cause=visit.cause,
            wait=None if decided is None else decided - visit.queued,
            talk=None if ended is None or visit.answered is None else ended - visit.answered,
            agent=visit.agent,
        )


def _points(config: Config, day: Frame, visits: "Iterable[Visit]") -> Iterable[Past]:
    """By the time at which callers came, as the curve counts them."""
    by_start: dict[int, list[Visit]] = {}
    for visit in visits:
        by_start.setdefault(day.interval_of(visit.queued), []).append(visit)
    for start, came in sorted(by_start.items()):
        level = SERVICE_LEVELS[config.default.variant](_tally(config, came))
        yield Past(start, len(came), None if level is None else round(level, ROUNDED))


def _tally(config: Config, visits: "Iterable[Visit]") -> Tally:
    threshold, short = config.default.threshold, config.default.short
    answered = [v.answered - v.queued for v in visits if v.answered is not None]
    gone = [v.ended - v.queued for v in visits if v.outcome == "abandoned" and v.ended is not None]
    return Tally(
        answered=len(answered),
        within=sum(wait <= threshold for wait in answered),
        abandoned=len(gone),
        abandoned_within=sum(wait <= threshold for wait in gone),
        short=sum(wait < short for wait in gone),
    )
