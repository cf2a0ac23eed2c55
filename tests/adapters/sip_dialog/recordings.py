"""A day on two phones in a minute, as a recording of a living session has it."""

from collections.abc import Sequence

from ccwall_simulators.sip import Behaviour, Mischief
from tests.adapters.contract import Step

from .joined import Joined, wall


def day(scheme: str, mischief: Mischief | None = None, seed: int = 0) -> Joined:
    """Calls, holds, a gap, a restart, presence; ends live."""
    settings = wall(events=("dialog", "presence"))
    floor = Joined(settings, mischief=mischief, scheme=scheme, seed=seed).open().run(3)
    for user, changes in (
        ("1001", {"early": "c1"}),
        ("1001", {"early": "", "main": "c1"}),
        ("1002", {"sides": {"s1": None}}),
        ("1001", {"held": True}),
        ("1001", {"held": False}),
    ):
        floor.phone(user, **changes)
        floor.run(1)
    floor.notifier.behaviour = Behaviour(leaves_out=100)
    floor.phone("1001", main="")
    floor.notifier.behaviour = Behaviour()
    floor.phone("1001", early="c2")
    floor.run(2)
    floor.notifier.restart(floor.now, clean=True)
    floor.run(8)
    floor.phone("1002", registered=False, sides={})
    return floor.run(3)


def steps(scheme: str) -> Sequence[Step]:
    return day(scheme).steps
