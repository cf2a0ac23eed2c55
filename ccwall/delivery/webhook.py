"""Any other program over HTTP, in the way of Standard Webhooks.

Source: github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md: `webhook-signature` is
"v1," + base64(HMAC-SHA256(secret, "<webhook-id>.<webhook-timestamp>.<body>")), the secret is base64, usually written with
`whsec_` before it. 2xx is yes; 410 wants nothing any more; 429 and 503 may say Retry-After. The same notes again have the same
id, so the far end can tell.
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Sequence
from datetime import UTC, datetime
from urllib.parse import urlsplit

import msgspec

from ccwall.delivery.contract import ChannelType, Limit, Ok, Outcome, Retry, Setting, Stateless
from ccwall.delivery.note import Note, worst_first
from ccwall.delivery.post import Post, refused

AT_ONCE = 20
"""Notes in a body: each is a few kilobytes at most, and a program reads the next body as gladly."""
SHORTEST_SECRET = 16


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``url``: https, or http inside a network that is trusted. ``secret``: base64, with `whsec_` or not."""

    url: str
    secret: str = ""
    proxy: str = ""
    tls_ca: str = ""

    def __post_init__(self) -> None:
        if self.url:
            _check_url(self.url)
        if self.secret:
            try:
                key_of(self.secret)
            except ValueError as error:
                raise ValueError(f"secret: {error}") from None


def _check_url(url: str) -> None:
    try:
        parts = urlsplit(url)
        right = (
            parts.scheme in ("https", "http") and parts.hostname and not parts.username and not parts.fragment
        )
        _ = parts.port
    except ValueError:
        right = False
    if not right or " " in url or not url.isprintable() or len(url) > 2000:
        raise ValueError(
            'url: must be an address like "https://host/path", without a name and password in it'
        )


def key_of(secret: str) -> bytes:
    """The key a secret stands for; ValueError says what would be right.

    >>> key_of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")[:4]
    b'1\\xf2\\x90\\xf6'
    """
    try:
        found = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except (binascii.Error, ValueError):
        raise ValueError(
            'must be base64, like "whsec_MfKQ9r8G…"; `openssl rand -base64 32` makes one'
        ) from None
    if len(found) < SHORTEST_SECRET:
        raise ValueError(f"must have at least {SHORTEST_SECRET} bytes; `openssl rand -base64 32` makes one")
    return found


def signature(id: str, timestamp: str, body: bytes, key: bytes) -> str:
    """Of one message.

    >>> signature("msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", b'{"test": 2432232314}',
    ...           key_of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"))
    'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE='
    """
    signed = f"{id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


class Webhook(Stateless):
    limits = (Limit(60, 60.0),)
    most = AT_ONCE

    def __init__(self, setting: Setting, settings: Settings) -> None:
        self._setting = setting
        self._key = key_of(settings.secret) if settings.secret else b""
        self._post = Post(settings.url, proxy=settings.proxy, ca=settings.tls_ca)

    async def send(self, notes: Sequence[Note]) -> Outcome:
        body = _body(notes)
        id = _id(notes)
        timestamp = str(int(self._setting.clock.now()))
        headers = {"webhook-id": id, "webhook-timestamp": timestamp}
        if self._key:
            headers["webhook-signature"] = signature(id, timestamp, body, self._key)
        answer = await self._post(body, headers)
        if isinstance(answer, Retry):
            return answer
        return refused(answer, self._setting.clock) or Ok(f"HTTP {answer.status}")

    async def close(self) -> None:
        await self._post.close()


def _id(notes: Sequence[Note]) -> str:
    """The same for the same notes, and nothing in it that a header cannot hold."""
    keys = "\n".join(sorted(note.key for note in notes))
    return "msg_" + hashlib.blake2b(keys.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _body(notes: Sequence[Note]) -> bytes:
    """`{"type", "timestamp", "data"}` as the specification wants it; the timestamp is when it happened."""
    if len(notes) == 1:
        (note,) = notes
        told: object = note
        kind, at = note.kind, note.at
    else:
        kind, at = "digest", max(note.at for note in notes)
        told = {"notes": worst_first(notes)}
    when = datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return msgspec.json.encode({"type": f"alert.{kind}", "timestamp": when, "data": told})


CHANNEL = ChannelType(name="webhook", settings=Settings, made=Webhook)
