"""A wall on a living CSTA link: real sockets, the real supervisor, the whole house, a simulated switch."""

import asyncio
import tomllib

from ccwall.clock import SystemClock
from ccwall.config import read as read_config
from ccwall.house import House
from ccwall_simulators.callcentre import CallCentre, load_scenario
from ccwall_simulators.csta import CstaSwitch
from ccwall_simulators.server import Server

START = 1_795_312_800.0
CONFIG = """
[[source]]
name = "switch"
type = "csta-xml"
url = "tcp://127.0.0.1:{port}"
devices = {phones}
groups = {{ {groups} }}
"""


async def test_a_house_reads_it_over_tcp_and_comes_back_after_a_kill() -> None:
    floor = CallCentre(load_scenario("small_floor"), seed=1, start=START)
    far_end = CstaSwitch(floor, start=START, seed=1)
    server = Server(far_end, 1.0)
    server.open()
    groups = ", ".join(f'"{number}" = "{queue}"' for queue, number in far_end.groups.items())
    text = CONFIG.format(port=server.port, phones=str(list(far_end.phones)).replace("'", '"'), groups=groups)
    config = read_config(tomllib.loads(text), "here")
    house = House(config, SystemClock())
    house.begin()

    def state() -> object:
        sources = house.engine.board(house.clock.now())["sources"]
        assert isinstance(sources, dict)
        return sources.get("switch", {}).get("state")

    async def until(wanted: bool) -> None:
        async with asyncio.timeout(60):
            while (state() == "live") is not wanted:
                await asyncio.sleep(0.01)

    tasks = [asyncio.create_task(house.supervise(source).run()) for source in config.sources]
    tasks.append(asyncio.create_task(server.run()))
    try:
        await until(True)
        queues = house.engine.board(house.clock.now())["queues"]
        assert isinstance(queues, dict)
        talking = {name: told["talking"] for name, told in queues.items()}
        truth = [one.queue for one in floor.talking()]
        assert sum(talking.values()) == len(truth)
        server.fault("kill", 0.2)
        await until(False)
        await until(True)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
