"""People who do what makes their senses disagree, at a moment of somebody's choosing."""

from collections.abc import Container

from ccwall_simulators.breaking import Doing, Faulty, Pace, Unknown

from .chance import Chance
from .desks import Desks
from .model import CallCentre

LASTS = 60.0
NOBODY = "nobody is at the desk, ready and with a free phone just now; try again in a moment"
NO_HEADSET = (
    "nobody who is ready just now has a headset that says where it lies off its dock; try again in a moment"
)


def people(
    centre: CallCentre, pace: Pace, seed: int, desks: Desks | None = None, headsets: Container[str] = ()
) -> Faulty:
    """`headsets`: whose headset on these `desks` says whether it is docked."""
    chance = Chance(seed).stream("practice")

    def walk_away(seconds: float) -> str:
        ready = centre.ready()
        if not ready:
            raise Unknown(NOBODY)
        agent = chance.choice(ready)
        centre.walk_away(agent, seconds * pace.speed)
        return agent

    def dock_ready(seconds: float) -> str:
        assert desks is not None
        ready = [agent for agent in centre.ready() if agent in headsets]
        chance.shuffle(ready)
        for agent in ready:
            if desks.put_away(agent, seconds * pace.speed):
                return agent
        raise Unknown(NO_HEADSET)

    doings = [Doing("walk_away", "w", "people", walk_away, LASTS)]
    if desks is not None:
        doings.append(Doing("dock_ready", "d", "people", dock_ready, LASTS))
    return Faulty(f"{len(centre.scenario.agents())} people", doings, pace)
