"""The configuration keys of one SIP source, beside `name`, `type` and `url`."""

from typing import Literal

import msgspec

from .uri import watched


class SipSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Durations are seconds (`"60s"` in TOML).

    `watch`: extensions (`"1001"`, `"1001-1020"`) and addresses (`"sip:li@pbx.example"`). `domain`: behind the `@` of
    extensions and of our own address; the far end's address when empty. `contact`: `host:port` by which the far end
    reaches us, if it cannot be learned. `expires`: how long a subscription is asked for. `pace`: how many are begun in a
    second. `ping_every` `"0s"`: the far end answers no OPTIONS; then a dead UDP link is known by no sooner sign than the
    next refresh.
    """

    username: str
    watch: tuple[str, ...]
    secret: str = ""
    domain: str = ""
    contact: str = ""
    events: tuple[Literal["dialog", "presence"], ...] = ("dialog",)
    expires: float = 600.0
    pace: int = 50
    ping_every: float = 3.0
    silent_after: float = 9.5

    def __post_init__(self) -> None:
        watched(self.watch)
        if not self.events:
            raise ValueError('events: write ["dialog"], ["presence"] or both')
        if not 60.0 <= self.expires <= 86_400.0:
            raise ValueError("expires: from 60s to 24h")
        if not 1 <= self.pace <= 1000:
            raise ValueError("pace: from 1 to 1000 subscriptions a second")
        if self.ping_every and not 0.5 <= self.ping_every < self.silent_after:
            raise ValueError("ping_every: 0s for never, else at least 0.5s and less than silent_after")
        for key, text in (("username", self.username), ("domain", self.domain), ("contact", self.contact)):
            if any(sign.isspace() or sign in '<>"@;' or not sign.isprintable() for sign in text):
                raise ValueError(f"{key}: has no spaces and none of < > @ ; and quotation marks")
