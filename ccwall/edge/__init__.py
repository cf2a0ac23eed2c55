"""The small process on an agent's PC: what hangs at it, told to the server, and nothing of it lost on the way.

    sources ──facts──▶ spool on the disk ──numbered──▶ the server, whose receipt empties the spool

docs/edge.md. Nothing here needs more than Python, SQLite and pyzmq, on Linux, Windows and macOS.
"""

from ccwall.edge.config import EdgeConfig, is_edge, load
from ccwall.edge.keys import make_keys
from ccwall.edge.process import Edge

__all__ = ["Edge", "EdgeConfig", "is_edge", "load", "make_keys"]
