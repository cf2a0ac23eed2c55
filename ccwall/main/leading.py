"""The demo's own leads: somebody goes to who calls for help when nobody at the page does, walks the rows, and left a note.

What they do they do as anybody does: by acts, with a name. Whoever plays with the demo is faster.
"""

import random

from ccwall.config import Config
from ccwall.events import Principal
from ccwall.floor.wish import Objection
from ccwall.house import House

STEP = 3.0
COMES = (45.0, 150.0)
"""Floor seconds after which a lead of the demo goes there: late enough that whoever looks can be first."""
STAYS = (60.0, 240.0)
WALKS = (700.0, 1150.0)
"""Floor seconds from one patrol of a team to its next."""
FINDINGS = ((), (), (), ("empty_seat",), ("noise",), ("headset",), ("tidiness",))
LEADS = (("he.ping", "何平 He Ping"), ("tang.min", "唐敏 Tang Min"))
HANDED_OVER = "早班留言：A 排 2 号耳麦已报修，客户来电话术今日更新。 / Early shift: the headset at A-2 is reported; the script is new today."
ANNOUNCED = {
    "zh-CN": "今日 17:30 班后会，请各组准时参加。",
    "zh-TW": "今日 17:30 班後會，請各組準時參加。",
    "en": "Team meeting today at 17:30: please be on time.",
}
TROUBLE = (240.0, 900.0)
"""Floor seconds until somebody proposes an incident, while none is open."""
SLOW = "CRM 登录缓慢 / CRM is slow to sign in"
THANKED = "耐心安抚客户，客户来电致谢。"


class Leading:
    def __init__(self, house: House, config: Config, seed: int) -> None:
        self._house, self._chance = house, random.Random(f"{seed} leads")
        self._people = [Principal(id=id, role="supervisor", name=name) for id, name in LEADS]
        self._agents = [agent.id for agent in config.agents]
        self._teams = list(dict.fromkeys(each.card.team for each in config.agents if each.card.team))
        self._planned: dict[str, float] = {}
        """When what is done next, by what it is done to."""

    async def run(self) -> None:
        clock = self._house.clock
        await clock.sleep(STEP)
        await self._begin()
        while True:
            await clock.sleep(STEP)
            now = clock.now()
            await self._help(now)
            await self._walk(now)
            await self._propose(now)

    async def _begin(self) -> None:
        await self._do("handover.note", {"text": HANDED_OVER})
        await self._do("announcement.post", {"texts": ANNOUNCED})
        if self._agents:
            await self._do("thanks.give", {"agent": self._chance.choice(self._agents), "text": THANKED})

    async def _help(self, now: float) -> None:
        calls = list(self._house.engine.desk.help.values())
        for call in calls:
            if call.state == "open" and self._is_time(f"come {call.id}", COMES, now):
                await self._do("help.take", {"help": call.id})
            elif call.state == "taken" and self._is_time(f"end {call.id}", STAYS, now):
                await self._do("help.end", {"help": call.id})
        there = {call.id for call in calls if call.ended is None}
        self._planned = {
            key: at
            for key, at in self._planned.items()
            if key.startswith("walk") or key.rpartition(" ")[2] in there
        }

    async def _walk(self, now: float) -> None:
        for team in self._teams:
            if self._is_time(f"walk {team}", WALKS, now):
                del self._planned[f"walk {team}"]
                findings = list(self._chance.choice(FINDINGS))
                await self._do("patrol.make", {"team": team, "findings": findings})

    async def _propose(self, now: float) -> None:
        """Something to decide on; who looks confirms it, or does not."""
        if self._is_time("walk system", TROUBLE, now):
            del self._planned["walk system"]
            await self._do("incident.propose", {"kind": "system", "text": SLOW})

    def _is_time(self, what: str, within: tuple[float, float], now: float) -> bool:
        at = self._planned.get(what)
        if at is None:
            at = self._planned[what] = now + self._chance.uniform(*within)
        return now >= at

    async def _do(self, name: str, arguments: dict[str, object]) -> None:
        try:
            await self._house.acts.do(self._chance.choice(self._people), name, arguments)
        except Objection:
            return  # whoever looks at the demo was faster
