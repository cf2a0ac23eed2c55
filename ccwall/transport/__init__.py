"""Where a source's bytes come from: an address as configuration writes it, and the open link to it."""

from ccwall.transport.address import SCHEMES, Address, Line, address
from ccwall.transport.link import Keeping, Link, Placed, connect, wordless
from ccwall.transport.trouble import Unopened, Unreachable

__all__ = [
    "SCHEMES",
    "Address",
    "Keeping",
    "Line",
    "Link",
    "Placed",
    "Unopened",
    "Unreachable",
    "address",
    "connect",
    "wordless",
]
