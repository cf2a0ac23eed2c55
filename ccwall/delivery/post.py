"""One POST to a far end that an administrator named: within limits of time and size, never anywhere else.

The url stands in the configuration only; nothing that comes from the network becomes a part of one. Nothing is followed
to another address, the system's proxy settings are not used, certificates are checked.
"""

import asyncio
import logging
import ssl
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cache

import httpx
import msgspec

from ccwall.clock import Clock
from ccwall.delivery.contract import LONGEST_WORDS, Failed, Outcome, Retry
from ccwall.delivery.note import clean

CONNECT_WITHIN, ANSWER_WITHIN = 5.0, 15.0
MOST_ANSWER = 64 * 1024
"""Bytes of an answer: a robot's is some hundred."""
LONGEST_PAUSE = 900.0
"""Seconds a far end may tell us to wait; a day would be as good as never."""

for _name in ("httpx", "httpcore"):  # they log addresses, and a robot's address is its password
    logging.getLogger(_name).setLevel(logging.WARNING)


class Answer(msgspec.Struct, frozen=True):
    status: int
    headers: Mapping[str, str]
    body: bytes


class Reading:
    """An answer, as far as it has come."""

    def __init__(self) -> None:
        self.status, self.body = 0, bytearray()
        self.headers: Mapping[str, str] = {}


class Post:
    """Posts to one address; every message on a connection of its own, for they are rare and far ends hang up idle ones."""

    def __init__(self, url: str, *, proxy: str = "", ca: str = "") -> None:
        self._url = url
        self._proxy, self._ca = proxy, ca
        self._client: httpx.AsyncClient | None = None

    async def __call__(
        self, body: bytes, headers: Mapping[str, str] | None = None, query: Mapping[str, str] | None = None
    ) -> Answer | Retry:
        url = httpx.URL(self._url)
        if query:
            url = url.copy_merge_params(dict(query))
        told = {
            "content-type": "application/json; charset=utf-8",
            "accept-encoding": "identity",  # so that the bound holds for what is read, too
            "user-agent": "ccwall",
            **(headers or {}),
        }
        answer = Reading()
        try:
            async with asyncio.timeout(ANSWER_WITHIN) as limit:
                await self._read(url, body, told, answer, limit)
        except TimeoutError:
            if len(answer.body) < MOST_ANSWER:
                return Retry(f"no whole answer within {ANSWER_WITHIN:g} s")
        except httpx.TimeoutException:
            return Retry(f"cannot be reached within {CONNECT_WITHIN:g} s")
        except (httpx.HTTPError, OSError, ssl.SSLError) as error:
            return Retry(words_of(f"{type(error).__name__}: {error}" if str(error) else type(error).__name__))
        return Answer(answer.status, answer.headers, bytes(answer.body[:MOST_ANSWER]))

    async def _read(
        self, url: httpx.URL, body: bytes, headers: Mapping[str, str], answer: Reading, limit: asyncio.Timeout
    ) -> None:
        async with self._opened().stream("POST", url, content=body, headers=dict(headers)) as response:
            answer.status, answer.headers = response.status_code, response.headers
            async for part in response.aiter_raw():
                answer.body += part[: MOST_ANSWER - len(answer.body)]
                if len(answer.body) >= MOST_ANSWER:
                    # Not `break`: httpx's generators, left early, would end in tasks that nobody waits for.
                    limit.reschedule(asyncio.get_running_loop().time())

    def _opened(self) -> httpx.AsyncClient:
        if self._client is None:
            self._client = httpx.AsyncClient(
                verify=_trust(self._ca),
                timeout=httpx.Timeout(ANSWER_WITHIN, connect=CONNECT_WITHIN),
                limits=httpx.Limits(max_connections=2, max_keepalive_connections=0),
                follow_redirects=False,
                trust_env=False,
                proxy=self._proxy or None,
            )
        return self._client

    async def close(self) -> None:
        if self._client is not None:
            client, self._client = self._client, None
            await client.aclose()


@cache
def _trust(ca: str) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=ca or None)


def refused(answer: Answer, clock: Clock) -> Outcome | None:
    """What HTTP alone says; None when it says yes."""
    status = answer.status
    if 200 <= status < 300:
        return None
    said = f"HTTP {status}: {glimpse(answer.body)}"
    if 300 <= status < 400:
        return Failed(
            f"HTTP {status}: sends us elsewhere, and ccwall does not follow; write the address it moved to"
        )
    if status == 410:
        return Failed(
            f"HTTP 410: the far end wants nothing any more; take the channel out. {glimpse(answer.body)}"
        )
    if status in (400, 401, 403, 404, 405, 413, 422):
        return Failed(said)
    return paused(Retry(said), answer, clock)


def paused(outcome: Retry, answer: Answer, clock: Clock) -> Retry:
    after = retry_after(answer.headers.get("retry-after", ""), clock.now())
    return msgspec.structs.replace(outcome, after=after) if after else outcome


def retry_after(text: str, now: float) -> float:
    """Seconds of a Retry-After header (RFC 9110 10.2.3), both its forms; 0 when it says nothing that can be read.

    >>> retry_after("120", 0.0), retry_after("Thu, 01 Jan 1970 00:01:00 GMT", 0.0), retry_after("soon", 0.0)
    (120.0, 60.0, 0.0)
    """
    if text.isascii() and text.isdigit():
        return min(float(text[:9]), LONGEST_PAUSE)
    try:
        then = parsedate_to_datetime(text)
    except ValueError:
        return 0.0
    if then.tzinfo is None:
        then = then.replace(tzinfo=UTC)
    return min(max(0.0, (then - datetime.fromtimestamp(now, UTC)).total_seconds()), LONGEST_PAUSE)


def glimpse(body: bytes) -> str:
    return words_of(body[:LONGEST_WORDS].decode("utf-8", "replace")) or "nothing"


def words_of(text: str) -> str:
    return clean(text, LONGEST_WORDS)
