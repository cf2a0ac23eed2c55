"""Advice: what a break now or later would do, how many may leave, whom to move. Pure, like all of the engine.

How good it is, is measured: docs/calibration.md.
"""

from ccwall.engine.advice.effect import Basis, Effect, QueueEffect, Side, break_effect
from ccwall.engine.advice.longest import Reach
from ccwall.engine.advice.moves import Move, moves
from ccwall.engine.advice.plans import Planned, of_desk
from ccwall.engine.advice.room import Missing, Room, below_minimum, how_many_may_leave
from ccwall.engine.advice.slots import Slot, Slots, break_slots

__all__ = [
    "Basis",
    "Effect",
    "Missing",
    "Move",
    "Planned",
    "QueueEffect",
    "Reach",
    "Room",
    "Side",
    "Slot",
    "Slots",
    "below_minimum",
    "break_effect",
    "break_slots",
    "how_many_may_leave",
    "moves",
    "of_desk",
]
