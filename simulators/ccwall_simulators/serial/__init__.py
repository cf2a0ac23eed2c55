"""Desk devices on pseudo-terminals: a headset, a Whozz Calling? box, a modem, a printer of call records. Linux and macOS."""

from .headset import Headset, HeadsetOnPty
from .modem import Modem, ModemOnPty
from .printer import Printed, PrinterOnPty
from .pseudo import Device, OnPty
from .whozz import Whozz, WhozzOnPty

__all__ = [
    "Device",
    "Headset",
    "HeadsetOnPty",
    "Modem",
    "ModemOnPty",
    "OnPty",
    "Printed",
    "PrinterOnPty",
    "Whozz",
    "WhozzOnPty",
]
