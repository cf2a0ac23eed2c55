"""The configuration keys of one ZeroMQ source, beside `name`, `type` and `url`."""

from typing import Literal, cast

import msgspec

from ccwall.adapter import Dial
from ccwall.wire.zmq_dial import ZmqDial, keys_trouble


class ZeromqSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Durations are seconds (`"9s"` in TOML).

    `pattern`: `sub` hears publishers, `pull` is given work by pushers. `bind`: they come to us. `topics` are beginnings of
    topics, of `sub` only; all of them unless said. Keys: see `ccwall.wire.zmq_dial`. `of`: of what the publisher tells of
    several sources, only this one's. `silent_after`: a publisher that promised heartbeats and lets none come is dead.
    """

    pattern: Literal["sub", "pull"] = "sub"
    bind: bool = False
    topics: tuple[str, ...] = ()
    secret: str | None = None
    server_key: str = ""
    allowed: dict[str, str] = {}
    allowed_file: str = ""
    insecure: bool = False
    of: str = ""
    silent_after: float = 9.5

    def __post_init__(self) -> None:
        if trouble := keys_trouble(
            bind=self.bind,
            secret=self.secret,
            server_key=self.server_key,
            allowed=self.allowed,
            allowed_file=self.allowed_file,
        ):
            raise ValueError(trouble)
        if self.topics and self.pattern == "pull":
            raise ValueError('topics are of pattern = "sub": a pusher asks nobody what he wants')


def dial(settings: msgspec.Struct, _source: str) -> Dial:
    told = cast(ZeromqSettings, settings)
    return ZmqDial(
        pattern=told.pattern,
        bind=told.bind,
        topics=told.topics or ("",),
        secret=told.secret or "",
        server_key=told.server_key,
        allowed=told.allowed,
        allowed_file=told.allowed_file,
        insecure=told.insecure,
    )
