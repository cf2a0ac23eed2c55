"""How often headsets lose their connection: once is an accident, often is a fault (F19)."""

from typing import TYPE_CHECKING

from ccwall.events import DeviceId

if TYPE_CHECKING:
    from ccwall.engine.state import State

MANY, WITHIN = 3, 600.0
"""More than so often in so many seconds."""
MOST = 2000
"""devices"""


def dropped(state: "State", device: DeviceId, at: float) -> None:
    """It was connected, and is not any more."""
    known = state.desk.dropouts
    times = [*(t for t in known.get(device, []) if t > at - WITHIN), at][-MANY - 1 :]
    if device not in known and len(known) >= MOST:
        del known[min(known, key=lambda each: known[each][-1])]
    known[device] = times


def often(state: "State", device: DeviceId, now: float) -> bool:
    times = state.desk.dropouts.get(device, [])
    return len(times) > MANY and times[0] > now - WITHIN
