"""FreeSWITCH over the Event Socket (mod_event_socket, mod_callcenter of 1.10): queues, agents, holds.

docs/adapters/freeswitch.md says what to configure on the PBX and which traps are handled here.
"""

from ccwall.adapter import Adapter

from .session import EslSession
from .settings import EslSettings

__all__ = ["ADAPTER", "EslSession", "EslSettings"]

ADAPTER = Adapter(
    name="freeswitch-esl", protocol="freeswitch-esl", port=8021, settings=EslSettings, session=EslSession
)
