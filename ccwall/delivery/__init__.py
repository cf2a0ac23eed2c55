"""Telling people who are not looking at a screen: group robots, mail, lamps, other programs.

`facade.Delivery` takes notes, writes them down, and delivers each to its channels at least once. docs/delivery.md.
"""

from ccwall.delivery.contract import (
    BY_TYPE,
    Channel,
    ChannelType,
    Configured,
    Failed,
    Ok,
    Outcome,
    Quiet,
    Retry,
)
from ccwall.delivery.note import SEVERITIES, Note, Person, Severity

__all__ = [
    "BY_TYPE",
    "SEVERITIES",
    "Channel",
    "ChannelType",
    "Configured",
    "Failed",
    "Note",
    "Ok",
    "Outcome",
    "Person",
    "Quiet",
    "Retry",
    "Severity",
]
