"""A manager port for the tests that need a living one."""

from collections.abc import AsyncIterator

import pytest

from tests.integration.manager import Manager


@pytest.fixture
async def manager() -> AsyncIterator[Manager]:
    server = Manager({"wallboard": "s3cret"})
    await server.start()
    yield server
    await server.kill()
