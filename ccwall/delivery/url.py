"""Addresses as an administrator writes them."""

from ipaddress import ip_address
from urllib.parse import urlsplit


def robot_url(url: str) -> None:
    """ValueError unless it may be posted to with a secret in it."""
    problem = 'must be the address as the group gives it, "https://…"'
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise ValueError(problem) from None
    if not host or parts.username or parts.fragment or not url.isprintable() or " " in url or len(url) > 2000:
        raise ValueError(problem)
    if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(host)):
        raise ValueError(f"{problem}; plain http only to this machine itself")


def is_loopback(host: str) -> bool:
    """By its name alone, which nobody else can change.

    >>> is_loopback("127.0.0.1"), is_loopback("localhost"), is_loopback("example.org")
    (True, True, False)
    """
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"
