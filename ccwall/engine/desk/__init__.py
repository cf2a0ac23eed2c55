"""What people and the house do about the floor: alerts, breaks, help, incidents, announcements, patrols, cases, the rota.

One module a domain. Each has its Structs, a `reduce` for its facts, and `shown`, its parts of the board. Like the rest of
the engine it is a fold: what a fact says is so, whoever said it and why; whether it may be said is decided before, where
people ask (`ccwall.floor`) or where the house watches (`ccwall.alerts`).
"""

from ccwall.engine.desk.domains import DOMAINS, Domain, take
from ccwall.engine.desk.shape import Desk, Who

__all__ = ["DOMAINS", "Desk", "Domain", "Who", "take"]
