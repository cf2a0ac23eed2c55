"""Sources that come to us: a request to ccwall's own web, given to a session like bytes of a link, answered when it is safe.

A request is a parcel with the head `{request, method, path, query, headers, url, client}` and its body; the session's answer a
parcel `{reply, status, headers}` with the body of the answer. One that says all is well (2xx) goes out only when what came
of the request is in the journal: who sent it may then forget it, and must not before.
"""

import asyncio
from collections import deque
from collections.abc import Callable

import msgspec

from ccwall.wire.parcel import Parcels, pack

MOST_WAITING = 256
"""Requests at the same time, of one source: more are told to come again."""
MOST_BODY = 1024 * 1024
ANSWERED_WITHIN = 10.0
"""Real seconds; after that the sender is told to come again. What came of the request may be in the journal nevertheless:
said again, it is not taken twice."""
COME_AGAIN = {"retry-after": "5"}


class Arrived(msgspec.Struct, frozen=True, kw_only=True):
    """A request as it came. `headers` by name in lower case; `url` as the sender wrote it, as far as that can be known."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    url: str
    client: str
    body: bytes


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    status: int
    headers: dict[str, str] = {}
    body: bytes = b""


NOT_NOW = Answer(status=503, headers=COME_AGAIN, body=b"this source is not read at the moment; try again")
TOO_MANY = Answer(status=503, headers=COME_AGAIN, body=b"too many requests are waiting; try again")
TOO_LATE = Answer(status=503, headers=COME_AGAIN, body=b"not yet recorded; try again")


class InletLink:
    """The link of one inlet, as long as its source is read. Implements `transport.Link` and `transport.Keeping`."""

    def __init__(self, gone: Callable[["InletLink"], None]) -> None:
        self._gone = gone
        self._arrived: deque[tuple[str, bytes]] = deque()
        self._some = asyncio.Event()
        self._number = self._read = 0
        self._ends: dict[str, int] = {}
        """By request, where it ends in all that was ever read."""
        self._asked: dict[str, asyncio.Future[Answer]] = {}
        self._unsafe: deque[tuple[int, str, Answer]] = deque()
        self._answers = Parcels()
        self._safe = 0

    async def ask(self, request: Arrived) -> Answer:
        if len(self._asked) >= MOST_WAITING:
            return TOO_MANY
        self._number += 1
        number = str(self._number)
        head = {name: value for name, value in msgspec.structs.asdict(request).items() if name != "body"}
        try:
            self._arrived.append((number, pack({"request": number, **head}, request.body)))
        except ValueError as error:
            return Answer(status=413, body=str(error).encode())
        answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._asked[number] = answer
        self._some.set()
        try:
            async with asyncio.timeout(ANSWERED_WITHIN):
                return await answer
        except TimeoutError:
            return TOO_LATE
        finally:
            del self._asked[number]

    # ── what the supervisor asks ──

    async def read(self) -> bytes:
        while not self._arrived:
            self._some.clear()
            await self._some.wait()
        number, data = self._arrived.popleft()
        self._read += len(data)
        self._ends[number] = self._read
        return data

    def write(self, data: bytes) -> None:
        for parcel in self._answers.feed(data):
            number, head = str(parcel.head["reply"]), parcel.head
            headers = head.get("headers")
            answer = Answer(
                status=int(str(head["status"])),
                headers={str(k): str(v) for k, v in headers.items()} if isinstance(headers, dict) else {},
                body=parcel.body,
            )
            end = self._ends.pop(number, 0)
            if answer.status < 300 and end > self._safe:
                self._unsafe.append((end, number, answer))
            else:
                self._answer(number, answer)

    def taken(self, upto: int) -> None:
        self._safe = upto
        while self._unsafe and self._unsafe[0][0] <= upto:
            _, number, answer = self._unsafe.popleft()
            self._answer(number, answer)

    async def close(self) -> None:
        self._gone(self)
        for number in list(self._asked):
            self._answer(number, NOT_NOW)

    def _answer(self, number: str, answer: Answer) -> None:
        asked = self._asked.get(number)
        if asked is not None and not asked.done():
            asked.set_result(answer)


class Inlets:
    """All inlets of a house, by the `names` of their sources."""

    def __init__(self) -> None:
        self.names: set[str] = set()
        self._links: dict[str, InletLink] = {}

    async def opened(self, source: str) -> InletLink:
        """The link of this source, for its supervisor."""

        def gone(link: InletLink) -> None:
            if self._links.get(source) is link:
                del self._links[source]

        link = self._links[source] = InletLink(gone)
        return link

    async def deliver(self, source: str, request: Arrived) -> Answer:
        """Hand a request to this source; its answer when it is due. KeyError when there is none of this name."""
        if source not in self.names:
            raise KeyError(source)
        link = self._links.get(source)
        return NOT_NOW if link is None else await link.ask(request)
