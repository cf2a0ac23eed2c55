"""What a far end on its real wire is to a test."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from ccwall.clock import SystemClock
from ccwall_simulators.callcentre import load_scenario
from tests.integration.world import Gauges, Tree

SCENARIO, SEED = load_scenario("small_floor"), 3
NOW = SystemClock().now

Doing = Callable[[], Awaitable[None]]


@dataclass
class Wire:
    """`source` is its table in the configuration, `rest` others. `told` reads a board as `truth` writes it.
    `dies` and `returns` are what happens to the far end; `freezes` and `thaws` where it can hang. `marks`: an outage is a gap."""

    source: Tree
    told: Callable[[Tree], Gauges]
    truth: Callable[[], Gauges]
    dies: Doing
    returns: Doing
    rest: Tree = field(default_factory=dict)
    marks: bool = True
    freezes: Callable[[], None] | None = None
    thaws: Callable[[], None] | None = None


@asynccontextmanager
async def working(*work: Awaitable[None]) -> AsyncIterator[None]:
    tasks = [asyncio.ensure_future(each) for each in work]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def says(board: Tree, agent: str, sense: str) -> object:
    """What is said of a person, if it is known not to be stale."""
    found = board["agents"].get(agent, {}).get("senses", [])
    return next((each["says"] for each in found if each["sense"] == sense and not each.get("stale")), None)


def people(*keys: str) -> Tree:
    return {"agent": [{"id": key, "name": key, "interfaces": {"src": [key]}} for key in keys]}


Wiring = Callable[[Path], AbstractAsyncContextManager["Wire"]]


def total(board: Tree, key: str) -> int:
    """Over all queues."""
    return sum(queue[key] for queue in board["queues"].values())
