"""CSTA III in XML over TCP (ECMA-269, ECMA-323 Annex J.2, ECMA-354): ACD groups, agents, phones of many vendors' switches.

docs/adapters/csta.md says what to configure, and what this was tried against.
"""

from ccwall.adapter import Adapter

from .session import CstaSession
from .settings import CstaSettings

__all__ = ["ADAPTER", "CstaSession", "CstaSettings"]

ADAPTER = Adapter(
    name="csta-xml",
    protocol="csta-xml",
    port=1040,
    settings=CstaSettings,
    session=CstaSession,
    schemes=("tcp", "tls", "file"),
    sense="acd",
)
