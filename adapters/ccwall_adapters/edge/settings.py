"""The configuration keys of a source of edges, beside `name`, `type` and `url`."""

from typing import cast

import msgspec

from ccwall.adapter import Dial
from ccwall.wire.zmq_dial import ZmqDial, keys_trouble

MOST_EDGES = 250
"""Of one source: of each one number must outlive a restart, and the engine remembers 256 of a source."""


class EdgeSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Durations are seconds (`"9s"` in TOML).

    `secret` is the server's key. `edges` are the public keys of the edges by their names, `edges_file` a list of the same, one
    `NAME KEY` a line. `away_after`: an edge that is not heard for so long is away; it says a word every 3 s.
    """

    secret: str | None = None
    edges: dict[str, str] = {}
    edges_file: str = ""
    insecure: bool = False
    away_after: float = 9.5

    def __post_init__(self) -> None:
        if trouble := keys_trouble(
            bind=True, secret=self.secret, server_key="", allowed=self.edges, allowed_file=self.edges_file
        ):
            raise ValueError(trouble.replace("the list of who may come", "edges (or edges_file)"))
        if len(self.edges) > MOST_EDGES:
            raise ValueError(
                f"edges has more than {MOST_EDGES}: let a second source take the others, on a port of its own"
            )
        if bad := [name for name in self.edges if not name or "/" in name or len(name) > 100]:
            raise ValueError(f'{bad[0][:40]!r} is no name of an edge: at most 100 letters, no "/"')
        if not 3.5 <= self.away_after <= 3600:
            raise ValueError(
                'away_after must be from "3.5s", the pace of the edges\' words being 3 s, to "1h"'
            )


def dial(settings: msgspec.Struct, _source: str) -> Dial:
    told = cast(EdgeSettings, settings)
    return ZmqDial(
        pattern="router",
        bind=True,
        secret=told.secret or "",
        allowed=told.edges,
        allowed_file=told.edges_file,
        insecure=told.insecure,
    )
