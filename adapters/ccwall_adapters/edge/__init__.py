"""The server's end of `ccwall edge`: the desk devices of many PCs as one source.

docs/edge.md has how to set both ends up, and what passes between them.
"""

from ccwall.adapter import Adapter

from .session import EdgeSession
from .settings import EdgeSettings, dial

__all__ = ["ADAPTER", "EdgeSession", "EdgeSettings"]

ADAPTER = Adapter(
    name="edge",
    protocol="ccwall-edge",
    port=5570,
    settings=EdgeSettings,
    session=EdgeSession,
    schemes=("zmq",),
    sense="desk",
    dial=dial,
)
