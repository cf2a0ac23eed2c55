"""A ccwall's journal in a process whose files may not grow: `python -m tests.history.small_disk FOLDER`.

Writes, as JSON, what was told and whether the engine still took facts while nothing could be written.
"""

import asyncio
import json
import resource
import sys
from pathlib import Path

from tests.history.desk import begun, desk

LIMIT = 400 * 1024


def limit(size: int) -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))


async def work(folder: Path) -> dict[str, object]:
    async with desk(folder) as here:
        await here.journal.wait(here.take(*begun()))
        limit(LIMIT)
        safe = stood = 0
        while stood < 10:  # the log alone is full at first, and gives its room back
            here.visits(20)
            await asyncio.sleep(0.05)
            stood = stood + 1 if here.journal.committed == safe else 0
            safe = here.journal.committed
        state = here.journal.status().state
        limit(resource.RLIM_INFINITY)
        await here.until(lambda: here.journal.status().state == "on")
        await here.journal.wait(here.intake.seq)
    return {
        "safe": safe,
        "stood": state,
        "told": here.words,
        "taken": here.intake.seq,
        "shown": len(list(here.engine.contacts())),
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asyncio.run(work(Path(sys.argv[1])))))
