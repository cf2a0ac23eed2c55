"""Facts over ZeroMQ (PUB/SUB, PUSH/PULL), numbered by their publisher: of any CTI, or of another ccwall.

docs/adapters/zeromq.md has the messages, and what a publisher must do so that a loss is seen and healed.
"""

from ccwall.adapter import Adapter

from .session import ZeromqSession
from .settings import ZeromqSettings, dial

__all__ = ["ADAPTER", "ZeromqSession", "ZeromqSettings"]

ADAPTER = Adapter(
    name="zeromq",
    protocol="zeromq",
    port=5560,
    settings=ZeromqSettings,
    session=ZeromqSession,
    schemes=("zmq",),
    dial=dial,
)
