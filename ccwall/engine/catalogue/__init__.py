"""What every number is: the one list from which screens, explanations and docs/metrics.md take their words."""

from collections.abc import Mapping
from typing import Final

from ccwall.engine.catalogue.counts import COUNTS
from ccwall.engine.catalogue.outlook import OUTLOOK
from ccwall.engine.catalogue.people import PEOPLE
from ccwall.engine.catalogue.rates import RATES
from ccwall.engine.catalogue.shape import LANGUAGES, Metric, Term, in_symbols, in_words
from ccwall.engine.catalogue.terms import SYMBOLS, TERMS, Texts, cause_names, state_names
from ccwall.engine.catalogue.times import GAUGES, TIMES
from ccwall.engine.catalogue.variants import VARIANTS, Formula, sides

METRICS: Final[Mapping[str, Metric]] = {
    metric.key: metric for metric in (*COUNTS, *RATES, *TIMES, *GAUGES, *PEOPLE, *OUTLOOK)
}

PARTS: Final[Mapping[str, str]] = {
    "flowed_out_by": "flowed_out",
    "refused_by": "refused",
    "service_levels": "service_level",
    "rate_n": "rate",
    "aht_n": "recent_aht",
    "patience_n": "patience",
    "why": "forecast",
    "calls_target": "calls_per_agent",
    "agents": "states",
    "outbound": "connected",
    "times": "states",
    "heads": "staffed",
}
"""Keys that break a metric down or tell its sample, and whose metric each is."""

__all__ = [
    "LANGUAGES",
    "METRICS",
    "PARTS",
    "SYMBOLS",
    "TERMS",
    "VARIANTS",
    "Formula",
    "Metric",
    "Term",
    "Texts",
    "cause_names",
    "in_symbols",
    "in_words",
    "sides",
    "state_names",
]
