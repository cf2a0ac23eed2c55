"""Cut a byte stream into blocks that end with a terminator (AMI, ESL headers), within bounded memory.

The far end decides how long a block is; `limit` is what stops it from filling our memory with one that never ends.
"""

from ccwall.errors import ProtocolError


class BlockBuffer:
    """`feed` any cut of the stream, get whole blocks without their terminator.

    Raises `ProtocolError` when more than `limit` bytes come without one; everything before it has been returned.
    """

    def __init__(self, terminator: bytes, limit: int) -> None:
        self._terminator, self._limit = terminator, limit
        self._rest = bytearray()

    def feed(self, data: bytes) -> list[bytes]:
        if not self._rest:
            blocks = data.split(self._terminator)
            if rest := blocks.pop():
                self._keep(rest)
            return blocks
        searched = len(self._rest) - len(self._terminator) + 1
        self._rest += data
        if self._rest.find(self._terminator, max(0, searched)) < 0:
            self._check()
            return []
        blocks = bytes(self._rest).split(self._terminator)
        self._rest.clear()
        self._keep(blocks.pop())
        return blocks

    def clear(self) -> None:
        self._rest.clear()

    def _keep(self, rest: bytes) -> None:
        self._rest += rest
        self._check()

    def _check(self) -> None:
        if len(self._rest) > self._limit:
            start = bytes(self._rest[:4096])
            self._rest.clear()
            raise ProtocolError(f"no end of message within {self._limit} bytes", start)
