"""As much of HTTP/1.1 as one POST needs."""

import asyncio
from collections.abc import Mapping
from urllib.parse import parse_qs, urlsplit

import msgspec

LONGEST_HEAD, LONGEST_BODY = 16 * 1024, 1024 * 1024


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """``headers`` with small names; of a key that the query has twice, the first."""

    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes


class Response(msgspec.Struct, frozen=True, kw_only=True):
    status: int = 200
    headers: Mapping[str, str] = {}
    body: bytes = b""

    def written(self) -> bytes:
        told = {
            "content-type": "application/json",
            "connection": "close",
            "content-length": str(len(self.body)),
        }
        lines = "".join(f"{name}: {value}\r\n" for name, value in {**told, **self.headers}.items())
        return f"HTTP/1.1 {self.status} told\r\n{lines}\r\n".encode() + self.body


def tree(told: object, status: int = 200) -> Response:
    return Response(status=status, body=msgspec.json.encode(told))


async def read(reader: asyncio.StreamReader) -> Request | None:
    """One request; None when it is none, or too long."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
        if len(head) > LONGEST_HEAD:
            return None
        first, *lines = head.decode("latin-1").split("\r\n")
        method, target, _ = first.split(" ", 2)
        fields = dict(line.split(":", 1) for line in lines if line)
        headers = {name.strip().lower(): value.strip() for name, value in fields.items()}
        length = int(headers.get("content-length", "0"))
        if method != "POST" or not 0 <= length <= LONGEST_BODY:
            return None
        body = await reader.readexactly(length)
    except (ValueError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, OSError):
        return None
    parts = urlsplit(target)
    query = {name: values[0] for name, values in parse_qs(parts.query, keep_blank_values=True).items()}
    return Request(path=parts.path, query=query, headers=headers, body=body)
