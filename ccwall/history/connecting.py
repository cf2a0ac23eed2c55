"""A file's connection, and the thread it is worked on, for as long as a block."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import aiosqlite


@asynccontextmanager
async def connected(opened: Callable[[], sqlite3.Connection]) -> AsyncIterator[aiosqlite.Connection]:
    """Both have ended when the block has, also when it is cancelled while ``opened`` is at work, on a thread.

    aiosqlite by itself leaves a cancelled opening to its thread: that would go on with a file that somebody else holds
    by then, and tell it to a loop that is closed. Errors are ``opened``'s own; its connection must not mind threads.
    """
    opening = asyncio.ensure_future(_of(opened))
    try:
        yield await asyncio.shield(opening)
    finally:
        (db,) = await asyncio.gather(opening, return_exceptions=True)
        if isinstance(db, aiosqlite.Connection):
            await db.close()


async def _of(opened: Callable[[], sqlite3.Connection]) -> aiosqlite.Connection:
    connection = await asyncio.to_thread(opened)
    return await aiosqlite.Connection(lambda: connection, iter_chunk_size=64)
