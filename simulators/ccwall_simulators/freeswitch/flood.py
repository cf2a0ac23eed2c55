"""True but needless things, by the thousand."""

from random import Random

from .acd import Acd


class Flood:
    def __init__(self, acd: Acd, dice: Random) -> None:
        self._acd, self._dice = acd, dice

    def say(self, events: int) -> None:
        """So many of them: statuses, states and contacts as they are, and how many wait."""
        agents, queues = list(self._acd.agents.values()), list(self._acd.queues.values())
        for _ in range(events):
            kind = self._dice.randrange(4)
            if not agents or (kind == 0 and queues):
                self._acd.say_count(self._dice.choice(queues))
                continue
            agent = self._dice.choice(agents)
            if kind == 1:
                self._acd.say_status(agent)
            elif kind == 2:
                self._acd.say_state(agent)
            else:
                self._acd.say_contact(agent)
