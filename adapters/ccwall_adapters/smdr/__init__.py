"""Call records that a switch prints when a call is over (SMDR): Panasonic KX, Avaya IP Office, NEC SL. History, never now.

docs/adapters/smdr.md says what to set on the switch and how each of them is read.
"""

from ccwall.adapter import Adapter

from .session import SmdrSession
from .settings import SmdrSettings

__all__ = ["ADAPTER", "SmdrSession", "SmdrSettings"]

ADAPTER = Adapter(
    name="smdr",
    protocol="smdr",
    port=4001,  # what terminal servers give their first line
    settings=SmdrSettings,
    session=SmdrSession,
    schemes=("serial", "socket", "rfc2217", "tcp", "listen", "unix", "file"),
    sense="none",
)
