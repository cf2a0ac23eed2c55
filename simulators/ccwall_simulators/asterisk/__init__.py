"""Asterisk 22 with app_queue, as its manager interface shows it."""

from .pbx import AsteriskPbx
from .variant import PLAIN, READ_ONLY, STAMPED, Variant

__all__ = ["PLAIN", "READ_ONLY", "STAMPED", "AsteriskPbx", "Variant"]
