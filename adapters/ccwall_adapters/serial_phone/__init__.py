"""Telephone lines watched over a serial line: CallerID.com's "Whozz Calling?" boxes, and modems with caller id (V.253).

docs/adapters/phone-lines.md says what to connect and what these can tell.
"""

from ccwall.adapter import Adapter

from .modem import ModemSession
from .settings import ModemSettings, WhozzSettings
from .whozz import WhozzSession

__all__ = ["MODEM", "WHOZZ", "ModemSession", "ModemSettings", "WhozzSession", "WhozzSettings"]

WHOZZ = Adapter(
    name="whozz-calling",
    protocol="whozz-calling",
    port=4001,  # what terminal servers give their first line
    settings=WhozzSettings,
    session=WhozzSession,
    schemes=("serial", "socket", "rfc2217", "tcp", "unix", "file"),
    sense="desk",
)
MODEM = Adapter(
    name="modem-caller-id",
    protocol="modem-caller-id",
    port=4001,
    settings=ModemSettings,
    session=ModemSession,
    schemes=("serial", "socket", "rfc2217", "tcp", "unix", "file"),
    sense="desk",
)
