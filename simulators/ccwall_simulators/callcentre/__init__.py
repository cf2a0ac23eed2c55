"""A seeded call centre: callers, queues, agents and their day, in simulated time.

`CallCentre` is the floor; `happening` what it tells, `contract` what may be asked of it and done to it, `scenario` what a
TOML file may say of it. The parts: `exchange` (the ACD), `roster` (members of queues), `people` (the agents' days),
`calls` and `callers` (who calls, and each call's life), `ground` (time and chance), `ledger` (the truth).
"""

from .model import CallCentre
from .reading import load_scenario, shipped_scenarios
from .scenario import Scenario

__all__ = ["CallCentre", "Scenario", "load_scenario", "shipped_scenarios"]
