"""Asterisk over the Manager Interface (AMI 2 to 11, Asterisk 13 to 22): app_queue, agents, phones.

docs/adapters/asterisk.md says what to configure on the PBX and which traps are handled here.
"""

from ccwall.adapter import Adapter

from .session import AmiSession
from .settings import AmiSettings

__all__ = ["ADAPTER", "AmiSession", "AmiSettings"]

ADAPTER = Adapter(
    name="asterisk-ami", protocol="asterisk-ami", port=5038, settings=AmiSettings, session=AmiSession
)
