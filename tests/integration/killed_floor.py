"""A floor with alerts whose ccwall is killed and started again: the real `ccwall serve`, its far ends, and what must be true at the end."""

import asyncio
import signal
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx

from ccwall.alerts.pack import shipped
from ccwall.events import AlertDelivered, AlertFired, AlertResolved, AlertTold
from tests.integration.alert_ends import CLOCK, SECRET, SIGN, Files, Group, Program, Switch, toml, until
from tests.integration.served import Served, served

RULE = "queueing"
EXTENSIONS = [str(number) for number in range(1001, 1023)]
FEW = EXTENSIONS[-7:]
"""Of a team of whom one may be away at once."""
SECRETS = {"CCWALL_TEST_SECRET": "secret", "CCWALL_TEST_SIGN": SIGN, "CCWALL_TEST_HOOK": SECRET}
CONFIG = """
[[source]]
name = "pbx1"
type = "asterisk-ami"
url = "tcp://127.0.0.1:{switch}"
username = "ccwall"
secret = {{ env = "CCWALL_TEST_SECRET" }}

[[channel]]
name = "first"
type = "webhook"
url = "{first}"
secret = {{ env = "CCWALL_TEST_HOOK" }}

[[channel]]
name = "group"
type = "feishu"
language = "en"
url = "{group}"
secret = {{ env = "CCWALL_TEST_SIGN" }}

[[channel]]
name = "last"
type = "webhook"
url = "{last}"
secret = {{ env = "CCWALL_TEST_HOOK" }}

[[ladder]]
name = "quick"
[[ladder.step]]
channels = ["first"]
[[ladder.step]]
after = "800ms"
channels = ["group"]
[[ladder.step]]
after = "1400ms"
channels = ["last"]

[breaks]
share = 1

[[breaks.limit]]
team = "few"
cap = 1
"""
WATCHED = toml(
    "rule", id=RULE, metric="waiting", scope="queue", at_least=1, ladder="quick",
    severity="warn", **{"for": "300ms", "clear_for": "300ms"},
)  # fmt: skip
QUIET = "".join(toml("rule", id=rule.id, enabled=False) for rule in shipped())
PEOPLE = "".join(
    toml("agent", id=f"a{each}", **({"team": "few"} if each in FEW else {}))
    + f'interfaces = {{ pbx1 = ["PJSIP/{each}"] }}\n'
    for each in EXTENSIONS
)


class Floor:
    """`kills`: when it was killed. `lives`: queues whose alert began; `quiet`: those of them that somebody looks after;
    `whole`: those whose alert must have gone up the whole ladder.
    """

    def __init__(
        self, ccwall: Served, files: Files, switch: Switch, robots: tuple[Program, Group, Program]
    ) -> None:
        self.ccwall, self.files, self.switch = ccwall, files, switch
        self.first, self.group, self.last = robots
        self.kills: list[float] = []
        self.people = [f"a{each}" for each in EXTENSIONS if each not in FEW]
        self.few = [f"a{each}" for each in FEW]
        self.lives: list[str] = []
        self.quiet: list[str] = []
        self.whole: set[str] = set()
        self._pid = 0
        self._unused = iter(switch.queues)

    # ── its life ──

    async def start(self) -> None:
        self._pid = await self.ccwall.start()

    async def live(self) -> None:
        """Everything the switch has is known."""
        async with asyncio.timeout(30):
            while (await self.get("/healthz")).get("sources", {}).get("pbx1", {}).get("state") != "live":
                await asyncio.sleep(0.02)

    async def kill(self) -> None:
        said = await self.ccwall.end(self._pid, signal.SIGKILL)
        self.kills.append(CLOCK.now())
        assert "Traceback" not in said, said

    async def again(self) -> None:
        await self.kill()
        await self.back()

    async def back(self) -> None:
        await self.start()
        await self.live()

    async def get(self, path: str) -> dict[str, Any]:
        try:
            told: dict[str, Any] = (await self.ccwall.client.get(path)).json()
        except httpx.TransportError:
            return {}
        return told

    async def act(self, name: str, **arguments: object) -> httpx.Response:
        return await self.ccwall.client.post(f"/api/v1/acts/{name}", json={"arguments": arguments})

    # ── alerts ──

    def arrives(self) -> str:
        """Somebody waits in a queue where nobody waited before."""
        queue = next(self._unused)
        self.switch.arrives(queue)
        return queue

    async def journal(self, fact: type, queue: str, **words: Any) -> None:
        """Return when such a fact is safe."""
        await until(lambda: self.files.of(fact, alert=alert(queue), **words))

    async def state(self, queue: str, *states: str) -> None:
        """Return when this is what a page is told."""
        async with asyncio.timeout(10):
            while True:
                listed = (await self.get("/api/v1/alerts")).get("alerts", [])
                if any(each["id"] == alert(queue) and each["state"] in states for each in listed):
                    return
                await asyncio.sleep(0.02)

    async def ended(self) -> None:
        """Everybody who waits is told of up the whole ladder, and then hangs up; all of it is said, and noted."""
        for queue in self.lives:
            if self.switch.waits(queue):
                if queue not in self.quiet:
                    self.whole.add(queue)
                    await self.journal(AlertTold, queue, kind="escalated", step=2)
                self.switch.leaves(queue)
        for queue in self.lives:
            await until(partial(self.is_over, queue))

    def told(self, queue: str, key: str, channel: str) -> list[float]:
        """When that note came."""
        if channel != "group":
            robot = self.first if channel == "first" else self.last
            return [at for each, at in robot.arrivals if each == key]
        [said] = self.files.of(AlertTold, key=key)
        level = "Warning Escalated" if said.kind == "escalated" else f"Warning {said.kind.title()}"
        return [at for each, at in self.group.arrivals if each == f"{queue} {level}"]

    def check(self, queue: str) -> int:
        """That it was told as promised; gives how often something was said twice."""
        [fired] = self.files.of(AlertFired, alert=alert(queue))
        [over] = self.files.of(AlertResolved, alert=alert(queue))
        assert fired.at <= over.at
        tellings = self.files.of(AlertTold, alert=alert(queue))
        found = Counter((each.kind, each.step) for each in tellings if each.kind != "resolved")
        steps = {("fired", 0), ("escalated", 1), ("escalated", 2)}
        assert set(found) <= steps, (queue, found)
        assert set(found.values()) == {1}, (queue, found)
        assert ("fired", 0) in found
        assert queue not in self.whole or set(found) == steps, (queue, found)
        [recovery] = [each for each in tellings if each.kind == "resolved"]
        assert set(recovery.channels) == {name for each in tellings for name in each.channels}
        return sum(self._arrived(queue, each, channel) for each in tellings for channel in each.channels)

    def _arrived(self, queue: str, said: AlertTold, channel: str) -> int:
        times = self.told(queue, said.key, channel)
        assert times, (queue, said, channel)
        for before, after in pairwise(times):
            assert any(before <= kill <= after for kill in self.kills), (queue, said, channel, times)
        noted = self.files.of(AlertDelivered, key=said.key, channel=channel)
        assert [each.ok for each in noted] == [True], (queue, said, channel, noted)
        return len(times) - 1

    def is_over(self, queue: str) -> bool:
        """Whether all that will ever be said of it is said, and noted."""
        told = self.files.of(AlertTold, alert=alert(queue))
        wanted = {(each.key, name) for each in told for name in each.channels}
        noted = {(each.key, each.channel) for each in self.files.of(AlertDelivered, alert=alert(queue))}
        return any(each.kind == "resolved" for each in told) and wanted <= noted

    def nothing_else(self) -> None:
        """No robot was told what the journal does not have."""
        keys = {each.key for each in self.files.of(AlertTold)}
        assert {key for robot in (self.first, self.last) for key, _ in robot.arrivals} <= keys


def alert(queue: str) -> str:
    return f"{RULE}@queue:pbx1/{queue}"


@asynccontextmanager
async def floor(folder: Path, queues: Sequence[str]) -> AsyncIterator[Floor]:
    """It is up."""
    async with AsyncExitStack() as stack:
        robots = Program(), Group(), Program()
        for robot in robots:
            await stack.enter_async_context(robot)
        switch = Switch("secret", queues, EXTENSIONS)
        await switch.start()
        stack.push_async_callback(switch.kill)
        first, group, last = (robot.here for robot in robots)
        config = (
            CONFIG.format(switch=switch.port, first=first, group=group, last=last) + WATCHED + QUIET + PEOPLE
        )
        ccwall = await stack.enter_async_context(served(folder, config, SECRETS))
        found = Floor(ccwall, Files(folder / "journal"), switch, robots)
        await found.start()
        await found.live()
        yield found
