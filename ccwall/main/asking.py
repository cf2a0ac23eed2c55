"""The people of the demo ask before they go: so that the break desk has something to decide on, as it has on a living floor."""

import random
from collections.abc import Callable

from ccwall.config import Config
from ccwall.engine.desk.breaks import WAITING
from ccwall.events import AgentId, BreakId, Principal
from ccwall.floor.wish import Objection
from ccwall.house import House

EVERY = 100.0
"""Floor seconds from one wish to the next, in the mean."""
MOST = 4
"""Wishes that wait at once."""
PATIENCE = 480.0
"""After so many seconds without an answer one gives up."""
KINDS = {"short": 6, "meal": 3, "breather": 2, "coaching": 1}
"""What they ask for, and how often."""
NOTES = ("", "", "", "接孩子电话", "有点累了", "喝水")
LINGERS = 0.35
"""share of breaks that are over-run"""
STEP = 2.0

Rest = Callable[[str, str, float], bool]
"""Whom to send, the reason at the phone, and seconds; whether they went."""


class Askers:
    """`source`: whose people ask. `rest` makes one of them go."""

    def __init__(self, house: House, rest: Rest, config: Config, source: str, seed: int) -> None:
        self._house, self._rest = house, rest
        self._chance = random.Random(f"{seed} asks")
        self._agents = [agent for agent in config.agents if source in agent.interfaces]
        self._mine: dict[BreakId, float | None] = {}
        """Wishes of theirs, and when they will get up; None: not granted yet"""

    async def run(self) -> None:
        clock = self._house.clock
        while True:
            await clock.sleep(STEP)
            now = clock.now()
            await self._give_up(now)
            self._go(now)
            if self._agents and self._chance.random() < STEP / EVERY:
                await self._ask()

    async def _ask(self) -> None:
        engine = self._house.engine
        waiting = [item for item in engine.breaks.open() if item.state in WAITING]
        agent = self._chance.choice(self._agents)
        (kind,) = self._chance.choices(list(KINDS), list(KINDS.values()))
        note = self._chance.choice(NOTES)
        if len(waiting) >= MOST or engine.breaks.running(agent.id) is not None:
            return
        try:
            told = await self._house.acts.do(
                _as(agent.id, agent.card.team), "break.request", {"kind": kind, "note": note}
            )
        except Objection:
            return  # off, or waiting already
        self._mine[BreakId(str(told["break_id"]))] = None

    def _go(self, now: float) -> None:
        items = self._house.engine.breaks.items
        for id, leaves in list(self._mine.items()):
            item = items.get(id)
            if item is None or item.state in ("ended", "refused", "withdrawn"):
                del self._mine[id]
            elif item.state == "granted" and (item.begins or now) <= now:
                if leaves is None:
                    self._mine[id] = now + self._chance.uniform(4.0, 20.0)
                elif leaves <= now:
                    stays = 1.15 if self._chance.random() < LINGERS else self._chance.uniform(0.7, 0.98)
                    policy = self._house.engine.break_policy
                    reason = policy.says.get(item.kind, item.kind)
                    self._rest(item.agent, reason, item.lasts * stays)
                    del self._mine[id]

    async def _give_up(self, now: float) -> None:
        for id in list(self._mine):
            item = self._house.engine.breaks.items.get(id)
            if item is not None and item.state == "requested" and now - item.requested > PATIENCE:
                del self._mine[id]
                team = self._house.engine.team(item.agent)
                try:
                    await self._house.acts.do(_as(item.agent, team), "break.withdraw", {"break_id": id})
                except Objection:
                    continue  # granted at this very moment


def _as(agent: AgentId, team: str) -> Principal:
    return Principal(id=f"agent-{agent}", role="agent", teams=(team,), agent=agent)
