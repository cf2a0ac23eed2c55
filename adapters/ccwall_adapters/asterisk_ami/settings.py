"""The configuration keys of one Asterisk source, beside `name`, `type` and `url`."""

from typing import Literal

import msgspec


class AmiSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Durations are seconds (`"60s"` in TOML).

    `auth`: `md5` never sends the secret over the wire; `plain` for servers that refuse it. `resync_every`: queue
    reloads and statistics resets are silent, only a new snapshot shows them. `silent_after`: with the tick after it, a silent
    link is known within 10 s. `lazy` False decodes every message.
    """

    username: str
    secret: str
    auth: Literal["md5", "plain"] = "md5"
    resync_every: float = 60.0
    ping_every: float = 3.0
    silent_after: float = 9.5
    lazy: bool = True
