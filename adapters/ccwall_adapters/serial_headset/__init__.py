"""Headsets and their docks on a serial line: Bluetooth hands-free (HFP 1.9, HSP 1.2) AT commands, and docks that write words.

docs/adapters/headset.md says how to get at the line and what a headset can tell.
"""

from ccwall.adapter import Adapter

from .session import HeadsetSession
from .settings import HeadsetSettings

__all__ = ["ADAPTER", "HeadsetSession", "HeadsetSettings"]

ADAPTER = Adapter(
    name="serial-headset",
    protocol="serial-headset",
    port=4001,  # what terminal servers give their first line
    settings=HeadsetSettings,
    session=HeadsetSession,
    schemes=("serial", "socket", "rfc2217", "tcp", "unix", "file"),
    sense="desk",
)
