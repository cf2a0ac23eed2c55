"""All rules that are watched, in the order a look needs them, and which of them at this time of this day."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from functools import cached_property
from hashlib import blake2b
from zoneinfo import ZoneInfo

import msgspec

from ccwall.alerts.metrics import METRICS
from ccwall.alerts.rule import DAYS, FREE_DAYS, WORKDAYS, Clock24, Rule, card_of, within
from ccwall.events import RuleCard

SATURDAY = 5


def weekend(day: date) -> bool:
    return day.weekday() >= SATURDAY


class Ruleset:
    """``is_free``: whether nobody works on a day, by the calendar of the house as it is when it is asked."""

    def __init__(
        self, rules: Iterable[Rule], zone: str = "UTC", is_free: Callable[[date], bool] = weekend
    ) -> None:
        self.rules: Mapping[str, Rule] = {rule.id: rule for rule in rules if rule.metric in METRICS}
        self._zone, self._is_free = ZoneInfo(zone), is_free
        self.by_scope: Mapping[str, tuple[Rule, ...]] = {
            scope: tuple(rule for rule in self.rules.values() if rule.scope == scope and rule.enabled)
            for scope in {rule.scope for rule in self.rules.values() if rule.enabled}
        }
        self._limited = tuple(rule for rule in self.rules.values() if rule.hours or rule.days)
        encoded = msgspec.json.encode(list(self.rules.values()))
        self.hash = blake2b(encoded, digest_size=8).hexdigest()

    @cached_property
    def cards(self) -> Mapping[str, RuleCard]:
        """What screens must know of each that is watched."""
        return {
            id: card_of(rule, METRICS[rule.metric].unit, METRICS[rule.metric].timer)
            for id, rule in self.rules.items()
            if rule.enabled
        }

    def asleep(self, now: float) -> frozenset[str]:
        """Those that are not watched now, because of the hour or the day."""
        if not self._limited:
            return frozenset()
        day, second = self._local(now)
        today = {DAYS[day.weekday()], FREE_DAYS if self._is_free(day) else WORKDAYS}
        return frozenset(
            rule.id
            for rule in self._limited
            if (rule.hours and not within(rule.hours, second)) or (rule.days and today.isdisjoint(rule.days))
        )

    def is_quiet(self, rule: Rule, now: float) -> bool:
        return bool(rule.quiet_hours) and within(rule.quiet_hours, self._local(now)[1])

    def next_border(self, now: float, hours: tuple[Clock24, ...]) -> float:
        """When it is next asked again whether these hours are now."""
        second = self._local(now)[1]
        ahead = [(border - second) % 86_400 or 86_400 for span in hours for border in span]
        return int(now) + min(ahead, default=86_400)

    def borders(self, now: float) -> float:
        """When another rule may begin or end to be watched."""
        return min(
            (self.next_border(now, (*rule.hours, (0, 0))) for rule in self._limited), default=float("inf")
        )

    def second(self, now: float) -> int:
        """Of the local day."""
        return self._local(now)[1]

    def _local(self, now: float) -> tuple[date, int]:
        local = datetime.fromtimestamp(now, self._zone)
        return local.date(), local.hour * 3600 + local.minute * 60 + local.second
