"""The configuration keys of one FreeSWITCH source, beside `name`, `type` and `url`."""

from typing import Literal

import msgspec


class EslSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Durations are seconds (`"60s"` in TOML).

    `format` is how events are asked for; both give the same facts. `resync_every`: tiers, reloads and counters change
    without an event, only a new snapshot shows them. `silent_after`: with the tick after it, a silent link is known
    within 10 s. `lazy` False decodes every event.
    """

    password: str
    format: Literal["json", "plain"] = "json"
    resync_every: float = 60.0
    ping_every: float = 3.0
    silent_after: float = 9.5
    lazy: bool = True
