"""A switch with an ACD that speaks CSTA III in XML, as ECMA-269 and ECMA-323 say it should."""

from .switch import CstaSwitch
from .variant import PLAIN, Variant

__all__ = ["PLAIN", "CstaSwitch", "Variant"]
