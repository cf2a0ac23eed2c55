"""What may go wrong on the way between a product and its client: a carrier of bytes, sans-I/O.

Time is given by the caller, in real seconds that never go back: networks do not run faster when the floor does.
"""

import math
import random
from typing import Literal

from .far_end import Connection

LinkFault = Literal["cut", "reset", "half_open", "slow", "split", "garbage", "silence"]
Ended = Literal["", "eof", "reset"]

SLOW = 2_000.0
"""Bytes a second that a slow link carries."""
LARGEST_PIECE = 1_460
"""Of a split link: what one Ethernet frame carries. Sizes are as often below 38 as above, and often a single byte."""
NOISE = 200
"""Bytes of one burst of garbage, at most."""
NOISY = 1 / 8
"""How often a piece has garbage in it, after the first."""
BACKLOG = 64 * 1024 * 1024
"""Bytes that may wait for a client. One that lets more lie is hung up on, as Asterisk does with whoever stops reading."""


class Line:
    """The way between one connection of the product and its client.

    Without faults, bytes pass exactly. `fault` begins one, until an instant; `cut` and `reset` happen at once:

    - cut: what is under way breaks off somewhere, maybe in the middle of a message, then the end.
    - reset: nothing more arrives, and the connection is torn down.
    - half_open: nothing passes in either direction and nothing says so. The product goes on talking into the void. When it
      is over, the connection that hung in it is dead: it ends with a reset.
    - slow: at most `SLOW` bytes a second reach the client.
    - split: the same bytes in other pieces; call `to_client` until it gives nothing.
    - garbage: bytes nobody wrote, between the messages or in them; at least one burst.
    - silence: the product is heard no more; all it said meanwhile comes late and at once.
    """

    def __init__(self, connection: Connection, seed: int = 0) -> None:
        self._connection = connection
        self._chance = random.Random(seed)
        self._held = bytearray()
        self._until: dict[LinkFault, float] = {}
        self._ended: Ended = ""
        self._broken_off = False
        self._noise_due = False
        self._credit, self._credited = 0.0, -math.inf

    @property
    def ended(self) -> Ended:
        """How the client learns that it is over; empty while it is not. What `to_client` gave goes first."""
        return self._ended

    @property
    def is_open(self) -> bool:
        """Whether the client's side works at all: not while the link is half open."""
        return "half_open" not in self._until

    def fault(self, name: LinkFault, until: float = math.inf) -> None:
        """Begin one. A half-open link swallows the end of its connection too."""
        if self._ended or (not self.is_open and name in {"cut", "reset"}):
            return
        match name:
            case "cut":
                self._collect()
                self._until.pop("silence", None)
                del self._held[self._chance.randint(0, len(self._held)) :]
                self._broken_off = True
                self._connection.close()
            case "reset":
                self._end("reset")
            case _:
                self._until[name] = max(until, self._until.get(name, -math.inf))
                self._noise_due = self._noise_due or name == "garbage"

    def heal(self) -> None:
        """Every fault is over."""
        for name in tuple(self._until):
            self._over(name)

    def from_client(self, data: bytes, now: float) -> None:
        self._expire(now)
        if self.is_open and not self._ended and not self._broken_off:
            self._connection.receive(data)

    def to_client(self, now: float, room: int = BACKLOG) -> bytes:
        """What arrives by now, about `room` bytes at most; call it until it gives nothing."""
        self._expire(now)
        self._collect()
        if self._ended or not self.is_open:
            self._held.clear()
            return b""
        piece = self._piece(now, room)
        if len(self._held) > BACKLOG:
            self._end("reset")
        elif self._over_at_product and not self._held:
            self._end("eof")
        return piece

    def close(self) -> None:
        """The client is gone. On a half-open link the product does not hear of it."""
        if self.is_open:
            self._end("eof")

    @property
    def _over_at_product(self) -> bool:
        return self._broken_off or self._connection.closed

    def _collect(self) -> None:
        said = self._connection.outgoing()
        if not self._broken_off:
            self._held += said

    def _piece(self, now: float, room: int) -> bytes:
        size = min(len(self._held), room)
        if "silence" in self._until:
            size = 0
        if "split" in self._until and size:
            size = min(size, int(LARGEST_PIECE ** self._chance.random()))
        if "slow" in self._until:
            size = min(size, self._allowed(now))
            self._credit -= size
        piece = bytes(memoryview(self._held)[:size])
        del self._held[:size]
        return self._with_noise(piece)

    def _allowed(self, now: float) -> int:
        """Whole bytes a slow link may carry by now; unused time is worth a tenth of a second at most."""
        self._credit = min(SLOW / 10, self._credit + (now - self._credited) * SLOW)
        self._credited = now
        return max(0, int(self._credit))

    def _with_noise(self, piece: bytes) -> bytes:
        often = "garbage" in self._until and piece and self._chance.random() < NOISY
        if not (self._noise_due or often):
            return piece
        self._noise_due = False
        noise = self._chance.randbytes(self._chance.randint(1, NOISE))
        at = self._chance.randint(0, len(piece))
        return piece[:at] + noise + piece[at:]

    def _expire(self, now: float) -> None:
        for name in [name for name, until in self._until.items() if until <= now]:
            self._over(name)

    def _over(self, name: LinkFault) -> None:
        del self._until[name]
        if name == "half_open":
            self._end("reset")

    def _end(self, how: Ended) -> None:
        if not self._ended:
            self._ended = how
            self._held.clear()
            self._connection.close()
