"""Tasks that live and end together."""

import asyncio
from collections.abc import Coroutine, Mapping
from typing import Literal


async def together(
    name: str,
    parts: Mapping[str, Coroutine[object, object, None]],
    until: Literal["FIRST_EXCEPTION", "FIRST_COMPLETED"] = "FIRST_EXCEPTION",
) -> None:
    """Until the first of them fails, or with FIRST_COMPLETED comes to its end; then none goes on. Raises what it raised."""
    tasks = [asyncio.create_task(part, name=f"{name}: {what}") for what, part in parts.items()]
    try:
        done, _ = await asyncio.wait(tasks, return_when=until)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
