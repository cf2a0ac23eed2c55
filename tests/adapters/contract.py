"""The generic suite is shipped, so that adapters of others can inherit it too; here it has its old name."""

from ccwall.testing import (
    NOW,
    ParcelContract,
    PlainDirectory,
    SessionContract,
    Step,
    cut,
    encoded,
    feed,
    play,
)

__all__ = [
    "NOW",
    "ParcelContract",
    "PlainDirectory",
    "SessionContract",
    "Step",
    "cut",
    "encoded",
    "feed",
    "play",
]
