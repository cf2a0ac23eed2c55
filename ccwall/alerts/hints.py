"""What is probably behind a number that is bad: more calls than usual, longer calls, or too few people.

Three ratios, each 1 where all is as ever, the largest first; what is not known is not guessed at.
"""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from ccwall.alerts.metrics import Tree, number

HINTED = frozenset(
    {"service_level", "answer_rate", "abandon_rate", "lost_rate", "asa", "longest_waiting", "waiting", "ewt",
     "forecast_5", "forecast_15", "forecast_30", "shortfall"}
)  # fmt: skip
"""Metrics that volume, handle time and staffing drive."""
UNUSUAL = 1.15
"""A ratio from here on is worth a word."""
HOUR, QUARTER = 3600.0, 900.0
FEWEST = 10
"""visits that a ratio rests on at least"""

Hints = tuple[tuple[str, ...], dict[str, float]]


def hints(board: Tree, kind: str, subject: Tree, now: float) -> Hints:
    """Codes, the likeliest cause first, and figures: rates in calls an hour, times in seconds, people."""
    ratios, figures = dict[str, float](), dict[str, float]()
    _volume(board, kind, subject, now, ratios, figures)
    _handle_time(subject, ratios, figures)
    _staffing(subject, ratios, figures)
    unusual = [code for code, ratio in ratios.items() if ratio >= UNUSUAL]
    return tuple(sorted(unusual, key=lambda code: -ratios[code])), figures


def _volume(
    board: Tree, kind: str, subject: Tree, now: float, ratios: dict[str, float], figures: dict[str, float]
) -> None:
    """The last quarter of an hour against what was heard of the hour before it, and of the floor against yesterday at this time."""
    quarter = number(subject, ("rolling", "15", "offered")) or 0.0
    hour = number(subject, ("rolling", "60", "offered")) or 0.0
    if quarter < FEWEST:
        return
    figures["rate"], usual = 4 * quarter, list[float]()
    since_start = number(board, ("day", "starts"))
    earlier = hour - quarter
    before = _heard(board) - QUARTER
    if earlier >= FEWEST and before >= QUARTER and (since_start is None or now - since_start >= HOUR):
        figures["rate_hour"] = earlier * HOUR / before
        usual.append(figures["rate_hour"])
    if kind == "floor" and (yesterday := _yesterday(board, now)) is not None:
        figures["rate_yesterday"] = yesterday
        usual.append(yesterday)
    if usual:
        ratios["volume"] = figures["volume"] = round(figures["rate"] / min(usual), 3)


def _heard(board: Tree) -> float:
    """Seconds of the last hour for which calls were heard, at least; 0 where nothing tells of it.

    Whoever began to listen a while ago would take the silence before for a quiet hour."""
    queues = board.get("queues")
    known = [
        (of, of / rate)
        for queue in (queues.values() if isinstance(queues, Mapping) else ())
        if (rate := number(queue, ("outlook", "rate"))) and (of := number(queue, ("outlook", "rate_n")))
    ]
    return min(max(known, default=(0.0, 0.0))[1], HOUR)


def _yesterday(board: Tree, now: float) -> float | None:
    """Calls an hour in the interval of yesterday that has this time of day; None where few came."""
    curve, site, interval = board.get("yesterday"), board.get("site"), board.get("interval")
    if not isinstance(curve, list) or not isinstance(site, Mapping) or not isinstance(interval, Mapping):
        return None
    zone, length = ZoneInfo(str(site.get("zone", "UTC"))), float(interval.get("length", 900))
    wanted = datetime.fromtimestamp(now, zone)
    for point in curve:
        begins = datetime.fromtimestamp(float(point[0]), zone)
        minutes = (wanted.hour - begins.hour) * 60 + wanted.minute - begins.minute
        if 0 <= minutes * 60 < length:
            return float(point[-1]) * 3600 / length if float(point[-1]) >= FEWEST else None
    return None


def _handle_time(subject: Tree, ratios: dict[str, float], figures: dict[str, float]) -> None:
    """The last quarter of an hour against the day."""
    lately, day = number(subject, ("rolling", "15", "aht")), number(subject, ("aht",))
    handled = number(subject, ("handled",)) or number(subject, ("answered",)) or 0.0
    if lately and day and handled >= 2 * FEWEST:
        figures["aht"], figures["aht_day"] = lately, day
        ratios["handle_time"] = figures["handle_time"] = round(lately / day, 3)


def _staffing(subject: Tree, ratios: dict[str, float], figures: dict[str, float]) -> None:
    """The people needed against those at work; where the need is not known, nobody at work is told all the same."""
    need, capacity = number(subject, ("outlook", "need")), number(subject, ("outlook", "capacity"))
    if capacity is None:
        return
    figures["capacity"] = capacity
    if need is not None:
        figures["need"] = need
        if need > 0:
            ratios["staffing"] = figures["staffing"] = round(need / max(capacity, 0.5), 3)
    elif capacity < 0.001 and (number(subject, ("waiting",)) or 0.0) > 0:
        ratios["staffing"] = 2.0
