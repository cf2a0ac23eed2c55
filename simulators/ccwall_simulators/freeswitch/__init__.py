"""A simulated FreeSWITCH with mod_callcenter, behind its Event Socket."""

from .pbx import FreeSwitchPbx
from .variant import CALM, PLAIN, Variant

__all__ = ["CALM", "PLAIN", "FreeSwitchPbx", "Variant"]
