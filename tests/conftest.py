"""What holds for every test: warnings are errors (pyproject.toml), and no test leaves a task behind."""

import asyncio
import inspect
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from hypothesis import HealthCheck, settings

# `ci`: the same examples every time, so that a red build is red again on a desk.
settings.register_profile("ci", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("dev", deadline=None)
settings.load_profile("ci" if os.environ.get("CI") else "dev")


@asynccontextmanager
async def no_leaked_tasks() -> AsyncIterator[None]:
    """Fails when a task that began inside still runs at the end."""
    before = asyncio.all_tasks()
    yield
    current = asyncio.current_task()
    leaked = [task for task in asyncio.all_tasks() - before if task is not current and not task.done()]
    for task in leaked:
        task.cancel()
    if leaked:
        await asyncio.gather(*leaked, return_exceptions=True)
        names = ", ".join(f"{task.get_name()} ({task.get_coro()})" for task in leaked)
        pytest.fail(f"tasks left running: {names}", pytrace=False)


@pytest.fixture
async def tasks_are_finished() -> AsyncIterator[None]:
    """Fails the test when a task it started, or a fixture of it, still runs after everything is torn down."""
    async with no_leaked_tasks():
        yield


@pytest.fixture(autouse=True)
def _no_leaked_tasks(request: pytest.FixtureRequest) -> None:
    # First of all fixtures, so torn down last; only where there is a loop to look at.
    test = getattr(request.node, "obj", None)
    hypothesis = getattr(test, "hypothesis", None)
    if inspect.iscoroutinefunction(hypothesis.inner_test if hypothesis else test):
        request.getfixturevalue("tasks_are_finished")
