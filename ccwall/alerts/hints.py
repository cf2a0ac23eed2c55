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
    """The last quarter of an hour against the last hour, and of the floor against yesterday at this time."""
    quarter = number(subject, ("rolling", "15", "offered")) or 0.0
    hour = number(subject, ("rolling", "60", "offered")) or 0.0
    if quarter < FEWEST:
        return
    figures["rate"], usual = 4 * quarter, list[float]()
    since_start = number(board, ("day", "starts"))
    earlier = hour - quarter
    if earlier >= FEWEST and (since_start is None or now - since_start >= 3600):
        figures["rate_hour"] = earlier / 0.75
        usual.append(figures["rate_hour"])
    if kind == "floor" and (before := _yesterday(board, now)) is not None:
        figures["rate_yesterday"] = before
        usual.append(before)
    if usual:
        ratios["volume"] = figures["volume"] = round(figures["rate"] / min(usual), 3)


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
