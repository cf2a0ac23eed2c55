"""Failed tries to come in, counted per client, within bounded memory."""

import ipaddress
from collections import OrderedDict


class Tries:
    """A bucket of tries per client, refilled with time. A client never seen has a full one.

    A stranger can send from as many addresses as there are: only `clients` buckets are kept, the longest unused goes first.
    """

    def __init__(self, burst: int = 10, seconds_each: float = 6.0, clients: int = 4096) -> None:
        self.burst, self.seconds_each, self.clients = burst, seconds_each, clients
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._buckets)

    def wait(self, client: str, now: float) -> float:
        """Seconds until this client may try again; 0 when it may now."""
        return max(0.0, (1.0 - self._left(neighbourhood(client), now)) * self.seconds_each)

    def failed(self, client: str, now: float) -> None:
        """One try was wrong."""
        name = neighbourhood(client)
        self._buckets[name] = (max(0.0, self._left(name, now) - 1.0), now)
        self._buckets.move_to_end(name)
        while len(self._buckets) > self.clients:
            self._buckets.popitem(last=False)

    def forgiven(self, client: str) -> None:
        """The last try of this client was counted before it was known to be right."""
        name = neighbourhood(client)
        if name in self._buckets:
            left, then = self._buckets[name]
            self._buckets[name] = (min(float(self.burst), left + 1.0), then)

    def _left(self, name: str, now: float) -> float:
        left, then = self._buckets.get(name, (float(self.burst), now))
        return min(float(self.burst), left + max(0.0, now - then) / self.seconds_each)


def neighbourhood(client: str) -> str:
    """Whom an address stands for: a household has 2**64 addresses of IPv6.

    >>> neighbourhood("192.0.2.7"), neighbourhood("2001:db8::a:b:c:d"), neighbourhood("?")
    ('192.0.2.7', '2001:db8::/64', '?')
    """
    try:
        address = ipaddress.ip_address(client)
    except ValueError:
        return client
    if address.version == 4:
        return client
    return str(ipaddress.ip_network((address, 64), strict=False))
