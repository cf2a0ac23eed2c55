"""Where a source's bytes come from: an address as configuration writes it, and the open link to it."""

from ccwall.transport.address import Address, Line, address
from ccwall.transport.link import Link, connect, wordless
from ccwall.transport.trouble import Unopened, Unreachable

__all__ = ["Address", "Line", "Link", "Unopened", "Unreachable", "address", "connect", "wordless"]
